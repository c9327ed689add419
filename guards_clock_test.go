package provision_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestACronThatDidNotRun(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	w.later(10 * oneDay)
	w.leave(3)
	for range 2 {
		report := w.runOnce()
		assert.Contains(t, report.Plan.String(), "if the clock is right, release them once")
		assert.Zero(t, w.closed(), "it does not heal by itself")
		w.later(time.Hour)
	}
	w.releaseAll()
	w.leave(4)
	w.sync()
	assert.Equal(t, 2, w.closed(), "one release lets it go on")
}

// Events for single people go on while the nightly run is down: they are no run for
// everybody.
func TestEventsDoNotHideACronThatDidNotRun(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	for range 10 {
		w.later(oneDay)
		_, err := w.engine.SyncOne(t.Context(), "E0005")
		require.NoError(t, err)
	}
	w.leave(3)
	report := w.runOnce()
	assert.Contains(t, report.Plan.String(), "if the clock is right, release them once")
	assert.Zero(t, w.closed())
}

// A run whose clock is a little ahead, which nobody is asked about, forgets nothing that
// counts for the limit once the clock is right again.
func TestALimitOutlivesAClockAhead(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
	})
	w.people.Set(staff(30)...)
	w.sync()
	w.later(oneDay)
	right := w.now
	w.leave(1, 2)
	w.sync()
	w.later(30 * time.Hour)
	w.sync()
	w.now = right.Add(20 * time.Hour)
	w.restart()
	w.runOnce()
	w.releaseAll() // the clock
	w.leave(3)
	w.later(time.Hour)
	w.runOnce()
	assert.Equal(t, 2, w.closed(), "number 3 in 24 hours")
	w.now = right.Add(25 * time.Hour)
	w.restart()
	w.runOnce()
	assert.Equal(t, 3, w.closed())
}

// A run whose clock was behind alarms. Who releases that when the clock is right again lets
// nobody go who would be one too many.
func TestALimitOutlivesAClockBehind(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
	})
	w.people.Set(staff(30)...)
	w.sync()
	w.later(3 * oneDay)
	right := w.now
	w.leave(1, 2)
	w.sync()
	w.later(-25 * time.Hour)
	w.runOnce()
	w.now = right.Add(time.Hour)
	alarms, err := desk(w).Alarms(t.Context())
	require.NoError(t, err)
	require.Len(t, alarms, 1)
	require.NoError(t, desk(w).Release(t.Context(), alarms[0].Guarded, provision.Decision{Actor: "coo"}))
	w.leave(3)
	w.later(time.Hour)
	w.runOnce()
	assert.Equal(t, 2, w.closed(), "number 3 in 24 hours")
	w.later(oneDay)
	w.runOnce()
	assert.Equal(t, 3, w.closed())
}

// A process dies before it could write that it has disabled an account, and the next one,
// whose clock is behind, finds that out. It counts for the limit from when it was done.
func TestALimitOutlivesASettlementByAClockBehind(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
		c.Journal = &allEntries{}
	})
	journal := w.hook()
	w.people.Set(staff(30)...)
	w.sync()
	w.later(3 * oneDay)
	w.leave(1)
	journal.before = func(e *provision.Entry) error {
		if e.Kind == provision.Happened && e.Action == reconcile.Disable {
			return errKilled
		}
		return nil
	}
	_, _ = w.engine.Sync(t.Context())
	journal.before = nil
	require.Equal(t, 1, w.closed())
	w.later(-16 * time.Hour)
	w.runOnce()
	require.Equal(t, 1, w.noted(func(e *provision.Entry) bool { return e.Kind == provision.Happened && e.Action == reconcile.Disable }))
	w.later(26 * time.Hour)
	w.leave(2, 3)
	w.runOnce()
	assert.Equal(t, 1, w.closed(), "two more would be three in 24 hours")
	w.later(15 * time.Hour)
	w.runOnce()
	assert.Equal(t, 3, w.closed())
}

func TestAWrongClock(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	w.later(oneDay)
	w.people.Remove("E0005") // since an hour
	w.sync()
	right := w.now
	w.now = right.AddDate(10, 0, 0)
	w.leave(3)
	for range 3 {
		w.runOnce()
		w.later(oneDay)
	}
	assert.Zero(t, w.closed(), "ten years prove nothing")
	// A forecast is no clock.
	w.now = right.Add(oneDay)
	w.restart()
	forecast, err := w.engine.PlanAt(t.Context(), right.AddDate(0, 1, 0))
	require.NoError(t, err)
	assert.NotContains(t, forecast.String(), "last whole run")
	// Back again, nothing has happened.
	w.runOnce()
	assert.Equal(t, 1, w.closed())
	w.later(oneDay)
	w.runOnce()
	assert.Equal(t, 1, w.closed(), "the days of the wrong clock are no time of grace")

	// Set back: what takes and what opens waits.
	w.now = w.now.Add(-2 * oneDay)
	w.leave(6)
	w.people.Put(staff(30)[3])
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0006").State)
	assert.Equal(t, target.Disabled, w.account("E0003").State)
	w.releaseAll()
	w.later(time.Minute)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0006").State)
	assert.Equal(t, target.Enabled, w.account("E0003").State)
	w.leave(8)
	w.later(time.Minute)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0008").State, "the time that was released counts")
}

// TestAClockBehindARunForOne: the clock of a run for one person is a clock too.
func TestAClockBehindARunForOne(t *testing.T) {
	journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = journal.Close() })
	w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
	hire := person("H1", "Sales", "Clerk")
	hire.Status, hire.HireDate, hire.StartDate = source.PreHire, source.Date{}, day(2026, 3, 3)
	w.people.Set(append(staff(30), hire)...)
	w.sync()
	w.later(oneDay)
	w.sync()
	require.Equal(t, target.Disabled, w.account("H1").State)
	whole := w.now

	w.later(oneDay)
	_, err = w.engine.SyncOne(t.Context(), "H1")
	require.NoError(t, err)
	require.Equal(t, target.Enabled, w.account("H1").State, "the first day has come")
	right := w.now
	require.NoError(t, journal.Compact(t.Context(), right))

	// Behind the run for one person, and not behind the last whole one.
	w.now = whole.Add(time.Hour)
	w.restart()
	w.leave(3)
	plan := w.plan()
	assert.Contains(t, plan.String(), "it is 2026-03-02 13:00 UTC, before the last run of 2026-03-03 12:00 UTC")
	one, err := w.engine.PlanOne(t.Context(), "H1")
	require.NoError(t, err)
	assert.Contains(t, one.String(), "before the last run of")
	w.now = right.Add(time.Hour)
	w.restart()
	_, err = w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Equal(t, target.Enabled, w.account("H1").State, "nobody has said that they left")
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0003").State)

	// A run for one person by a clock ahead holds others up until somebody says so.
	right = w.now
	w.now = right.Add(3 * oneDay)
	w.restart()
	_, err = w.engine.SyncOne(t.Context(), "H1")
	require.NoError(t, err)
	w.now = right.Add(time.Hour)
	w.restart()
	w.leave(6)
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0006").State)
	w.releaseAll()
	w.later(time.Minute)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0006").State)
	w.leave(9)
	w.later(time.Hour)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0009").State, "the time that was released counts")
}

// A release accepts the clock that it was shown, not every one that is behind.
func TestAReleaseAcceptsOneClock(t *testing.T) {
	for _, c := range []struct {
		day      int // of March, by the clock of the stored plan
		released bool
		state    target.State
	}{
		{day: 3, state: target.Disabled},
		{day: 3, released: true, state: target.Disabled},
		{day: 8, state: target.Disabled},
		{day: 8, released: true, state: target.Enabled},
	} {
		w := newWorld(t, nil)
		everybody := staff(30)
		everybody[1].LastDay = day(2026, 3, 5)
		w.people.Set(everybody...)
		at := func(d int) { w.now = time.Date(2026, 3, d, 12, 0, 0, 0, time.UTC); w.restart() }
		for _, d := range []int{1, 5, 10} {
			at(d)
			w.sync()
		}
		require.Equal(t, target.Disabled, w.account("E0001").State)
		if c.day == 8 {
			everybody[1].LastDay = source.Date{} // it was a mistake
			w.people.Set(everybody...)
		}
		at(c.day)
		old := w.plan()
		require.Contains(t, old.String(), "before the last run of")
		file := stored(t, old)

		at(8)
		w.runOnce()
		if c.released {
			alarms, err := desk(w).Alarms(t.Context())
			require.NoError(t, err)
			require.Len(t, alarms, 1)
			require.NoError(t, desk(w).Release(t.Context(), alarms[0].Guarded, provision.Decision{Actor: "coo"}))
		}
		w.now = w.now.Add(time.Hour)
		w.restart()
		_, err := w.engine.Apply(t.Context(), file, nil)
		require.NoError(t, err)
		assert.Equal(t, c.state, w.account("E0001").State, "%+v", c)
	}
}
