package rules

import (
	"slices"

	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/target"
)

// addsNothing looks for grants and denials without which every decision is the
// same.
func (l *linter) addsNothing() {
	for n := range l.set.grants {
		g := &l.set.grants[n]
		if l.skip[n] || g.pick > 0 {
			continue // nothing else may give what a pick gives
		}
		first, by := g.gives[0], -1
		for _, k := range l.set.accounts[first.account].given(first.entitlement).grants {
			if k != n && (by < 0 || l.before(k, by)) && l.replaces(n, k) {
				by = k
			}
		}
		if by >= 0 {
			l.superfluous(n, by)
		}
	}
	for i := range l.set.never {
		l.superfluousNever(i)
	}
}

func (l *linter) superfluousNever(i int) {
	n := &l.set.never[i]
	if l.same[n.id] {
		return
	}
	for k := range l.set.never {
		by := &l.set.never[k]
		if i == k || l.same[by.id] || !l.coversNever(i, k) || l.order[n.id] < l.order[by.id] && l.coversNever(k, i) {
			continue
		}
		other := &condition{kind: KindNever, rule: by.id, pos: by.pos}
		l.say(LintAddsNothing, &condition{kind: KindNever, rule: n.id, pos: n.pos}, other,
			"adds nothing: "+other.place()+" takes the same from everybody whom it concerns. Remove it")
		return
	}
}

func (a *account) given(e target.Entitlement) *given {
	i, _ := slices.BinarySearchFunc(a.gives, e, func(g given, e target.Entitlement) int { return g.entitlement.Compare(e) })
	return &a.gives[i]
}

func (l *linter) superfluous(n, k int) {
	c, other := l.grant(n), l.grant(k)
	text := "adds nothing: " + other.place() + " gives the same to everybody whom it matches"
	if len(l.set.grants[n].except) > 0 {
		text += ", and so its exceptions keep nobody from it"
	}
	l.say(LintAddsNothing, c, other, text+". Remove it, or make the other one narrower")
}

// replaces reports whether grant k makes grant n superfluous. Of two that do so to
// each other the earlier one stays.
func (l *linter) replaces(n, k int) bool {
	return l.covers(n, k) && !(l.before(n, k) && l.covers(k, n))
}

// covers reports whether grant k gives at once, and keeps as long, all that grant n
// gives, to everybody to whom n does.
func (l *linter) covers(n, k int) bool {
	g, by := &l.set.grants[n], &l.set.grants[k]
	switch {
	case l.skip[k], by.pick > 0, by.approval != nil, len(by.except) > 0, by.grace < g.grace,
		g.table != nil && g.table == by.table && g.id == by.id, // seen with the table
		slices.ContainsFunc(g.gives, func(x gift) bool { return !slices.Contains(by.gives, x) }):
		return false
	}
	c := l.grant(n)
	return !slices.ContainsFunc(accountsOf(g.gives), func(i int) bool { return !l.below(i, l.reach[n], l.reach[k], c) })
}

// before reports whether grant n stands before grant k.
func (l *linter) before(n, k int) bool {
	g, h := &l.set.grants[n], &l.set.grants[k]
	if a, b := l.order[g.id], l.order[h.id]; a != b {
		return a < b
	}
	return g.number < h.number
}

// below reports whether f is certainly not above g, for people with an account: if
// f is yes so is g, and if g is no so is f.
func (l *linter) below(account int, f, g formula, c *condition) bool {
	return l.implies(account, f, g, c) && l.implies(account, g.not(), f.not(), c)
}

func (l *linter) implies(account int, f, g formula, c *condition) bool {
	return l.certain(logic.Implies(l.concerned(account, f, g.fields).Formula, g.Formula), logic.True, c)
}

// coversNever is covers for denials.
func (l *linter) coversNever(i, k int) bool {
	n, by := &l.set.never[i], &l.set.never[k]
	if slices.ContainsFunc(n.take, func(x gift) bool { return !slices.Contains(by.take, x) }) {
		return false
	}
	c := &condition{kind: KindNever, rule: n.id, pos: n.pos}
	f, g := l.terms.cond(n.when), l.terms.cond(by.when)
	return !slices.ContainsFunc(accountsOf(n.take), func(account int) bool { return !l.below(account, f, g, c) })
}

// insideNever looks for grants of which nothing is left.
func (l *linter) insideNever() {
	if len(l.set.never) == 0 {
		return
	}
	for n := range l.set.grants {
		if l.skip[n] {
			continue
		}
		c := l.grant(n)
		var by []int
		inside := true
		for _, x := range l.set.grants[n].gives {
			taking := l.taking(x, l.reach[n], c)
			if inside = len(taking) > 0; !inside {
				break
			}
			by = append(by, taking...)
		}
		if inside {
			l.inside(c, by)
		}
	}
}

// taking returns denials that take an entitlement from everybody for whom f is yes:
// one, or as few as it needs; none if they do not.
func (l *linter) taking(x gift, f formula, c *condition) []int {
	nevers := l.set.accounts[x.account].given(x.entitlement).nevers
	covers := func(list []int) bool {
		taken := make([]formula, len(list))
		for i, k := range list {
			taken[i] = l.terms.cond(l.set.never[k].when)
		}
		return len(list) > 0 && l.implies(x.account, f, disj(taken...), c)
	}
	for i := range nevers {
		if covers(nevers[i : i+1]) {
			return nevers[i : i+1]
		}
	}
	if len(nevers) < 2 || !covers(nevers) {
		return nil
	}
	enough := nevers
	for i := range slices.Backward(nevers) {
		if rest := slices.Concat(enough[:i], enough[i+1:]); covers(rest) {
			enough = rest
		}
	}
	return enough
}

func (l *linter) inside(c *condition, by []int) {
	slices.Sort(by)
	by = slices.Compact(by)
	list := make([]string, len(by))
	var other *condition
	for i, k := range by {
		n := &l.set.never[k]
		other = &condition{kind: KindNever, rule: n.id, pos: n.pos}
		list[i] = other.place()
	}
	verb := " takes"
	if len(by) > 1 {
		other, verb = nil, " take"
	}
	l.say(LintInsideNever, c, other, "gives nothing to anybody: "+few(list, "rules")+verb+
		" it from everybody whom it matches. Remove it, or make the denial narrower")
}
