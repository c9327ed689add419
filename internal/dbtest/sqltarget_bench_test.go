package dbtest_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/dbtest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

const benchSchema = `
CREATE TABLE users (
	id INTEGER PRIMARY KEY, external_id TEXT UNIQUE, login TEXT NOT NULL, status TEXT NOT NULL,
	a1 TEXT, a2 TEXT, a3 TEXT, a4 TEXT, a5 TEXT, a6 TEXT, a7 TEXT, a8 TEXT, a9 TEXT, a10 TEXT, a11 TEXT
);
CREATE UNIQUE INDEX users_login ON users (lower(login));
CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE team_members (user_id INTEGER NOT NULL, team_id INTEGER NOT NULL, PRIMARY KEY (user_id, team_id)) WITHOUT ROWID;
INSERT INTO teams (name) VALUES ('a'), ('b'), ('c')
`

// BenchmarkSQLite: one account with 12 attributes and 3 entitlements, through the
// target, by bare prepared statements, and read back.
func BenchmarkSQLite(b *testing.B) {
	p := products()[0]
	request := func(n int) target.CreateRequest {
		values := map[string]string{"userName": fmt.Sprintf("person%d@acme.example", n)}
		for i := range 11 {
			values[fmt.Sprint("a", i+1)] = fmt.Sprint("value ", i, " of many")
		}
		return target.CreateRequest{Key: target.Key{Identity: fmt.Sprint("E", n)}, State: target.Enabled, Attributes: target.Attrs(values)}
	}
	open := func(b *testing.B) *sqltarget.Target {
		b.Helper()
		db := p.open(b)
		p.schema(b, db, benchSchema)
		cfg := sqltarget.Config{
			Name: "app", Dialect: p.dialect,
			Accounts: sqltarget.Accounts{
				Table: "users", Key: "external_id", State: sqltarget.State{Column: "status", Enabled: "active", Disabled: "suspended"},
				Attributes: []sqltarget.Attribute{{Name: "userName", Column: "login", Unique: true, CaseFold: true}},
			},
			Entitlements: []sqltarget.Entitlements{{
				Kind: "team", Table: "teams", Members: sqltarget.Members{Table: "team_members", Account: "user_id", Entitlement: "team_id"},
			}},
		}
		for i := range 11 {
			cfg.Accounts.Attributes = append(cfg.Accounts.Attributes, sqltarget.Attribute{Name: fmt.Sprint("a", i+1), Column: fmt.Sprint("a", i+1)})
		}
		app, err := sqltarget.Open(b.Context(), db, cfg)
		require.NoError(b, err)
		return app
	}
	teams := []string{"a", "b", "c"}
	write := func(b *testing.B, app *sqltarget.Target, n int) {
		b.Helper()
		a, err := app.Create(b.Context(), request(n))
		if err != nil {
			b.Fatal(err)
		}
		for i, name := range teams {
			err := app.Grant(b.Context(), target.GrantRequest{
				Ref: target.Ref{ID: a.ID}, Entitlement: target.Entitlement{Kind: "team", Name: name}, EntitlementID: fmt.Sprint(i + 1),
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("write", func(b *testing.B) {
		app := open(b)
		n := 0
		for b.Loop() {
			write(b, app, n)
			n++
		}
	})
	b.Run("write/bare", func(b *testing.B) {
		db := dbtest.SQLite(b)
		p.schema(b, db, benchSchema)
		insert, err := db.PrepareContext(b.Context(), `INSERT INTO users (external_id, login, status, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
		require.NoError(b, err)
		member, err := db.PrepareContext(b.Context(), "INSERT INTO team_members (user_id, team_id) VALUES (?, ?)")
		require.NoError(b, err)
		n := 0
		for b.Loop() {
			req := request(n)
			n++
			args := []any{req.Key.String(), req.Attributes.Get("userName"), "active"}
			for i := range 11 {
				args = append(args, req.Attributes.Get(fmt.Sprint("a", i+1)))
			}
			result, err := insert.ExecContext(b.Context(), args...)
			if err != nil {
				b.Fatal(err)
			}
			id, _ := result.LastInsertId()
			for i := range teams {
				if _, err := member.ExecContext(b.Context(), id, i+1); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		app := open(b)
		for n := range 2000 {
			write(b, app, n)
		}
		b.ResetTimer()
		for b.Loop() {
			for _, err := range app.Accounts(b.Context()) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/2000, "ns/account")
	})
}
