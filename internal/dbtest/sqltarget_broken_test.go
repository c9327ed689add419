package dbtest_test

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// server is a database server, which has connections that can break.
type server struct {
	product
	waiting string // the connections that are about to write to users
	kill    string // ends a connection
	// tough makes a transaction the last one to be given up in a deadlock.
	tough string
}

func servers() []server {
	return []server{
		{
			products()[1], `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
AND (query LIKE 'UPDATE "users"%' OR query LIKE 'DELETE FROM "users"%')`,
			"SELECT pg_terminate_backend(%d)", "SET LOCAL deadlock_timeout = '5s'",
		},
		{
			products()[2], "SELECT id FROM information_schema.processlist WHERE db = database() AND command = 'Execute' " + // not Prepare
				"AND (info LIKE 'UPDATE `users`%' OR info LIKE 'DELETE FROM `users`%')",
			"KILL %d", "INSERT INTO teams (name) VALUES ('a'), ('b'), ('c'), ('d'), ('e')",
		},
	}
}

// waits waits until a connection writes to a locked row, and returns its number.
func (s server) waits(t *testing.T, db *sql.DB) int {
	t.Helper()
	var pid int
	require.Eventually(t, func() bool { return db.QueryRowContext(t.Context(), s.waiting).Scan(&pid) == nil }, 30*time.Second, 5*time.Millisecond)
	return pid
}

// TestKilledConnection: a connection that ends while a write is on its way leaves
// the outcome unknown; one that ended before does not.
func TestKilledConnection(t *testing.T) {
	t.Parallel()
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			m := full()
			app, db := opened(t, s.product, m)
			ctx := t.Context()
			a, err := app.Create(ctx, m.request(1))
			require.NoError(t, err)

			// Somebody holds the row, so the update is sent and waits.
			tx, err := db.BeginTx(ctx, nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(ctx, "UPDATE users SET full_name = 'x' WHERE id = "+a.ID)
			require.NoError(t, err)
			update := target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"displayName": "y"})}
			done := make(chan error, 1)
			go func() {
				_, err := app.Update(ctx, update)
				done <- err
			}()
			_, err = db.ExecContext(ctx, fmt.Sprintf(s.kill, s.waits(t, db)))
			require.NoError(t, err)
			err = <-done
			require.Error(t, err)
			assert.Equal(t, target.Unclear, target.ClassOf(err), "%v", err)
			require.NoError(t, tx.Rollback())

			// A cancelled wait may have had an effect for all that we know.
			tx, err = db.BeginTx(ctx, nil)
			require.NoError(t, err)
			_, err = tx.ExecContext(ctx, "UPDATE users SET full_name = 'x' WHERE id = "+a.ID)
			require.NoError(t, err)
			short, cancel := context.WithCancel(ctx)
			go func() {
				_, err := app.Update(short, update)
				done <- err
			}()
			s.waits(t, db)
			cancel()
			err = <-done
			require.ErrorIs(t, err, context.Canceled)
			assert.Equal(t, target.Unclear, target.ClassOf(err), "%v", err)
			require.NoError(t, tx.Rollback())

			got, err := app.Update(ctx, update)
			require.NoError(t, err, "and the next attempt gets through")
			assert.Equal(t, "y", got.Attributes.Get("displayName"))
		})
	}
}

// TestDeadlock: a transaction that the database gives up has had no effect.
func TestDeadlock(t *testing.T) {
	t.Parallel()
	for _, s := range servers() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			m := mappings()[0]
			app, db := opened(t, s.product, m, func(cfg *sqltarget.Config) { cfg.Delete = true })
			ctx := t.Context()
			staff := target.Entitlement{Kind: "team", Name: "staff"}
			gaveUp := false
			for n := 0; n < 10 && !gaveUp; n++ {
				a, err := app.Create(ctx, m.request(n))
				require.NoError(t, err)
				ref := target.Ref{ID: a.ID}
				require.NoError(t, app.Grant(ctx, target.GrantRequest{Ref: ref, Entitlement: staff}))

				// Delete takes the membership first and the account then; here it is the
				// other way round. PostgreSQL gives up who has waited for a time, and MariaDB
				// who has written least: as a rule, ours.
				tx, err := db.BeginTx(ctx, nil)
				require.NoError(t, err)
				for _, statement := range []string{s.tough, "UPDATE users SET full_name = 'x'"} {
					_, err = tx.ExecContext(ctx, statement)
					require.NoError(t, err)
				}
				done := make(chan error, 1)
				go func() { done <- app.Delete(ctx, target.StateRequest{Ref: ref}) }()
				s.waits(t, db)
				_, theirs := tx.ExecContext(ctx, "DELETE FROM team_members WHERE user_id = "+a.ID)
				_ = tx.Rollback()
				if err = <-done; err == nil {
					continue
				}
				require.NoError(t, theirs)
				gaveUp = true
				assert.Equal(t, target.Transient, target.ClassOf(err), "%v", err)
				assert.Len(t, one(t, app, a.Key.Identity).Entitlements, 1, "nothing of the transaction is left")
				require.NoError(t, app.Delete(ctx, target.StateRequest{Ref: ref}))
			}
			assert.True(t, gaveUp)
		})
	}
}

// TestUnusableDatabase: what cannot be reached has had no effect.
func TestUnusableDatabase(t *testing.T) {
	t.Parallel()
	m := full()
	app, db := opened(t, products()[0], m)
	_, err := app.Create(t.Context(), m.request(1))
	require.NoError(t, err)
	require.NoError(t, db.Close())
	_, err = app.Create(t.Context(), m.request(2))
	require.Error(t, err)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = app.Create(cancelled, m.request(2))
	assert.Equal(t, target.NotSent, target.ClassOf(err))
	require.ErrorIs(t, err, context.Canceled)

	nowhere, err := sql.Open("pgx", "host=/nowhere user=postgres")
	require.NoError(t, err)
	_, err = sqltarget.Open(t.Context(), nowhere, sqltarget.Config{Name: "app", Dialect: sqltarget.PostgreSQL, Accounts: sqltarget.Accounts{Table: "users"}})
	require.Error(t, err)
	assert.Equal(t, target.NotSent, target.ClassOf(err))
}
