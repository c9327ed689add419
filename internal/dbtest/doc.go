// Package dbtest gives tests empty databases on real engines: SQLite, and
// PostgreSQL and MariaDB from the programs that are installed.
//
//	db := dbtest.Postgres(t)
//
// Each call returns a fresh database that is dropped when the test ends. A
// server is started by the first call that needs it, runs for one test process
// and ends with it, however the process ends; nothing stays behind. It listens
// on a Unix socket in a folder of its own, writes nothing to disk in earnest,
// and runs as "nobody" if the tests run as root.
//
// Where a program is missing, the test is skipped and says what was looked for,
// where, and which package has it; with CI=true it fails. The script
// .ci/need-databases installs what is missing on Debian and its relatives.
//
// It is a module of its own, because no user of the library is to get drivers.
package dbtest
