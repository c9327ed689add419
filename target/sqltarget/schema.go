package sqltarget

import (
	"context"
	"database/sql"
	"math"
	"slices"
	"strings"
	"unicode"
)

// schemaQueries ask a database for its schema. Parameters are the schema (NULL for
// the usual one) and the table; with regclass there is one, the quoted name.
type schemaQueries struct {
	// columns: name, declared type, base type, 1 if it may be NULL, what fills it
	// (see filled), length in characters and in bytes (0 = no limit), collation.
	columns string
	// indexes, those that are unique, one row per column in order: name, 1 if it
	// covers only some rows, column ("" for an expression), the expression,
	// collation.
	indexes string
	// foreign keys of one column: name, column, and schema, table and column that it
	// points at.
	foreign string
	// triggers finds a row if the table has any. It is for a database whose RETURNING
	// does not see what they do, and which alters nothing without them.
	triggers string
	tables   string // names; its parameter is the schema
	regclass bool
}

// table is a table as the database describes it.
type table struct {
	schema, name string
	columns      []column
	unique       []index
	foreign      []foreignKey
	// verbatim: rows are stored as they are sent. triggered: the database cannot
	// return them as they are stored.
	verbatim, triggered bool
}

// column is one column of a table.
type column struct {
	name     string
	place    int
	declared string // the type in the words of the database
	kind     kind
	null     bool
	filled   filled
	chars    int  // greatest length in characters, 0 = no limit
	bytes    int  // and in bytes
	top      rune // greatest character that its character set has
	noCase   bool // compares without case
	least    int64
	most     int64 // the range of integers; 0 and 0 are all of 64 bits
}

// filled is what a new row gets in a column that an INSERT does not name.
type filled int64

const (
	filledNot       filled = iota // NULL
	filledDefault                 // a default or a number
	filledAlways                  // a value that cannot be written
	filledIncrement               // a number that LastInsertId tells
)

type foreignKey struct {
	name, column            string
	schema, table, refersTo string
}

// label is the name of the table as a Config has it.
func (t *table) label() string {
	if t.schema == "" {
		return t.name
	}
	return t.schema + "." + t.name
}

func (t *table) column(name string) *column {
	for i := range t.columns {
		if t.columns[i].name == name {
			return &t.columns[i]
		}
	}
	return nil
}

func (t *table) columnNames() []string {
	names := make([]string, len(t.columns))
	for i := range t.columns {
		names[i] = t.columns[i].name
	}
	return names
}

// parameters are those of the queries about one table.
func (q *schemaQueries) parameters(d *dialect, t *table) []any {
	if q.regclass {
		return []any{d.table(t)}
	}
	return []any{schemaOf(t), t.name}
}

func schemaOf(t *table) any {
	if t.schema == "" {
		return nil
	}
	return t.schema
}

// table quotes the name of a table.
func (d *dialect) table(t *table) string {
	if t.schema == "" {
		return d.name(t.name)
	}
	return d.name(t.schema) + "." + d.name(t.name)
}

// readTable reads what the database knows of a table. Without any column it does
// not exist.
func readTable(ctx context.Context, db *sql.DB, d *dialect, label string) (*table, error) {
	t := &table{name: label}
	if schema, name, ok := strings.Cut(label, "."); ok {
		t.schema, t.name = schema, name
	}
	parameters := d.schema.parameters(d, t)
	err := eachRow(ctx, db, d.schema.columns, parameters, func(rows *sql.Rows) error {
		var c column
		var base, collation string
		var null int
		if err := rows.Scan(&c.name, &c.declared, &base, &null, &c.filled, &c.chars, &c.bytes, &collation); err != nil {
			return err
		}
		c.null, c.kind = null == 1, d.kind(base, c.declared)
		c.top = topRune(collation)
		c.noCase = strings.HasSuffix(collation, "ci")
		c.least, c.most = d.integers(base, c.declared)
		c.place = len(t.columns)
		t.columns = append(t.columns, c)
		return nil
	})
	if err != nil || len(t.columns) == 0 {
		return t, err
	}
	err = eachRow(ctx, db, d.schema.indexes, parameters, func(rows *sql.Rows) error {
		var name, column, expression, collation string
		var partial int
		if err := rows.Scan(&name, &partial, &column, &expression, &collation); err != nil {
			return err
		}
		if n := len(t.unique); n == 0 || t.unique[n-1].name != name {
			t.unique = append(t.unique, index{name: name, partial: partial == 1})
		}
		t.addKey(column, expression, collation)
		return nil
	})
	if err != nil {
		return t, err
	}
	if d.schema.triggers != "" {
		err = eachRow(ctx, db, d.schema.triggers, parameters, func(*sql.Rows) error {
			t.triggered = true
			return nil
		})
		if err != nil {
			return t, err
		}
		t.verbatim = !t.triggered
	}
	return t, eachRow(ctx, db, d.schema.foreign, parameters, func(rows *sql.Rows) error {
		var f foreignKey
		var schema sql.NullString
		if err := rows.Scan(&f.name, &f.column, &schema, &f.table, &f.refersTo); err != nil {
			return err
		}
		f.schema = schema.String
		t.foreign = append(t.foreign, f)
		return nil
	})
}

// integers is the range of a type, 0 and 0 if that is all of 64 bits.
func (d *dialect) integers(base, declared string) (least, most int64) {
	bits, limited := d.bits[base]
	unsigned := strings.Contains(declared, "unsigned")
	switch {
	case limited && unsigned:
		return 0, 1<<bits - 1
	case limited:
		return -1 << (bits - 1), 1<<(bits-1) - 1
	case unsigned:
		return 0, math.MaxInt64
	}
	return 0, 0
}

// topRune is the greatest character of a MySQL character set: the first word.
// Other databases tell none.
func topRune(collation string) rune {
	set, _, ok := strings.Cut(collation, " ")
	switch {
	case !ok || set == "" || set == "utf8mb4" || strings.HasPrefix(set, "utf16") || set == "utf32":
		return unicode.MaxRune
	case strings.HasPrefix(set, "utf8"):
		return 0xffff
	}
	return unicode.MaxASCII
}

// tableNames lists the tables that a misspelt one may have meant.
func tableNames(ctx context.Context, db *sql.DB, d *dialect, t *table) []string {
	var names []string
	// Without the list there is only no proposal.
	_ = eachRow(ctx, db, d.schema.tables, []any{schemaOf(t)}, func(rows *sql.Rows) error {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		if t.schema != "" {
			name = t.schema + "." + name
		}
		names = append(names, name)
		return nil
	})
	slices.Sort(names)
	return names
}

// eachRow runs a query to its end.
func eachRow(ctx context.Context, db *sql.DB, query string, args []any, do func(*sql.Rows) error) error {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
