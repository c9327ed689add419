package sqltarget

import (
	"strconv"
	"strings"

	"github.com/provision-go/provision/target"
)

// A Dialect is the kind of database.
type Dialect uint8

// The dialects. The zero value is none.
const (
	_          Dialect = iota
	PostgreSQL         // 12 and later
	MySQL              // 8.0 and later, MariaDB 10.5 and later
	SQLite             // 3.38 and later
)

// String returns "PostgreSQL", "MySQL" or "SQLite".
func (d Dialect) String() string {
	switch d {
	case PostgreSQL:
		return "PostgreSQL"
	case MySQL:
		return "MySQL"
	case SQLite:
		return "SQLite"
	}
	return "no dialect"
}

// dialect is what differs between databases. Formats are those of fmt, with a
// quoted column or placeholder for each %s.
type dialect struct {
	quote    string // around identifiers; doubled inside
	numbered bool   // placeholders are $1, $2 …, not ?
	casts    bool   // a placeholder in a list of results needs its type
	// returning: INSERT and UPDATE have a RETURNING clause.
	returning bool
	// prepare: statements are prepared once and kept. It is off where drivers keep
	// them themselves, or must not because of a pooler in between.
	prepare bool

	noTable  string // in a SELECT that reads none and has conditions
	noValues string // in an INSERT that names no column
	ignore   string // at the end of one that may meet a row that is there already

	fold    string // condition: column and placeholder are equal without case
	noCase  string // the same for a column that compares without case
	merge   string // a JSON column with an object's members merged into it, null removing
	objects []kind // of columns that can hold JSON
	object  string // condition: a JSON column is NULL or holds an object

	schema schemaQueries
	// kind tells the type of a column by the words of the columns query.
	kind func(base, declared string) kind
	// bits are the widths of the base types of integers with fewer than 64.
	bits map[string]int
	// refusal understands an error of the server; ok is false for any other error.
	refusal func(err error) (r refusal, ok bool)
}

// refusal is what the server said instead of doing what it was told.
type refusal struct {
	class  target.Class
	code   string // such as "SQLSTATE 23505"
	unique bool   // a value that has to be unique is taken
	// foreign: a value points at a row that does not exist.
	foreign bool
	// unknown: a value is none that the type of the column has.
	unknown bool
	// outdated: the plan of the statement is older than the schema.
	outdated bool
	// constraint and column are what the server names, "" if it does not.
	constraint, column string
}

func (d Dialect) data() (dialect, bool) {
	switch d {
	case PostgreSQL:
		return postgreSQL(), true
	case MySQL:
		return mySQL(), true
	case SQLite:
		return sqLite(), true
	}
	return dialect{}, false
}

// name quotes an identifier.
func (d *dialect) name(s string) string {
	return d.quote + strings.ReplaceAll(s, d.quote, d.quote+d.quote) + d.quote
}

// placeholder is that of the n-th parameter, from 1.
func (d *dialect) placeholder(n int) string {
	if d.numbered {
		return "$" + strconv.Itoa(n)
	}
	return "?"
}
