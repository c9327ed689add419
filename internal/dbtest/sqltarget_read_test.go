package dbtest_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/sqltarget"
)

// TestPagesLoseNobody: while others insert and delete, everybody who is there all
// the time is read, and nobody twice.
func TestPagesLoseNobody(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		for _, m := range mappings()[:3] { // ids that grow, and ids at random
			t.Run(m.name, func(t *testing.T) {
				app, _ := opened(t, p, m, func(cfg *sqltarget.Config) { cfg.Page, cfg.Delete = 7, true })
				ctx := t.Context()
				held := map[string]target.Account{}
				var passing []string
				for n := range 60 {
					a, err := app.Create(ctx, m.request(n))
					require.NoError(t, err)
					if n%3 == 0 {
						passing = append(passing, a.ID)
						continue
					}
					held[a.ID] = a
				}
				seen := map[string]bool{}
				n := 1000
				for a, err := range app.Accounts(ctx) {
					require.NoError(t, err)
					assert.False(t, seen[a.ID], "account %s is read twice", a.ID)
					seen[a.ID] = true
					if want, ok := held[a.ID]; ok {
						assert.Equal(t, want, a)
					}
					// Another connection writes between any two accounts.
					if len(passing) > 0 {
						require.NoError(t, app.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: passing[0]}}))
						passing = passing[1:]
					}
					if n < 1030 {
						_, err = app.Create(ctx, m.request(n))
						require.NoError(t, err)
						n++
					}
				}
				for id := range held {
					assert.True(t, seen[id], "account %s is lost", id)
				}
			})
		}
	})
}

// TestOneConnection: a target needs no more than one, also while a listing is read.
func TestOneConnection(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := mappings()[0]
		app, db := opened(t, p, m, func(cfg *sqltarget.Config) { cfg.Page, cfg.Delete = 2, true })
		db.SetMaxOpenConns(1)
		ctx := t.Context()
		for n := range 5 {
			_, err := app.Create(ctx, m.request(n))
			require.NoError(t, err)
		}
		team := target.Entitlement{Kind: "team", Name: "staff"}
		for held, err := range app.Entitlements(ctx) {
			require.NoError(t, err)
			for a, err := range app.Accounts(ctx) {
				require.NoError(t, err)
				ref := target.Ref{ID: a.ID}
				require.NoError(t, app.Grant(ctx, target.GrantRequest{Ref: ref, Entitlement: held.Entitlement, EntitlementID: held.ID}))
				_, err = app.Disable(ctx, target.StateRequest{Ref: ref})
				require.NoError(t, err)
				require.NoError(t, app.EndSessions(ctx, target.SessionsRequest{Ref: ref}))
			}
		}
		for a, err := range app.Accounts(ctx) {
			require.NoError(t, err)
			assert.Contains(t, a.Entitlements, team)
			require.NoError(t, app.Delete(ctx, target.StateRequest{Ref: target.Ref{ID: a.ID}, Version: a.Version}))
		}
		for a, err := range app.Accounts(ctx) {
			require.NoError(t, err)
			t.Errorf("%s is left", a.ID)
		}
	})
}

// TestValuesComeBack: what is accepted reads back the same, whatever it is; the
// rest is refused by name. No update is ever planned again.
func TestValuesComeBack(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, _ := opened(t, p, m)
		ctx := t.Context()
		a, err := app.Create(ctx, m.request(1))
		require.NoError(t, err)
		names := []string{"email", "badge", "notes", "remote", "hired", "plan", "shelf", "title", "aliases", "level", "displayName"}
		seed := uint64(time.Now().UnixNano())
		random := rand.New(rand.NewPCG(seed, 0))
		taken := 0
		for range 300 {
			name, value := names[random.IntN(len(names))], someValue(random)
			got, err := app.Update(ctx, target.UpdateRequest{Ref: target.Ref{ID: a.ID}, Set: target.Attrs(map[string]string{name: value})})
			if err != nil {
				assert.Equal(t, target.Permanent, target.ClassOf(err), "seed %d: %s %q: %v", seed, name, value, err)
				assert.Equal(t, name, target.FieldOf(err), "seed %d: %s %q: %v", seed, name, value, err)
				assert.NotContains(t, err.Error(), "\x00")
				continue
			}
			taken++
			assert.Equal(t, value, got.Attributes.Get(name), "seed %d: %s", seed, name)
			assert.Equal(t, got, one(t, app, "E1"), "seed %d: %s", seed, name)
		}
		assert.Greater(t, taken, 50, "seed %d", seed)
	})
}

func someValue(r *rand.Rand) string {
	fixed := []string{
		" ", "a ", " a", "0", "-0", "+1", "007", "1e3", "1.0", "true", "false", "TRUE", "t", "null", "NULL", "{}", "[]", `["a"]`, `"`,
		"'", "''", "\\", "\\'", "%", "_", "?", "$1", ":1", "@x", "--", "/*", ";", "2024-02-29", "2023-02-29", "0000-00-00", "0001-01-01", "9999-12-31",
		"-9223372036854775808", "9223372036854775808", "Zoë", "e\u0301", "İLKER", "ı", "K", "🙂", "\u200b", "\u202e", "\ufeff", "a\x00b", "\xff",
		"\r\n\t", "\x7f", "\u2028", strings.Repeat("ä", 41), strings.Repeat("x", 5000), "Robert'); DROP TABLE users;--", "NaN", "Infinity",
	}
	if r.IntN(3) > 0 {
		return fixed[r.IntN(len(fixed))]
	}
	if r.IntN(2) == 0 {
		return strconv.FormatInt(r.Int64()-r.Int64(), 10)
	}
	b := make([]rune, 1+r.IntN(30))
	for i := range b {
		b[i] = rune(r.IntN(0x11ffff))
	}
	return string(b)
}

// TestFindIsExact: databases take more for equal than we do, by case, by accents,
// by spaces at the end. We do not.
func TestFindIsExact(t *testing.T) {
	eachProduct(t, func(t *testing.T, p product) {
		m := full()
		app, _ := opened(t, p, m)
		ctx := t.Context()
		req := m.request(1)
		req.Key.Identity = "Éa"
		req.Attributes = req.Attributes.Merge(target.Attrs(map[string]string{"userName": "Kim", "email": "Ana@acme.example", "department": "rnd", "hired": "2024-02-29"}))
		a, err := app.Create(ctx, req)
		require.NoError(t, err)
		for _, c := range []struct {
			by   target.Find
			hits int
		}{
			{target.Find{Key: target.Key{Identity: "Éa"}}, 1},
			{target.Find{Key: target.Key{Identity: "éa"}}, 0},
			{target.Find{Key: target.Key{Identity: "Ea"}}, 0},
			{target.Find{Key: target.Key{Identity: "Éa "}}, 0},
			{target.Find{Key: target.Key{Identity: "Éa", Slot: "x"}}, 0},
			{target.Find{Key: target.Key{Identity: "%"}}, 0},
			{target.Find{Attribute: "userName", Value: "kIM"}, 1},
			{target.Find{Attribute: "userName", Value: "\u212aim"}, 0}, // the Kelvin sign
			{target.Find{Attribute: "userName", Value: "Kim "}, 0},
			{target.Find{Attribute: "userName", Value: ""}, 0},
			{target.Find{Attribute: "email", Value: "Ana@acme.example"}, 1},
			{target.Find{Attribute: "email", Value: "ana@acme.example"}, 0},
			{target.Find{Attribute: "department", Value: "rnd"}, 1},
			{target.Find{Attribute: "hired", Value: "2024-02-29"}, 1},
			{target.Find{Attribute: "hired", Value: "yesterday"}, 0},
			{target.Find{Attribute: "shelf", Value: "7"}, 1},
			{target.Find{Attribute: "shelf", Value: "07"}, 0},
			{target.Find{Attribute: "remote", Value: "true"}, 0},
			{target.Find{ID: a.ID}, 1},
			{target.Find{ID: "0" + a.ID}, 0},
			{target.Find{ID: a.ID + " OR 1 = 1"}, 0},
			{target.Find{ID: "' OR '1' = '1"}, 0},
		} {
			found, err := app.Find(ctx, c.by)
			require.NoError(t, err, fmt.Sprintf("%+v", c.by))
			assert.Len(t, found, c.hits, "%+v", c.by)
		}
		for _, by := range []target.Find{{}, {ID: "1", Attribute: "email", Value: "x"}} {
			_, err := app.Find(ctx, by)
			assert.Equal(t, target.Permanent, target.ClassOf(err))
		}
		_, err = app.Find(ctx, target.Find{Attribute: "title", Value: "x"})
		require.ErrorIs(t, err, target.ErrUnsupported)
	})
}
