package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// Protected is an account that rules protect by a condition.
type Protected struct {
	Key   target.Key `json:"key"`
	Rules []string   `json:"rules"` // IDs, sorted; never empty
}

// protector is who protects an account.
type protector uint8

const (
	nobody protector = iota
	theRules
	thePolicy
)

// readProtected notes whose accounts nothing is taken from, whether or not the
// source lists them.
func (p *planner) readProtected() {
	policy, rules := p.in.Policy.Protect, p.in.Owned.Protect
	p.protected = make(map[string]protector, len(policy)+len(rules))
	for _, identity := range rules {
		p.protected[identity] = theRules
	}
	for _, identity := range policy {
		p.protected[identity] = thePolicy
	}
}

// protector says who protects an account.
func (p *planner) protector(d *target.Desired) protector {
	if by := p.protected[d.Key.Identity]; by != nobody {
		return by
	}
	if d.Protected {
		return theRules
	}
	return nobody
}

// wasProtected reports whether a condition protected an account when its person was
// decided about last.
func (p *planner) wasProtected(key target.Key) bool { return len(p.in.History.Protected[key]) > 0 }

// stillProtected notes which accounts conditions protect: as they come out for whom
// they are decided, and as they came out last for whom the source does not list.
func (p *planner) stillProtected() {
	note := func(key target.Key, rules []string) {
		p.plan.Protected = append(p.plan.Protected, Protected{key, sortedCopy(rules)})
	}
	for i := range p.wants.len() {
		if d := p.wants.at(i); d.Extra != nil && len(d.Extra.ProtectedBy) > 0 {
			note(d.Key, d.Extra.ProtectedBy)
		}
	}
	for key, rules := range p.in.History.Protected {
		if _, accounts := p.position(key); len(rules) > 0 && p.in.Scope.whole && !p.known(key) && (accounts > 0 || !p.in.Scope.complete) {
			note(key, rules)
		}
	}
	slices.SortFunc(p.plan.Protected, func(a, b Protected) int { return a.Key.Compare(b.Key) })
}
