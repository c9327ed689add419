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
	*column
	kind kind
}

// selected are the columns of an account, in the order of a SELECT.
func (a *accounts) selected() []selected {
	var list []selected
	for _, c := range []*column{a.id, a.key, a.state.column, a.version, a.extra} {
		if c != nil {
			list = append(list, selected{c, c.kind})
		}
	}
	for i := range a.attributes {
		if at := &a.attributes[i]; !at.inside && !at.WriteOnly {
			list = append(list, selected{at.column, at.kind})
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
	read := t.reader()
	err := t.read(ctx, t.m.accounts.table, s, func(rows *sql.Rows) error {
		r, err := read.scan(rows)
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

// reader makes accounts of rows of the selected columns.
type reader struct {
	a     *accounts
	cells []cell
	dest  []any // the cells
	build target.AttrBuilder
}

func (t *Target) reader() *reader {
	r := &reader{a: &t.m.accounts, cells: make([]cell, len(t.selected)), dest: make([]any, len(t.selected))}
	for i := range r.cells {
		r.cells[i].kind = t.selected[i].kind
		r.dest[i] = &r.cells[i]
	}
	return r
}

// scan reads the row that rows stands at.
func (r *reader) scan(rows *sql.Rows) (row, error) {
	if err := rows.Scan(r.dest...); err != nil {
		return row{}, err
	}
	return r.row()
}

// row makes an account of the cells.
func (r *reader) row() (row, error) {
	a, rest := r.a, r.cells
	next := func(c *column) *cell {
		if c == nil {
			return &cell{null: true}
		}
		first := &rest[0]
		rest = rest[1:]
		return first
	}
	var made row
	made.account.ID = next(a.id).text
	if key := next(a.key); key.text != "" {
		made.account.Key = target.StoredKey(key.text)
	}
	made.account.State = a.state.of(next(a.state.column))
	made.account.Version = next(a.version).text
	if extra := next(a.extra); !extra.null {
		made.garbled = !a.readExtra(&r.build, extra.text)
	}
	for i := range a.attributes {
		if at := &a.attributes[i]; !at.inside && !at.WriteOnly {
			r.build.Add(at.Name, next(at.column).text)
		}
	}
	made.account.Attributes = r.build.Build()
	var err error
	if made.id, err = a.id.encode(made.account.ID); err != nil {
		return row{}, fmt.Errorf("column %s: %w", a.id.name, err)
	}
	return made, nil
}
