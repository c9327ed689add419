package dbtest

import (
	"database/sql"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// Postgres returns a fresh PostgreSQL database, as its superuser, through pgx.
// Text is UTF-8 and sorts by bytes.
func Postgres(t testing.TB) *sql.DB {
	t.Helper()
	return postgres.database(t)
}

//nolint:gochecknoglobals // one server per process is the point
var postgres = server{engine: engine{
	name:     "PostgreSQL",
	programs: []string{"initdb", "postgres"},
	folders:  []string{"/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"},
	packages: "postgresql",

	script: `
prepare() { initdb --pgdata="$home/data" --username=postgres --auth=trust --encoding=UTF8 --no-locale --no-sync --no-instructions; }
serve() { exec postgres -D "$home/data" -k "$home" -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off; }
`,
	// QUIT is the immediate shutdown. TERM is for a server that does not listen to
	// QUIT yet: sh lets what it runs in the background ignore that at first.
	stop:  "TERM QUIT",
	ready: "database system is ready to accept connections",

	admin:  "postgres",
	create: "CREATE DATABASE %s",
	drop:   "DROP DATABASE %s WITH (FORCE)",
	open: func(home, database string) (*sql.DB, error) {
		config, err := pgx.ParseConfig("host=" + home + " port=5432 user=postgres sslmode=disable dbname=" + database)
		if err != nil {
			return nil, err
		}
		return stdlib.OpenDB(*config), nil
	},
}}
