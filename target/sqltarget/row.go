package sqltarget

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/provision-go/provision/target"
)

// row is an account as it was read.
type row struct {
	account target.Account
	id      any  // as a parameter
	garbled bool // the column Extra holds something else than an object
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
