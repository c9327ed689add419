package provision_test

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// newWorldOf is a world whose rules say more.
func newWorldOf(t *testing.T, change func(*rules.Spec)) *world {
	t.Helper()
	spec := companyRules()
	change(&spec)
	return newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
}

func graceOf(days int) func(*rules.Spec) {
	return func(s *rules.Spec) { s.Grants[0].Grace = days }
}

func TestATimeOfGraceRunsOut(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w := newWorldOf(t, graceOf(7))
	w.config.Journal = openJournal(t, path)
	w.restart()
	ana := person("ana", "Engineering", "Engineer")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	begin := w.now
	w.sync()
	held := holdsOf(w.plan(), reconcile.InGrace)
	require.Len(t, held, 1)
	end := begin.AddDate(0, 0, 7)
	assert.Equal(t, end, held[0].Reasons[0].Until)
	assert.Equal(t, end, w.plan().Targets[0].Next)
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Contains(t, pending[0].String(), "(rule engineering)")

	// Another process, other rules, and an approval: all that counts is time.
	w.now = w.now.AddDate(0, 0, 3)
	require.NoError(t, desk(w).Approve(t.Context(), held[0].Change.ID, provision.Decision{Actor: "cfo"}))
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Close())
	w.config.Journal = openJournal(t, path)
	spec := companyRules()
	graceOf(7)(&spec)
	spec.Name = "acme again"
	w.config.Rules = build(t, spec)
	w.restart()
	for range 3 {
		report, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
		again := holdsOf(report.Plan, reconcile.InGrace)
		require.Len(t, again, 1)
		assert.NotEqual(t, held[0].Change.ID, again[0].Change.ID, "other rules, another change")
		assert.Equal(t, end, again[0].Reasons[0].Until)
	}
	w.sync()
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.Equal(t, begin, pending[0].Since)

	w.now = end.Add(-time.Second)
	w.sync()
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)

	// Over, but the target fails for a day: that is no new time of grace.
	w.now = end
	w.app.FailAlways("Revoke", &target.Error{Class: target.Permanent, Err: errors.New("down")})
	report, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, report.Err(), "down")
	w.app.Repair()
	w.now = w.now.AddDate(0, 0, 1)
	w.restart()
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending)

	// Who gets it back and loses it again has the whole time again.
	ana.Department = source.Named("Engineering")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 1)
	w.sync()
	assert.Equal(t, w.now.AddDate(0, 0, 7), holdsOf(w.plan(), reconcile.InGrace)[0].Reasons[0].Until)
}

// Who regains an entitlement while a revoke that was due keeps failing, has the whole
// time of grace when they lose it again.
func TestGraceBeginsAnewAfterItWasGivenAgain(t *testing.T) {
	w := newWorldOf(t, graceOf(2))
	ana := person("ana", "Engineering", "")
	in := func(department string) {
		ana.Department = source.Named(department)
		w.people.Set(ana)
		w.now = w.now.AddDate(0, 0, 3)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
	}
	in("Engineering")
	in("Legal")
	w.app.FailAlways("Revoke", &target.Error{Class: target.Permanent, Err: errors.New("down")})
	in("Legal")
	in("Engineering")
	w.app.Repair()
	in("Legal")
	assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
	in("Legal")
	assert.Empty(t, w.account("ana").Entitlements)
}

func TestALeaverHasNoGrace(t *testing.T) {
	w := newWorldOf(t, graceOf(30))
	ana := person("ana", "Engineering", "")
	w.people.Set(ana)
	w.sync()
	ana.Department = source.Named("Legal")
	w.people.Set(ana)
	w.sync()
	ana.Status = source.Terminated
	w.people.Set(ana)
	w.sync()
	assert.Empty(t, w.account("ana").Entitlements)
}

// Only a rule that gives it again ends a time of grace, not that nobody could tell
// for a while.
func TestGraceGoesOnWhileNobodyCanTell(t *testing.T) {
	unsure := func(w *world, ana *source.Identity) {
		ana.Department = source.Named("")
		w.people.Set(append(staff(20), *ana)...)
	}
	for name, between := range map[string]func(*world, *source.Identity){
		"undecided": unsure,
		"no account rule": func(w *world, ana *source.Identity) {
			ana.Status = source.Unknown
			unsure(w, ana)
		},
		"missing": func(w *world, _ *source.Identity) { w.people.Set(staff(20)...) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOf(t, graceOf(7))
			ana := person("ana", "Engineering", "")
			in := func(department string) {
				ana.Department, ana.Status = source.Named(department), source.Active
				w.people.Set(append(staff(20), ana)...)
				w.now = w.now.AddDate(0, 0, 1)
				w.sync()
			}
			in("Engineering")
			in("Legal")
			until := w.now.AddDate(0, 0, 7)
			for range 2 {
				w.now = w.now.AddDate(0, 0, 1)
				between(w, &ana)
				w.sync()
				for _, h := range w.plan().Targets[0].Holds {
					assert.NotEqual(t, reconcile.Revoke, h.Change.Action)
				}
				_, err := w.engine.SyncOne(t.Context(), "E0001")
				require.NoError(t, err)
			}
			w.restart()
			in("Legal")
			held := holdsOf(w.plan(), reconcile.InGrace)
			require.Len(t, held, 1)
			assert.Equal(t, until, held[0].Reasons[0].Until)

			in("Engineering")
			pending, err := desk(w).Pending(t.Context())
			require.NoError(t, err)
			assert.Empty(t, pending)
			in("Legal")
			assert.Equal(t, w.now.AddDate(0, 0, 7), holdsOf(w.plan(), reconcile.InGrace)[0].Reasons[0].Until)
		})
	}
	t.Run("for one person", func(t *testing.T) {
		w := newWorldOf(t, graceOf(7))
		ana := person("ana", "Engineering", "")
		one := func(department string) *provision.Plan {
			ana.Department = source.Named(department)
			w.people.Set(ana)
			w.now = w.now.AddDate(0, 0, 1)
			report, err := w.engine.SyncOne(t.Context(), "ana")
			require.NoError(t, err)
			return report.Plan
		}
		one("Engineering")
		until := holdsOf(one("Legal"), reconcile.InGrace)[0].Reasons[0].Until
		one("")
		assert.Equal(t, until, holdsOf(one("Legal"), reconcile.InGrace)[0].Reasons[0].Until)

		// Somebody else took it meanwhile: it is lost, and there is nothing to count.
		one("")
		a := w.account("ana")
		a.Entitlements = nil
		w.app.Put(a)
		one("")
		pending, err := desk(w).Pending(t.Context())
		require.NoError(t, err)
		assert.Empty(t, pending)
	})
}

// What was held because its person had left is no time of grace: should they stay after
// all, in another department, it begins then.
func TestGraceDoesNotCountFromADeparture(t *testing.T) {
	w := newWorldOf(t, graceOf(7))
	w.config.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Disable, By: "somebody"}}
	w.restart()
	ana := person("ana", "Engineering", "")
	w.people.Set(ana)
	w.sync()
	ana.LastDay = day(2026, 3, 1)
	w.people.Set(ana)
	w.now = w.now.AddDate(0, 0, 2)
	w.run()
	require.NotEmpty(t, holdsOf(w.plan(), reconcile.NeedsApproval), "the disable, and what comes after it")
	w.now = w.now.AddDate(0, 0, 10)
	ana.LastDay, ana.Department = source.Date{}, source.Named("Legal")
	w.people.Set(ana)
	held := holdsOf(w.plan(), reconcile.InGrace)
	require.Len(t, held, 1)
	assert.Equal(t, w.now.AddDate(0, 0, 7), held[0].Reasons[0].Until)
}

// A plan from before somebody had it back does not begin their time of grace: applied
// late, it knows nothing of what a run has read since.
func TestAnOldPlanBeginsNoTimeOfGrace(t *testing.T) {
	t.Parallel()
	for _, alone := range []bool{false, true} { // who has seen that they have it back
		w := newWorldOf(t, graceOf(2))
		ana, legal := person("ana", "Engineering", "Engineer"), person("ana", "Legal", "Engineer")
		w.people.Set(ana)
		w.sync()
		w.people.Set(legal)
		w.now = w.now.Add(12 * time.Hour)
		old := w.plan()
		require.Len(t, holdsOf(old, reconcile.InGrace), 1)
		w.people.Set(ana)
		w.now = w.now.Add(12 * time.Hour)
		if alone {
			_, err := w.engine.SyncOne(t.Context(), "ana")
			require.NoError(t, err)
		} else {
			w.sync()
		}
		w.now = w.now.Add(12 * time.Hour)
		_, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		pending, err := desk(w).Pending(t.Context())
		require.NoError(t, err)
		assert.Empty(t, pending)

		w.people.Set(legal)
		w.now = w.now.Add(12 * time.Hour)
		w.sync()
		until := w.now.AddDate(0, 0, 2)
		w.now = until.Add(-time.Second)
		w.sync()
		assert.Equal(t, []target.Entitlement{group("engineering")}, w.account("ana").Entitlements)
		w.now = until
		w.sync()
		assert.Empty(t, w.account("ana").Entitlements)
	}
}
