package dbtest_test

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

const tenantSchema = `
CREATE TABLE users (
	id {serial}, tenant_id {int} NOT NULL, external_id {text}, login {login}, full_name {text}, manager_id {int},
	active {bool} NOT NULL, version {int} NOT NULL, profile {json}, UNIQUE (tenant_id, external_id)
);
{unique tenant login};
CREATE TABLE teams (id {serial}, tenant_id {int} NOT NULL, name {text} NOT NULL, UNIQUE (tenant_id, name));
CREATE TABLE team_members (tenant_id {int} NOT NULL, user_id {int} NOT NULL, team_id {int} NOT NULL, PRIMARY KEY (user_id, team_id));
CREATE TABLE roles (id {serial}, name {text} NOT NULL UNIQUE);
CREATE TABLE role_members (user_id {int} NOT NULL, role_id {int} NOT NULL, PRIMARY KEY (user_id, role_id));
CREATE TABLE sessions (user_id {int} NOT NULL);
CREATE TABLE documents (tenant_id {int} NOT NULL, owner_id {int} NOT NULL);
INSERT INTO roles (name) VALUES ('admin'), ('editor')
`

func tenantMapping(tenant int) mapping {
	return mapping{config: func() sqltarget.Config {
		return sqltarget.Config{
			Delete: true, Where: map[string]any{"tenant_id": tenant}, Page: 2,
			Accounts: sqltarget.Accounts{
				Key: "external_id", Version: "version", Extra: "profile", State: sqltarget.State{Column: "active"},
				Attributes: []sqltarget.Attribute{{Name: "title"}},
			},
			Entitlements: []sqltarget.Entitlements{
				{Kind: "team", Table: "teams", Ensure: true, Members: sqltarget.Members{Table: "team_members", Account: "user_id", Entitlement: "team_id"}},
				{Kind: "role", Table: "roles", Shared: true, Members: sqltarget.Members{Table: "role_members", Account: "user_id", Entitlement: "role_id"}},
			},
			Sessions: []sqltarget.Rows{{Table: "sessions", Account: "user_id"}},
			Handover: []sqltarget.Rows{{Table: "documents", Account: "owner_id"}},
		}
	}}
}

// TestTenantsAreApart: two tenants in the same tables, with the same keys and
// names, never see or touch each other, whatever ids are passed in.
func TestTenantsAreApart(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		p.schema(t, db, tenantSchema)
		ctx := t.Context()
		var apps [2]*sqltarget.Target
		var accounts [2][]target.Account
		var teams [2]target.Held
		staff, admin := target.Entitlement{Kind: "team", Name: "staff"}, target.Entitlement{Kind: "role", Name: "admin"}
		for i := range apps {
			m := tenantMapping(i + 1)
			app, err := sqltarget.Open(ctx, db, m.complete(p))
			require.NoError(t, err)
			apps[i] = app
		}
		for n := range 5 { // in turns, so that their ids interleave
			for i, app := range apps {
				m := tenantMapping(i + 1)
				a, err := app.Create(ctx, m.request(n))
				require.NoError(t, err)
				accounts[i] = append(accounts[i], a)
				p.schema(t, db, "INSERT INTO sessions VALUES ("+a.ID+")")
				p.schema(t, db, fmt.Sprintf("INSERT INTO documents VALUES (%d, %s)", i+1, a.ID))
			}
		}
		for i, app := range apps {
			var err error
			teams[i], err = app.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: staff})
			require.NoError(t, err)
			for _, a := range accounts[i] {
				for _, e := range []target.Entitlement{staff, admin} {
					require.NoError(t, app.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: e}))
				}
			}
		}
		before := contents(t, db, 2)

		// The first tenant does everything that there is to the second one's accounts.
		mine, theirs := accounts[0][0], accounts[1]
		app := apps[0]
		var listed []string
		for a, err := range app.Accounts(ctx) {
			require.NoError(t, err)
			listed = append(listed, a.ID)
			assert.Equal(t, []target.Entitlement{admin, staff}, a.Entitlements)
		}
		assert.Len(t, listed, 5)
		for held, err := range app.Entitlements(ctx) {
			require.NoError(t, err)
			assert.NotEqual(t, teams[1].ID, held.ID+held.Entitlement.Kind)
		}
		absent := func(err error) {
			t.Helper()
			assert.Equal(t, target.NotFound, target.ClassOf(err), "%v", err)
		}
		for _, a := range theirs {
			ref := target.Ref{ID: a.ID, Key: a.Key}
			found, err := app.Find(ctx, target.Find{ID: a.ID})
			require.NoError(t, err)
			assert.Empty(t, found)
			_, err = app.Update(ctx, target.UpdateRequest{Ref: ref, Set: target.Attrs(map[string]string{"title": "x", "displayName": "y"}), SetKey: target.Key{Identity: "E99"}})
			absent(err)
			_, err = app.Disable(ctx, target.StateRequest{Ref: ref})
			absent(err)
			_, err = app.Enable(ctx, target.StateRequest{Ref: ref})
			absent(err)
			absent(app.Delete(ctx, target.StateRequest{Ref: ref}))
			absent(app.EndSessions(ctx, target.SessionsRequest{Ref: ref}))
			absent(app.Handover(ctx, target.HandoverRequest{From: ref, To: target.Ref{ID: mine.ID}}))
			absent(app.Handover(ctx, target.HandoverRequest{From: target.Ref{ID: mine.ID}, To: ref}))
			for _, e := range []target.Entitlement{staff, admin} {
				absent(app.Grant(ctx, target.GrantRequest{Ref: ref, Entitlement: e}))
				absent(app.Revoke(ctx, target.GrantRequest{Ref: ref, Entitlement: e}))
			}
			_, err = app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: mine.ID}, Set: target.Attrs(map[string]string{"manager": a.ID})})
			refused(t, err, target.Permanent, "manager")
		}
		absent(app.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: mine.ID}, Entitlement: staff, EntitlementID: teams[1].ID}))
		m := tenantMapping(1)
		_, err := app.Create(ctx, m.request(1)) // their key and login are no obstacle, and ours are
		require.NoError(t, err, "a repeat of ours")
		assert.Equal(t, before, contents(t, db, 2), "nothing of the second tenant has changed")
		for _, a := range accounts[0] {
			require.NoError(t, app.Handover(ctx, target.HandoverRequest{From: target.Ref{ID: a.ID}, To: target.Ref{ID: mine.ID}}))
			require.NoError(t, app.EndSessions(ctx, target.SessionsRequest{Ref: target.Ref{ID: a.ID}}))
			require.NoError(t, app.Revoke(ctx, target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: admin}))
		}
		var theirDocuments int
		require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM documents WHERE owner_id = "+mine.ID).Scan(&theirDocuments))
		assert.Equal(t, 5, theirDocuments)
		for _, a := range accounts[0] {
			require.NoError(t, app.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}}))
		}
		assert.Equal(t, before, contents(t, db, 2), "nothing of the second tenant has changed")
		assert.NotContains(t, contents(t, db, 1), "Login", "and the first one is gone")
	})
}

// contents are all rows of a tenant.
func contents(t *testing.T, db *sql.DB, tenant int) string {
	t.Helper()
	var out strings.Builder
	own := fmt.Sprintf("(SELECT id FROM users WHERE tenant_id = %d)", tenant)
	for _, query := range []string{
		fmt.Sprintf("SELECT * FROM users WHERE tenant_id = %d ORDER BY id", tenant),
		fmt.Sprintf("SELECT * FROM teams WHERE tenant_id = %d ORDER BY id", tenant),
		"SELECT * FROM team_members WHERE user_id IN " + own + " ORDER BY user_id, team_id",
		"SELECT * FROM role_members WHERE user_id IN " + own + " ORDER BY user_id, role_id",
		"SELECT * FROM sessions WHERE user_id IN " + own + " ORDER BY user_id",
		fmt.Sprintf("SELECT * FROM documents WHERE tenant_id = %d ORDER BY owner_id", tenant),
	} {
		rows, err := db.QueryContext(t.Context(), query)
		require.NoError(t, err)
		columns, err := rows.Columns()
		require.NoError(t, err)
		for rows.Next() {
			cells := make([]sql.NullString, len(columns))
			dest := make([]any, len(columns))
			for i := range cells {
				dest[i] = &cells[i]
			}
			require.NoError(t, rows.Scan(dest...))
			fmt.Fprintln(&out, cells)
		}
		require.NoError(t, rows.Err())
		require.NoError(t, rows.Close())
	}
	return out.String()
}
