package sqltarget

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/words"
)

// binder looks up what a Config names in the schema. It collects every problem.
type binder struct {
	cfg    Config
	d      *dialect
	tables map[string]*table
	errs   []error
}

// bind reads the schema and returns the mapping, or everything that does not fit.
func bind(ctx context.Context, db *sql.DB, d *dialect, cfg Config) (*mapping, error) {
	b := &binder{cfg: cfg, d: d, tables: map[string]*table{}}
	for _, label := range cfg.tableLabels() {
		t, err := readTable(ctx, db, d, label)
		if err != nil {
			return nil, fmt.Errorf("read the schema of %s: %w", label, err)
		}
		if len(t.columns) == 0 {
			b.fail(t, "there is no such table%s", hint(label, tableNames(ctx, db, d, t)))
			continue
		}
		b.tables[label] = t
	}
	m := &mapping{cfg: cfg}
	if t := b.tables[cfg.Accounts.Table]; t != nil {
		b.accounts(&m.accounts, t)
	}
	for i := range cfg.Entitlements {
		m.kinds = append(m.kinds, entitlements{Entitlements: cfg.Entitlements[i]})
		b.kind(&m.kinds[i], m.accounts.id)
	}
	m.sessions = b.rows(cfg.Sessions, m.accounts.id)
	m.handover = b.rows(cfg.Handover, m.accounts.id)
	return m, errors.Join(b.errs...)
}

// tableLabels are the tables that the configuration names, each once.
func (cfg Config) tableLabels() []string {
	labels := []string{cfg.Accounts.Table}
	add := func(label string) {
		if label != "" && !slices.Contains(labels, label) {
			labels = append(labels, label)
		}
	}
	for i := range cfg.Entitlements {
		add(cfg.Entitlements[i].Table)
		add(cfg.Entitlements[i].Members.Table)
	}
	for _, r := range slices.Concat(cfg.Sessions, cfg.Handover) {
		add(r.Table)
	}
	return labels
}

func hint(word string, candidates []string) string {
	if near := words.Nearest(word, candidates); near != "" {
		return fmt.Sprintf(" (did you mean %q?)", near)
	}
	return ""
}

func (b *binder) fail(t *table, format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf("table %q: "+format, append([]any{t.label()}, args...)...))
}

// column looks a column up. It returns nil if there is none, and then there is
// a problem as well.
func (b *binder) column(t *table, name string) *column {
	if t == nil {
		return nil
	}
	c := t.column(name)
	if c == nil {
		b.fail(t, "there is no column %q%s", name, hint(name, t.columnNames()))
	}
	return c
}

// columnOf looks up a column that has to be of some kind.
func (b *binder) columnOf(t *table, name, want string, kinds ...kind) *column {
	c := b.column(t, name)
	if c != nil && !slices.Contains(kinds, c.kind) {
		b.fail(t, "column %q is of type %s, want %s", name, c.declared, want)
	}
	return c
}

// same looks up a column that holds the ids of another.
func (b *binder) same(t *table, name string, id *column) *column {
	c := b.column(t, name)
	if c != nil && id != nil && c.kind != id.kind && (!c.kind.isText() || !id.kind.isText()) {
		b.fail(t, "column %q is of type %s, and the id that it holds of type %s", name, c.declared, id.declared)
	}
	return c
}

// where looks up the columns that confine a table.
func (b *binder) where(t *table, list []fixed) []fixed {
	for i := range list {
		list[i].at = b.column(t, list[i].column)
	}
	return list
}

// confined returns the fixed values for the columns that the table has.
func (b *binder) confined(t *table) []fixed {
	if t == nil {
		return nil
	}
	return slices.DeleteFunc(fixedValues(b.cfg.Where), func(f fixed) bool { return t.column(f.column) == nil })
}

// identity looks up a column of native ids.
func (b *binder) identity(t *table, name string, given bool) *column {
	c := b.columnOf(t, name, "an integer, a UUID or text", kindInteger, kindUUID, kindText, kindPadded)
	switch {
	case c == nil:
	case given && c.filled == filledAlways:
		b.fail(t, "column %q is always made by the database; drop NewID", name)
	case !given && c.filled == filledNot:
		b.fail(t, "the database makes no value for column %q; set NewID", name)
	case !given && !b.d.returning && c.filled != filledIncrement:
		b.fail(t, "%s does not tell the value that it makes for column %q; set NewID", b.cfg.Dialect, name)
	}
	return c
}

// primary fails unless the ids are unique. Listings go from id to id, and would
// lose rows otherwise.
func (b *binder) primary(t *table, id *column, where []fixed) {
	if id == nil || id.filled == filledIncrement && b.d.returning { // SQLite's rowid has no index
		return
	}
	if !slices.ContainsFunc(t.unique, func(x index) bool { return x.covers(id, false, where) }) {
		b.fail(t, "column %q is no primary key, and has no unique index either", id.name)
	}
}

// unique reports whether an index keeps the values of a column unique, and fails
// if there is none and should be.
func (b *binder) unique(t *table, where []fixed, c *column, noCase bool) bool {
	if c == nil {
		return false
	}
	if slices.ContainsFunc(t.unique, func(x index) bool { return x.covers(c, noCase, where) }) {
		return true
	}
	if !b.cfg.AllowMissingIndexes {
		on := c.name
		if noCase && !c.noCase {
			on = "lower(" + on + ")"
		}
		b.fail(t, "there is no unique index on %s: two writers could make the same twice; make one or set AllowMissingIndexes", on)
	}
	return false
}

// uses notes what each column of a table is used for.
type uses struct {
	b     *binder
	t     *table
	taken map[string]string
}

func newUses(b *binder, t *table) *uses {
	return &uses{b: b, t: t, taken: map[string]string{}}
}

// add notes a column that new rows get a value for.
func (u *uses) add(what, column string) {
	if column == "" {
		return
	}
	if other, ok := u.taken[column]; ok {
		u.b.fail(u.t, "column %q is both %s and %s", column, other, what)
	}
	u.taken[column] = what
}

// complete fails for columns that need a value in new rows and would get none.
func (u *uses) complete() {
	for i := range u.t.columns {
		c := &u.t.columns[i]
		if _, ok := u.taken[c.name]; !ok && !c.null && c.filled == filledNot {
			u.b.fail(u.t, "column %q is NOT NULL without a default, and nothing sets it", c.name)
		}
	}
}
