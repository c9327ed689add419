package reconcile

import (
	"cmp"

	"github.com/provision-go/provision/target"
)

// reopened holds the enable of somebody who left and is back, if the rules want to
// be asked about it.
func (p *planner) reopened(w *work, n *node) {
	var rule target.Rehire
	for _, r := range p.in.Owned.Rehires {
		if r.Slot == w.want.Key.Slot && (rule == target.Rehire{} || compareRehires(r, rule) < 0) {
			rule = r
		}
	}
	text := ""
	switch closed := w.past.ClosedAt.UTC(); {
	case rule.Hold:
		text = "somebody who left gets the account back"
	case rule.Within <= 0:
		return
	case closed.IsZero():
		text = "nobody knows when the account was closed"
	case p.in.At.Sub(closed) > days(rule.Within):
		text = "the account was closed on " + instant(closed) + ", more than " + plural(rule.Within, "day", "days") + " ago"
	default:
		return
	}
	n.hold(NeedsApproval, "rehire: "+text+inRule(rule.Rule), false)
}

// compareRehires puts the strictest first.
func compareRehires(a, b target.Rehire) int {
	return cmp.Or(compareBool(b.Hold, a.Hold), cmp.Compare(uint(a.Within-1), uint(b.Within-1)), cmp.Compare(a.Rule, b.Rule))
}
