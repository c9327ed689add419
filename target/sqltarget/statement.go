package sqltarget

import (
	"fmt"
	"slices"
	"strings"
)

// statement is a statement in the making. Names are quoted and values are
// parameters: there is no other way to put either into the text.
type statement struct {
	d        *dialect
	text     strings.Builder
	args     []any
	filtered bool // the WHERE has begun
}

func (d *dialect) statement() *statement {
	s := &statement{d: d, args: make([]any, 0, 16)}
	s.text.Grow(512)
	return s
}

// sql appends words of the language, which come from this package alone.
func (s *statement) sql(words string) *statement {
	s.text.WriteString(words)
	return s
}

// table appends a table with an alias, "" for none.
func (s *statement) table(t *table, alias string) *statement {
	if t.schema != "" {
		s.name(t.schema).sql(".")
	}
	if s.name(t.name); alias != "" {
		s.sql(" ").sql(alias)
	}
	return s
}

// column appends the column of an alias, "" for none.
func (s *statement) column(alias, name string) *statement {
	if alias != "" {
		s.sql(alias).sql(".")
	}
	return s.name(name)
}

// name appends an identifier.
func (s *statement) name(name string) *statement {
	if strings.Contains(name, s.d.quote) {
		return s.sql(s.d.name(name))
	}
	return s.sql(s.d.quote).sql(name).sql(s.d.quote)
}

// value appends a parameter.
func (s *statement) value(v any) *statement { return s.sql(s.param(v)) }

// param adds a parameter and returns its placeholder.
func (s *statement) param(v any) string {
	s.args = append(s.args, v)
	return s.d.placeholder(len(s.args))
}

// typed appends a parameter in a place that does not tell its type.
func (s *statement) typed(c *column, v any) {
	if s.d.casts {
		s.sql("CAST(").value(v).sql(" AS " + c.declared + ")")
	} else {
		s.value(v)
	}
}

// where appends WHERE in front of the first condition and AND in front of others.
func (s *statement) where() *statement {
	if s.filtered {
		return s.sql(" AND ")
	}
	s.filtered = true
	return s.sql(" WHERE ")
}

// equal appends the condition that a column has a value.
func (s *statement) equal(alias, name string, v any) *statement {
	return s.column(alias, name).sql(" = ").value(v)
}

// same appends the condition that a column has a value, without case if fold.
func (s *statement) same(c *column, fold bool, v any) *statement {
	if !fold {
		return s.equal("", c.name, v)
	}
	format := s.d.fold
	if c.noCase {
		format = s.d.noCase
	}
	fmt.Fprintf(&s.text, format, s.d.name(c.name), s.param(v))
	return s
}

// confined appends the conditions of a Where.
func (s *statement) confined(alias string, list []fixed) *statement {
	for _, f := range list {
		if s.where(); f.value == nil {
			s.column(alias, f.column).sql(" IS NULL")
		} else {
			s.equal(alias, f.column, f.value)
		}
	}
	return s
}

// within appends the condition that a column, which is that of an account's id,
// holds the id of one of our accounts. Without a Where all are.
func (s *statement) within(name string, id any, a *accounts) *statement {
	s.where().equal("", name, id)
	if len(a.where) == 0 {
		return s
	}
	s.where().column("", name).sql(" IN (SELECT ").column("", a.id.name).sql(" FROM ").table(a.table, "")
	s.filtered = false
	// The id again, because some databases read the whole list otherwise.
	s.where().equal("", a.id.name, id).confined("", a.where).sql(")")
	s.filtered = true
	return s
}

// assignment is a column and what it is set to.
type assignment struct {
	column *column
	value  any
	// write appends an expression instead of the value.
	write func(s *statement)
}

func (a assignment) append(s *statement) {
	if a.write != nil {
		a.write(s)
		return
	}
	s.value(a.value)
}

// inOrder puts assignments into the order of the table, so that equal sets of
// attributes have equal statements.
func inOrder(list []assignment) {
	slices.SortFunc(list, func(x, y assignment) int { return x.column.place - y.column.place })
}

// insert appends an INSERT of one row.
func (s *statement) insert(t *table, list []assignment) *statement {
	s.sql("INSERT INTO ").table(t, "")
	if len(list) == 0 {
		return s.sql(s.d.noValues)
	}
	s.sql(" (")
	for i, a := range list {
		if i > 0 {
			s.sql(", ")
		}
		s.name(a.column.name)
	}
	s.sql(") VALUES (")
	for i, a := range list {
		if i > 0 {
			s.sql(", ")
		}
		a.append(s)
	}
	return s.sql(")")
}

// insertIf appends an INSERT of one row; conditions may follow.
func (s *statement) insertIf(t *table, list []assignment) *statement {
	s.sql("INSERT INTO ").table(t, "").sql(" (")
	for i, a := range list {
		if i > 0 {
			s.sql(", ")
		}
		s.name(a.column.name)
	}
	s.sql(") SELECT ")
	for i, a := range list {
		if i > 0 {
			s.sql(", ")
		}
		if a.write != nil {
			a.write(s)
		} else {
			s.typed(a.column, a.value)
		}
	}
	return s.sql(s.d.noTable)
}

// update begins an UPDATE.
func (s *statement) update(t *table, list []assignment) *statement {
	s.sql("UPDATE ").table(t, "").sql(" SET ")
	for i, a := range list {
		if i > 0 {
			s.sql(", ")
		}
		s.name(a.column.name).sql(" = ")
		a.append(s)
	}
	return s
}
