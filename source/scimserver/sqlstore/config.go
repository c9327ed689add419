package sqlstore

import (
	"errors"
	"fmt"
	"regexp"
)

// A Dialect is the kind of database.
type Dialect uint8

// The dialects. The zero value is none.
const (
	_          Dialect = iota
	PostgreSQL         // 12 and later
	SQLite             // 3.38 and later
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

// A Config says where the tables are.
type Config struct {
	// Dialect is needed.
	Dialect Dialect
	// Schema is the schema of the tables, with SQLite the name of an attached
	// database: letters, digits and underscores. Defaults to none: the search path
	// decides. It has to exist.
	Schema string
	// Prefix begins the names of tables and indexes: letters, digits and
	// underscores, up to 32. Defaults to "scim_".
	Prefix string
}

// names of what may become part of a statement.
var (
	schemaName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,62}$`)
	prefixName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]{0,31}$`)
)

// checked returns the configuration with its defaults.
func (c Config) checked() (Config, error) {
	var errs []error
	if c.Dialect != PostgreSQL && c.Dialect != SQLite {
		errs = append(errs, errors.New("sqlstore: Config.Dialect is needed: PostgreSQL or SQLite"))
	}
	if c.Schema != "" && !schemaName.MatchString(c.Schema) {
		errs = append(errs, fmt.Errorf("sqlstore: Config.Schema is %q: use letters, digits and underscores, up to 63, no digit first", c.Schema))
	}
	if c.Prefix == "" {
		c.Prefix = "scim_"
	}
	if !prefixName.MatchString(c.Prefix) {
		errs = append(errs, fmt.Errorf("sqlstore: Config.Prefix is %q: use letters, digits and underscores, up to 32, no digit first", c.Prefix))
	}
	return c, errors.Join(errs...)
}
