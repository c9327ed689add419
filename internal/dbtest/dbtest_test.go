package dbtest_test

import (
	"database/sql"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/dbtest"
)

var engines = []struct {
	name   string
	open   func(testing.TB) *sql.DB
	number string // of databases with this name
}{
	{name: "SQLite", open: dbtest.SQLite},
	{name: "PostgreSQL", open: dbtest.Postgres, number: "SELECT count(*) FROM pg_database WHERE datname = $1"},
	{name: "MariaDB", open: dbtest.MariaDB, number: "SELECT count(*) FROM information_schema.schemata WHERE schema_name = ?"},
}

// TestFresh: each database is empty and nobody else's.
func TestFresh(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			for range 3 {
				db := engine.open(t)
				_, err := db.ExecContext(t.Context(), "CREATE TABLE people (name varchar(20) PRIMARY KEY)")
				require.NoError(t, err)
				_, err = db.ExecContext(t.Context(), "INSERT INTO people VALUES ('Čaněk 🙂')")
				require.NoError(t, err)
				var name string
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT name FROM people").Scan(&name))
				assert.Equal(t, "Čaněk 🙂", name)
			}
		})
	}
}

// TestDropped: what a test made is gone when it has ended.
func TestDropped(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		if engine.number == "" {
			continue
		}
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			number := func(name string) int {
				var n int
				require.NoError(t, engine.open(t).QueryRowContext(t.Context(), engine.number, name).Scan(&n))
				return n
			}
			var name string
			t.Run("test", func(t *testing.T) {
				db := engine.open(t)
				query := map[string]string{"PostgreSQL": "SELECT current_database()", "MariaDB": "SELECT database()"}[engine.name]
				require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&name))
				assert.Equal(t, 1, number(name))
			})
			assert.Equal(t, 0, number(name))
		})
	}
}

// TestForeignKeys: the engines enforce them alike.
func TestForeignKeys(t *testing.T) {
	t.Parallel()
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			db := engine.open(t)
			for _, statement := range []string{
				"CREATE TABLE teams (id integer PRIMARY KEY)",
				"CREATE TABLE people (id integer PRIMARY KEY, team integer NOT NULL, FOREIGN KEY (team) REFERENCES teams (id))",
			} {
				_, err := db.ExecContext(t.Context(), statement)
				require.NoError(t, err)
			}
			_, err := db.ExecContext(t.Context(), "INSERT INTO people VALUES (1, 1)")
			require.Error(t, err)
			assert.Contains(t, strings.ToLower(err.Error()), "foreign key")
		})
	}
}
