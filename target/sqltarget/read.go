package sqltarget

import (
	"context"
	"errors"
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
