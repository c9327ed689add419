package sqltarget

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
