package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// unsure notes for which accounts with something that waits nobody can say what is
// wanted now. What waits for them goes on waiting.
func (p *planner) unsure() {
	for key := range p.in.History.Waiting {
		if (p.in.Scope.whole || p.known(key)) && !p.certain(key) {
			p.plan.Unsure = append(p.plan.Unsure, key)
		}
	}
	slices.SortFunc(p.plan.Unsure, target.Key.Compare)
}

// certain reports whether all is known that is wanted of an account, or whether it is
// not there any more.
func (p *planner) certain(key target.Key) bool {
	switch _, n := p.position(key); n {
	case 0:
		return p.in.Scope.complete
	case 1:
	default:
		return false // nobody knows which is right
	}
	listed := false
	for d := range p.wantedOf(key.Identity) {
		if d.State == target.Undecided || len(d.Undecided)+len(d.Missing) > 0 {
			return false
		}
		listed = true
	}
	return listed
}
