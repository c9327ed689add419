package provision_test

import (
	"context"
	"errors"
	"iter"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// Somebody was missing for long enough, a plan says so, and then a run finds them in the
// source: that plan proves nothing any more, whatever the clock resolves.
func TestAPlanIsOlderThanARunThatFinds(t *testing.T) {
	for name, c := range map[string]struct {
		found string // what comes in between
		after time.Duration
		state target.State
	}{
		"nobody looked":                          {state: target.Disabled},
		"alone, at the same instant":             {found: "one", state: target.Enabled},
		"alone, a minute later":                  {found: "one", after: time.Minute, state: target.Enabled},
		"among all, at the same instant":         {found: "all", state: target.Enabled},
		"among all, a minute later":              {found: "all", after: time.Minute, state: target.Enabled},
		"by a run that is killed, at once":       {found: "killed", state: target.Enabled},
		"alone, the target cannot be read":       {found: "one, unread", after: time.Minute, state: target.Enabled},
		"among all, the target cannot be read":   {found: "all, unread", after: time.Minute, state: target.Enabled},
		"at the same instant, it cannot be read": {found: "all, unread", state: target.Enabled},
	} {
		t.Run(name, func(t *testing.T) {
			errDown := target.Fail(target.Permanent, errors.New("down"))
			w := newWorld(t, nil)
			all := staff(6)
			w.people.Set(all...)
			w.sync()
			w.people.Set(all[1:]...)
			w.now = w.now.Add(24 * time.Hour)
			w.sync()
			w.now = w.now.Add(80 * time.Hour)
			plan := w.plan()
			require.NotEmpty(t, removals(plan))
			w.people.Set(all...)
			w.now = w.now.Add(c.after)
			switch c.found {
			case "one":
				_, err := w.engine.SyncOne(t.Context(), all[0].ID)
				require.NoError(t, err)
			case "all":
				_, err := w.engine.Sync(t.Context())
				require.NoError(t, err)
			case "one, unread":
				w.app.FailAlways("", errDown)
				report, err := w.engine.SyncOne(t.Context(), all[0].ID)
				require.NoError(t, err)
				require.Len(t, report.Unread, 1)
			case "all, unread":
				w.app.FailAlways("", errDown)
				report, err := w.engine.Sync(t.Context())
				require.NoError(t, err)
				require.Len(t, report.Unread, 1)
			case "killed":
				w.killed()
			}
			w.app.Repair()
			w.now = w.now.Add(2 * time.Minute) // whoever was killed has no lease any more
			w.restart()
			report, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			assert.Equal(t, c.state, w.account(all[0].ID).State, "%s", report)
			assert.Equal(t, c.found != "", report.Counts()[provision.Stale] > 0)
		})
	}
}

// TestARunThatComesToNothing: what it has read of the source counts all the same.
func TestARunThatComesToNothing(t *testing.T) {
	for name, sync := range map[string]func(w *world){
		"the target cannot be read": func(w *world) {
			w.app.FailNext("Accounts", target.Fail(target.Permanent, errors.New("down"))) //nolint:err113 // any
			report, err := w.engine.Sync(w.t.Context())
			require.NoError(w.t, err)
			require.Len(w.t, report.Unread, 1)
		},
		"the process is killed": func(w *world) { w.killed() },
	} {
		t.Run(name, func(t *testing.T) {
			journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
			require.NoError(t, err)
			t.Cleanup(func() { _ = journal.Close() })
			w := newWorld(t, func(c *provision.Config) { c.Journal, c.Policy.Gap = journal, -1 })
			all := staff(6)
			w.people.Set(all...)
			w.sync()
			moves, goes := all[0], all[1]
			w.people.Remove(goes.ID)
			w.now = w.now.Add(oneDay)
			w.runOnce()
			moves.Department = source.Named("Finance")
			w.people.Put(moves)
			w.now = w.now.Add(10 * oneDay)
			old := w.plan()
			require.Len(t, removals(old), 2, "%s", old)

			// Both are as they were.
			w.people.Set(all...)
			w.now = w.now.Add(time.Hour)
			sync(w)
			w.now = w.now.Add(time.Hour)
			require.NoError(t, journal.Compact(t.Context(), w.now))
			w.restart()
			report, err := w.engine.Apply(t.Context(), old, nil)
			require.NoError(t, err)
			assert.Equal(t, 2, report.Counts()[provision.Stale], "%s", report)

			w.people.Remove(goes.ID)
			w.now = w.now.Add(time.Hour)
			assert.Empty(t, removals(w.plan()), "the absence begins anew")
			w.runOnce()
			assert.Empty(t, removals(w.plan()), "the absence begins anew")
		})
	}
}

// killed is a run whose process dies at its first call.
func (w *world) killed() {
	w.t.Helper()
	journal := w.config.Journal
	ctx, kill := context.WithCancel(w.t.Context())
	w.people.Put(person("N1", "Sales", "Clerk"))
	w.config.Journal = killing{journal, kill}
	w.restart()
	_, _ = w.engine.Sync(ctx)
	w.config.Journal = journal
}

// killing is a journal whose process dies at the first call on a target.
type killing struct {
	provision.Journal
	kill func()
}

func (k killing) Append(ctx context.Context, entries ...provision.Entry) error {
	for _, e := range entries {
		if e.Kind == provision.Intent || e.Kind == provision.RunEnd {
			k.kill()
			return errors.New("killed") //nolint:err113 // the process is gone
		}
	}
	return k.Journal.Append(ctx, entries...)
}

// TestACreateInDoubtIsNotMadeAgainBesideIt: a run for one person has made an account and
// does not know it yet, and a run for everybody that was planned before comes to the same
// person. Where the target can be asked it is asked, and else nothing is made.
func TestACreateInDoubtIsNotMadeAgainBesideIt(t *testing.T) {
	for name, ask := range map[string]bool{"it can be asked": true, "it cannot": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				app := forgiving(true, ask)
				w := newWorld(t, func(c *provision.Config) {
					c.Targets, c.Retry = []target.Target{app}, provision.Retry{Base: time.Minute, Max: time.Minute}
				})
				w.people.Put(person("N1", "Sales", "Clerk"))
				plan := w.plan()
				app.Inject(memtarget.Fault{Method: "Create", Times: 1, AfterCommit: true})
				var one sync.WaitGroup
				one.Go(func() {
					_, err := w.engine.SyncOne(t.Context(), "N1")
					assert.NoError(t, err)
				})
				synctest.Wait()
				require.Len(t, app.All(), 1, "the answer is lost, and nobody has looked yet")
				report, err := w.engine.Apply(t.Context(), plan, nil)
				require.NoError(t, err)
				one.Wait()
				assert.Len(t, app.All(), 1, "%s", report)
			})
		})
	}
}

// whileMaking is a target that does something else before its first create.
type whileMaking struct {
	target.Target
	then func()
}

func (m *whileMaking) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if then := m.then; then != nil {
		m.then = nil
		then()
	}
	return m.Target.Create(ctx, req)
}

// TestACreateInDoubtOfARunUnderWay: the same, when the run for everybody is at work already.
func TestACreateInDoubtOfARunUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		app := forgiving(true, false)
		both := &whileMaking{Target: app}
		w := newWorld(t, func(c *provision.Config) {
			c.Targets, c.Concurrency = []target.Target{both}, 1
			c.Retry = provision.Retry{Base: time.Minute, Max: time.Minute}
		})
		w.people.Put(person("N0", "Sales", "Clerk"), person("N1", "Sales", "Clerk"))
		var one sync.WaitGroup
		both.then = func() {
			app.Inject(memtarget.Fault{Method: "Create", Key: target.Key{Identity: "N1"}, Times: 1, AfterCommit: true})
			one.Go(func() {
				_, err := w.engine.SyncOne(t.Context(), "N1")
				assert.NoError(t, err)
			})
			synctest.Wait()
			require.Len(t, app.All(), 1, "the answer is lost, and nobody has looked yet")
		}
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		one.Wait()
		assert.Len(t, app.All(), 2, "%s", report)
	})
}

// during is a source of which somebody is read alone while it is read as a whole.
type during struct {
	*memsource.Source
	then func()
}

func (d *during) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		for p, err := range d.Source.Identities(ctx) {
			if !yield(p, err) {
				return
			}
		}
		if then := d.then; then != nil {
			d.then = nil
			then()
		}
	}
}

// TestAPersonIsReadWhileEverybodyIs: a long read has the old row of somebody whom a run for
// just them has read since, and that run is believed.
func TestAPersonIsReadWhileEverybodyIs(t *testing.T) {
	for name, after := range map[string]time.Duration{"at the same instant": 0, "a minute later": time.Minute} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			people := &during{Source: w.people}
			w.config.Source = people
			w.restart()
			all := staff(6)
			w.people.Set(all...)
			w.sync()
			w.later(oneDay)
			left := all[2]
			left.Status = source.Terminated
			w.people.Put(left)
			people.then = func() {
				w.now = w.now.Add(after)
				w.people.Put(all[2]) // it was a slip of the pen
				for _, id := range []string{left.ID, all[3].ID} {
					_, err := w.engine.SyncOne(t.Context(), id)
					assert.NoError(t, err)
				}
			}
			report, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
			assert.Positive(t, report.Counts()[provision.Stale], "%s", report)
			assert.Equal(t, target.Enabled, w.account(left.ID).State)
		})
	}
}

// TestAPersonIsReadWhileARunWaits: a run for everybody has begun, and what it would take
// from somebody waits for its turn, when a run for just them reads that they are employed.
func TestAPersonIsReadWhileARunWaits(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Concurrency = 1 })
	all := staff(8)
	w.people.Set(all...)
	w.sync()
	w.later(oneDay)
	for i := range 2 {
		left := all[i]
		left.Status = source.Terminated
		w.people.Put(left)
	}
	first := true
	w.config.OnProgress = func(provision.Progress) {
		if !first {
			return
		}
		first = false
		w.people.Put(all[1]) // it was a slip of the pen
		_, err := w.engine.SyncOne(t.Context(), all[1].ID)
		assert.NoError(t, err)
	}
	w.restart()
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	assert.False(t, first)
	assert.Equal(t, target.Disabled, w.account(all[0].ID).State)
	assert.Equal(t, target.Enabled, w.account(all[1].ID).State, "%s", report)
}

// A plan for one person is older than a run that has read everybody since.
func TestAPersonsPlanIsOlderThanARunForEverybody(t *testing.T) {
	for _, since := range []time.Duration{0, time.Hour, -4 * oneDay} { // the last by a clock that nobody believes
		w := newWorld(t, nil)
		everybody := staff(30)
		w.people.Set(everybody...)
		w.sync()
		w.later(3 * oneDay)
		w.leave(1)
		plan, err := w.engine.PlanOne(t.Context(), "E0001")
		require.NoError(t, err)
		require.NotEmpty(t, removals(plan))
		file := stored(t, plan)
		everybody[1].Status = source.Active
		w.people.Set(everybody...)
		w.now = w.now.Add(since)
		w.runOnce()
		w.now = w.now.Add(-since)
		w.later(time.Hour)
		report, err := w.engine.Apply(t.Context(), file, nil)
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, w.account("E0001").State, "%s: %s", since, report)
		assert.Positive(t, report.Counts()[provision.Stale])
	}
}
