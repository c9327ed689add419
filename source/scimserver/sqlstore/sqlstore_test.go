package sqlstore_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
	"github.com/provision-go/provision/source/scimserver/sqlstore"
)

// What needs a database is tested in internal/dbtest, on real ones.

// brokenDB ends each statement with an error, and counts them.
type brokenDB struct {
	mu         sync.Mutex
	fail       error
	statements []string
}

func (b *brokenDB) Connect(context.Context) (driver.Conn, error) { return b, nil }
func (b *brokenDB) Driver() driver.Driver                        { return nil }
func (b *brokenDB) Close() error                                 { return nil }
func (b *brokenDB) Commit() error                                { return nil }
func (b *brokenDB) Rollback() error                              { return nil }
func (b *brokenDB) Begin() (driver.Tx, error)                    { return b, nil }
func (b *brokenDB) Prepare(query string) (driver.Stmt, error)    { return nil, b.say(query) }

// BeginTx knows isolation levels, as the drivers of PostgreSQL do.
func (b *brokenDB) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) { return b, nil }

func (b *brokenDB) say(query string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.statements = append(b.statements, query)
	return b.fail
}

// store returns a store on a database whose statements all fail.
func store(t *testing.T, d sqlstore.Dialect, fail error) (*sqlstore.Store, *brokenDB) {
	t.Helper()
	b := &brokenDB{fail: fail}
	db := sql.OpenDB(b)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	s, err := sqlstore.New(db, sqlstore.Config{Dialect: d})
	require.NoError(t, err)
	return s, b
}

// pgError and sqliteError have what the errors of drivers have.
type pgError struct{ Code string }

func (e *pgError) Error() string { return `duplicate key: (login)=(ana@acme.example) already exists` }

type sqliteError int

func (sqliteError) Error() string { return "ana@acme.example" }
func (e sqliteError) Code() int   { return int(e) }

func creation() scimserver.Commit {
	return scimserver.Commit{Put: []scimserver.Put{{Resource: scimserver.Resource{Type: scimserver.User, ID: "ana-id", Body: []byte("{}")}}}}
}

func TestConfig(t *testing.T) {
	for want, cfg := range map[string]sqlstore.Config{
		"scim store: Dialect: is required": {},
		"scim store: Prefix: has lower-case letters, digits and underscores only, and begins with no digit": {Dialect: sqlstore.SQLite, Prefix: `x"; DROP`},
		"scim store: Prefix: is longer than 40 bytes":                                                       {Dialect: sqlstore.SQLite, Prefix: strings.Repeat("x", 41)},
	} {
		_, err := sqlstore.New(nil, cfg)
		require.EqualError(t, err, want)
		_, err = sqlstore.Schema(cfg.Dialect, cfg.Prefix)
		require.EqualError(t, err, want)
	}
	_, err := sqlstore.New(nil, sqlstore.Config{Dialect: 9, Prefix: "1_"})
	require.ErrorContains(t, err, "Dialect")
	require.ErrorContains(t, err, "Prefix")
}

func TestSchema(t *testing.T) {
	for _, d := range []sqlstore.Dialect{sqlstore.PostgreSQL, sqlstore.SQLite} {
		statements, err := sqlstore.Schema(d, "crm_")
		require.NoError(t, err)
		require.Len(t, statements, 10)
		for _, s := range statements {
			assert.Regexp(t, `^CREATE (TABLE|INDEX|UNIQUE INDEX) IF NOT EXISTS crm_`, s, d)
			assert.NotRegexp(t, `[@{};]|scim_`, s, d)
		}
	}
}

// TestErrors: nothing that a server says shows in an error, and everything is in it.
func TestErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		d    sqlstore.Dialect
		err  error
		want string
	}{
		{"code", sqlstore.PostgreSQL, &pgError{"23505"}, "the database refused (SQLSTATE 23505)"},
		{"wrapped", sqlstore.PostgreSQL, fmt.Errorf("ana: %w", &pgError{"42P01"}), "the database refused (SQLSTATE 42P01)"},
		{"number", sqlstore.SQLite, sqliteError(2067), "the database refused (result code 2067)"},
		{"network", sqlstore.PostgreSQL, fmt.Errorf("ana: %w", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}), "dial tcp: connection refused"},
		{"end", sqlstore.PostgreSQL, fmt.Errorf("ana: %w", io.ErrUnexpectedEOF), "unexpected EOF"},
		{"any", sqlstore.SQLite, errors.New("cannot encode ana@acme.example"), "the driver failed (*errors.errorString)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, _ := store(t, c.d, c.err)
			ctx := t.Context()
			failed := func(what string, err error) {
				require.EqualError(t, err, "scim store: "+what+": "+c.want)
				require.ErrorIs(t, err, c.err)
			}
			_, err := s.Get(ctx, "acme", scimserver.User, "ana-id")
			failed("read a resource", err)
			_, err = s.List(ctx, "acme", scimserver.Query{Type: scimserver.User, Limit: 1})
			failed("list resources", err)
			_, err = s.Members(ctx, "acme", []string{"ana-id"})
			failed("read members", err)
			_, err = s.MemberOf(ctx, "acme", []string{"ana-id"})
			failed("read groups of members", err)
			failed("commit", s.Commit(ctx, "acme", creation()))
			_, err = s.Purge(ctx, "acme", time.Now())
			failed("purge", err)
			failed("create tables", s.CreateTables(ctx))
		})
	}
}

// TestRetry: what somebody else was faster with is tried again, a limited number of
// times and not after the caller has gone; nothing else is.
func TestRetry(t *testing.T) {
	for _, c := range []struct {
		d     sqlstore.Dialect
		err   error
		again bool
	}{
		{sqlstore.PostgreSQL, &pgError{"40001"}, true},
		{sqlstore.PostgreSQL, &pgError{"40P01"}, true},
		{sqlstore.PostgreSQL, &pgError{"55P03"}, false}, // whoever set lock_timeout wants to know
		{sqlstore.PostgreSQL, &pgError{"57014"}, false},
		{sqlstore.SQLite, sqliteError(5), true},
		{sqlstore.SQLite, sqliteError(517), true}, // BUSY_SNAPSHOT
		{sqlstore.SQLite, sqliteError(6), true},
		{sqlstore.SQLite, sqliteError(19), false},
	} {
		t.Run(fmt.Sprintf("%v %#v", c.d, c.err), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s, b := store(t, c.d, c.err)
				require.ErrorIs(t, s.Commit(t.Context(), "acme", creation()), c.err)
				want := 1
				if c.again {
					want = 12
				}
				assert.Len(t, b.statements, want)

				b.statements = nil
				_, err := s.Get(t.Context(), "acme", scimserver.User, "ana-id")
				require.ErrorIs(t, err, c.err)
				assert.Len(t, b.statements, want)

				ctx, cancel := context.WithTimeout(t.Context(), time.Microsecond)
				defer cancel()
				err = s.Commit(ctx, "acme", creation())
				require.ErrorIs(t, err, c.err)
				if c.again {
					require.ErrorIs(t, err, context.DeadlineExceeded)
				}
			})
		})
	}
}

// TestUnasked: what no database has to be asked about is not.
func TestUnasked(t *testing.T) {
	s, b := store(t, sqlstore.PostgreSQL, errors.New("down"))
	ctx := t.Context()
	for _, id := range []string{"", "a\x00b", "\xff", strings.Repeat("x", 256)} {
		_, err := s.Get(ctx, "acme", scimserver.User, id)
		require.Equal(t, scimserver.ErrNotFound, err)
		page, err := s.List(ctx, "acme", scimserver.Query{Type: scimserver.Group, Member: id + "\x00", Limit: 1, Total: true})
		require.NoError(t, err)
		assert.Empty(t, page)
		members, err := s.Members(ctx, "acme", []string{id})
		require.NoError(t, err)
		assert.Equal(t, map[string][]scimserver.Member{}, members)
		c := creation()
		c.Put[0].Resource.ID = id
		require.EqualError(t, s.Commit(ctx, "acme", c), "scim store: an ID is no text of 1 to 255 bytes")
	}
	require.NoError(t, s.Commit(ctx, "acme", scimserver.Commit{}))
	twice := creation()
	twice.Put = append(twice.Put, twice.Put...)
	require.Equal(t, scimserver.ErrConflict, s.Commit(ctx, "acme", twice))
	assert.Empty(t, b.statements)
}
