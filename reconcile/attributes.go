package reconcile

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/target"
)

// readAttributes joins what the rules own with what the target can carry. A rule
// that can never be followed is one finding, not one per person.
func (p *planner) readAttributes() {
	p.attributes = make(map[string]attribute, len(p.in.Owned.Attributes))
	p.ownedNames = make(map[string]bool, len(p.in.Owned.Attributes))
	owned := p.in.Owned.Attributes
	for _, u := range p.in.Owned.Unique {
		// Unless the rules say so themselves: whatever is chosen is written once.
		owned = append(slices.Clip(owned), target.OwnedAttribute{Name: u.Attribute, Strength: target.CreateOnly})
	}
	for _, o := range owned {
		if p.ownedNames[o.Name] {
			continue
		}
		p.ownedNames[o.Name] = true
		spec, ok := p.in.Capabilities.Attribute(o.Name)
		switch {
		case !ok:
			p.note(Finding{
				Code: CodeAttribute, Field: o.Name,
				Message: "a rule sets " + quote(o.Name) + ", which the target does not have",
			})
		case spec.ReadOnly:
			p.note(Finding{
				Code: CodeAttribute, Field: o.Name,
				Message: "a rule sets " + quote(o.Name) + ", which is read-only on the target",
			})
		default:
			p.attributes[o.Name] = attribute{spec, o.Strength}
		}
	}
}

// usable returns the attribute if these values can be written to it.
func (p *planner) usable(d *target.Desired, name string, values []string) (attribute, bool) {
	at, ok := p.attributes[name]
	if !ok {
		if !p.ownedNames[name] {
			p.count(noteKey{code: CodeNotOwned, field: name}, d)
		}
		return at, false
	}
	if len(values) > 1 && !at.Multi {
		p.count(noteKey{code: CodeManyValues, field: name}, d)
		return at, false
	}
	return at, true
}

// differing returns the fields to be written to an account, sorted by name.
func (p *planner) differing(d *target.Desired, a *target.Account) []FieldChange {
	var fields []FieldChange
	if !a.Attributes.Covers(d.Attributes) {
		for diff := range target.Diff(a.Attributes, d.Attributes) {
			if diff.B == nil {
				continue // the rules have no opinion
			}
			at, ok := p.usable(d, diff.Name, diff.B)
			if !ok || at.WriteOnly || at.strength == target.CreateOnly ||
				at.strength == target.IfEmpty && diff.A != nil || at.Equal(diff.A, diff.B) {
				continue
			}
			fields = append(fields, at.field(diff.A, diff.B))
		}
	}
	for _, name := range d.Clear {
		at, ok := p.usable(d, name, nil)
		if !ok || at.WriteOnly || at.strength != target.Always ||
			d.Attributes.Has(name) || !a.Attributes.Has(name) {
			continue
		}
		fields = append(fields, at.field(a.Attributes.Values(name), nil))
	}
	slices.SortFunc(fields, func(a, b FieldChange) int { return cmp.Compare(a.Name, b.Name) })
	return p.kept(d, a, slices.CompactFunc(fields, func(a, b FieldChange) bool { return a.Name == b.Name }))
}

// initial returns the fields of a new account, sorted by name.
func (p *planner) initial(d *target.Desired) []FieldChange {
	fields := make([]FieldChange, 0, d.Attributes.Len())
	for name, values := range d.Attributes.All() {
		if at, ok := p.usable(d, name, values); ok {
			fields = append(fields, at.field(nil, values))
		}
	}
	if len(fields) == 0 {
		return nil
	}
	return fields
}

func (at attribute) field(before, after []string) FieldChange {
	return FieldChange{
		Name: at.Name, Before: before, After: after,
		Ref: at.Ref, Sensitive: at.Sensitive, CaseFold: at.CaseFold,
	}
}
