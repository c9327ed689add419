package rules

import (
	"github.com/provision-go/provision/rules/internal/logic"
)

// scopeAndAccounts looks for a scope without people and accounts for nobody. What
// hangs on one of these is not reported again.
func (l *linter) scopeAndAccounts() {
	all := formula{Formula: logic.Everyone()}
	c := &condition{kind: KindScope, rule: scopeID, pos: l.set.scope.pos, node: l.set.scope.when}
	if c.node != nil && l.deadScope(c) {
		l.scope = all
		for i := range l.empty {
			l.empty[i] = true
		}
	}
	for i := range l.set.accounts {
		a := &l.set.accounts[i]
		c := &condition{kind: KindAccount, rule: a.id, pos: l.set.pos[a.id], node: a.cond}
		if l.nobody(l.holder(i, all), c) {
			l.say(LintDead, c, nil, "nobody ever gets one: "+l.why(c, l.accounts[i], []int{i}, false)+". Correct the condition")
			l.accounts[i], l.empty[i] = all, true
		}
	}
}

func (l *linter) deadScope(c *condition) bool {
	reason := ""
	if l.nobody(l.anybody(l.scope), c) {
		reason = l.contradiction(c.node)
	} else {
		for i := range l.set.accounts {
			served := l.served(&l.set.accounts[i], l.scope.fields)
			if !l.nobody(l.anybody(conj(append(served, l.scope)...)), c) {
				return false
			}
		}
		reason = leavers + ", who get no accounts"
	}
	l.say(LintDead, c, nil, "nobody whom it lets in gets an account: "+reason+". Correct the condition")
	return true
}

// deadGrants looks for grants that give nothing to anybody.
func (l *linter) deadGrants() {
	for n := range l.set.grants {
		g, c := &l.set.grants[n], l.grant(n)
		if g.table != nil && l.shadowed[g.table][g.number] {
			l.skip[n] = true
		}
		if l.skip[n] {
			continue
		}
		accounts := accountsOf(g.gives)
		var without []int
		for _, i := range accounts {
			if l.nobody(l.holder(i, l.reach[n]), c) {
				without = append(without, i)
			}
		}
		switch {
		case len(without) == 0:
		case len(without) == len(accounts):
			l.skip[n] = true
			l.deadGrant(c, n, accounts)
		default:
			l.say(LintDead, c, nil, "gives nothing on "+l.placesOf(without)+": "+l.why(c, l.reach[n], without, true)+
				". Correct the condition, or take what is given there out of it")
		}
	}
}

func (l *linter) deadGrant(c *condition, n int, accounts []int) {
	g := &l.set.grants[n]
	own := l.terms.cond(g.when)
	if g.table != nil {
		own = conj(l.terms.cond(g.own), l.matches(g.table, g.number-1))
	}
	if (g.table != nil || g.pick > 0) && !l.nobody(l.anybody(own), c) && l.nobody(l.anybody(l.reach[n]), c) {
		text := "never reached: the rows before it already match everybody whom it is for. Move it up, or remove it"
		if g.pick > 0 {
			text = "never reached: choices of a higher rank are always taken before it. Give it a higher rank, or remove it"
		}
		l.say(LintNotReached, c, nil, text)
		return
	}
	l.say(LintDead, c, nil, "never matches: "+l.why(c, l.reach[n], accounts, true)+". Correct the condition, or remove the "+c.what())
}

// deadOthers looks for the rest of what applies to nobody.
func (l *linter) deadOthers() {
	for i := range l.set.never {
		n := &l.set.never[i]
		c := &condition{kind: KindNever, rule: n.id, pos: n.pos, node: n.when}
		l.deadRule(c, l.terms.cond(n.when), accountsOf(n.take), "takes nothing from anybody")
	}
	for i := range l.set.protect {
		p := &l.set.protect[i]
		c := &condition{kind: KindProtection, rule: p.id, pos: p.pos, node: p.when}
		if p.when != nil && l.nobody(l.anybody(l.terms.cond(p.when)), c) {
			l.say(LintDead, c, nil, "its condition is met by nobody: "+l.contradiction(p.when)+". Correct the condition, or name people under who")
		}
	}
	l.deadRequirements()
	for i := range l.set.accounts {
		for k := range l.set.accounts[i].attributes {
			l.deadAttribute(i, &l.set.accounts[i].attributes[k])
		}
	}
}

// deadRule looks at a rule that applies where it is yes on one of the accounts.
func (l *linter) deadRule(c *condition, f formula, accounts []int, verb string) bool {
	for _, i := range accounts {
		if !l.nobody(l.holder(i, f), c) {
			return false
		}
	}
	l.say(LintDead, c, nil, verb+": "+l.why(c, f, accounts, true)+". Correct the condition, or remove the "+c.what())
	return true
}

func (l *linter) deadRequirements() {
	seen := map[string]bool{}
	for i := range l.set.accounts {
		for k := range l.set.accounts[i].requires {
			q := &l.set.accounts[i].requires[k]
			if seen[q.id] {
				continue
			}
			seen[q.id] = true
			var accounts []int
			for n := range l.set.accounts {
				for m := range l.set.accounts[n].requires {
					if l.set.accounts[n].requires[m].id == q.id {
						accounts = append(accounts, n)
					}
				}
			}
			when := l.terms.cond(q.when)
			c := &condition{kind: KindRequirement, rule: q.id, pos: q.pos, node: q.when}
			if q.when != nil && l.deadRule(c, when, accounts, "concerns nobody") {
				continue
			}
			c.node = conjunction(q.when, q.must)
			l.deadRule(c, conj(when, l.terms.cond(q.must)), accounts, "is met by nobody whom it concerns, who are all held or reported")
		}
	}
}

// deadAttribute looks at the conditions of an attribute. Leavers keep theirs up to
// date as well, whatever scope and account say.
func (l *linter) deadAttribute(account int, x *attribute) {
	a := &l.set.accounts[account]
	c := &condition{kind: KindAttribute, rule: x.id, pos: l.set.pos[x.id], node: x.when}
	when := l.terms.cond(x.when)
	if x.when != nil && l.nobody(l.anybody(l.setFor(when)), c) {
		l.say(LintDead, c, nil, "never set on "+placeName(a.target, a.slot)+": "+l.whyNotSet(x.when, when, c)+". Correct the condition, or remove the attribute")
		return
	}
	for i := range x.choices {
		y := &x.choices[i]
		c := &condition{kind: KindAttribute, rule: x.id, number: y.number, pos: l.set.pos[x.id], node: y.when}
		own, node := conj(when, l.terms.cond(y.when)), conjunction(x.when, y.when)
		reach := l.choice(x, i)
		switch {
		case !l.nobody(l.anybody(l.setFor(conj(when, reach))), c):
		case l.nobody(l.anybody(l.setFor(own)), c):
			l.say(LintDead, c, nil, "never matches: "+l.whyNotSet(node, own, c)+". Correct the condition, or remove the choice")
		default:
			l.say(LintNotReached, c, nil,
				"never reached: choices of a higher rank are always taken before it. Give it a higher rank, or remove it")
		}
	}
}

// choice is the condition under which a choice of an attribute is taken, unless
// another one of its rank is.
func (l *linter) choice(x *attribute, i int) formula {
	f := l.terms.cond(x.choices[i].when)
	for k := range x.choices[:i] {
		if x.choices[k].rank > x.choices[i].rank {
			f = conj(f, l.terms.cond(x.choices[k].when).not())
		}
	}
	return f
}

func accountsOf(gives []gift) []int {
	var list []int
	seen := map[int]bool{}
	for _, g := range gives {
		if !seen[g.account] {
			seen[g.account] = true
			list = append(list, g.account)
		}
	}
	return list
}

func (l *linter) placesOf(accounts []int) string {
	list := make([]string, len(accounts))
	for i, n := range accounts {
		list[i] = placeName(l.set.accounts[n].target, l.set.accounts[n].slot)
	}
	return listed(list)
}
