package sqltarget

import "slices"

// kind looks up the tables of a kind of entitlement.
func (b *binder) kind(k *entitlements, accountID *column) {
	k.members = b.tables[k.Members.Table]
	k.account = b.same(k.members, k.Members.Account, accountID)
	k.confined = b.confined(k.members)
	if k.Table == "" {
		k.entitlement = b.columnOf(k.members, k.Members.Entitlement, "text", kindText, kindPadded)
	} else if k.table = b.tables[k.Table]; k.table != nil {
		b.catalogue(k)
		k.entitlement = b.same(k.members, k.Members.Entitlement, k.id)
	}
	if k.members != nil && k.account != nil && k.entitlement != nil {
		onePerAccount := append(slices.Clone(k.confined), fixed{column: k.account.name, value: true})
		k.unique = slices.ContainsFunc(k.members.unique, func(x index) bool {
			return x.has(k.account.name) && x.covers(k.entitlement, false, onePerAccount)
		})
	}
	if k.members != nil {
		used := newUses(b, k.members)
		used.add("the account", k.Members.Account)
		used.add("the entitlement", k.Members.Entitlement)
		for _, f := range k.confined {
			used.add("Where", f.column)
		}
		used.complete()
	}
}

// catalogue looks up the table of what exists.
func (b *binder) catalogue(k *entitlements) {
	where := b.cfg.Where
	if k.Shared {
		where = nil
	}
	k.where = b.where(k.table, fixedValues(where, k.Where))
	k.name = b.columnOf(k.table, k.Name, "text", kindText, kindPadded)
	k.id = b.columnOf(k.table, k.ID, "an integer, a UUID or text", kindInteger, kindUUID, kindText, kindPadded)
	if !k.Ensure {
		return
	}
	b.identity(k.table, k.ID, k.NewID != nil)
	b.unique(k.table, k.where, k.name, false)
	used := newUses(b, k.table)
	used.add("the id", k.ID)
	used.add("the name", k.Name)
	for _, f := range k.where {
		used.add("Where", f.column)
	}
	used.complete()
}

// rows looks up tables with rows of accounts.
func (b *binder) rows(list []Rows, id *column) []rows {
	var out []rows
	for _, r := range list {
		t := b.tables[r.Table]
		out = append(out, rows{table: t, account: b.same(t, r.Account, id), confined: b.confined(t)})
	}
	return out
}
