package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// readTelling lists the attributes that must not be shown, and those that tell
// accounts apart and may be: first those by which accounts are adopted, then the
// unique ones, by name, those with one value before others.
func (p *planner) readTelling() {
	var unique []target.AttributeSpec
	for _, spec := range p.in.Capabilities.Attributes {
		if spec.Sensitive {
			p.sensitive = append(p.sensitive, spec.Name)
		}
		if spec.Unique && !spec.Sensitive && !spec.Ref {
			unique = append(unique, spec)
		}
	}
	slices.SortFunc(unique, func(a, b target.AttributeSpec) int {
		return cmp.Or(compareBool(a.Multi, b.Multi), cmp.Compare(a.Name, b.Name))
	})
	for _, name := range p.in.Policy.Adopt {
		if spec, _ := p.in.Capabilities.Attribute(name); !spec.Sensitive {
			p.telling = append(p.telling, name)
		}
	}
	for _, spec := range unique {
		p.telling = append(p.telling, spec.Name)
	}
}

// name is what people recognise in a change or a finding: the label that is
// desired, else that of the account in hand (which may be nil) or of the one with
// the key; "" if there is neither. A label that gives a sensitive value of theirs
// away is not used: the text of the key stands in for it.
func (p *planner) name(d *target.Desired, have *target.Account) string {
	var accounts []target.Account
	if have == nil || p.twins[d.Key] {
		at, n := p.position(d.Key)
		accounts = p.managed[at : at+n]
	}
	return p.nameAmong(d, have, accounts)
}

// nameAmong is name where the accounts with the key, besides the one in hand, are
// known.
func (p *planner) nameAmong(d *target.Desired, have *target.Account, accounts []target.Account) string {
	if have == nil && len(accounts) > 0 {
		have = &accounts[0]
	}
	label := d.Label
	if label == "" && have != nil {
		label = p.label(have)
	}
	if len(p.sensitive) == 0 || label == "" {
		return label
	}
	secret := p.secret(label, d.Attributes) || have != nil && p.secret(label, have.Attributes)
	for i := range accounts {
		secret = secret || p.secret(label, accounts[i].Attributes)
	}
	if secret {
		return d.Key.String()
	}
	return label
}

// label is what people recognise in an account that nobody desires: an attribute
// that tells accounts apart and may be shown, or its native id.
func (p *planner) label(a *target.Account) string {
	for _, name := range p.telling {
		if v := a.Attributes.Get(name); v != "" && !p.secret(v, a.Attributes) {
			return v
		}
	}
	if p.secret(a.ID, a.Attributes) {
		return cmp.Or(a.Key.String(), masked)
	}
	return a.ID
}

// secret reports whether text is a sensitive value among the attributes, ASCII
// case aside.
func (p *planner) secret(text string, among target.Attributes) bool {
	for _, name := range p.sensitive {
		for _, v := range among.Values(name) {
			if target.FoldEqual(v, text) {
				return true
			}
		}
	}
	return false
}
