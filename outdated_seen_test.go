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

// TestWhoWasSeenIsNotMissingFromBefore: somebody was missing, a plan has them, and before it
// is applied a run reads a source that is empty. That proves nothing, and the plan has seen
// them: their time of grace begins anew.
func TestWhoWasSeenIsNotMissingFromBefore(t *testing.T) {
	one := func(w *world) (*provision.Plan, error) { return w.engine.PlanOne(w.t.Context(), "E0000") }
	everybody := func(w *world) (*provision.Plan, error) { return w.engine.Plan(w.t.Context()) }
	for name, tt := range map[string]struct {
		plan   func(w *world) (*provision.Plan, error)
		after  time.Duration
		unread bool
	}{
		"a plan for one at the same instant":       {plan: one},
		"a plan for one before":                    {plan: one, after: time.Minute},
		"a plan for everybody before":              {plan: everybody, after: time.Minute},
		"for one, of a target that is not read":    {plan: one, after: time.Minute, unread: true},
		"for everybody, where it is not read":      {plan: everybody, after: time.Minute, unread: true},
		"for one, not read, at the same instant":   {plan: one, unread: true},
		"for everybody, not read, at that instant": {plan: everybody, unread: true},
	} {
		t.Run(name, func(t *testing.T) {
			journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
			require.NoError(t, err)
			t.Cleanup(func() { _ = journal.Close() })
			w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
			all := staff(6)
			w.people.Set(all...)
			w.sync()
			w.later(time.Hour)
			w.people.Set(all[1:]...)
			w.runOnce()
			require.NoError(t, journal.Compact(t.Context(), w.now.Add(1)))
			w.restart()

			w.later(oneDay)
			w.people.Set(all...)
			if tt.unread {
				w.app.FailAlways("", target.Fail(target.Permanent, errDown))
			}
			plan, err := tt.plan(w)
			require.NoError(t, err)
			require.Equal(t, tt.unread, len(plan.Unread) > 0)
			w.app.Repair()
			w.people.Set()
			w.later(tt.after)
			w.runOnce()
			_, err = w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)

			w.people.Set(all[1:]...)
			w.later(oneDay)
			w.runOnce()
			w.later(30 * time.Hour) // 79 hours since the first time, 30 since the second
			w.runOnce()
			assert.Equal(t, target.Enabled, w.account("E0000").State)
			w.later(73 * time.Hour)
			w.runOnce()
			assert.Equal(t, target.Disabled, w.account("E0000").State)
		})
	}
}

// missedOnce is a company of six, of whom a run has just missed the first.
func missedOnce(t *testing.T) (*world, []source.Identity) {
	t.Helper()
	w := newWorld(t, nil)
	all := staff(6)
	w.people.Set(all...)
	w.sync()
	w.people.Set(all[1:]...)
	w.later(time.Hour)
	w.runOnce()
	return w, all
}

// TestWhoWasSeenSinceIsNotTakenForMissing: a plan closes the account of somebody who has been
// missing for long enough. Another one had seen them on the way, and tells so only now.
func TestWhoWasSeenSinceIsNotTakenForMissing(t *testing.T) {
	w, all := missedOnce(t)
	w.later(oneDay)
	w.people.Set(all...)
	seen, err := w.engine.PlanOne(t.Context(), "E0000")
	require.NoError(t, err)
	w.people.Set(all[1:]...)
	w.later(3 * oneDay)
	closes := w.plan()
	require.NotEmpty(t, removals(closes))
	_, err = w.engine.Apply(t.Context(), seen, nil)
	require.NoError(t, err)
	report, err := w.engine.Apply(t.Context(), closes, nil)
	require.NoError(t, err)
	assert.Equal(t, target.Enabled, w.account("E0000").State, "%s", report)
	w.later(oneDay)
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0000").State)
	w.later(73 * time.Hour)
	w.runOnce()
	assert.Equal(t, target.Disabled, w.account("E0000").State)
}

// TestALateSightingCountsOnce: applied again, a plan in which somebody still was is no news.
func TestALateSightingCountsOnce(t *testing.T) {
	w, all := missedOnce(t)
	w.people.Set(all...)
	w.later(time.Hour)
	late, err := w.engine.PlanOne(t.Context(), "E0000")
	require.NoError(t, err)
	w.people.Set(all[1:]...)
	for range 3 {
		w.later(oneDay)
		w.runOnce()
		_, err = w.engine.Apply(t.Context(), late, nil)
		require.NoError(t, err)
	}
	w.later(oneDay)
	w.runOnce()
	assert.Equal(t, target.Disabled, w.account("E0000").State, "three days since the first of these reads")
}

// TestWhoIsSeenByAClockBehindIsSeen: a run for one person sees somebody who is missing, on a
// machine whose clock is an hour behind the run that missed them.
func TestWhoIsSeenByAClockBehindIsSeen(t *testing.T) {
	w, all := missedOnce(t)
	w.people.Set(all...)
	w.later(-time.Hour)
	_, err := w.engine.SyncOne(t.Context(), "E0000")
	require.NoError(t, err)
	w.people.Set(all[1:]...)
	w.later(50 * time.Hour)
	w.runOnce()
	w.later(30 * time.Hour)
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0000").State, "missing since 30 hours")
}

// TestWhoIsMissedByAClockAheadIsMissing: runs miss somebody on a machine whose clock is months
// ahead, which people believe. When it is right again, they are missing since then.
func TestWhoIsMissedByAClockAheadIsMissing(t *testing.T) {
	for _, again := range []bool{false, true} {
		w := newWorld(t, nil)
		all := staff(6)
		w.people.Set(all...)
		w.sync()
		w.people.Set(all[1:]...)
		right := w.now
		w.later(100 * oneDay)
		w.runOnce()
		w.releaseAll() // the clock
		w.later(time.Hour)
		w.runOnce()
		w.now = right.Add(oneDay)
		w.runOnce()
		w.releaseAll() // the clock again
		w.later(time.Hour)
		if again { // a sighting is told late
			w.people.Set(all...)
			late, err := w.engine.PlanOne(t.Context(), "E0000")
			require.NoError(t, err)
			w.people.Set()
			w.later(time.Hour)
			w.runOnce()
			_, err = w.engine.Apply(t.Context(), late, nil)
			require.NoError(t, err)
			w.people.Set(all[1:]...)
			w.later(time.Hour)
		}
		for range 3 {
			w.runOnce()
			assert.Equal(t, target.Enabled, w.account("E0000").State)
			w.later(oneDay)
		}
		w.runOnce()
		assert.Equal(t, target.Disabled, w.account("E0000").State)
	}
}

// TestWhoIsSeenWhileARunMissesThem: a run for one person has seen them. Before it has written
// so, a run for everybody comes to its end that read the source at the same instant, or later,
// and did not have them.
func TestWhoIsSeenWhileARunMissesThem(t *testing.T) {
	for name, tt := range map[string]struct {
		missed bool // before
		after  time.Duration
	}{
		"at the same instant":              {},
		"at the same instant, and before":  {missed: true},
		"later, but they were missed then": {missed: true, after: time.Hour},
	} {
		t.Run(name, func(t *testing.T) { seenWhileMissed(t, tt.missed, tt.after) })
	}
}

func seenWhileMissed(t *testing.T, missed bool, after time.Duration) {
	w := newWorld(t, nil)
	journal := w.hook()
	all := staff(6)
	w.people.Set(all...)
	w.sync()
	if missed {
		w.people.Set(all[1:]...)
		w.later(time.Hour)
		w.runOnce()
		w.people.Set(all...)
	}
	w.later(oneDay)
	one, err := w.engine.PlanOne(t.Context(), "E0000")
	require.NoError(t, err)
	w.people.Set(append(all[1:], person("new", "Sales", "Clerk"))...)
	w.later(after)
	begun, ended, over := make(chan bool), make(chan bool), make(chan bool)
	journal.before = func(e *provision.Entry) error {
		switch {
		case e.Kind == provision.Intent && e.Action == reconcile.Create:
			go func() {
				defer close(over)
				_, err := w.engine.Apply(t.Context(), one, nil)
				assert.NoError(t, err)
			}()
			<-begun
		case e.Kind == provision.RunBegin && (e.End == nil || !e.End.Whole):
			close(begun)
			<-ended
		}
		return nil
	}
	w.runOnce()
	close(ended)
	<-over
	journal.before = nil
	w.later(50 * time.Hour)
	w.runOnce()
	assert.Equal(t, target.Enabled, w.account("E0000").State)
	w.later(23 * time.Hour)
	w.runOnce()
	expected := target.Enabled // they were not missed after they were seen until 50 hours later
	if after > 0 {
		expected = target.Disabled
	}
	assert.Equal(t, expected, w.account("E0000").State)
}

// TestWhoIsSeenBeforeTheCallKeepsTheirAccess: the account of somebody who was missing for long
// enough was looked at, to be disabled. Before the intent is durable a run for one person has
// written that they are there.
func TestWhoIsSeenBeforeTheCallKeepsTheirAccess(t *testing.T) {
	for name, under := range map[string]bool{"in a run that has ended": false, "in a run that is under way": true} {
		t.Run(name, func(t *testing.T) { seenBeforeTheCall(t, under) })
	}
}

func seenBeforeTheCall(t *testing.T, under bool) {
	w, all := missedOnce(t)
	journal := w.hook()
	ending, goOn, over := make(chan bool), make(chan bool), make(chan bool)
	journal.before = func(e *provision.Entry) error {
		switch {
		case e.Kind == provision.Intent && e.Action == reconcile.Disable:
			go func() {
				defer close(over)
				_, err := w.engine.SyncOne(t.Context(), "E0000")
				assert.NoError(t, err)
			}()
			select {
			case <-ending:
			case <-over:
			}
		case e.Kind == provision.RunEnd && e.End.Identity != "" && under:
			close(ending)
			<-goOn
		case e.Kind == provision.Happened:
			close(goOn)
		}
		return nil
	}
	w.later(3 * oneDay)
	plan := w.plan()
	require.NotEmpty(t, removals(plan))
	w.people.Set(all...)
	w.later(time.Minute)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	<-over
	journal.before = nil
	assert.Equal(t, target.Enabled, w.account("E0000").State, "%s", report)
	assert.Equal(t, 1, report.Counts()[provision.Stale], "%s", report)
	w.sync()
	assert.Equal(t, target.Enabled, w.account("E0000").State)
}
