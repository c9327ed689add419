package sqltarget_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// TestConfigErrors: what is wrong by itself is said before the database is asked,
// all at once, with the name of the field.
func TestConfigErrors(t *testing.T) {
	f := &fakeDB{connect: errBroken}
	_, err := sqltarget.Open(t.Context(), f.open(t), sqltarget.Config{})
	require.Error(t, err)
	require.NotErrorIs(t, err, errBroken)
	for _, want := range []string{"Name: must be set", "Dialect: want PostgreSQL, MySQL or SQLite", "Accounts.Table: must be set"} {
		assert.ErrorContains(t, err, want)
	}
	rotated := func(name string) (string, error) { return name, nil }
	for want, alter := range map[string]func(*sqltarget.Config){
		`Accounts.Table: "a.b.c": want "table" or "schema.table"`:                   func(c *sqltarget.Config) { c.Accounts.Table = "a.b.c" },
		`Accounts.Key: "a\x00b" holds a character`:                                  func(c *sqltarget.Config) { c.Accounts.Key = "a\x00b" },
		"Page: want a positive number":                                              func(c *sqltarget.Config) { c.Page = -1 },
		"Where: must be set":                                                        func(c *sqltarget.Config) { c.Where = map[string]any{"": 1} },
		`Accounts.Attributes: "userName" is there twice`:                            attribute(sqltarget.Attribute{Name: "userName", Column: "x"}),
		`Accounts.Attributes: "" is there twice or has no name`:                     attribute(sqltarget.Attribute{Column: "x"}),
		"attribute a: has a column, which cannot hold several values":               attribute(sqltarget.Attribute{Name: "a", Column: "x", Multi: true}),
		"attribute a: needs a Column to be Unique":                                  attribute(sqltarget.Attribute{Name: "a", Unique: true}),
		"attribute a: can neither be read nor written":                              attribute(sqltarget.Attribute{Name: "a", ReadOnly: true, WriteOnly: true}),
		"attribute a: has Encode, so it must be WriteOnly":                          attribute(sqltarget.Attribute{Name: "a", Column: "x", Encode: rotated}),
		"attribute a: is a Ref, so it has the type":                                 attribute(sqltarget.Attribute{Name: "a", Column: "x", Ref: true, Type: sqltarget.Text}),
		"attribute a: there is no type 9":                                           attribute(sqltarget.Attribute{Name: "a", Column: "x", Type: 9}),
		"attribute title: needs a Column, or Accounts.Extra":                        func(c *sqltarget.Config) { c.Accounts.Extra = "" },
		"Accounts.State: want either Column or DisabledAt":                          func(c *sqltarget.Config) { c.Accounts.State.DisabledAt = "x" },
		"Accounts.State: the values need a Column":                                  func(c *sqltarget.Config) { c.Accounts.State.Column = "" },
		"Accounts.State: Enabled and Disabled are the same":                         func(c *sqltarget.Config) { c.Accounts.State.Disabled = "active" },
		`Accounts.State.Also: "x" counts as deleted, want enabled or disabled`:      also("x", target.Deleted),
		`Accounts.State.Also: "active" is named twice`:                              also("active", target.Enabled),
		`Entitlements: kind "Team": want one word in lower case`:                    kind(sqltarget.Entitlements{Kind: "Team", Table: "teams"}),
		`Entitlements: kind "team" is there twice`:                                  kind(sqltarget.Entitlements{Kind: "team", Table: "teams"}),
		"Entitlements list: ID, Name, NewID, Ensure, Shared and Where need a Table": kind(sqltarget.Entitlements{Kind: "list", Ensure: true}),
		"Entitlements list: one tenant must not add to a Shared table":              kind(sqltarget.Entitlements{Kind: "list", Table: "lists", Shared: true, Ensure: true}),
		"Entitlements list: Members.Table: must be set":                             kind(sqltarget.Entitlements{Kind: "list", Table: "lists"}),
		"Sessions: Account: must be set":                                            func(c *sqltarget.Config) { c.Sessions = []sqltarget.Rows{{Table: "sessions"}} },
		"Handover: Table: must be set":                                              func(c *sqltarget.Config) { c.Handover = []sqltarget.Rows{{Account: "x"}} },
	} {
		cfg := productConfig(sqltarget.SQLite)
		alter(&cfg)
		_, err := sqltarget.Open(t.Context(), f.open(t), cfg)
		require.NotErrorIs(t, err, errBroken, want)
		assert.ErrorContains(t, err, want)
	}
}

func attribute(a sqltarget.Attribute) func(*sqltarget.Config) {
	return func(c *sqltarget.Config) { c.Accounts.Attributes = append(c.Accounts.Attributes, a) }
}

func kind(e sqltarget.Entitlements) func(*sqltarget.Config) {
	return func(c *sqltarget.Config) { c.Entitlements = append(c.Entitlements, e) }
}

func also(word string, state target.State) func(*sqltarget.Config) {
	return func(c *sqltarget.Config) { c.Accounts.State.Also = map[string]target.State{word: state} }
}

// TestUnreadableSchema: a database that fails is no database without tables.
func TestUnreadableSchema(t *testing.T) {
	f := &fakeDB{connect: errBroken}
	_, err := sqltarget.Open(t.Context(), f.open(t), productConfig(sqltarget.SQLite))
	require.ErrorIs(t, err, errBroken)
	require.ErrorContains(t, err, "read the schema of users")
}

// TestClaims: capabilities follow from the configuration.
func TestClaims(t *testing.T) {
	d := sqltarget.PostgreSQL
	f := &fakeDB{dialect: d, tables: productTables(d)}
	app, err := sqltarget.Open(t.Context(), f.open(t), productConfig(d))
	require.NoError(t, err)
	caps := app.Capabilities()
	assert.Equal(t, []string{"userName", "manager", "remote", "hired"}, caps.Find)
	assert.Equal(t, []string{"manager"}, caps.References())
	assert.Equal(t, []target.EntitlementSpec{
		{Kind: "team", Grant: true, Revoke: true, Ensure: true, List: true}, {Kind: "role", Grant: true, Revoke: true},
	}, caps.Entitlements)
	assert.True(t, caps.Keys && caps.SetKey && caps.FindKey && caps.Versions && caps.IdempotentCreate && caps.Delete && caps.EndSessions && caps.Handover)
	caps.Attributes[0].Name, caps.Find[0] = "changed", "changed"
	assert.Equal(t, "userName", app.Capabilities().Find[0], "the caller's copy is the caller's")

	cfg := sqltarget.Config{Name: "app", Dialect: d, Accounts: sqltarget.Accounts{Table: "roles", ID: "user_id", NewID: func() string { return "1" }}}
	tables := map[string][]fakeColumn{"roles": {{"user_id", "bigint", "int8", 0, 0, true}}}
	app, err = sqltarget.Open(t.Context(), (&fakeDB{dialect: d, tables: tables}).open(t), cfg)
	require.NoError(t, err)
	assert.Equal(t, target.Capabilities{Create: true, Update: true}, app.Capabilities())
	assert.Equal(t, "app", app.Name())
}

// FuzzNames: whatever a column is called, its name is one identifier in every
// statement, and nothing of it gets out of the quotes.
func FuzzNames(f *testing.F) {
	for _, name := range []string{"login", "Login", `a"b`, "a`b", "a]b", "a'b", "a;b--", `"`, "``", "$1", "?", "%s", "a.b", " ", "ß", "\\", "\n", "/*"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		for _, d := range dialects() {
			mark := `"`
			if d == sqltarget.MySQL {
				mark = "`"
			}
			tables := productTables(d)
			users := tables["users"]
			users[3].name = name
			db := &fakeDB{dialect: d, tables: tables}
			cfg := productConfig(d)
			cfg.Accounts.Attributes[0].Column = name
			app, err := sqltarget.Open(t.Context(), db.open(t), cfg)
			if name == "" || strings.ContainsRune(name, 0) || err != nil {
				if err == nil {
					t.Errorf("%q was accepted", name)
				}
				continue
			}
			_, err = app.Create(t.Context(), target.CreateRequest{
				Key: target.Key{Identity: "E1"}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": "x"}),
			})
			require.NoError(t, err)
			insert := db.log[len(db.log)-1]
			for _, statement := range db.log {
				if strings.HasPrefix(statement, "INSERT") {
					insert = statement
				}
			}
			var found []string
			rest, _, _ := strings.Cut(insert, "\n\t")
			if strings.Contains(name, "\n\t") {
				continue
			}
			for {
				before, after, ok := strings.Cut(rest, mark)
				if !ok {
					break
				}
				if strings.ContainsAny(before, ";'") {
					t.Fatalf("%s: %q is outside of quotes in %s", d, before, insert)
				}
				identifier := ""
				for {
					part, tail, ok := strings.Cut(after, mark)
					if !ok {
						t.Fatalf("%s: a quote is not closed in %s", d, insert)
					}
					identifier, rest = identifier+part, tail
					if !strings.HasPrefix(tail, mark) {
						break
					}
					identifier, after = identifier+mark, tail[1:]
				}
				found = append(found, identifier)
			}
			assert.Contains(t, found, name)
		}
	})
}
