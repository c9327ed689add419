package dbtest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target/sqltarget"
)

const smallSchema = `
CREATE TABLE users (
	id {serial},
	external_id {text} UNIQUE,
	login {login},
	full_name {text},
	manager_id {int},
	status {text},
	version {int},
	profile {json},
	seen_at {time},
	region {text} NOT NULL
);
CREATE TABLE teams (id {serial}, name {text} NOT NULL);
CREATE TABLE team_members (user_id {int} NOT NULL, team_id {uuid} NOT NULL, since {text} NOT NULL)
`

// TestOpenSaysAllThatIsWrong: one error with every problem, and what was meant.
func TestOpenSaysAllThatIsWrong(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		p.schema(t, db, smallSchema)
		_, err := sqltarget.Open(t.Context(), db, sqltarget.Config{
			Name: "app", Dialect: p.dialect,
			Accounts: sqltarget.Accounts{
				Table: "users", Key: "externalid", Version: "version", Extra: "profil",
				State: sqltarget.State{Column: "status"},
				Attributes: []sqltarget.Attribute{
					{Name: "userName", Column: "login", Unique: true},
					{Name: "displayName", Column: "fullname"},
					{Name: "lastSeen", Column: "seen_at"},
					{Name: "phone", Column: "login"},
					{Name: "floor", Column: "full_name", Type: sqltarget.Integer},
				},
			},
			Entitlements: []sqltarget.Entitlements{
				{Kind: "team", Table: "teams", Ensure: true, Members: sqltarget.Members{Table: "team_members", Account: "user_id", Entitlement: "team_id"}},
				{Kind: "role", Members: sqltarget.Members{Table: "role", Account: "user_id", Entitlement: "role"}},
				{Kind: "list", Table: "team", Members: sqltarget.Members{Table: "team_members", Account: "users_id", Entitlement: "team_id"}},
			},
			Where: map[string]any{"tenant_id": 1},
		})
		require.Error(t, err)
		for _, want := range []string{
			`table "users": there is no column "externalid" (did you mean "external_id"?)`,
			`table "users": there is no column "profil" (did you mean "profile"?)`,
			`table "users": there is no column "fullname" (did you mean "full_name"?)`,
			`table "users": there is no column "tenant_id"`,
			`table "users": column "version" may be NULL`,
			`table "users": column "status" needs different values for Enabled and Disabled`,
			`column "seen_at" of attribute lastSeen is of type`,
			`column "full_name" of attribute floor is of type`,
			`column "login" is both attribute userName and attribute phone`,
			`table "users": column "region" is NOT NULL without a default, and nothing sets it`,
			`table "users": there is no unique index on login`,
			`table "teams": there is no unique index on name`,
			`table "team_members": column "since" is NOT NULL without a default`,
			`table "team_members": there is no column "users_id" (did you mean "user_id"?)`,
			`table "role": there is no such table`,
			`table "team": there is no such table (did you mean "teams"?)`,
		} {
			assert.ErrorContains(t, err, want)
		}
	})
}

// TestIndexes: what counts as a unique index, and what does not.
func TestIndexes(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		open := func(t *testing.T, index string, login sqltarget.Attribute, where map[string]any) error {
			t.Helper()
			defer p.schema(t, db, "DROP TABLE users")
			p.schema(t, db, "CREATE TABLE users (id {serial}, tenant_id {int} DEFAULT 1 NOT NULL, login {login}, name {text});\n"+index)
			login.Name, login.Column, login.Unique = "userName", "login", true
			_, err := sqltarget.Open(t.Context(), db, sqltarget.Config{
				Name: "app", Dialect: p.dialect, Where: where,
				Accounts: sqltarget.Accounts{Table: "users", Attributes: []sqltarget.Attribute{login}},
			})
			return err
		}
		tenant := map[string]any{"tenant_id": 1}
		plain, folded := sqltarget.Attribute{}, sqltarget.Attribute{CaseFold: true}

		require.ErrorContains(t, open(t, "", plain, tenant), "no unique index on login")
		require.NoError(t, open(t, "CREATE UNIQUE INDEX x ON users (login)", plain, tenant))
		require.NoError(t, open(t, "CREATE UNIQUE INDEX x ON users (tenant_id, login)", plain, tenant))
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (tenant_id, login)", plain, nil), "no unique index")
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (login, name)", plain, tenant), "no unique index")
		require.ErrorContains(t, open(t, "CREATE INDEX x ON users (login)", plain, tenant), "no unique index")
		err := open(t, "CREATE UNIQUE INDEX x ON users (login)", folded, nil)
		if p.dialect == sqltarget.MySQL { // where text compares without case
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, "no unique index on lower(login)")
		require.NoError(t, open(t, "CREATE UNIQUE INDEX x ON users (lower(login))", folded, nil))
		require.NoError(t, open(t, `CREATE UNIQUE INDEX x ON users ( tenant_id, LOWER("login") )`, folded, tenant))
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (upper(login))", folded, nil), "no unique index")
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (lower(login || name))", folded, nil), "no unique index")
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (lower(name))", folded, nil), "no unique index")
		require.ErrorContains(t, open(t, "CREATE UNIQUE INDEX x ON users (lower(login)) WHERE tenant_id > 1", folded, nil), "no unique index")
	})
}

// TestIDs: who makes the native ids has to be clear.
func TestIDs(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		open := func(t *testing.T, id string, newID func() string) error {
			t.Helper()
			defer p.schema(t, db, "DROP TABLE users")
			p.schema(t, db, "CREATE TABLE users (id "+id+", name {text})")
			_, err := sqltarget.Open(t.Context(), db, sqltarget.Config{
				Name: "app", Dialect: p.dialect,
				Accounts: sqltarget.Accounts{Table: "users", NewID: newID, Attributes: []sqltarget.Attribute{{Name: "name", Column: "name"}}},
			})
			return err
		}
		require.NoError(t, open(t, "{serial}", nil))
		require.NoError(t, open(t, "{serial}", newUUID), "the database can make ids, and need not")
		require.ErrorContains(t, open(t, "varchar(36) PRIMARY KEY", nil), "the database makes no value")
		require.NoError(t, open(t, "varchar(36) PRIMARY KEY", newUUID))
		require.ErrorContains(t, open(t, "timestamp PRIMARY KEY", newUUID), "want an integer, a UUID or text")
		switch p.dialect {
		case sqltarget.MySQL:
			require.ErrorContains(t, open(t, "uuid DEFAULT uuid() PRIMARY KEY", nil), "does not tell the value")
		case sqltarget.PostgreSQL:
			require.NoError(t, open(t, "uuid DEFAULT gen_random_uuid() PRIMARY KEY", nil))
			require.ErrorContains(t, open(t, "bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY", newUUID), "drop NewID")
		default:
			require.NoError(t, open(t, "text DEFAULT (hex(randomblob(16))) PRIMARY KEY", nil))
		}
	})
}
