package provision_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

// inWire runs a case in a bubble, with a few people who have accounts already.
func inWire(t *testing.T, people int, test func(t *testing.T, api *wireAPI, engine *provision.Engine)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		api := newWireAPI(seedPlain)
		api.set(weather{})
		engine := wireEngine(t, api, "http://systems.example", serveInBubble(t, api, api.refuse), provision.Config{Journal: &provision.MemoryJournal{}})
		for i := range people {
			api.hire(fmt.Sprintf("E%04d", i))
		}
		report, err := engine.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, report.Err())
		time.Sleep(time.Hour)
		test(t, api, engine)
		require.Empty(t, api.wrong)
	})
}

func (w *wireAPI) hire(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[id] = &wirePerson{ID: id, Status: "active", Name: "Person " + id, Title: "Clerk", Department: "Sales"}
}

func (w *wireAPI) leave(id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.people[id].Status, w.people[id].LastDay = "terminated", time.Now().UTC().AddDate(0, 0, -1).Format(time.DateOnly)
}

// seedPlain is a seed whose target neither keeps names unique nor knows what an
// idempotency key is.
const seedPlain = 1

// A list that says that it is whole, and that nobody has an account, gives nobody a
// second one: neither who came back, nor who may have got one when nobody could tell.
func TestWireEmptyListingMakesNoDouble(t *testing.T) {
	inWire(t, 10, func(t *testing.T, api *wireAPI, engine *provision.Engine) {
		api.leave("E0003")
		api.hire("E0010") // gets an account, and every answer is lost
		api.set(weather{faults: []wireFault{hangAfter}, share: 1})
		report, err := engine.Sync(t.Context())
		require.NoError(t, err)
		require.Positive(t, report.Counts()[provision.Unconfirmed])
		require.Len(t, api.byKey["E0010"], 1)
		time.Sleep(time.Hour)
		api.set(weather{})
		_, err = engine.Sync(t.Context())
		require.NoError(t, err)
		api.hire("E0011")
		api.set(weather{faults: []wireFault{hangAfter}, share: 1})
		_, err = engine.Sync(t.Context())
		require.NoError(t, err)
		require.Len(t, api.byKey["E0011"], 1)

		api.hire("E0003")
		api.set(weather{app: listedEmpty})
		_, err = engine.Sync(t.Context())
		require.NoError(t, err)
		require.Empty(t, api.wrong)
		assert.Len(t, api.users, 12)

		api.set(weather{})
		_, err = engine.Sync(t.Context())
		require.NoError(t, err)
		plan, err := engine.Plan(t.Context())
		require.NoError(t, err)
		require.True(t, plan.NothingToDo(), "%s", plan)
		assert.True(t, *api.users[api.byKey["E0003"][0]].Active)
	})
}

// A wait of years that the target asks for while a removal is read back ends nothing
// but that reading.
func TestWireYearsWhileReadingBack(t *testing.T) {
	inWire(t, 10, func(t *testing.T, api *wireAPI, engine *provision.Engine) {
		years := func(time.Time) string { return "315360000" }
		for quota := range 40 { // it begins to refuse at each call once
			for i := range 8 {
				api.leave(fmt.Sprintf("E%04d", i))
			}
			api.set(weather{retryAfter: years, quota: quota})
			begin := time.Now()
			report, err := engine.Sync(t.Context())
			require.NoError(t, err)
			require.Less(t, time.Since(begin), time.Hour, "after %d calls: %s", quota, report)
			api.set(weather{})
			_, err = engine.Sync(t.Context())
			require.NoError(t, err)
			for i := range 8 {
				id := fmt.Sprintf("E%04d", i)
				require.False(t, *api.users[api.byKey[id][0]].Active)
				api.hire(id)
			}
			_, err = engine.Sync(t.Context())
			require.NoError(t, err)
			time.Sleep(25 * time.Hour)
		}
	})
}

// Both tokens expire while many people are read and written at once: each is renewed
// once, and nobody notices.
func TestWireTokensExpire(t *testing.T) {
	inWire(t, 20, func(t *testing.T, api *wireAPI, engine *provision.Engine) {
		api.set(weather{})
		api.mu.Lock()
		for i := range 20 {
			api.people[fmt.Sprintf("E%04d", i)].Title = "Officer"
		}
		before := map[string]int{"hr": api.tokens["hr"], "app": api.tokens["app"]}
		for system, n := range before {
			api.tokens[system+" expired"] = n
		}
		api.mu.Unlock()
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				report, err := engine.SyncOne(t.Context(), fmt.Sprintf("E%04d", i))
				if assert.NoError(t, err) {
					assert.NoError(t, report.Err())
				}
			})
		}
		all.Wait()
		for system, n := range before {
			assert.Equal(t, n+1, api.tokens[system], "tokens of %s", system)
		}
		assert.Greater(t, api.rejected, 2, "several calls met the old token at once")
		for _, u := range api.users {
			assert.Equal(t, "Officer", u.Title)
		}
	})
}

// Without a token nothing is written, one refusal is enough to know, and the next run
// does what was left.
func TestWireTokenIsNotRenewed(t *testing.T) {
	inWire(t, 20, func(t *testing.T, api *wireAPI, engine *provision.Engine) {
		for i := 20; i < 60; i++ {
			api.hire(fmt.Sprintf("E%04d", i))
		}
		api.set(weather{expires: 5, locked: true})
		report, err := engine.Sync(t.Context())
		require.NoError(t, err)
		counts := report.Counts()
		assert.Positive(t, counts[provision.Failed])
		assert.Greater(t, counts[provision.Skipped], 60, "%v", counts)
		assert.LessOrEqual(t, api.rejected, 4*wireConcurrency)
		api.set(weather{})
		time.Sleep(2 * time.Hour) // such a target is left alone for a while
		report, err = engine.Sync(t.Context())
		require.NoError(t, err)
		for i := range 60 {
			require.Len(t, api.byKey[fmt.Sprintf("E%04d", i)], 1, "%s", report)
		}
	})
}

// The net/http client repeats a request by itself when a connection that was used
// before turns out to be dead: never one that may have been carried out.
func TestWireNothingIsRepeatedBehindOurBack(t *testing.T) {
	for name, fault := range map[string]wireFault{"before": resetBefore, "reply": resetReply} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				api := newWireAPI(seedPlain)
				api.set(weather{})
				transport := serveInBubble(t, api, api.refuse)
				app := &wireTarget{
					base: "http://systems.example/app", client: &http.Client{Transport: transport},
					token: newWireToken(func(context.Context) (string, error) { return "app0", nil }), can: wireCapabilities(false, false, false),
				}
				api.tokens["app expired"] = -1
				_, err := app.Find(t.Context(), findKey("E1"))
				require.NoError(t, err)
				api.set(weather{faults: []wireFault{fault}, share: 1})
				before := api.calls
				_, err = app.Create(t.Context(), createOf("E1"))
				require.Error(t, err)
				assert.Equal(t, 1, api.calls-before)
				assert.LessOrEqual(t, len(api.byKey["E1"]), 1)
			})
		})
	}
}
