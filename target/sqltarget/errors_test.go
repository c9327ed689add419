package sqltarget_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

const secret = "hunter2"

// These have the shapes of the errors of well-known drivers.

// pgx: a method for the code, fields for the rest.
type pgxError struct{ code, ConstraintName, ColumnName string }

func (e *pgxError) Error() string    { return "value " + secret + " is bad" }
func (e *pgxError) SQLState() string { return e.code }

// lib/pq: fields of types of its own.
type (
	pqCode  string
	pqError struct {
		Code               pqCode
		Constraint, Column string
	}
)

func (e pqError) Error() string { return "value " + secret + " is bad" }

// go-sql-driver/mysql.
type mysqlError struct {
	Number  uint16
	Message string
}

func (e *mysqlError) Error() string { return "Duplicate entry '" + secret + "'" }

// modernc.org/sqlite.
type sqliteError struct{ code int }

func (e *sqliteError) Error() string { return "constraint failed: " + secret }
func (e *sqliteError) Code() int     { return e.code }

// mattn/go-sqlite3: fields, of which the extended code says more.
type (
	sqlite3Code  int
	sqlite3Error struct{ Code, ExtendedCode sqlite3Code }
)

func (e sqlite3Error) Error() string { return "constraint failed: " + secret }

// safeError is how pgx says that nothing was sent.
type safeError struct{ error }

func (safeError) SafeToRetry() bool { return true }

// TestClasses: what an error of the database means, for a write and for a read.
func TestClasses(t *testing.T) {
	pg := func(code string) error { return &pgxError{code: code} }
	my := func(n uint16) error { return &mysqlError{Number: n} }
	lite := func(code int) error { return &sqliteError{code} }
	for _, c := range []struct {
		d     sqltarget.Dialect
		err   error
		write target.Class
		read  target.Class
	}{
		{sqltarget.PostgreSQL, pg("23505"), target.Exists, target.Exists},
		{sqltarget.PostgreSQL, pqError{Code: "23505"}, target.Exists, target.Exists},
		{sqltarget.PostgreSQL, fmt.Errorf("wrapped: %w", pg("40001")), target.Transient, target.Transient},
		{sqltarget.PostgreSQL, errors.Join(io.EOF, pg("40P01")), target.Transient, target.Transient},
		{sqltarget.PostgreSQL, pg("22001"), target.Permanent, target.Permanent},
		{sqltarget.PostgreSQL, pg("23514"), target.Permanent, target.Permanent},
		{sqltarget.PostgreSQL, pg("P0001"), target.Permanent, target.Permanent},
		{sqltarget.PostgreSQL, pg("42501"), target.Permanent, target.Permanent},
		{sqltarget.PostgreSQL, pg("42P01"), target.Fatal, target.Fatal},
		{sqltarget.PostgreSQL, pg("28P01"), target.Fatal, target.Fatal},
		{sqltarget.PostgreSQL, pg("57P03"), target.NotSent, target.NotSent},
		{sqltarget.PostgreSQL, pg("53300"), target.NotSent, target.NotSent},
		{sqltarget.PostgreSQL, pg("53100"), target.Transient, target.Transient},
		{sqltarget.PostgreSQL, pg("57P01"), target.Unclear, target.Transient},
		{sqltarget.PostgreSQL, pg("08006"), target.Unclear, target.Transient},
		{sqltarget.MySQL, my(1062), target.Exists, target.Exists},
		{sqltarget.MySQL, my(1213), target.Transient, target.Transient},
		{sqltarget.MySQL, my(1205), target.Transient, target.Transient},
		{sqltarget.MySQL, my(1406), target.Permanent, target.Permanent},
		{sqltarget.MySQL, my(1040), target.NotSent, target.NotSent},
		{sqltarget.MySQL, my(1045), target.Fatal, target.Fatal},
		{sqltarget.MySQL, my(1927), target.Unclear, target.Transient},
		{sqltarget.SQLite, lite(2067), target.Exists, target.Exists},
		{sqltarget.SQLite, sqlite3Error{Code: 19, ExtendedCode: 2067}, target.Exists, target.Exists},
		{sqltarget.SQLite, lite(1299), target.Permanent, target.Permanent},
		{sqltarget.SQLite, lite(5), target.Transient, target.Transient},
		{sqltarget.SQLite, lite(517), target.Transient, target.Transient}, // SQLITE_BUSY_SNAPSHOT
		{sqltarget.SQLite, lite(14), target.NotSent, target.NotSent},
		{sqltarget.SQLite, lite(11), target.Fatal, target.Fatal},
		{sqltarget.SQLite, lite(10), target.Unclear, target.Transient},

		{sqltarget.PostgreSQL, io.ErrUnexpectedEOF, target.Unclear, target.Transient},
		{sqltarget.PostgreSQL, safeError{io.EOF}, target.NotSent, target.NotSent},
		{sqltarget.PostgreSQL, &net.OpError{Op: "dial", Err: io.EOF}, target.NotSent, target.NotSent},
		{sqltarget.PostgreSQL, &net.OpError{Op: "read", Err: io.EOF}, target.Unclear, target.Transient},
		{sqltarget.PostgreSQL, driver.ErrBadConn, target.NotSent, target.NotSent},
		{sqltarget.PostgreSQL, context.DeadlineExceeded, target.Unclear, target.Transient},
	} {
		f := &fakeDB{dialect: c.d, tables: productTables(c.d)}
		app, err := sqltarget.Open(t.Context(), f.open(t), productConfig(c.d))
		require.NoError(t, err)
		write := func() map[string]error {
			_, update := app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: "1"}, Set: target.Attrs(map[string]string{"userName": "x"})})
			_, create := app.Create(t.Context(), target.CreateRequest{Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "x"})})
			return map[string]error{"Update": update, "Create": create}
		}
		f.fail = func(query string) error {
			if strings.HasPrefix(query, "INSERT") || strings.HasPrefix(query, "UPDATE") {
				return c.err
			}
			return nil
		}
		for call, err := range write() {
			assert.Equal(t, c.write.String(), target.ClassOf(err).String(), "%s %s: %#v", c.d, call, c.err)
			assertPlain(t, err, c.err)
		}
		f.fail = func(string) error { return c.err }
		_, err = app.Find(t.Context(), target.Find{ID: "1"})
		assert.Equal(t, c.read.String(), target.ClassOf(err).String(), "%s Find: %#v", c.d, c.err)
		assertPlain(t, err, c.err)
		for _, err := range app.Accounts(t.Context()) {
			assert.Equal(t, c.read.String(), target.ClassOf(err).String(), "%s Accounts: %#v", c.d, c.err)
		}
		// Of a transaction nothing is left unless the commit was sent.
		f.fail = func(query string) error {
			if strings.HasPrefix(query, "DELETE") {
				return c.err
			}
			return nil
		}
		err = app.EndSessions(t.Context(), target.SessionsRequest{Ref: target.Ref{ID: "1"}})
		assert.Equal(t, c.read.String(), target.ClassOf(err).String(), "%s EndSessions: %#v", c.d, c.err)
		f.fail = func(query string) error {
			if query == "COMMIT" {
				return c.err
			}
			return nil
		}
		err = app.EndSessions(t.Context(), target.SessionsRequest{Ref: target.Ref{ID: "1"}})
		assert.Equal(t, c.write.String(), target.ClassOf(err).String(), "%s commit: %#v", c.d, c.err)
	}
}

// assertPlain: the driver's error is there to be found, and its words are not.
func assertPlain(t *testing.T, err, inner error) {
	t.Helper()
	assert.NotContains(t, err.Error(), secret)
	assert.ErrorIs(t, err, inner)
}

// TestFields: the attribute is named if the server names its index, its column or
// its constraint, or if a look shows which value is taken.
func TestFields(t *testing.T) {
	for _, c := range []struct {
		d     sqltarget.Dialect
		err   error
		empty bool // a look finds nothing
		field string
	}{
		{sqltarget.PostgreSQL, &pgxError{code: "23505", ConstraintName: "users_login"}, true, "userName"},
		{sqltarget.PostgreSQL, pqError{Code: "23505", Constraint: "users_login"}, true, "userName"},
		{sqltarget.PostgreSQL, &pgxError{code: "23505", ConstraintName: "users_external_id"}, true, ""},
		{sqltarget.PostgreSQL, &pgxError{code: "23505", ConstraintName: "something_else"}, false, ""},
		{sqltarget.PostgreSQL, &pgxError{code: "23505"}, true, ""},
		{sqltarget.PostgreSQL, &pgxError{code: "23502", ColumnName: "hired"}, true, "hired"},
		{sqltarget.PostgreSQL, &pgxError{code: "23502", ColumnName: "tenant_id"}, true, ""},
		{sqltarget.MySQL, &mysqlError{Number: 1062}, false, "userName"},
		{sqltarget.MySQL, &mysqlError{Number: 1062}, true, ""},
		{sqltarget.SQLite, &sqliteError{2067}, false, "userName"},
		{sqltarget.SQLite, &sqliteError{2067}, true, ""},
	} {
		f := &fakeDB{dialect: c.d, tables: productTables(c.d)}
		app, err := sqltarget.Open(t.Context(), f.open(t), productConfig(c.d))
		require.NoError(t, err)
		f.empty = c.empty
		f.fail = func(query string) error {
			if strings.HasPrefix(query, "UPDATE") {
				return c.err
			}
			return nil
		}
		_, err = app.Update(t.Context(), target.UpdateRequest{
			Ref: target.Ref{ID: "1"}, Set: target.Attrs(map[string]string{"userName": "x", "hired": "2024-02-29", "title": "y"}),
		})
		assert.Equal(t, c.field, target.FieldOf(err), "%s: %#v", c.d, c.err)
	}
}

// TestNoConnection: without one nothing was sent.
func TestNoConnection(t *testing.T) {
	for _, d := range dialects() {
		f := &fakeDB{dialect: d, tables: productTables(d)}
		db := f.open(t)
		app, err := sqltarget.Open(t.Context(), db, productConfig(d))
		require.NoError(t, err)
		db.SetMaxIdleConns(0)
		f.connect = &net.OpError{Op: "dial", Err: errBroken}
		_, err = app.Create(t.Context(), target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "x"})})
		assert.Equal(t, target.NotSent, target.ClassOf(err), "%s: %v", d, err)
		err = app.Delete(t.Context(), target.StateRequest{Ref: target.Ref{ID: "1"}})
		assert.Equal(t, target.NotSent, target.ClassOf(err), "%s: %v", d, err)
		require.ErrorIs(t, err, errBroken)
	}
}
