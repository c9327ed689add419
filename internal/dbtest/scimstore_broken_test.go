package dbtest_test

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// waiting returns the connection of a commit that waits for the row of its tenant.
func waiting(t *testing.T, db *sql.DB) int {
	t.Helper()
	var pid int
	require.Eventually(t, func() bool {
		return db.QueryRowContext(t.Context(), `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO scim_tenants%'`).Scan(&pid) == nil
	}, 30*time.Second, 5*time.Millisecond)
	return pid
}

// TestStoreKilledConnection: a commit whose connection ends, or whose caller gives up,
// has written nothing, says so without a value, and the next one gets through.
func TestStoreKilledConnection(t *testing.T) {
	t.Parallel()
	e := storeEngines()[1]
	db := e.open(t)
	s := e.store(t, db)
	ctx := t.Context()
	require.NoError(t, s.Commit(ctx, "acme", creation(person(1))))

	held := func() *sql.Tx {
		tx, err := db.BeginTx(ctx, nil)
		require.NoError(t, err)
		_, err = tx.ExecContext(ctx, "SELECT * FROM scim_tenants FOR UPDATE")
		require.NoError(t, err)
		return tx
	}
	done := make(chan error, 1)

	tx := held()
	go func() { done <- s.Commit(ctx, "acme", creation(person(2))) }()
	_, err := db.ExecContext(ctx, "SELECT pg_terminate_backend($1)", waiting(t, db))
	require.NoError(t, err)
	err = <-done
	require.EqualError(t, err, "scim store: commit: the database refused (SQLSTATE 57P01)")
	require.NoError(t, tx.Rollback())

	tx = held()
	short, cancel := context.WithCancel(ctx)
	go func() { done <- s.Commit(short, "acme", creation(person(2))) }()
	waiting(t, db)
	// The second of a tenant waits in this process, without a connection.
	second := make(chan error, 1)
	go func() { second <- s.Commit(short, "acme", creation(person(3))) }()
	cancel()
	require.ErrorIs(t, <-done, context.Canceled)
	require.ErrorIs(t, <-second, context.Canceled)
	require.NoError(t, tx.Rollback())

	page, err := s.List(ctx, "acme", scimserver.Query{Type: scimserver.User, Limit: 9})
	require.NoError(t, err)
	assert.Len(t, page.Resources, 1)
	require.NoError(t, s.Commit(ctx, "acme", creation(person(2))))
}

// TestStoreLostRace: a commit that the database gives up for another one is tried again.
func TestStoreLostRace(t *testing.T) {
	t.Parallel()
	e := storeEngines()[1]
	db := e.open(t)
	s := e.store(t, db)
	ctx := t.Context()
	require.NoError(t, s.Commit(ctx, "acme", creation(person(1))))

	// Somebody has the user and wants the tenant; the commit has it the other way round.
	// PostgreSQL gives up who has waited for a time first, which is the commit.
	tx, err := db.BeginTx(ctx, nil)
	require.NoError(t, err)
	for _, statement := range []string{"SET LOCAL deadlock_timeout = '20s'", "SELECT * FROM scim_resources FOR UPDATE"} {
		_, err = tx.ExecContext(ctx, statement)
		require.NoError(t, err)
	}
	done := make(chan error, 1)
	change := person(1)
	change.Body = []byte(`{"title":"CEO"}`)
	go func() {
		done <- s.Commit(ctx, "acme", scimserver.Commit{Put: []scimserver.Put{{Resource: change, Expect: 1}}})
	}()
	require.Eventually(t, func() bool {
		var n int
		return db.QueryRowContext(ctx, `SELECT 1 FROM pg_stat_activity WHERE datname = current_database()
AND wait_event_type = 'Lock' AND query LIKE 'UPDATE scim_resources%'`).Scan(&n) == nil
	}, 30*time.Second, 5*time.Millisecond)
	_, err = tx.ExecContext(ctx, "SELECT * FROM scim_tenants FOR UPDATE")
	require.NoError(t, err, "the other one is not given up")
	require.NoError(t, tx.Rollback())
	require.NoError(t, <-done)
	got, err := s.Get(ctx, "acme", scimserver.User, change.ID)
	require.NoError(t, err)
	assert.Equal(t, change.Body, got.Body)
}

// TestStoreBusy: a database that another process writes to is waited for, within
// bounds.
func TestStoreBusy(t *testing.T) {
	t.Parallel()
	e := storeEngines()[0]
	path := "file:" + filepath.ToSlash(filepath.Join(t.TempDir(), "scim.sqlite")) + "?_pragma=busy_timeout(0)"
	ours, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	theirs, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ours.Close()) })
	t.Cleanup(func() { require.NoError(t, theirs.Close()) })
	s := e.store(t, ours)
	ctx := t.Context()

	lock, err := theirs.Conn(ctx)
	require.NoError(t, err)
	_, err = lock.ExecContext(ctx, "BEGIN EXCLUSIVE")
	require.NoError(t, err)
	require.EqualError(t, s.Commit(ctx, "acme", creation(person(1))), "scim store: commit: the database refused (result code 5)")
	_, err = s.Get(ctx, "acme", scimserver.User, person(1).ID)
	require.EqualError(t, err, "scim store: read a resource: the database refused (result code 5)")
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	require.ErrorIs(t, s.Commit(short, "acme", creation(person(1))), context.DeadlineExceeded)

	done := make(chan error, 1)
	go func() { done <- s.Commit(ctx, "acme", creation(person(1))) }()
	_, err = lock.ExecContext(ctx, "ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, lock.Close())
	require.NoError(t, <-done)
	_, err = s.Get(ctx, "acme", scimserver.User, person(1).ID)
	require.NoError(t, err)
}

// TestStoreClosed: a database that cannot be reached is an error and never "not found".
func TestStoreClosed(t *testing.T) {
	t.Parallel()
	e := storeEngines()[0]
	db := e.open(t)
	s := e.store(t, db)
	require.NoError(t, db.Close())
	_, err := s.Get(t.Context(), "acme", scimserver.User, "u1")
	require.EqualError(t, err, "scim store: read a resource: sql: database is closed")
	_, err = s.List(t.Context(), "acme", scimserver.Query{Type: scimserver.User, Total: true})
	require.EqualError(t, err, "scim store: list resources: sql: database is closed")
	require.EqualError(t, s.Commit(t.Context(), "acme", creation(person(1))), "scim store: commit: sql: database is closed")

	// Nor one without tables.
	_, err = e.store(t, e.open(t)).Purge(t.Context(), "acme", time.Now())
	require.NoError(t, err)
	empty := e.open(t)
	s = e.store(t, empty)
	_, err = empty.ExecContext(t.Context(), "DROP TABLE scim_resources")
	require.NoError(t, err)
	_, err = s.Get(t.Context(), "acme", scimserver.User, "u1")
	require.EqualError(t, err, "scim store: read a resource: the database refused (result code 1)")
}
