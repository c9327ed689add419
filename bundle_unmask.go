package provision

import (
	"slices"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// unmask are the fields of a deed with the values of its account in the place of hashes
// that are of those values. Other hashes stay: they are of nothing that the account has.
func (t *targetInput) unmask(d *reconcile.Deed) []reconcile.FieldChange {
	masks := t.masks()
	if masks.Key() == nil || !slices.ContainsFunc(d.Fields, func(f reconcile.FieldChange) bool { return f.Masked }) {
		return d.Fields
	}
	at := slices.IndexFunc(t.Accounts, func(a target.Account) bool {
		return a.ID == d.Account || d.Account == "" && a.Key == d.Key
	})
	if at < 0 {
		return d.Fields
	}
	out := slices.Clone(d.Fields)
	for i := range out {
		f := &out[i]
		now := t.Accounts[at].Attributes.Values(f.Name)
		for _, list := range []*[]string{&f.Before, &f.After} {
			if f.Masked && masks.Equal(f, now, *list) {
				*list = now
			}
		}
	}
	return out
}
