package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
)

// leaving is a company of sixty of whom twenty leave, which a run holds.
func leaving(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(twenty()...)
	w.runOnce()
	require.Zero(t, w.closed())
	return w
}

// A release waits for a plan that knows of it: what an older plan lacks, or a run for
// somebody else, says nothing about it.
func TestAReleaseOutlivesPlansThatDoNotKnowOfIt(t *testing.T) {
	t.Run("an older plan", func(t *testing.T) {
		w := newWorld(t, nil)
		w.people.Set(staff(60)...)
		w.sync()
		old := w.plan()
		w.later(oneDay)
		w.leave(twenty()...)
		w.runOnce()
		w.releaseAll()
		_, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		w.later(time.Hour)
		w.runOnce()
		assert.Equal(t, 20, w.closed())
	})
	t.Run("a run for somebody else", func(t *testing.T) {
		w := leaving(t)
		w.releaseAll()
		_, err := w.engine.SyncOne(t.Context(), "E0059")
		require.NoError(t, err)
		w.later(time.Hour)
		w.runOnce()
		assert.Equal(t, 20, w.closed())
	})
}

// An ordinary run does not end the release of an undo: neither knows of the other.
func TestAReleaseOfAnUndoOutlivesAnOrdinaryRun(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	first := w.sync()
	w.later(time.Hour)
	plan := w.undo(first.Run)
	_, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Zero(t, w.closed())
	require.NoError(t, desk(w).Release(t.Context(), plan.Targets[0].Guarded, provision.Decision{Actor: "coo"}))
	w.later(time.Hour)
	w.runOnce()
	w.later(time.Hour)
	_, err = w.engine.Apply(t.Context(), w.undo(first.Run), nil)
	require.NoError(t, err)
	assert.Equal(t, 60, w.closed())
}

// A release that has run out since a plan was made lets nothing through.
func TestAReleaseRunsOutAfterThePlan(t *testing.T) {
	w := leaving(t)
	by := provision.Decision{Actor: "coo", Expires: w.now.Add(time.Hour)}
	require.NoError(t, desk(w).Release(t.Context(), w.plan().Targets[0].Guarded, by))
	plan := w.plan()
	require.NotEmpty(t, removals(plan))
	w.later(2 * time.Hour)
	_, err := w.engine.Apply(t.Context(), reload(t, plan), nil)
	require.NoError(t, err)
	assert.Zero(t, w.closed())
}

// An alarm that somebody accepted is accepted once: when it is raised again, it holds again.
func TestAnAcceptedAlarmHoldsTheNextTime(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	w.later(10 * oneDay) // nothing ran for so long that the clock is doubted
	w.leave(3)
	w.runOnce()
	require.Zero(t, w.closed())
	w.releaseAll()
	w.later(time.Minute)
	w.runOnce()
	require.Equal(t, 1, w.closed())
	w.later(10 * oneDay)
	w.leave(4)
	w.runOnce()
	assert.Equal(t, 1, w.closed())
}

// A run for one person sees too little to end an alarm about all.
func TestARunForOneEndsNoAlarm(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.people.Set(staff(45)...)
	w.runOnce()
	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	require.Len(t, alarms, 1)
	w.later(time.Hour)
	_, err = w.engine.SyncOne(t.Context(), "E0001")
	require.NoError(t, err)
	again, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	assert.Equal(t, alarms, again)
}

// Nobody can accept that a sentinel is missing: a release is about the changes, and the
// alarm stays.
func TestAReleaseDoesNotAcceptAMissingSentinel(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Absence.Sentinels = []string{"E0002"} })
	w.people.Set(staff(30)...)
	w.sync()
	w.later(time.Hour)
	w.people.Remove("E0002")
	w.leave(5)
	w.runOnce()
	require.Zero(t, w.closed())
	w.releaseAll()
	w.later(time.Minute)
	w.leave(6)
	_, err := w.engine.SyncOne(t.Context(), "E0006")
	require.NoError(t, err)
	assert.Equal(t, target.Enabled, w.account("E0006").State)
	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	assert.NotEmpty(t, alarms)
}
