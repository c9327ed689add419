package provision_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// hiredLongAgo lets somebody join whose first day is over in a bubble, which begins in 2000.
func (w *world) hiredLongAgo(id string) {
	p := person(id, "Legal", "")
	p.HireDate = day(1999, 1, 1)
	w.people.Put(p)
}

// A target that is down for two days: the breaker gives up in the first run, later
// runs try one change, and when it is back everything is done. A leaver of these
// days loses access with the first run after it is back, not with the next try.
func TestATargetIsDownForDays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *provision.Config) {
			c.Clock = time.Now
			c.Retry = provision.Retry{}
		})
		everybody := staff(10)
		for i := range everybody {
			everybody[i].HireDate = day(1999, 1, 1) // a bubble begins in 2000
		}
		w.people.Set(everybody...)
		w.sync()
		for i := range 20 {
			w.hiredLongAgo(fmt.Sprintf("new%02d", i))
		}
		w.app.FailAlways("Create", errDown)
		w.app.FailAlways("Disable", errDown)
		report := w.run()
		require.Len(t, report.Quarantined, 1)
		assert.Equal(t, provision.StopDown, report.Quarantined[0].Cause)
		assert.Empty(t, holdsOf(w.plan(), reconcile.Parked), "nobody waits for what was the target's fault")
		w.app.ForgetCalls()
		begin := time.Now()
		for time.Since(begin) < 48*time.Hour {
			time.Sleep(20 * time.Minute)
			report = w.run()
			require.Error(t, report.Err())
		}
		// Tries after 1, 7, 19 and 43 hours; each of at most three changes alone.
		assert.LessOrEqual(t, w.calls("Create"), 4*3*5)

		everybody[0].Status = source.Terminated
		w.people.Put(everybody[0])
		time.Sleep(20 * time.Minute)
		w.run()
		assert.Equal(t, target.Enabled, w.account("E0000").State)
		w.app.Repair()
		time.Sleep(20 * time.Minute)
		w.run()
		assert.Equal(t, target.Disabled, w.account("E0000").State)
		list, err := w.desk().Quarantined(t.Context())
		require.NoError(t, err)
		assert.Empty(t, list)
		w.sync()
		assert.Len(t, w.app.All(), 30)
	})
}

// What has failed before, and once more because the target was down, waits no longer for
// that.
func TestAnOutageDoesNotProlongAWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(c *provision.Config) { c.Clock, c.Retry = time.Now, provision.Retry{} })
		w.hiredLongAgo("old")
		w.sync()
		w.hiredLongAgo("new00")
		w.app.FailNext("Create", target.InvalidError("userName", nil))
		w.run()
		require.Len(t, holdsOf(w.plan(), reconcile.Parked), 1, "it is its own fault")
		time.Sleep(5 * time.Minute)
		for i := range 20 {
			w.hiredLongAgo(fmt.Sprintf("new%02d", i))
		}
		w.app.FailAlways("Create", errDown)
		require.Len(t, w.run().Quarantined, 1)
		w.app.Repair()
		require.NoError(t, w.desk().Resume(t.Context(), "app", provision.Decision{Actor: "ops"}))
		w.sync()
		assert.Len(t, w.app.All(), 21)
	})
}
