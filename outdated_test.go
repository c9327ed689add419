package provision_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// forgiving is a target on which nothing but the key tells accounts apart, so a
// second create succeeds.
func forgiving(keys, findKey bool) *memtarget.Target {
	can := memtarget.Everything()
	can.Keys, can.FindKey, can.SetKey, can.IdempotentCreate = keys, findKey, keys, false
	for i := range can.Attributes {
		can.Attributes[i].Unique = false
	}
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	return app
}

func stored(t *testing.T, plan *provision.Plan) *provision.Plan {
	t.Helper()
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	var again provision.Plan
	require.NoError(t, json.Unmarshal(text, &again))
	return &again
}

func TestPlansThatOverlapMakeOneAccount(t *testing.T) {
	for _, keys := range []bool{true, false} {
		for _, asFile := range []bool{true, false} {
			t.Run(fmt.Sprintf("keys %v, stored %v", keys, asFile), func(t *testing.T) {
				app := forgiving(keys, keys)
				w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
				w.people.Put(person("N1", "Sales", "Clerk"))
				first := w.plan()
				w.people.Put(person("N1", "Sales", "Chief"))
				second := w.plan()
				one, err := w.engine.PlanOne(t.Context(), "N1")
				require.NoError(t, err)
				for _, plan := range []*provision.Plan{first, second, one, first} {
					if asFile {
						plan = stored(t, plan)
					}
					_, err := w.engine.Apply(t.Context(), plan, nil)
					require.NoError(t, err)
				}
				assert.Len(t, app.All(), 1)
			})
		}
	}
	t.Run("one plan twice at once", func(t *testing.T) {
		app := forgiving(true, false)
		w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
		w.people.Put(person("N1", "Sales", "Clerk"))
		plan, err := w.engine.PlanOne(t.Context(), "N1")
		require.NoError(t, err)
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				_, err := w.engine.Apply(t.Context(), plan, nil)
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.Len(t, app.All(), 1)
	})
	t.Run("one target twice in a plan", func(t *testing.T) {
		w := newWorld(t, nil)
		w.people.Put(person("N1", "Sales", "Clerk"))
		plan := w.plan()
		plan.Targets = append(plan.Targets, plan.Targets[0])
		_, err := w.engine.Apply(t.Context(), plan, nil)
		require.ErrorIs(t, err, provision.ErrUnknownTarget)
	})
}

// What is held, or owed, since a plan was made stays so when that plan is applied.
func TestAnOldPlanTakesNothingOffTheDesk(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(6)...)
	w.sync()
	old := w.plan()
	w.now = w.now.Add(time.Hour)
	w.people.Put(person("E0001", "Sales", "Treasurer"))
	w.runOnce()
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	_, err = w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	again, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Equal(t, pending, again)
}

// A handover is owed, its leaver is back for a moment, in which a plan is made, and leaves
// again: that plan does not drop what is owed.
func TestAnOldPlanDropsNothingOwed(t *testing.T) {
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
	w := newWorld(t, nil)
	all := staff(6)
	all[1].Manager = source.Manager{ID: "E0002"}
	w.people.Set(all...)
	w.sync()
	gone := all[1]
	gone.Status = source.Terminated
	w.people.Put(gone)
	w.now = w.now.Add(time.Hour)
	w.app.FailAlways("Handover", target.Fail(target.Permanent, errDown))
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.True(t, owes(w.plan()))

	back := all[1]
	back.Status = source.OnLeave // who works has to be let in first
	w.people.Put(back)
	w.now = w.now.Add(time.Hour)
	old := w.plan()
	require.False(t, owes(old))
	require.Contains(t, old.String(), "no longer owed")
	w.people.Put(gone)
	w.now = w.now.Add(time.Hour)
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.True(t, owes(w.plan()))
	_, err = w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.True(t, owes(w.plan()))
	assert.Zero(t, w.said(provision.Dropped))
}

// Who is missing since is not there again by a plan in which they still were.
func TestAnOldPlanFindsNobodyWhoIsMissing(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Policy.Gap = -1 })
	everybody := staff(12)
	w.people.Set(everybody...)
	w.sync()
	w.pass(oneDay)
	old := w.plan()
	w.pass(oneDay)
	w.people.Set(everybody[1:]...)
	w.run()
	_, err := w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.Equal(t, target.Enabled, w.account("E0000").State)
	w.pass(4 * oneDay)
	w.run()
	assert.Equal(t, target.Disabled, w.account("E0000").State, "missing for four days")
}

// What a plan doubted that is older than the last whole run is not put on the desk by
// applying it, nor is what is doubted today taken off: a release is about today.
func TestAnOldPlanSaysNothingOfToday(t *testing.T) {
	alarms := func(w *world) []provision.Alarm {
		found, err := provision.NewDesk(w.config.Journal).Alarms(t.Context())
		require.NoError(t, err)
		return found
	}
	t.Run("its doubts", func(t *testing.T) {
		w := newWorld(t, nil)
		w.people.Set(staff(6)...)
		w.sync()
		right := w.now
		w.now = right.Add(-5 * time.Hour)
		old := w.plan()
		w.now = right.Add(time.Hour)
		w.sync()
		_, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Empty(t, alarms(w))
	})
	t.Run("that it had none", func(t *testing.T) {
		w := newWorld(t, func(c *provision.Config) { c.Policy.Absence.Sentinels = []string{"E0000"} })
		w.people.Set(staff(6)...)
		w.sync()
		old := w.plan()
		w.now = w.now.Add(time.Hour)
		w.people.Set(staff(6)[1:]...)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.Len(t, alarms(w), 1)
		_, err = w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Len(t, alarms(w), 1)
	})
}

func TestAnOldPlanDoesNoHarm(t *testing.T) {
	t.Run("it does not drop what is owed since", func(t *testing.T) {
		w := newWorld(t, nil)
		ana := person("ana", "Sales", "")
		leave := func() {
			ana.Status = source.Terminated
			w.people.Put(ana)
			w.app.FailNext("EndSessions", &target.Error{Class: target.Permanent, Err: errors.New("down")})
			_, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
		}
		w.people.Put(ana)
		w.sync()
		leave()
		ana.Status = source.Active
		w.people.Put(ana)
		w.now = w.now.Add(time.Hour)
		old := w.plan() // says that nothing is owed any more
		w.now = w.now.Add(time.Hour)
		w.sync()
		leave()
		_, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Contains(t, removals(w.plan()), "end-sessions ana")
	})
	t.Run("it removes nobody after a newer read", func(t *testing.T) {
		w := newWorld(t, nil)
		ana := person("ana", "Sales", "")
		w.people.Put(ana, person("bo", "Sales", ""))
		w.sync()
		ana.Status = source.Terminated
		w.people.Put(ana)
		w.now = w.now.Add(time.Hour)
		old := stored(t, w.plan())
		ana.Status = source.Active // a mistake, corrected
		w.people.Put(ana)
		w.now = w.now.Add(time.Hour)
		w.sync()
		report, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.NotZero(t, report.Counts()[provision.Stale])
		assert.Equal(t, target.Enabled, w.account("ana").State)
	})
	t.Run("it removes nobody who was read alone since", func(t *testing.T) {
		w := newWorld(t, nil)
		ana, bo := person("ana", "Sales", ""), person("bo", "Sales", "")
		w.people.Put(ana, bo, person("cy", "Sales", ""))
		w.sync()
		ana.Status, bo.Status = source.Terminated, source.Terminated
		w.people.Put(ana, bo)
		w.now = w.now.Add(time.Hour)
		old := stored(t, w.plan())
		ana.Status = source.Active // a mistake, corrected: there is nothing to do for her
		w.people.Put(ana)
		w.now = w.now.Add(time.Hour)
		_, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
		w.restart()
		_, err = w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, w.account("ana").State)
		assert.Equal(t, target.Disabled, w.account("bo").State, "nobody has read him since")
	})
	t.Run("it obeys the policy of today", func(t *testing.T) {
		w := newWorld(t, nil)
		ana := person("ana", "Sales", "")
		w.people.Put(ana)
		w.sync()
		ana.Status = source.Terminated
		w.people.Put(ana)
		old := stored(t, w.plan())
		w.config.Policy.Protect = []string{"ana"}
		w.restart()
		_, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, w.account("ana").State)
		w.config.Policy.Mode = reconcile.Observe
		w.restart()
		_, err = w.engine.Apply(t.Context(), old, nil)
		require.ErrorIs(t, err, provision.ErrOtherPolicy)
	})
}

func TestTheDeskKeepsUpWithTheReasons(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
	})
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	w.people.Set(everybody[5:]...)
	w.now = w.now.Add(time.Hour)
	sync := func() []provision.Pending {
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		pending, err := desk(w).Pending(t.Context())
		require.NoError(t, err)
		require.Len(t, pending, 5)
		return pending
	}
	waiting := sync()[0]
	assert.Empty(t, waiting.Guarded)
	require.ErrorIs(t, desk(w).Release(t.Context(), waiting.Plan, provision.Decision{Actor: "coo"}), provision.ErrNotPending,
		"nothing is guarded yet, so nothing can be released")
	w.now = w.now.AddDate(0, 0, 4)
	guarded := sync()[0]
	assert.Equal(t, reconcile.Guarded, guarded.Hold.Reasons[0].Kind)
	require.NoError(t, desk(w).Release(t.Context(), guarded.Guarded, provision.Decision{Actor: "coo"}))
	w.sync()
	assert.Equal(t, target.Disabled, w.account("E0000").State)
}

// confused answers creates with somebody else's account.
type confused struct {
	*memtarget.Target
	answer target.Account
}

func (c *confused) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	if req.Key.Identity == "new" {
		return c.answer, nil
	}
	return c.Target.Create(ctx, req)
}

func TestSomebodyElsesAccountIsNotTouched(t *testing.T) {
	for _, keys := range []bool{true, false} {
		app := &confused{Target: forgiving(keys, keys)}
		w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
		w.people.Set(person("victim", "Sales", ""))
		w.sync()
		app.answer = app.All()[0]
		w.people.Put(person("new", "Engineering", ""))
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.ErrorContains(t, report.Err(), "another account")
		assert.Equal(t, 1, report.Counts()[provision.Unconfirmed])
		assert.Equal(t, []target.Entitlement{group("sales")}, app.All()[0].Entitlements)
	}
}

// rude panics where it is read.
type rude struct{ *memtarget.Target }

func (rude) Capabilities() target.Capabilities { return memtarget.Everything() }

func (rude) Find(context.Context, target.Find) ([]target.Account, error) { panic("no") }

func TestATargetThatPanicsIsOneThatCannotBeRead(t *testing.T) {
	app := memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, c memtarget.Call) {
		if c.Method == "Accounts" {
			panic("no")
		}
	}})
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{rude{app}} })
	w.people.Put(person("ana", "Sales", ""))
	assert.Len(t, w.plan().Unread, 1)
	one, err := w.engine.PlanOne(t.Context(), "ana")
	require.NoError(t, err)
	assert.Len(t, one.Unread, 1)
}

func TestWaitingForOnePersonEndsWithTheContext(t *testing.T) {
	block, entered := make(chan struct{}), make(chan struct{}, 9)
	app := memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, c memtarget.Call) {
		if c.Method == "Find" {
			entered <- struct{}{}
			<-block
		}
	}})
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	w.people.Put(person("ana", "Sales", ""))
	var all sync.WaitGroup
	all.Go(func() { _, _ = w.engine.SyncOne(context.Background(), "ana") })
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := w.engine.SyncOne(ctx, "ana")
	require.ErrorIs(t, err, context.Canceled)
	close(block)
	all.Wait()
}

func TestAJournalThatWasReplacedIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent}))
	require.NoError(t, os.Rename(path, path+".old"))
	require.Error(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent}))
	require.NoError(t, os.WriteFile(path, nil, 0o600))
	require.ErrorContains(t, j.Append(t.Context(), provision.Entry{Kind: provision.Intent}), "another file")
}

func TestAWrongYearDoesNotDelete(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "")
	w.people.Put(ana, person("bo", "Sales", ""))
	w.sync()
	w.now = w.now.AddDate(0, 0, 1)
	ana.LastDay = day(2025, 3, 31) // 2026 was meant; accounts are deleted after 30 days
	w.people.Put(ana)
	w.sync()
	w.now = w.now.Add(time.Hour)
	w.sync()
	assert.Equal(t, target.Disabled, w.account("ana").State)
	ana.LastDay = day(2026, 3, 31)
	w.people.Put(ana)
	w.sync()
	assert.Equal(t, target.Enabled, w.account("ana").State)
}

// Of a list and a read of one person at one instant nobody knows which came first, so
// the list does not count against whom the other one found.
func TestSeenAtTheInstantOfAList(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Put(staff(12)...)
	w.sync()
	w.now = w.now.Add(24 * time.Hour)
	report, err := w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	w.people.Remove("E0003")
	w.sync()
	w.now = w.now.Add(96 * time.Hour) // more than the grace
	w.sync()
	require.Equal(t, target.Enabled, w.account("E0003").State, "one list is no proof")
	for range 4 {
		w.now = w.now.Add(24 * time.Hour)
		w.sync()
	}
	require.Equal(t, target.Disabled, w.account("E0003").State, "and later ones are")
}

// A run that finds somebody again and dies before it ends makes older plans old for
// them all the same.
func TestSeenByARunThatDied(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Put(staff(12)...)
	w.sync()
	w.people.Remove("E0003")
	for range 3 {
		w.now = w.now.Add(25 * time.Hour)
		w.sync()
	}
	w.now = w.now.Add(25 * time.Hour)
	stored := w.plan()
	require.NotEmpty(t, removals(stored), "the absence is proved:\n%s", stored)

	w.people.Put(staff(12)[3])
	w.now = w.now.Add(time.Hour)
	// The run that finds them dies behind its first lines in the journal.
	journal := w.config.Journal
	dying := &onceSeen{Journal: journal}
	w.config.Journal = dying
	w.restart()
	_, _ = w.engine.Sync(t.Context()) // what it says nobody hears
	require.True(t, dying.dead)
	w.config.Journal = journal
	w.now = w.now.Add(2 * time.Minute) // the lease is over
	w.restart()

	report, err := w.engine.Apply(t.Context(), stored, nil)
	require.NoError(t, err)
	require.Equal(t, target.Enabled, w.account("E0003").State, "%s", report)
}

// onceSeen takes nothing more once somebody was seen again.
type onceSeen struct {
	provision.Journal

	dead bool
}

func (j *onceSeen) Append(ctx context.Context, entries ...provision.Entry) error {
	if j.dead {
		return errors.New("killed")
	}
	err := j.Journal.Append(ctx, entries...)
	for _, e := range entries {
		j.dead = j.dead || e.Kind == provision.Seen
	}
	return err
}
