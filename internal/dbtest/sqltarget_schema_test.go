package dbtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
	"github.com/provision-go/provision/target/targettest"
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
		db.SetMaxIdleConns(0) // connections remember the types of columns
		open := func(t *testing.T, id string, newID func() string) error {
			t.Helper()
			defer p.schema(t, db, "DROP TABLE users")
			p.schema(t, db, "CREATE TABLE users (id "+id+", name {text})")
			app, err := sqltarget.Open(t.Context(), db, sqltarget.Config{
				Name: "app", Dialect: p.dialect,
				Accounts: sqltarget.Accounts{Table: "users", NewID: newID, Attributes: []sqltarget.Attribute{{Name: "name", Column: "name"}}},
			})
			if err == nil && !strings.Contains(id, "serial") {
				a, err := app.Create(t.Context(), target.CreateRequest{State: target.Enabled})
				require.NoError(t, err)
				found, err := app.Find(t.Context(), target.Find{ID: a.ID})
				require.NoError(t, err)
				assert.Equal(t, []target.Account{a}, found)
				require.NoError(t, app.Close())
			}
			return err
		}
		require.NoError(t, open(t, "{serial}", nil))
		require.NoError(t, open(t, "{serial}", newUUID), "the database can make ids, and need not")
		require.ErrorContains(t, open(t, "varchar(36) PRIMARY KEY", nil), "the database makes no value")
		require.NoError(t, open(t, "varchar(36) PRIMARY KEY", newUUID))
		require.ErrorContains(t, open(t, "varchar(36) NOT NULL", newUUID), "no primary key, and has no unique index")
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

// TestOtherSchema: a table may be in a schema, another database or an attached
// file, and only that one is meant.
func TestOtherSchema(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		db.SetMaxOpenConns(1) // what is attached is attached to one connection
		schema := "crm"
		switch p.dialect {
		case sqltarget.SQLite:
			p.schema(t, db, "ATTACH ':memory:' AS crm")
		case sqltarget.MySQL:
			schema = fmt.Sprintf("crm_%x", newUUID()[:8])
			p.schema(t, db, "CREATE DATABASE "+schema)
			t.Cleanup(func() {
				_, err := db.ExecContext(context.Background(), "DROP DATABASE "+schema)
				assert.NoError(t, err)
			})
		default:
			p.schema(t, db, "CREATE SCHEMA crm")
		}
		p.schema(t, db, "CREATE TABLE users (id {serial}, name {text});\n"+
			"CREATE TABLE "+schema+".users (id {serial}, login {text} UNIQUE, boss {int})")
		cfg := sqltarget.Config{
			Name: "app", Dialect: p.dialect,
			Accounts: sqltarget.Accounts{Table: schema + ".users", Attributes: []sqltarget.Attribute{
				{Name: "userName", Column: "login", Unique: true}, {Name: "manager", Column: "boss", Ref: true},
			}},
		}
		app, err := sqltarget.Open(t.Context(), db, cfg)
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, app.Close()) })
		a, err := app.Create(t.Context(), target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ana"})})
		require.NoError(t, err)
		_, err = app.Create(t.Context(), target.CreateRequest{State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "ana", "manager": a.ID})})
		refused(t, err, target.Exists, "userName")
		var n int
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM users").Scan(&n))
		assert.Zero(t, n)
		cfg.Accounts.Table = schema + ".user"
		_, err = sqltarget.Open(t.Context(), db, cfg)
		require.ErrorContains(t, err, "did you mean \""+schema+".users\"?")
	})
}

// TestTypes: what the column can hold is accepted, and nothing else.
func TestTypes(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		db := p.open(t)
		types := map[string]string{"small": "smallint", "whole": "int", "fixed": "char(5)", "chosen": "varchar(5)"}
		switch p.dialect {
		case sqltarget.MySQL:
			types["chosen"], types["small"] = "enum('red', 'green')", "smallint unsigned"
			types["latin"], types["three"] = "varchar(20) CHARACTER SET latin1", "varchar(20) CHARACTER SET utf8mb3"
		case sqltarget.PostgreSQL:
			p.schema(t, db, "CREATE TYPE colour AS ENUM ('red', 'green');\nCREATE DOMAIN code AS varchar(5) CHECK (value <> 'bad')")
			types["chosen"], types["coded"] = "colour", "code"
		default:
		}
		cfg := sqltarget.Config{Name: "app", Dialect: p.dialect, Accounts: sqltarget.Accounts{Table: "things"}}
		columns := "id {serial}"
		for name, declared := range types {
			columns += ", " + name + " " + declared
			cfg.Accounts.Attributes = append(cfg.Accounts.Attributes, sqltarget.Attribute{Name: name, Column: name})
		}
		p.schema(t, db, "CREATE TABLE things ("+columns+")")
		app, err := sqltarget.Open(t.Context(), db, cfg)
		require.NoError(t, err)
		a, err := app.Create(t.Context(), target.CreateRequest{State: target.Enabled})
		require.NoError(t, err)
		for _, c := range []struct{ name, good, bad string }{
			{"small", "32767", "70000"},
			{"whole", "-2147483648", "2147483648"},
			{"fixed", "ab", "abcdef"},
			{"fixed", "é", "ab "},
			{"chosen", "red", "yellow"},
			{"latin", "abc", "é"},
			{"three", "é", "🙂"},
			{"coded", "abc", "abcdef"},
		} {
			if types[c.name] == "" {
				continue
			}
			write := func(value string) (target.Account, error) {
				return app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{c.name: value})})
			}
			got, err := write(c.good)
			require.NoError(t, err, c.name)
			assert.Equal(t, c.good, got.Attributes.Get(c.name))
			if p.dialect == sqltarget.SQLite {
				continue // takes anything
			}
			_, err = write(c.bad)
			assert.Equal(t, target.Permanent, target.ClassOf(err), "%s: %v", c.name, err)
			if c.name != "chosen" {
				assert.Equal(t, c.name, target.FieldOf(err), "%v", err)
			}
		}
		found, err := app.Find(t.Context(), target.Find{Attribute: "chosen", Value: "red"})
		require.NoError(t, err)
		assert.Len(t, found, 1)
		found, err = app.Find(t.Context(), target.Find{Attribute: "chosen", Value: "yellow"})
		require.NoError(t, err)
		assert.Empty(t, found)
		if p.dialect == sqltarget.PostgreSQL {
			_, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"coded": "bad"})})
			refused(t, err, target.Permanent, "")
		}
	})
}

// TestSimpleProtocol: a pooler in front of PostgreSQL may allow no prepared
// statements; then parameters have no types. The column is json, for a change.
func TestSimpleProtocol(t *testing.T) {
	t.Parallel()
	p := products()[1]
	for _, m := range mappings()[:2] {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			db := p.open(t)
			p.schema(t, db, strings.ReplaceAll(m.schema, "{json}", "json"))
			conn, err := db.Conn(t.Context())
			require.NoError(t, err)
			var config *pgx.ConnConfig
			require.NoError(t, conn.Raw(func(c any) error {
				config = c.(*stdlib.Conn).Conn().Config()
				return nil
			}))
			require.NoError(t, conn.Close())
			config.DefaultQueryExecMode = pgx.QueryExecModeSimpleProtocol
			simple := stdlib.OpenDB(*config)
			t.Cleanup(func() { require.NoError(t, simple.Close()) })
			app, err := sqltarget.Open(t.Context(), simple, m.complete(p))
			require.NoError(t, err)
			targettest.Run(t, func(t *testing.T) targettest.Harness { return m.harness(t, p, app, simple) })
		})
	}
}
