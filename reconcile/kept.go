package reconcile

import (
	"slices"

	"github.com/provision-go/provision/target"
)

// Imprint names what an update writes to one field of one account, and over what,
// without telling it. Equal writes have equal imprints, so that whoever counts
// them sees that a value does not stay. Without a key a guess can be checked against it.
func (m *Masks) Imprint(c *Change, f *FieldChange) string {
	return m.imprint(c.Target, c.Key, c.Account, f)
}

func (m *Masks) imprint(system string, key target.Key, account string, f *FieldChange) string {
	d := newDigest("provision field 1")
	if secret := m.secret(); secret != "" {
		d.text(secret)
	}
	d.text(system)
	d.text(key.Identity)
	d.text(key.Slot)
	d.text(account)
	d.text(f.Name)
	d.list(f.Before)
	d.list(f.After)
	return d.sum()
}

// kept leaves out the values that the target does not keep, and reports them.
func (p *planner) kept(d *target.Desired, a *target.Account, fields []FieldChange) []FieldChange {
	if len(p.in.History.NotKept) == 0 {
		return fields
	}
	return slices.DeleteFunc(fields, func(f FieldChange) bool {
		if !p.in.History.NotKept[p.in.Masks.imprint(p.in.Target, d.Key, a.ID, &f)] {
			return false
		}
		p.count(noteKey{code: CodeNotKept, field: f.Name}, d)
		return true
	})
}
