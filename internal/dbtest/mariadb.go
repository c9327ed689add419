package dbtest

import (
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/go-sql-driver/mysql"
)

// MariaDB returns a fresh MariaDB database, as root, through go-sql-driver/mysql
// with its default settings, except that it logs nothing. Text is utf8mb4 and, as
// Debian sets it up, compares without regard to case.
func MariaDB(t testing.TB) *sql.DB {
	t.Helper()
	return mariadb.database(t)
}

//nolint:gochecknoglobals // one server per process is the point
var mariadb = server{engine: engine{
	name:     "MariaDB",
	programs: []string{"mariadb-install-db", "my_print_defaults", "mariadbd"},
	folders:  []string{"/usr/sbin", "/usr/libexec", "/opt/homebrew/opt/mariadb/bin", "/usr/local/opt/mariadb/bin"},
	packages: "mariadb-server-core and mariadb-client-core",

	script: `
small='--skip-log-bin --debug-no-sync --innodb-log-file-size=4M --innodb-use-native-aio=0'
prepare() {
	mariadb-install-db --no-defaults --datadir="$home/data" --tmpdir="$home" $small \
		--auth-root-authentication-method=normal --skip-test-db --skip-name-resolve
}
serve() {
	exec mariadbd --no-defaults --datadir="$home/data" --tmpdir="$home" $small --socket="$home/socket" --skip-networking \
		--innodb-flush-log-at-trx-commit=0 --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci
}
`,
	stop:  "KILL",
	ready: "ready for connections",

	admin:  "mysql",
	create: "CREATE DATABASE %s",
	drop:   "DROP DATABASE %s",
	open: func(home, database string) (*sql.DB, error) {
		config := mysql.NewConfig()
		config.User, config.Net, config.Addr, config.DBName = "root", "unix", filepath.Join(home, "socket"), database
		config.Logger = &mysql.NopLogger{} // what goes wrong is in the errors
		connector, err := mysql.NewConnector(config)
		if err != nil {
			return nil, err
		}
		return sql.OpenDB(connector), nil
	},
}}
