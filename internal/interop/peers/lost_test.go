//go:build !race

package peers_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

// odd are names that filters of the library do not find: it takes escapes for text.
func odd(i source.Identity) source.Identity {
	i.ID = fmt.Sprintf(`ACME\%s "z"`, i.ID)
	i.WorkEmail = `"` + strings.ReplaceAll(i.WorkEmail, "@", `\"x"@`)
	if i.Manager.ID != "" {
		i.Manager.ID = fmt.Sprintf(`ACME\%s "z"`, i.Manager.ID)
	}
	return i
}

// TestLostAnswers: answers to writes of users are lost, and everybody has one account, also
// where nothing is unique and where filters do not find who is there.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for name, v := range variants() {
		for _, strange := range []bool{false, true} {
			t.Run(fmt.Sprint(name, strange), func(t *testing.T) {
				t.Parallel()
				p, users, groups := faithful(t, v.alter)
				var n atomic.Int32
				p.lose = func(r *http.Request) bool {
					return r.Method != http.MethodGet && strings.Contains(r.URL.Path, "/Users") && n.Add(1)%7 == 0
				}
				everybody := people(40)
				for i := range everybody {
					if strange {
						everybody[i] = odd(everybody[i])
					}
				}
				staff := memsource.New("hr", everybody...)
				e, err := provision.New(provision.Config{
					Source: staff, Targets: []target.Target{app(t, p.base, token, v.profile)}, Rules: company(t), Concurrency: 16,
					Policy: reconcile.Policy{CreateEntitlements: true, Limits: map[reconcile.Action]reconcile.Limit{
						reconcile.Create: {Percent: 100}, reconcile.Disable: {Percent: 100}, reconcile.Revoke: {Percent: 100},
					}},
					Journal: &provision.MemoryJournal{}, Retry: provision.Retry{Base: time.Millisecond, Max: time.Millisecond},
				})
				require.NoError(t, err)
				settle(t, e)
				assertOnce(t, users, 40)
				assert.Len(t, groups.values("members"), 2)
				for _, m := range groups.values("members") {
					assert.Len(t, m, 40)
				}
				for i := range 20 {
					everybody[i].Status, everybody[i].TerminationDate = source.Terminated, source.Day(2026, time.March, 1)
				}
				staff.Set(everybody...)
				settle(t, e)
				active := map[any]int{}
				for _, a := range users.values("active") {
					active[a]++
				}
				assert.Equal(t, map[any]int{true: 20, false: 20}, active)
				for _, m := range groups.values("members") {
					assert.Len(t, m, 20)
				}
			})
		}
	}
}

// TestRemovalWithoutEffect: who stays in a group although the service says otherwise is an
// error in every run, and work that is left.
func TestRemovalWithoutEffect(t *testing.T) {
	t.Parallel()
	p, _, groups := faithful(t, func(_, groups *store) { groups.deaf = true })
	everybody := people(5)
	staff := memsource.New("hr", everybody...)
	e := engine(t, app(t, p.base, token, scimtarget.RFC()), staff)
	report, err := e.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	everybody[2].Department = source.Named("Sales")
	staff.Set(everybody...)
	for range 2 {
		report, err = e.Sync(t.Context())
		require.NoError(t, err)
		require.ErrorContains(t, report.Err(), "revoke E2 group:engineering: read back")
	}
	for _, m := range groups.values("members") {
		assert.Len(t, m, 5)
	}
}

// settle syncs until nothing is left to do, ten times at most.
func settle(t testing.TB, e *provision.Engine) {
	t.Helper()
	for range 10 {
		_, err := e.Sync(t.Context())
		require.NoError(t, err)
		plan, err := e.Plan(t.Context())
		require.NoError(t, err)
		if len(plan.Targets[0].Changes) == 0 {
			return
		}
	}
	t.Error("something is left to do after ten runs")
}

// TestEscapes: quotation marks, backslashes and what JSON escapes are found.
func TestEscapes(t *testing.T) {
	t.Parallel()
	p, _, _ := faithful(t, nil)
	a := app(t, p.base, token, scimtarget.RFC())
	for _, name := range []string{"plain", `O"Brien`, `ACME\ana`, "é", "a\tb", "a\u2028b", "𝄞", "<&>", "a]b", "a and b", "(x)", `a\"b`} {
		made, err := a.Create(t.Context(), target.CreateRequest{
			Key: target.Key{Identity: name}, State: target.Enabled, Attributes: target.Attrs(map[string]string{"userName": name}),
		})
		require.NoError(t, err)
		for _, by := range []target.Find{{Key: made.Key}, {Attribute: "userName", Value: name}} {
			found, err := a.Find(t.Context(), by)
			require.NoError(t, err)
			require.Len(t, found, 1, name)
			assert.Equal(t, made.ID, found[0].ID)
		}
		req := target.EnsureRequest{Entitlement: target.Entitlement{Kind: "group", Name: name}}
		first, err := a.EnsureEntitlement(t.Context(), req)
		require.NoError(t, err)
		again, err := a.EnsureEntitlement(t.Context(), req)
		require.NoError(t, err)
		assert.Equal(t, first.ID, again.ID)
	}
}
