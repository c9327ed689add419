package sqltarget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/provision-go/provision/target"
)

var errFind = errors.New("want exactly one of ID, Key and Attribute")

// Accounts yields every account in the order of native ids, a page at a time. No
// statement and no connection stays open between two pages.
func (t *Target) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		var after any
		for {
			// A page begins behind the last id of the one before, not at a number of
			// rows: ids do not change, so rows that others insert or delete meanwhile
			// cannot push one over the edge of a page. A row that is there all the time
			// is read exactly once.
			page, err := t.page(ctx, after, t.m.cfg.Page)
			if err != nil {
				yield(target.Account{}, err)
				return
			}
			for i := range page {
				if err := ctx.Err(); err != nil {
					yield(target.Account{}, err)
					return
				}
				if !yield(page[i].account, nil) {
					return
				}
			}
			if len(page) < t.m.cfg.Page {
				return
			}
			after = page[len(page)-1].id
		}
	}
}

// row is an account as it was read.
type row struct {
	account target.Account
	id      any  // as a parameter
	garbled bool // the column Extra holds something else than an object
}

// page reads accounts behind an id, with what they hold.
func (t *Target) page(ctx context.Context, after any, size int) ([]row, error) {
	a := &t.m.accounts
	s := t.selectAccounts()
	s.confined("", a.where)
	if after != nil {
		s.where().column("", a.id.name).sql(" > ").value(after)
	}
	s.sql(" ORDER BY ").column("", a.id.name).sql(" LIMIT " + strconv.Itoa(size))
	list, err := t.readAccounts(ctx, s)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	// The bounds rather than the ids: one text, and two parameters, for all pages.
	err = t.readHeld(ctx, list, func(s *statement) {
		if after != nil {
			s.where().column("u", a.id.name).sql(" > ").value(after)
		}
		s.where().column("u", a.id.name).sql(" <= ").value(list[len(list)-1].id)
	})
	return list, err
}

// selected is a column in a SELECT.
type selected struct {
	name string
	kind kind
}

// selected are the columns of an account, in the order of a SELECT.
func (a *accounts) selected() []selected {
	var list []selected
	for _, c := range []*column{a.id, a.key, a.state.column, a.version, a.extra} {
		if c != nil {
			list = append(list, selected{c.name, c.kind})
		}
	}
	for i := range a.attributes {
		if at := &a.attributes[i]; !at.inside && !at.WriteOnly {
			list = append(list, selected{at.column.name, at.kind})
		}
	}
	return list
}

func (t *Target) selectAccounts() *statement {
	s := t.d.statement().sql("SELECT ")
	return t.columns(s).sql(" FROM ").table(t.m.accounts.table, "")
}

func (t *Target) columns(s *statement) *statement {
	for i, c := range t.selected {
		if i > 0 {
			s.sql(", ")
		}
		s.column("", c.name)
	}
	return s
}

// readAccounts runs a SELECT of accounts.
func (t *Target) readAccounts(ctx context.Context, s *statement) ([]row, error) {
	var list []row
	read := t.accountReader()
	err := t.read(ctx, t.m.accounts.table, s, func(rows *sql.Rows) error {
		r, err := read(rows)
		list = append(list, r)
		return err
	})
	return list, err
}

// read runs a SELECT.
func (t *Target) read(ctx context.Context, from *table, s *statement, each func(*sql.Rows) error) error {
	err := t.run.query(ctx, s, each)
	if r, ok := t.d.refusal(err); ok && r.outdated {
		// The plan is older than an ALTER TABLE. Nothing was read, and the driver has
		// thrown the plan away by now.
		err = t.run.query(ctx, s, each)
	}
	return t.classify(err, from.label(), noEffect)
}

// accountReader returns a function that reads rows of the selected columns.
func (t *Target) accountReader() func(*sql.Rows) (row, error) {
	a := &t.m.accounts
	cells := make([]cell, len(t.selected))
	dest := make([]any, len(cells))
	for i := range cells {
		cells[i].kind = t.selected[i].kind
		dest[i] = &cells[i]
	}
	var build target.AttrBuilder
	return func(rows *sql.Rows) (row, error) {
		if err := rows.Scan(dest...); err != nil {
			return row{}, err
		}
		rest := cells
		next := func(c *column) *cell {
			if c == nil {
				return &cell{null: true}
			}
			first := &rest[0]
			rest = rest[1:]
			return first
		}
		var r row
		r.account.ID = next(a.id).text
		if key := next(a.key); key.text != "" {
			r.account.Key = target.StoredKey(key.text)
		}
		r.account.State = a.state.of(next(a.state.column))
		r.account.Version = next(a.version).text
		if extra := next(a.extra); !extra.null {
			r.garbled = !a.readExtra(&build, extra.text)
		}
		for i := range a.attributes {
			if at := &a.attributes[i]; !at.inside && !at.WriteOnly {
				build.Add(at.Name, next(at.column).text)
			}
		}
		r.account.Attributes = build.Build()
		var err error
		if r.id, err = a.id.encode(r.account.ID); err != nil {
			return row{}, fmt.Errorf("column %s: %w", a.id.name, err)
		}
		return r, nil
	}
}

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

// Find reads accounts by native id, key or attribute.
func (t *Target) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	list, err := t.find(ctx, by)
	if err != nil {
		return nil, err
	}
	var found []target.Account
	for i := range list {
		found = append(found, list[i].account)
	}
	return found, nil
}

func (t *Target) find(ctx context.Context, by target.Find) ([]row, error) {
	a := &t.m.accounts
	switch {
	case by.ID != "" && by.Key.IsZero() && by.Attribute == "":
		return t.match(ctx, a.id, a.id.kind, false, by.ID, func(f *target.Account) bool { return f.ID == by.ID })
	case by.ID == "" && !by.Key.IsZero() && by.Attribute == "":
		if a.key == nil {
			return nil, target.ErrUnsupported
		}
		return t.match(ctx, a.key, a.key.kind, false, by.Key.String(), func(f *target.Account) bool { return f.Key == by.Key })
	case by.ID == "" && by.Key.IsZero() && by.Attribute != "":
		at := a.attribute(by.Attribute)
		if at == nil || at.inside || at.WriteOnly {
			return nil, target.ErrUnsupported
		}
		spec := target.AttributeSpec{CaseFold: at.CaseFold}
		return t.match(ctx, at.column, at.kind, at.CaseFold, by.Value, func(f *target.Account) bool {
			return spec.Equal(f.Attributes.Values(at.Name), []string{by.Value})
		})
	}
	return nil, target.Fail(target.Permanent, errFind)
}

// match reads the accounts with a value in a column. The database may take more
// values for equal than we do, by its collation; fits has the last word.
func (t *Target) match(
	ctx context.Context, c *column, k kind, fold bool, value string, fits func(*target.Account) bool,
) ([]row, error) {
	v, err := c.encodeAs(k, value)
	if err != nil || value == "" {
		return nil, t.nothing(ctx) // no row can hold it
	}
	s := t.selectAccounts().where().same(c, fold, v).confined("", t.m.accounts.where)
	s.sql(" ORDER BY ").column("", t.m.accounts.id.name)
	list, err := t.readAccounts(ctx, s)
	if r, ok := t.d.refusal(err); ok && r.unknown {
		return nil, nil // no enum has it, so no row can hold it
	}
	if err != nil {
		return nil, err
	}
	list = slices.DeleteFunc(list, func(r row) bool { return !fits(&r.account) })
	for i := range list {
		err := t.readHeld(ctx, list[i:i+1], func(s *statement) {
			s.where().equal("u", t.m.accounts.id.name, list[i].id)
		})
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}
