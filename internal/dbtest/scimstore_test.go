package dbtest_test

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/dbtest"
	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/source/scimserver/sqlstore"
	"github.com/provision-go/provision/source/scimserver/storetest"
)

// storeEngine is a database engine that keeps SCIM resources.
type storeEngine struct {
	name    string
	dialect sqlstore.Dialect
	open    func(testing.TB) *sql.DB
}

func storeEngines() []storeEngine {
	return []storeEngine{
		{"SQLite", sqlstore.SQLite, dbtest.SQLite},
		{"PostgreSQL", sqlstore.PostgreSQL, func(tb testing.TB) *sql.DB {
			tb.Helper()
			db := dbtest.Postgres(tb)
			db.SetMaxOpenConns(10) // of the 100 that the server has for all tests
			db.SetMaxIdleConns(10)
			return db
		}},
	}
}

// eachStore runs a test on all engines.
func eachStore(t *testing.T, test func(t *testing.T, e storeEngine)) {
	t.Parallel()
	for _, e := range storeEngines() {
		t.Run(e.name, func(t *testing.T) {
			t.Parallel()
			test(t, e)
		})
	}
}

// store returns a store with tables of its own.
func (e storeEngine) store(tb testing.TB, db *sql.DB) *sqlstore.Store {
	tb.Helper()
	s, err := sqlstore.New(db, sqlstore.Config{Dialect: e.dialect})
	require.NoError(tb, err)
	require.NoError(tb, s.CreateTables(tb.Context()))
	return s
}

func TestStore(t *testing.T) {
	eachStore(t, func(t *testing.T, e storeEngine) {
		db := e.open(t)
		storetest.Run(t, func(t *testing.T) scimserver.Store { return e.store(t, db) })
	})
}

// TestStoreOneConnection: no call needs a second one.
func TestStoreOneConnection(t *testing.T) {
	if underRace {
		t.Skip("one connection leaves nothing to race for, and the store under many is tested beside this")
	}
	t.Parallel()
	e := storeEngines()[0]
	db := e.open(t)
	db.SetMaxOpenConns(1)
	storetest.Run(t, func(t *testing.T) scimserver.Store { return e.store(t, db) })
}
