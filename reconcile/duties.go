package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// separate keeps an account from being granted a duty while it holds another one
// that must not meet it. What this plan takes goes first, and if that has to wait or
// fails, so does the grant; what it does not take holds the grant for a person. The
// rules say what is wanted; what is held only the target knows. From is where the
// changes of the account begin.
func (p *planner) separate(w work, from int) {
	if len(p.in.Owned.Duties) == 0 {
		return
	}
	for _, n := range p.nodes[from:] {
		if n.Action != Grant || n.Key != w.want.Key {
			continue
		}
		for i := range p.in.Owned.Duties {
			d := &p.in.Owned.Duties[i]
			if d.Slot == n.Key.Slot && slices.Contains(d.Entitlements, n.Entitlement) {
				p.keepApart(w, n, d, p.nodes[from:])
			}
		}
	}
}

// keepApart lets a grant wait for the other duties that the account holds.
func (p *planner) keepApart(w work, grant *node, d *target.Duties, steps []*node) {
	for _, e := range sortedEntitlements(w.have.Entitlements) {
		if e == grant.Entitlement || !slices.Contains(d.Entitlements, e) || slices.Contains(w.want.Entitlements, e) {
			continue
		}
		at := slices.IndexFunc(steps, func(n *node) bool {
			return n.Action == Revoke && n.Key == grant.Key && n.Entitlement == e
		})
		if at >= 0 {
			grant.need(steps[at], "")
			continue
		}
		grant.hold(InConflict, "the account holds "+clean(e.String())+", and nobody shall have both"+inRule(d.Rule), d.Approvable)
	}
}
