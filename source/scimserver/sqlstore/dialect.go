package sqlstore

import (
	"database/sql"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/sqlerr"
)

// A Dialect is the kind of database.
type Dialect uint8

// The dialects. The zero value is none.
const (
	_          Dialect = iota
	PostgreSQL         // 12 and later, with the encoding UTF8
	SQLite             // 3.38 and later, in a file
)

// String returns "PostgreSQL" or "SQLite".
func (d Dialect) String() string {
	switch d {
	case PostgreSQL:
		return "PostgreSQL"
	case SQLite:
		return "SQLite"
	}
	return "no dialect"
}

// dialect is what differs between databases.
type dialect struct {
	mark string // of a placeholder, before its number
	// types replaces words of the schema.
	types *strings.Replacer
	// texts and numbers are the end of a condition: to be among the elements of a JSON
	// array, which is a parameter. That way a list has any length, and a statement with
	// one always the same text.
	texts, numbers string
	// isolation is that of a commit, in which each statement has to see what others
	// wrote before it got the lock.
	isolation sql.IsolationLevel
	// writers is how many commits may be under way in one process. Those of one tenant
	// wait for each other all the same: so they do without holding a connection.
	writers int
	// schemaLock makes those who create tables wait for each other, "" if it needs
	// none.
	schemaLock string
	// refusal understands an error of the database: its code, and whether somebody
	// else was faster, so that nothing was done and it may be tried again.
	refusal func(err error) (code string, lost bool)
}

func (d Dialect) data() (dialect, bool) {
	switch d {
	case PostgreSQL:
		return postgreSQL(), true
	case SQLite:
		return sqLite(), true
	}
	return dialect{}, false
}

func postgreSQL() dialect {
	return dialect{
		mark: "$",
		types: strings.NewReplacer(
			"{number}", "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", "{int}", "bigint", "{bool}", "boolean",
			"{key}", `text COLLATE "C"`, "{text}", "text", "{bytes}", "bytea", "{clustered}", "",
		),
		// As an array, and not as a table that the planner knows nothing of: it would
		// compare each row with each element.
		texts:      "= ANY (ARRAY(SELECT json_array_elements_text(CAST(CAST(? AS text) AS json))))",
		numbers:    "= ANY (ARRAY(SELECT CAST(json_array_elements_text(CAST(CAST(? AS text) AS json)) AS bigint)))",
		isolation:  sql.LevelReadCommitted,
		writers:    256,
		schemaLock: "SELECT pg_advisory_xact_lock(hashtext(?))",
		refusal: func(err error) (string, bool) {
			// SQLSTATE, appendix A of the PostgreSQL manual.
			code := sqlerr.Text(err, "SQLState", "Code")
			if len(code) != 5 {
				return "", false
			}
			return "SQLSTATE " + code, code == "40001" || code == "40P01" // a lost race, a deadlock
		},
	}
}

func sqLite() dialect {
	return dialect{
		mark: "?",
		types: strings.NewReplacer(
			"{number}", "INTEGER PRIMARY KEY", "{int}", "INTEGER", "{bool}", "INTEGER",
			"{key}", "TEXT", "{text}", "TEXT", "{bytes}", "BLOB", "{clustered}", " WITHOUT ROWID",
		),
		texts:   "IN (SELECT value FROM json_each(?))",
		numbers: "IN (SELECT value FROM json_each(?))",
		writers: 1,
		refusal: func(err error) (string, bool) {
			// The lowest byte of a result code is the primary code.
			n, ok := sqlerr.Number(err, "ExtendedCode", "Code")
			if !ok {
				return "", false
			}
			return "result code " + strconv.FormatInt(n, 10), n&0xff == 5 || n&0xff == 6 // BUSY, LOCKED
		},
	}
}
