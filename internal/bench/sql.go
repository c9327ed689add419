package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

const usersTable = `
CREATE TABLE users (
	id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, status TEXT NOT NULL,
	city TEXT, costCenter TEXT, country TEXT, department TEXT, displayName TEXT, division TEXT, employeeNumber TEXT, familyName TEXT,
	givenName TEXT, manager INTEGER REFERENCES users (id), title TEXT, userName TEXT NOT NULL
);
CREATE UNIQUE INDEX users_login ON users (lower(userName))`

const insertUser = `
INSERT INTO users (key, status, city, costCenter, country, department, displayName, division, employeeNumber, familyName, givenName,
	manager, title, userName)
VALUES (?, 'active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`

// openUsers makes a database in a file with an empty table of users. One connection
// writes: others would only wait for it.
func openUsers(ctx context.Context, dir string) (*sql.DB, error) {
	const settings = "?_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(normal)&_pragma=foreign_keys(off)"
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(filepath.Join(dir, "users.sqlite"))+settings)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = db.ExecContext(ctx, usersTable)
	return db, err
}

// usersConfig describes the table.
func usersConfig() sqltarget.Config {
	cfg := sqltarget.Config{Name: people.App, Dialect: sqltarget.SQLite, Accounts: sqltarget.Accounts{
		Table: "users", Key: "key", State: sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
	}}
	for _, a := range people.Capabilities().Attributes {
		cfg.Accounts.Attributes = append(cfg.Accounts.Attributes, sqltarget.Attribute{
			Name: a.Name, Column: a.Name, Unique: a.Unique, CaseFold: a.CaseFold, Ref: a.Ref,
		})
	}
	return cfg
}

// database is a fresh one for each round.
type database struct {
	dir string
	db  *sql.DB
}

func (d *database) renew(ctx context.Context) error {
	if err := d.close(); err != nil {
		return err
	}
	var err error
	if d.dir, err = os.MkdirTemp("", "bench"); err != nil {
		return err
	}
	d.db, err = openUsers(ctx, d.dir)
	return err
}

func (d *database) close() error {
	if d.db == nil {
		return nil
	}
	return errors.Join(d.db.Close(), os.RemoveAll(d.dir))
}

var errRows = errors.New("not everybody is in the table")

// check counts the rows that are complete.
func (d *database) check(ctx context.Context, want int) error {
	var n int
	err := d.db.QueryRowContext(ctx, "SELECT count(*) FROM users WHERE manager IS NOT NULL AND userName <> ''").Scan(&n)
	if err == nil && n != want {
		err = fmt.Errorf("%w: %d of %d", errRows, n, want)
	}
	return err
}

// converge brings a company into the table with a new engine and the default
// configuration.
func (d *database) converge(ctx context.Context, c people.Company) error {
	app, err := sqltarget.Open(ctx, d.db, usersConfig())
	if err != nil {
		return err
	}
	set, err := people.AccountRules()
	if err != nil {
		return err
	}
	engine, err := provision.New(provision.Config{
		Source: people.Directory{Company: c}, Targets: []target.Target{app}, Rules: set,
	})
	if err != nil {
		return err
	}
	report, err := engine.Sync(ctx)
	if err != nil {
		return err
	}
	return errors.Join(report.Err(), d.check(ctx, c.Size))
}

// insert writes the same rows by a prepared statement, and like the target each in
// a transaction of its own: every change is durable before the next.
func (d *database) insert(ctx context.Context, c people.Company, list []people.Plain) error {
	statement, err := d.db.PrepareContext(ctx, insertUser)
	if err != nil {
		return err
	}
	defer statement.Close() //nolint:errcheck // it is closed with the database
	args := make([]any, 0, 16)
	for i := range list {
		args = append(args[:0], list[i].Key)
		for name, values := range list[i].All() {
			if name == "manager" {
				args = append(args, int64(c.Manager(i)+1)) // rows are counted from 1
			} else {
				args = append(args, values[0])
			}
		}
		if _, err := statement.ExecContext(ctx, args...); err != nil {
			return err
		}
	}
	return d.check(ctx, c.Size)
}

// sqlConverge measures what it takes to bring people into a product's own table:
// Engine.Sync on an empty SQLite database in a file against a loop that writes the
// same rows by a prepared statement. Reading and planning is in it. What counts is
// the time on the clock: SQLite has one writer, and what the engine does beside it
// may well run on another core. The run is long enough to be made once.
func sqlConverge(ctx context.Context, r *results) error {
	c := people.Company{Size: 100_000, Seed: seed, Settled: true}
	list := c.Creates()
	var d database
	renew := func() error { return d.renew(ctx) }
	times, err := r.cold(1, c.Size,
		measure.Side{Name: "sync to SQLite", Setup: renew, Run: func() error { return d.converge(ctx, c) }},
		measure.Side{Name: "bare inserts", Setup: renew, Run: func() error { return d.insert(ctx, c, list) }},
	)
	if err := errors.Join(err, d.close()); err != nil {
		return err
	}
	r.set("sql-converge", ratio(times[1].Wall, times[0].Wall))
	return nil
}
