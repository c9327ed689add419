package provision_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// awaiting is a world in which E1 may have money if somebody approves the change.
func awaiting(t *testing.T) (w *world, change string) {
	t.Helper()
	w = newWorld(t, nil)
	w.people.Set(person("E1", "Sales", "Treasurer"))
	w.sync()
	held := holdsOf(w.plan(), reconcile.NeedsApproval)
	require.Len(t, held, 1)
	return w, held[0].Change.ID
}

// When something was decided is what the clock of the desk says, not who decides.
func TestTheDeskSaysWhenItWasDecided(t *testing.T) {
	w, change := awaiting(t)
	require.NoError(t, desk(w).Approve(t.Context(), change, provision.Decision{Actor: "cfo", At: w.now.AddDate(0, 0, -30)}))
	w.sync()
	assert.Contains(t, w.account("E1").Entitlements, group("money"))
}

// An approval is good for one time, also if nobody can tell whether it was used.
func TestAnApprovalIsUsedUpByWhatIsUnconfirmed(t *testing.T) {
	w, change := awaiting(t)
	require.NoError(t, desk(w).Approve(t.Context(), change, provision.Decision{Actor: "cfo"}))
	w.app.FailAlways("Grant", target.Fail(target.Unclear, errDown))
	require.Equal(t, provision.Unconfirmed, w.run().Results[0].Outcome)
	w.app.Repair()
	w.pass(2 * oneDay)
	next := w.plan()
	assert.Empty(t, next.Targets[0].Changes, "%s", next)
}

// A quarantine for too many failures is not ended by one more failure.
func TestAFailureEndsNoQuarantineOfFailures(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(40)...)
	w.app.FailAlways("Create", errRefused)
	w.run()
	require.Equal(t, provision.StopFailures, w.quarantined().Cause)
	w.people.Set(person("N1", "Sales", "Clerk"), person("N2", "Sales", "Clerk"))
	w.pass(2 * time.Hour)
	w.run()
	assert.NotNil(t, w.quarantined())
}

// A target is asked again after a day at the latest, however long it wants to be left alone.
func TestAQuarantineThatATargetAsksForIsADayAtMost(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	for i := range 9 {
		w.hired(fmt.Sprintf("ana%d", i))
	}
	w.app.FailAlways("Create", &target.Error{Class: target.Throttled, RetryAfter: 30 * oneDay, Err: errDown})
	w.run()
	require.NotNil(t, w.quarantined())
	assert.Equal(t, w.now.Add(oneDay), w.quarantined().Next)
}

// Reads from before somebody was listed again do not count towards their next absence.
func TestReadsOfAnEarlierAbsenceDoNotCount(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Absence = reconcile.Absence{Reads: 3, Apart: time.Minute, Grace: time.Minute}
	})
	for _, listed := range []bool{true, false, false, true, false, false} {
		w.people.Set(staff(20)...)
		if !listed {
			w.people.Remove("E0003")
		}
		w.runOnce()
		w.later(time.Hour)
	}
	assert.Equal(t, target.Enabled, w.account("E0003").State)
	w.runOnce()
	assert.Equal(t, target.Disabled, w.account("E0003").State)
}

// Whether a create that fails again and again made an account, nobody knows.
func TestACreateThatFailsAtLastIsUnconfirmed(t *testing.T) {
	w := able(t, func(c *target.Capabilities) { c.IdempotentCreate = true })
	w.people.Set(person("E1", "Sales", "Clerk"))
	w.app.FailAlways("Create", target.Fail(target.Transient, errDown))
	assert.Equal(t, provision.Unconfirmed, w.run().Results[0].Outcome)
}
