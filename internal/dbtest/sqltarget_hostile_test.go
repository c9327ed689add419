package dbtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// TestHostileNames: tables, columns, attributes, kinds and entitlements may be
// called anything.
func TestHostileNames(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		mark := `"`
		if p.dialect == sqltarget.MySQL {
			mark = "`"
		}
		name := func(s string) string { return `x"` + "`]'; DROP TABLE victims; -- $1 ? %s \\ " + s }
		quoted := func(s string) string {
			out := mark
			for _, c := range name(s) {
				if string(c) == mark {
					out += mark
				}
				out += string(c)
			}
			return out + mark
		}
		for _, statement := range []string{
			"CREATE TABLE victims (id {int})",
			"CREATE TABLE " + quoted("users") + " (" + quoted("id") + " {serial}, " + quoted("key") + " {text} UNIQUE, " +
				quoted("login") + " varchar(64), " + quoted("tenant") + " {text}, " + quoted("status") + " {text}, " +
				quoted("version") + " {int} NOT NULL, " + quoted("extra") + " {json})",
			"CREATE UNIQUE INDEX " + quoted("index") + " ON " + quoted("users") + " (lower(" + quoted("login") + "))",
			"CREATE TABLE " + quoted("teams") + " (" + quoted("id") + " {serial}, " + quoted("name") + " {text} UNIQUE, " + quoted("tenant") + " {text})",
			"CREATE TABLE " + quoted("members") + " (" + quoted("user") + " {int}, " + quoted("team") + " {int})",
		} {
			if p.dialect == sqltarget.MySQL {
				statement = mysqlIndex(statement)
			}
			_, err := db.ExecContext(t.Context(), p.types.Replace(statement))
			require.NoError(t, err, statement)
		}
		hostile := `Robert'); DROP TABLE victims; -- " ` + "`" + ` \ $1 ? %s`
		app, err := sqltarget.Open(t.Context(), db, sqltarget.Config{
			Name: "app", Dialect: p.dialect, Delete: true, AllowMissingIndexes: p.dialect == sqltarget.MySQL,
			Where: map[string]any{name("tenant"): hostile},
			Accounts: sqltarget.Accounts{
				Table: name("users"), ID: name("id"), Key: name("key"), Version: name("version"), Extra: name("extra"),
				State: sqltarget.State{Column: name("status"), Enabled: hostile + "on", Disabled: hostile + "off"},
				Attributes: []sqltarget.Attribute{
					{Name: hostile, Column: name("login"), Unique: true, CaseFold: true}, {Name: hostile + "in extra"},
				},
			},
			Entitlements: []sqltarget.Entitlements{{
				Kind: "team", Table: name("teams"), ID: name("id"), Name: name("name"), Ensure: true,
				Members: sqltarget.Members{Table: name("members"), Account: name("user"), Entitlement: name("team")},
			}},
		})
		require.NoError(t, err)
		ctx := t.Context()
		var ids []string
		for i := range 2 {
			a, err := app.Create(ctx, target.CreateRequest{
				Key: target.Key{Identity: hostile + fmt.Sprint(i)}, State: target.Enabled,
				Attributes: target.Attrs(map[string]string{hostile: hostile + fmt.Sprint(i), hostile + "in extra": hostile}),
			})
			require.NoError(t, err)
			ids = append(ids, a.ID)
		}
		_, err = app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: ids[0]}, Set: target.Attrs(map[string]string{hostile: hostile + "1"})})
		if p.dialect != sqltarget.MySQL {
			refused(t, err, target.Exists, hostile)
		}
		team := target.Entitlement{Kind: "team", Name: hostile}
		held, err := app.EnsureEntitlement(ctx, target.EnsureRequest{Entitlement: team})
		require.NoError(t, err)
		require.NoError(t, app.Grant(ctx, target.GrantRequest{Ref: target.Ref{ID: ids[0]}, Entitlement: team, EntitlementID: held.ID}))
		for range 2 {
			_, err = app.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: ids[0]}})
			require.NoError(t, err)
		}
		found, err := app.Find(ctx, target.Find{Key: target.Key{Identity: hostile + "0"}})
		require.NoError(t, err)
		require.Len(t, found, 1)
		assert.Equal(t, target.Disabled, found[0].State)
		assert.Equal(t, []target.Entitlement{team}, found[0].Entitlements)
		assert.Equal(t, hostile, found[0].Attributes.Get(hostile+"in extra"))
		_, err = app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: ids[0]}, Clear: []string{hostile + "in extra"}})
		require.NoError(t, err)
		require.NoError(t, app.Revoke(ctx, target.GrantRequest{Ref: target.Ref{ID: ids[0]}, Entitlement: team, EntitlementID: held.ID}))
		require.NoError(t, app.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: ids[0]}}))
		for _, id := range []string{hostile, "1; DROP TABLE victims", ids[1] + "'"} {
			_, err = app.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: id}})
			assert.Equal(t, target.NotFound, target.ClassOf(err))
			err = app.Revoke(ctx, target.GrantRequest{Ref: target.Ref{ID: ids[1]}, Entitlement: team, EntitlementID: id})
			require.NoError(t, err)
		}
		var n int
		require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM victims").Scan(&n))
	})
}

// mysqlIndex leaves out the expression, which MariaDB does not have in indexes.
func mysqlIndex(statement string) string {
	if len(statement) > 13 && statement[:13] == "CREATE UNIQUE" {
		return "SELECT 1"
	}
	return statement
}
