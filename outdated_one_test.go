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

// TestALatePlanForOneForgetsNoRead: a plan for one person lay for a while, and the person
// was read since. Applying it takes nothing back of that.
func TestALatePlanForOneForgetsNoRead(t *testing.T) {
	for name, how := range map[string]string{
		"in the same process": "", "after a restart": "restart", "the target could not be read for it": "unread",
	} {
		t.Run(name, func(t *testing.T) {
			journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
			require.NoError(t, err)
			t.Cleanup(func() { _ = journal.Close() })
			w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
			ana := person("ana", "Sales", "")
			w.people.Put(ana, person("bo", "Sales", ""), person("cy", "Sales", ""))
			w.sync()
			w.later(time.Hour)
			if how == "unread" {
				w.app.FailAlways("", target.Fail(target.Permanent, errDown))
			}
			late, err := w.engine.PlanOne(t.Context(), "ana")
			require.NoError(t, err)
			w.app.Repair()
			w.later(time.Hour)
			ana.Status = source.Terminated
			w.people.Put(ana)
			whole := stored(t, w.plan())
			require.NotEmpty(t, removals(whole))
			w.later(time.Hour)
			ana.Status = source.Active // a mistake, corrected
			w.people.Put(ana)
			_, err = w.engine.SyncOne(t.Context(), "ana")
			require.NoError(t, err)
			w.later(time.Hour)
			_, err = w.engine.Apply(t.Context(), late, nil)
			require.NoError(t, err)
			if how == "restart" {
				require.NoError(t, journal.Compact(t.Context(), w.now))
				w.restart()
			}
			report, err := w.engine.Apply(t.Context(), whole, nil)
			require.NoError(t, err)
			assert.Equal(t, target.Enabled, w.account("ana").State, "%s", report)
		})
	}
}

// TestALatePlanForOneFindsNobodyWhoIsMissing: who is missing since is not there again by a
// plan in which they still were; but nor are they missing from before it.
func TestALatePlanForOneFindsNobodyWhoIsMissing(t *testing.T) {
	for name, unread := range map[string]bool{"the target was read": false, "it could not be read": true} {
		t.Run(name, func(t *testing.T) {
			journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
			require.NoError(t, err)
			t.Cleanup(func() { _ = journal.Close() })
			w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
			all := staff(6)
			w.people.Set(all...)
			w.sync()
			w.people.Set(all[1:]...)
			w.later(time.Hour)
			w.runOnce()
			w.people.Set(all...)
			w.later(time.Hour)
			if unread {
				w.app.FailAlways("", target.Fail(target.Permanent, errDown))
			}
			late, err := w.engine.PlanOne(t.Context(), all[0].ID)
			require.NoError(t, err)
			require.Equal(t, unread, len(late.Unread) > 0)
			w.app.Repair()
			w.people.Set(all[1:]...)
			w.later(oneDay)
			w.sync()
			w.later(40 * time.Hour)
			w.sync()
			require.NoError(t, journal.Compact(t.Context(), w.now.Add(1)))
			w.restart()
			_, err = w.engine.Apply(t.Context(), late, nil)
			require.NoError(t, err)
			_, err = w.engine.Apply(t.Context(), late, nil) // which is no news
			require.NoError(t, err)
			w.later(71 * time.Hour) // what counts is the last time that they were missed
			assert.Empty(t, removals(w.plan()))
			w.later(2 * time.Hour)
			assert.NotEmpty(t, removals(w.plan()))
		})
	}
}

// TestALatePlanForOneDropsNothingOwed: a handover is owed, its leaver is back for a moment,
// in which a plan for them is made, and leaves again.
func TestALatePlanForOneDropsNothingOwed(t *testing.T) {
	owes := func(p *provision.Plan) bool {
		for _, tp := range p.Targets {
			for c := range tp.All() {
				if c.Action == reconcile.Handover {
					return true
				}
			}
		}
		return false
	}
	for name, reread := range map[string]func(w *world, id string) error{
		"everybody is read": func(w *world, _ string) error { _, err := w.engine.Sync(w.t.Context()); return err },
		"they are read":     func(w *world, id string) error { _, err := w.engine.SyncOne(w.t.Context(), id); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			all := staff(6)
			all[1].Manager = source.Manager{ID: "E0002"}
			w.people.Set(all...)
			w.sync()
			gone, back := all[1], all[1]
			gone.Status, back.Status = source.Terminated, source.OnLeave
			w.people.Put(gone)
			w.later(time.Hour)
			w.app.FailAlways("Handover", target.Fail(target.Permanent, errDown))
			_, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
			require.True(t, owes(w.plan()))

			w.people.Put(back)
			w.later(25 * time.Hour) // who has left stays gone for a day
			late, err := w.engine.PlanOne(t.Context(), gone.ID)
			require.NoError(t, err)
			require.False(t, owes(late))
			w.people.Put(gone)
			w.later(time.Hour)
			require.NoError(t, reread(w, gone.ID))
			_, err = w.engine.Apply(t.Context(), late, nil)
			require.NoError(t, err)
			assert.True(t, owes(w.plan()), "what they own was not handed over")
			assert.Zero(t, w.said(provision.Dropped))
		})
	}
}

// TestALatePlanForOneTakesNothing: they were read since, alone or among all, as employed.
func TestALatePlanForOneTakesNothing(t *testing.T) {
	for name, reread := range map[string]func(w *world) error{
		"everybody was read": func(w *world) error { _, err := w.engine.Sync(w.t.Context()); return err },
		"they were read":     func(w *world) error { _, err := w.engine.SyncOne(w.t.Context(), "ana"); return err },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, nil)
			ana := person("ana", "Sales", "")
			w.people.Put(ana, person("bo", "Sales", ""), person("cy", "Sales", ""))
			w.sync()
			left := ana
			left.Status = source.Terminated
			w.people.Put(left)
			w.later(time.Hour)
			late, err := w.engine.PlanOne(t.Context(), "ana")
			require.NoError(t, err)
			require.NotEmpty(t, removals(late))
			w.people.Put(ana) // a mistake, corrected
			w.later(time.Hour)
			require.NoError(t, reread(w))
			report, err := w.engine.Apply(t.Context(), late, nil)
			require.NoError(t, err)
			assert.Equal(t, target.Enabled, w.account("ana").State, "%s", report)
			assert.NotZero(t, report.Counts()[provision.Stale])
		})
	}
}
