package reconcile

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// recognised is what an account without a key has in common with somebody, by the first
// attribute of Policy.Adopt that matches.
func (p *planner) recognised(d *target.Desired, a *target.Account) []Name {
	for _, attribute := range p.in.Policy.Adopt {
		spec, _ := p.in.Capabilities.Attribute(attribute)
		for _, v := range d.Attributes.Values(attribute) {
			if n := matchName(attribute, v, spec.Sensitive); ascii(v) && n.isOf(a) {
				return []Name{n}
			}
		}
	}
	return nil
}

// matchName is the name of a value that accounts are recognised by: case never matters.
func matchName(attribute, value string, sensitive bool) Name {
	return NameOf(target.AttributeSpec{Name: attribute, CaseFold: true, Sensitive: sensitive}, value)
}

// isOf reports whether an account has a value of the name.
func (n Name) isOf(a *target.Account) bool {
	return slices.ContainsFunc(a.Attributes.Values(n.Attribute), func(v string) bool {
		return n == matchName(n.Attribute, v, false) || strings.HasPrefix(n.Value, sealed) && n == matchName(n.Attribute, v, true)
	})
}
