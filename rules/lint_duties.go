package rules

import "github.com/provision-go/provision/rules/internal/logic"

// duties looks for people whom grants give duties that must not meet.
func (l *linter) duties() {
	for i := range l.set.duties {
		d := &l.set.duties[i]
		if l.same[d.id] {
			continue
		}
		said := map[[2]string]bool{}
		for a := range d.roles {
			for b := range d.roles[:a] {
				l.dutiesMeet(d, d.roles[b], d.roles[a], said)
			}
		}
	}
}

// dutiesMeet looks at every two grants that give two duties. Of those of two rules,
// such as the rows of their tables, the first that meet are enough.
func (l *linter) dutiesMeet(d *duties, x, y gift, said map[[2]string]bool) {
	if l.empty[x.account] || l.empty[y.account] {
		return
	}
	xs, ys := l.set.accounts[x.account].given(x.entitlement), l.set.accounts[y.account].given(y.entitlement)
	taken := l.taken(xs, ys)
	for _, n := range xs.grants {
		for _, k := range ys.grants {
			n, k := n, k
			if l.before(n, k) {
				n, k = k, n
			}
			ids := [2]string{l.set.grants[n].id, l.set.grants[k].id}
			if said[ids] || l.skip[n] || l.skip[k] || !l.together(n, k) {
				continue
			}
			f := conj(l.given(n), l.given(k), taken)
			c := l.grant(n)
			text, certain, found := l.overlap(l.holders(accountsOf([]gift{x, y}), f), c)
			if !found {
				continue
			}
			said[ids] = true
			l.say(LintDuties, c, l.grantOther(n, k), l.meeting(d, x, y, n, k, certain)+text+consequence(d))
		}
	}
}

// together reports whether two grants may both give: choices of one pick may not.
func (l *linter) together(n, k int) bool {
	return n == k || l.set.grants[n].pick == 0 || l.set.grants[n].pick != l.set.grants[k].pick
}

// taken is the condition that no denial takes one of two entitlements.
func (l *linter) taken(lists ...*given) formula {
	f := formula{Formula: logic.Everyone()}
	for _, g := range lists {
		for _, k := range g.nevers {
			f = conj(f, l.terms.cond(l.set.never[k].when).not())
		}
	}
	return f
}

// given is the condition under which a grant certainly gives: of a choice that no
// other one of its rank is yes as well.
func (l *linter) given(n int) formula {
	g, f := &l.set.grants[n], l.reach[n]
	if g.pick == 0 {
		return f
	}
	for _, k := range l.set.picks[g.pick-1].choices {
		if other := &l.set.grants[k]; k != n && other.rank == g.rank {
			f = conj(f, l.terms.cond(other.when).not())
		}
	}
	return f
}

func (l *linter) grantOther(n, k int) *condition {
	if n == k {
		return nil
	}
	return l.grant(k)
}

func (l *linter) meeting(d *duties, x, y gift, n, k int, certain bool) string {
	roles := roleName(&l.set.accounts[x.account], x.entitlement) + " and " + roleName(&l.set.accounts[y.account], y.entitlement)
	against := ", against " + (&condition{kind: KindDuties, rule: d.id, pos: d.pos}).place()
	if n == k {
		return canOrMay(certain) + " give " + roles + " to one person" + against
	}
	return "together with " + l.grant(k).text() + " " + canOrMay(certain) + " give " + roles + " to one person" + against
}

func consequence(d *duties) string {
	switch d.do {
	case ApproveDuties:
		return "; " + printable(d.by) + " has then to approve them. Make one of the grants narrower if that is not meant"
	case ReportDuties:
		return "; both are then given and reported. Make one of the grants narrower"
	default:
		return "; neither is then granted. Make one of the grants narrower"
	}
}
