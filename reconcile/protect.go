package reconcile

import "github.com/provision-go/provision/target"

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
