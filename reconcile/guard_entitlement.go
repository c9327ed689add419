package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// DefaultEntitlementLimit bounds how many people who are employed lose one
// entitlement in 24 hours, where Policy.EntitlementLimits says nothing: 25 of its
// members or 20 %. A rule that was emptied by mistake takes a group from everybody,
// which may be few of all accounts.
func DefaultEntitlementLimit() Limit { return Limit{Count: 25, Percent: 20} }

func (p *planner) entitlementLimit(e target.Entitlement) Limit {
	if limit, ok := p.in.Policy.EntitlementLimits[e]; ok {
		return limit
	}
	return DefaultEntitlementLimit()
}

// losses prepares a verdict for each entitlement that the plan takes from somebody
// whose account stays. They come in the order of entitlements.
func (p *planner) losses(matters []*matter) []Verdict {
	seen := map[target.Entitlement]bool{}
	var out []Verdict
	for _, m := range ofAction(matters, Revoke) {
		e := m.c.Entitlement
		if m.c.Phase == target.Left || seen[e] || m.follows() {
			continue
		}
		seen[e] = true
		of := p.in.History.Members[e]
		if p.in.Scope.whole {
			of = p.members[e]
		}
		out = append(out, Verdict{
			Guard: GuardEntitlement, Action: Revoke, Entitlement: e, Of: of,
			Recent: max(p.in.History.Losses[e], 0), Limit: p.entitlementLimit(e),
		})
	}
	slices.SortFunc(out, func(a, b Verdict) int { return a.Entitlement.Compare(b.Entitlement) })
	return out
}

// byEntitlement are the changes that take something from people who are employed,
// by what they take.
func byEntitlement(matters []*matter) map[target.Entitlement][]*matter {
	out := map[target.Entitlement][]*matter{}
	for _, m := range ofAction(matters, Revoke) {
		if m.c.Phase != target.Left {
			out[m.c.Entitlement] = append(out[m.c.Entitlement], m)
		}
	}
	return out
}

// countMembers notes how many accounts hold each entitlement. The plan keeps those
// of which a percentage may be more than the count: of the others nobody has to know.
func (p *planner) countMembers() {
	p.members = p.in.Scope.actual.Members()
	for e, n := range p.members {
		limit := p.entitlementLimit(e)
		if limit.Percent*float64(n) <= 100*float64(limit.Count) {
			continue
		}
		if p.plan.Members == nil {
			p.plan.Members = map[target.Entitlement]int{}
		}
		p.plan.Members[e] = n
	}
}
