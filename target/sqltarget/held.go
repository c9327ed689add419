package sqltarget

import (
	"context"
	"database/sql"
	"slices"

	"github.com/provision-go/provision/target"
)

// readHeld adds what accounts hold. bound narrows the accounts, whose alias is u.
func (t *Target) readHeld(ctx context.Context, list []row, bound func(*statement)) error {
	if len(t.m.kinds) == 0 || len(list) == 0 {
		return nil
	}
	at := make(map[string]int, len(list))
	for i := range list {
		at[list[i].account.ID] = i
	}
	for i := range t.m.kinds {
		k := &t.m.kinds[i]
		s := t.d.statement().sql("SELECT ")
		s.column("u", t.m.accounts.id.name).sql(", ")
		if k.table != nil {
			s.column("g", k.name.name)
		} else {
			s.column("m", k.entitlement.name)
		}
		t.joined(s.sql(" FROM "), k)
		bound(s)
		id, name := cell{kind: t.m.accounts.id.kind}, cell{kind: kindText}
		names := map[string]string{}
		err := t.read(ctx, k.members, s, func(rows *sql.Rows) error {
			if err := rows.Scan(&id, &name); err != nil {
				return err
			}
			if i, ok := at[id.text]; ok && !name.null {
				shared, ok := names[name.text]
				if !ok {
					shared = name.text
					names[shared] = shared
				}
				a := &list[i].account
				a.Entitlements = append(a.Entitlements, target.Entitlement{Kind: k.Kind, Name: shared})
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for i := range list {
		held := list[i].account.Entitlements
		slices.SortFunc(held, target.Entitlement.Compare)
		list[i].account.Entitlements = slices.Compact(held)
	}
	return nil
}

// joined appends accounts u, memberships m and entitlements g, each confined.
func (t *Target) joined(s *statement, k *entitlements) {
	a := &t.m.accounts
	s.table(a.table, "u").sql(" JOIN ").table(k.members, "m").sql(" ON ")
	s.column("m", k.account.name).sql(" = ").column("u", a.id.name)
	if k.table != nil {
		s.sql(" JOIN ").table(k.table, "g").sql(" ON ")
		s.column("g", k.id.name).sql(" = ").column("m", k.entitlement.name)
	}
	s.confined("u", a.where).confined("m", k.confined)
	if k.table != nil {
		s.confined("g", k.where)
	}
}
