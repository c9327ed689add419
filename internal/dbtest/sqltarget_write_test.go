package dbtest_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// full has a column of every kind, and constraints of every kind.
func full() mapping {
	return mapping{
		schema: `
CREATE TABLE departments (code {text} PRIMARY KEY);
CREATE TABLE users (
	id {serial},
	external_id varchar(20) UNIQUE,
	login {login},
	email varchar(200) UNIQUE,
	badge {int},
	office {int},
	full_name varchar(40),
	notes {text},
	manager_id {int} REFERENCES users (id),
	department {text} REFERENCES departments (code),
	remote {bool},
	hired date,
	plan varchar(10) DEFAULT 'free' NOT NULL,
	shelf {int} NOT NULL,
	password_hash {text} NOT NULL,
	status {text},
	version {int} NOT NULL,
	profile {json}
);
{unique login};
CREATE UNIQUE INDEX users_badge ON users (badge, office);
INSERT INTO departments VALUES ('rnd')
`,
		config: func() sqltarget.Config {
			return sqltarget.Config{Accounts: sqltarget.Accounts{
				Key: "external_id", Version: "version", Extra: "profile",
				State: sqltarget.State{
					Column: "status", Enabled: "active", Disabled: "suspended",
					Also: map[string]target.State{"deleted": target.Disabled, "": target.Disabled},
				},
				Attributes: []sqltarget.Attribute{
					{Name: "email", Column: "email", Unique: true},
					{Name: "badge", Column: "badge"},
					{Name: "office", Column: "office"},
					{Name: "notes", Column: "notes"},
					{Name: "department", Column: "department"},
					{Name: "remote", Column: "remote"},
					{Name: "hired", Column: "hired"},
					{Name: "plan", Column: "plan"},
					{Name: "shelf", Column: "shelf"},
					{Name: "password", Column: "password_hash", WriteOnly: true, Sensitive: true, Encode: func(v string) (string, error) {
						return "hash of " + fmt.Sprint(len(v)), nil
					}},
					{Name: "title"},
					{Name: "aliases", Multi: true},
					{Name: "level", Type: sqltarget.Integer},
				},
			}}
		},
		extra: map[string]string{"shelf": "7"},
	}
}

// refused fails unless an error has the class and names the attribute.
func refused(t *testing.T, err error, class target.Class, field string) {
	t.Helper()
	require.Error(t, err)
	assert.Equal(t, class, target.ClassOf(err), "%v", err)
	assert.Equal(t, field, target.FieldOf(err), "%v", err)
}

// TestErrorsNameTheAttribute: what the database refuses, and what is refused
// before.
func TestErrorsNameTheAttribute(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, db := opened(t, p, m)
		ctx := t.Context()
		create := func(n int, set map[string]string) error {
			req := m.request(n)
			req.Attributes = req.Attributes.Merge(target.Attrs(set))
			_, err := app.Create(ctx, req)
			return err
		}
		require.NoError(t, create(1, map[string]string{"email": "ana@acme.example", "badge": "1", "office": "1"}))
		require.NoError(t, create(2, map[string]string{"email": "bo@acme.example"}))

		refused(t, create(3, map[string]string{"email": "ana@acme.example"}), target.Exists, "email")
		refused(t, create(3, map[string]string{"userName": "LOGIN1"}), target.Exists, "userName")
		refused(t, create(3, map[string]string{"badge": "1", "office": "1"}), target.Exists, "") // not one of the two
		refused(t, create(3, map[string]string{"department": "sales"}), target.Permanent, "department")
		refused(t, create(3, map[string]string{"manager": "987654321"}), target.Permanent, "manager")
		refused(t, create(3, map[string]string{"manager": "nobody"}), target.Permanent, "manager")
		if p.dialect != sqltarget.SQLite { // which takes no notice of the length of a varchar
			refused(t, create(3, map[string]string{"displayName": strings.Repeat("ä", 41)}), target.Permanent, "displayName")
			req := m.request(3)
			req.Key.Identity = strings.Repeat("E", 21)
			_, err := app.Create(ctx, req)
			refused(t, err, target.Permanent, "")
		}
		refused(t, create(4, map[string]string{"badge": "007"}), target.Permanent, "badge")
		refused(t, create(4, map[string]string{"badge": "9223372036854775808"}), target.Permanent, "badge")
		refused(t, create(4, map[string]string{"remote": "yes"}), target.Permanent, "remote")
		refused(t, create(4, map[string]string{"hired": "2023-02-29"}), target.Permanent, "hired")
		refused(t, create(4, map[string]string{"hired": "29.2.2024"}), target.Permanent, "hired")
		refused(t, create(4, map[string]string{"level": "3.0"}), target.Permanent, "level")
		refused(t, create(4, map[string]string{"notes": "a\x00b"}), target.Permanent, "notes")
		refused(t, create(4, map[string]string{"title": "\xff"}), target.Permanent, "title")
		refused(t, create(4, map[string]string{"nobody": "knows"}), target.Permanent, "nobody")

		req := m.request(5)
		req.Attributes = req.Attributes.Without("shelf")
		_, err := app.Create(ctx, req)
		refused(t, err, target.Permanent, "shelf") // NOT NULL, and no text

		// The key is no attribute. Its row is there with other values: no repeat.
		req = m.request(1)
		req.Attributes = req.Attributes.With("userName", "other")
		_, err = app.Create(ctx, req)
		refused(t, err, target.Exists, "")

		ana, bo := one(t, app, "E1"), one(t, app, "E2")
		update := func(set map[string]string, empty ...string) error {
			_, err := app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: bo.ID}, Set: target.Attrs(set), Clear: empty})
			return err
		}
		refused(t, update(map[string]string{"email": "ana@acme.example"}), target.Exists, "email")
		refused(t, update(map[string]string{"userName": "lOGIN1", "title": "x"}), target.Exists, "userName")
		refused(t, update(map[string]string{"department": "sales"}), target.Permanent, "department")
		refused(t, update(nil, "shelf"), target.Permanent, "shelf")
		_, err = app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: bo.ID}, SetKey: target.Key{Identity: "E1"}})
		refused(t, err, target.Conflict, "")
		assert.Equal(t, bo, one(t, app, "E2"), "nothing was written")
		assert.Equal(t, ana, one(t, app, "E1"))
		var n int
		require.NoError(t, db.QueryRowContext(ctx, "SELECT count(*) FROM users").Scan(&n))
		assert.Equal(t, 2, n)
	})
}

// one finds the account of a key.
func one(t *testing.T, app *sqltarget.Target, key string) target.Account {
	t.Helper()
	found, err := app.Find(t.Context(), target.Find{Key: target.Key{Identity: key}})
	require.NoError(t, err)
	require.Len(t, found, 1)
	return found[0]
}

// TestExtraKeepsWhatIsNotOurs: members of other owners stay as they are, whatever
// is written, and whoever writes at the same time.
func TestExtraKeepsWhatIsNotOurs(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, db := opened(t, p, m)
		ctx := t.Context()
		a, err := app.Create(ctx, m.request(1))
		require.NoError(t, err)
		foreign := map[string]string{
			"theme": `"dark"`, "empty": `null`, "list": `[1, {"a": null}]`, "deep": `{"b": {"c": null}, "title": "not ours"}`, "number": `12345678901234567`,
		}
		var members []string
		for name, value := range foreign {
			members = append(members, fmt.Sprintf("%q: %s", name, value))
		}
		p.schema(t, db, "UPDATE users SET profile = '{"+strings.Join(members, ", ")+`, "title": "by hand", "level": 3}'`)
		got := one(t, app, "E1")
		assert.Equal(t, "by hand", got.Attributes.Get("title"))
		assert.Equal(t, "3", got.Attributes.Get("level"))

		for _, req := range []target.UpdateRequest{
			{Set: target.AttrsOf(map[string][]string{"title": {`"; DROP TABLE users; --`}, "aliases": {"b", "a"}})},
			{Set: target.Attrs(map[string]string{"level": "4", "displayName": "Bo"}), Clear: []string{"title"}},
			{Clear: []string{"aliases", "title", "level"}},
			{Set: target.Attrs(map[string]string{"title": "Zoë 🙂 \\ / \u2028"})},
		} {
			req.Ref.ID = a.ID
			got, err := app.Update(ctx, req)
			require.NoError(t, err)
			for name, values := range req.Set.All() {
				assert.Equal(t, values, got.Attributes.Values(name), name)
			}
			for _, name := range req.Clear {
				assert.False(t, got.Attributes.Has(name), name)
			}
			assert.Equal(t, got, one(t, app, "E1"))
			stored := profile(t, db)
			for name, value := range foreign {
				assert.JSONEq(t, value, string(stored[name]), name)
			}
		}
		assert.NotContains(t, profile(t, db), "aliases", "what is emptied is gone, not null")

		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				_, err := app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"title": fmt.Sprint(i)})})
				assert.NoError(t, err)
			})
			wg.Go(func() { p.touch(t, db, i) })
		}
		wg.Wait()
		stored := profile(t, db)
		for i := range 20 {
			assert.Contains(t, stored, fmt.Sprint("theirs", i))
		}

		// What is no object is not thrown away.
		for _, text := range []string{`[1]`, `"text"`, `7`} {
			p.schema(t, db, "UPDATE users SET profile = '"+text+"'")
			assert.False(t, one(t, app, "E1").Attributes.Has("title"))
			_, err = app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"title": "x"})})
			require.ErrorContains(t, err, "holds no JSON object")
			assert.Equal(t, target.Permanent, target.ClassOf(err))
		}
		for _, text := range []string{`NULL`, `'null'`, `'{}'`} {
			p.schema(t, db, "UPDATE users SET profile = "+text)
			got, err := app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{"title": "x"})})
			require.NoError(t, err, text)
			assert.Equal(t, "x", got.Attributes.Get("title"))
		}
	})
}

// touch writes a member of the product's own.
func (p product) touch(t *testing.T, db *sql.DB, i int) {
	t.Helper()
	set := map[sqltarget.Dialect]string{
		sqltarget.SQLite:     "json_set(profile, '$.theirs%d', 1)",
		sqltarget.MySQL:      "json_set(profile, '$.theirs%d', 1)",
		sqltarget.PostgreSQL: `jsonb_set(profile, '{theirs%d}', '1')`,
	}[p.dialect]
	_, err := db.ExecContext(t.Context(), "UPDATE users SET profile = "+fmt.Sprintf(set, i))
	assert.NoError(t, err)
}

func profile(t *testing.T, db *sql.DB) map[string]json.RawMessage {
	t.Helper()
	var text string
	require.NoError(t, db.QueryRowContext(t.Context(), "SELECT profile FROM users").Scan(&text))
	var stored map[string]json.RawMessage
	require.NoError(t, json.Unmarshal([]byte(text), &stored))
	return stored
}

// TestWordsOfState: values beside the two, and NULL.
func TestWordsOfState(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, db := opened(t, p, m)
		ctx := t.Context()
		a, err := app.Create(ctx, m.request(1))
		require.NoError(t, err)
		status := func() string {
			var s sql.NullString
			require.NoError(t, db.QueryRowContext(ctx, "SELECT status FROM users").Scan(&s))
			return s.String
		}
		for _, c := range []struct {
			word, after string
			is          target.State
			do          func(context.Context, target.StateRequest) (target.Account, error)
		}{
			{"'invited'", "invited", target.Enabled, app.Enable}, // nowhere named: left alone
			{"'invited'", "suspended", target.Enabled, app.Disable},
			{"'deleted'", "deleted", target.Disabled, app.Disable},
			{"'deleted'", "active", target.Disabled, app.Enable},
			{"NULL", "", target.Disabled, app.Disable},
			{"NULL", "active", target.Disabled, app.Enable},
			{"'active'", "active", target.Enabled, app.Enable},
			{"'suspended'", "suspended", target.Disabled, app.Disable},
		} {
			p.schema(t, db, "UPDATE users SET status = "+c.word)
			before := one(t, app, "E1")
			assert.Equal(t, c.is, before.State, c.word)
			got, err := c.do(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}, Version: before.Version})
			require.NoError(t, err, c.word)
			assert.Equal(t, c.after, status())
			assert.Equal(t, got, one(t, app, "E1"))
			if got.State == before.State {
				assert.Equal(t, before, got, "what is so already is not written")
			} else {
				assert.NotEqual(t, before.Version, got.Version)
			}
		}
	})
}

// TestDisabledAtKeepsTheTime: the first time is the one that counts.
func TestDisabledAtKeepsTheTime(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := mappings()[2]
		app, db := opened(t, p, m)
		ctx := t.Context()
		a, err := app.Create(ctx, m.request(1))
		require.NoError(t, err)
		p.schema(t, db, "UPDATE users SET deactivated_at = '2020-01-02 03:04:05' WHERE id = "+a.ID)
		a, err = app.Disable(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}})
		require.NoError(t, err)
		assert.Equal(t, target.Disabled, a.State)
		var kept bool
		require.NoError(t, db.QueryRowContext(ctx, "SELECT deactivated_at < '2021-01-01' FROM users WHERE id = "+a.ID).Scan(&kept))
		assert.True(t, kept)
	})
}

// TestSecrets: a password is encoded, stored and never read.
func TestSecrets(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, db := opened(t, p, m)
		req := m.request(1)
		req.Secrets = map[string]target.Secret{"password": target.NewSecret("hunter2")}
		a, err := app.Create(t.Context(), req)
		require.NoError(t, err)
		assert.False(t, a.Attributes.Has("password"))
		var hash string
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT password_hash FROM users").Scan(&hash))
		assert.Equal(t, "hash of 7", hash)
		req.Secrets = map[string]target.Secret{"title": target.NewSecret("hunter2")}
		_, err = app.Create(t.Context(), req)
		refused(t, err, target.Permanent, "title")
		assert.NotContains(t, err.Error(), "hunter2")
		_, err = app.Find(t.Context(), target.Find{Attribute: "password", Value: "hash of 7"})
		require.ErrorIs(t, err, target.ErrUnsupported)
	})
}

// TestDefaults: a column with a default keeps it while nobody says otherwise.
func TestDefaults(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, _ := opened(t, p, m)
		a, err := app.Create(t.Context(), m.request(1))
		require.NoError(t, err)
		assert.Equal(t, "free", a.Attributes.Get("plan"))
		a, err = app.Update(t.Context(), target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Clear: []string{"plan"}})
		require.NoError(t, err)
		assert.False(t, a.Attributes.Has("plan"), "'' in a text column that is NOT NULL")
	})
}

// TestOneKeyOneRow: of many who create the account of one key at once, all get the
// same one.
func TestOneKeyOneRow(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, db := opened(t, p, m)
		ids := make([]string, 12)
		var wg sync.WaitGroup
		for i := range ids {
			wg.Go(func() {
				a, err := app.Create(t.Context(), m.request(1))
				if assert.NoError(t, err) {
					ids[i] = a.ID
				}
			})
		}
		wg.Wait()
		for _, id := range ids {
			assert.Equal(t, ids[0], id)
		}
		var n int
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM users").Scan(&n))
		assert.Equal(t, 1, n)
	})
}

// TestGrantThatIsInTheWay: a product that allows one team per account refuses the
// second one, and that is no success.
func TestGrantThatIsInTheWay(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		for _, index := range []string{"PRIMARY KEY (user_id, team_id)", "UNIQUE (user_id, team_id, since)"} {
			m := mappings()[0]
			m.schema = strings.Replace(m.schema, "PRIMARY KEY (user_id, team_id)", "since {int}, UNIQUE (user_id), "+index, 1)
			app, _ := opened(t, p, m)
			a, err := app.Create(t.Context(), m.request(1))
			require.NoError(t, err)
			grant := target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: target.Entitlement{Kind: "team", Name: "staff"}}
			for range 2 {
				require.NoError(t, app.Grant(t.Context(), grant))
			}
			grant.Entitlement.Name = "engineering"
			assert.Equal(t, target.Exists, target.ClassOf(app.Grant(t.Context(), grant)))
			assert.Len(t, one(t, app, "E1").Entitlements, 1)
		}
	})
}

// TestTriggers: what a trigger of the product alters is what the calls return.
func TestTriggers(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := mappings()[0]
		app, db := opened(t, p, m)
		require.NoError(t, app.Close())
		switch p.dialect {
		case sqltarget.SQLite:
			p.schema(t, db, `CREATE TRIGGER made AFTER INSERT ON users BEGIN UPDATE users SET full_name = upper(full_name), version = 7 WHERE id = new.id; END`)
			p.schema(t, db, `CREATE TRIGGER changed AFTER UPDATE ON users WHEN new.full_name <> upper(new.full_name) BEGIN UPDATE users SET full_name = upper(full_name), version = 9 WHERE id = new.id; END`)
		case sqltarget.MySQL:
			p.schema(t, db, "CREATE TRIGGER made BEFORE INSERT ON users FOR EACH ROW SET new.full_name = upper(new.full_name), new.version = 7")
			p.schema(t, db, "CREATE TRIGGER changed BEFORE UPDATE ON users FOR EACH ROW SET new.full_name = upper(new.full_name), new.version = 9")
		default:
			p.schema(t, db, `CREATE FUNCTION loud() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
new.full_name := upper(new.full_name); new.version := CASE tg_op WHEN 'INSERT' THEN 7 ELSE 9 END; RETURN new; END $$`)
			p.schema(t, db, "CREATE TRIGGER changed BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION loud()")
		}
		app, err := sqltarget.Open(t.Context(), db, m.complete(p))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, app.Close()) })
		req := m.request(1)
		a, err := app.Create(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, "ANA SILVA", a.Attributes.Get("displayName"))
		assert.Equal(t, "7", a.Version)
		assert.Equal(t, a, one(t, app, "E1"))
		a, err = app.Update(t.Context(), target.UpdateRequest{
			Ref: target.Ref{ID: a.ID}, Version: a.Version, Set: target.Attrs(map[string]string{"displayName": "bo"}),
		})
		require.NoError(t, err)
		assert.Equal(t, "BO", a.Attributes.Get("displayName"))
		assert.Equal(t, "9", a.Version)
		assert.Equal(t, a, one(t, app, "E1"))
	})
}
