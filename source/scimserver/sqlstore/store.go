package sqlstore

import (
	"database/sql"
	"errors"
	"fmt"
	"hash/maphash"

	"github.com/provision-go/provision/source/scimserver"
)

// Config says where a store keeps its tables.
type Config struct {
	// Dialect is the kind of database. It is required.
	Dialect Dialect
	// Prefix begins the names of all tables and indexes: up to 40 lower-case letters,
	// digits and underscores. Defaults to "scim_". PostgreSQL puts the tables into the
	// first schema of the search path.
	Prefix string
}

// Store is a [scimserver.Store] in a database. It is safe for concurrent use, also by
// several processes on one database.
type Store struct {
	db     *sql.DB
	d      dialect
	prefix string
	seed   maphash.Seed
	slots  []chan struct{} // by hash of the tenant, each with room for one writer
}

var _ scimserver.Store = (*Store)(nil)

// New returns a store on a database, which stays the caller's. The tables are made by
// [Store.CreateTables], or by those who run [Schema].
func New(db *sql.DB, cfg Config) (*Store, error) {
	d, ok := cfg.Dialect.data()
	var wrong []error
	if !ok {
		wrong = append(wrong, field("Dialect", errors.New("is required")))
	}
	if cfg.Prefix == "" {
		cfg.Prefix = "scim_"
	}
	if err := checkPrefix(cfg.Prefix); err != nil {
		wrong = append(wrong, field("Prefix", err))
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, fmt.Errorf("scim store: %w", err)
	}
	s := &Store{db: db, d: d, prefix: cfg.Prefix, seed: maphash.MakeSeed(), slots: make([]chan struct{}, d.writers)}
	for i := range s.slots {
		s.slots[i] = make(chan struct{}, 1)
	}
	return s, nil
}

// field says what is wrong with a field of the configuration.
func field(name string, err error) error { return fmt.Errorf("%s: %w", name, err) }
