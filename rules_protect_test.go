package provision_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestRehiresAreAskedAbout(t *testing.T) {
	w := newWorldOf(t, func(s *rules.Spec) {
		s.Targets[0].Lifecycle.Rehire = rules.Rehire{Within: 5}
		s.Targets[0].Lifecycle.DeleteAfter = 0
	})
	ana := person("ana", "Sales", "")
	come := func(days int, status source.Status) {
		w.now = w.now.AddDate(0, 0, days)
		if ana.Status = status; status == source.Active {
			ana.HireDate = source.DateOf(w.now)
		}
		w.people.Set(ana)
		w.sync()
	}
	come(0, source.Active)
	come(1, source.Terminated)
	come(5, source.Active)
	assert.Equal(t, target.Enabled, w.account("ana").State)
	come(1, source.Terminated)
	come(6, source.Active)
	assert.Equal(t, target.Disabled, w.account("ana").State)
	held := holdsOf(w.plan(), reconcile.NeedsApproval)
	require.Len(t, held, 1)
	assert.Contains(t, held[0].Reasons[0].Text, "more than 5 days ago (rule lifecycle.app)")
	require.NoError(t, desk(w).Approve(t.Context(), held[0].Change.ID, provision.Decision{Actor: "hr"}))
	w.sync()
	assert.Equal(t, target.Enabled, w.account("ana").State)
}

func TestRulesProtect(t *testing.T) {
	protecting := func(cond rules.Cond, who ...string) func(*rules.Spec) {
		return func(s *rules.Spec) { s.Protect = []rules.Protection{{ID: "glass", Who: who, When: cond}} }
	}
	t.Run("by name, also who is not listed", func(t *testing.T) {
		w := newWorldOf(t, protecting(rules.Cond{}, "root"))
		root := person("root", "Sales", "")
		w.people.Set(append(staff(20), root)...)
		w.sync()
		root.Status = source.Terminated
		w.people.Put(root)
		w.sync()
		for range 3 {
			w.now = w.now.AddDate(0, 0, 4)
			w.people.Set(staff(20)...)
			w.sync()
		}
		assert.Equal(t, target.Enabled, w.account("root").State)
		assert.Equal(t, []target.Entitlement{group("sales")}, w.account("root").Entitlements)
		assert.Contains(t, w.plan().String(), "protected by the rules")
	})
	t.Run("by condition, also at the time of an old plan", func(t *testing.T) {
		w := newWorldOf(t, protecting(rules.JobTitle.Is("Keeper")))
		ana := person("ana", "Sales", "Clerk")
		w.people.Set(ana)
		w.sync()
		ana.Status = source.Terminated
		w.people.Set(ana)
		old := stored(t, w.plan())
		ana.JobTitle = "Keeper"
		w.people.Set(ana)
		one, err := w.engine.PlanOne(t.Context(), "ana")
		require.NoError(t, err)
		assert.Contains(t, one.String(), "protected by the rules")
		report, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.NotZero(t, report.Counts()[provision.Stale])
		assert.Equal(t, target.Enabled, w.account("ana").State)
		ana.JobTitle = "Clerk"
		w.people.Set(ana)
		w.sync()
		assert.Equal(t, target.Disabled, w.account("ana").State)
	})
}

// Whom a condition protected is protected while the source does not list them: only
// a decision about them, or other rules, say otherwise.
func TestProtectionOutlastsTheSource(t *testing.T) {
	keepers := func(s *rules.Spec) {
		s.Protect = []rules.Protection{{ID: "glass", When: rules.JobTitle.Is("Keeper")}, {ID: "other", When: rules.JobTitle.Is("Other")}}
	}
	begin := func(t *testing.T) (*world, *source.Identity) {
		w := newWorldOf(t, keepers)
		w.config.Journal = openJournal(t, filepath.Join(t.TempDir(), "journal"))
		w.restart()
		ana := person("ana", "Sales", "Keeper")
		w.people.Set(append(staff(20), ana)...)
		w.sync()
		return w, &ana
	}
	vanish := func(w *world) target.State {
		for range 4 {
			w.now = w.now.AddDate(0, 0, 4)
			w.people.Set(staff(20)...)
			w.sync()
		}
		return w.account("ana").State
	}
	t.Run("absent", func(t *testing.T) {
		w, _ := begin(t)
		assert.Equal(t, target.Enabled, vanish(w))
		assert.Contains(t, w.plan().String(), "protected by the rules")
		w.restart()
		assert.Equal(t, target.Enabled, vanish(w))
		plan := stored(t, w.plan())
		_, err := w.engine.Apply(t.Context(), plan, nil)
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, vanish(w))
	})
	t.Run("known to a plan for one person", func(t *testing.T) {
		w, ana := begin(t)
		ana.JobTitle = "Clerk"
		w.people.Put(*ana)
		w.sync()
		ana.JobTitle = "Other"
		w.people.Put(*ana)
		_, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, vanish(w))
	})
	t.Run("no longer", func(t *testing.T) {
		for name, apply := range map[string]func(w *world) error{
			"whole": func(w *world) error { _, err := w.engine.Sync(w.t.Context()); return err },
			"one":   func(w *world) error { _, err := w.engine.SyncOne(w.t.Context(), "ana"); return err },
		} {
			t.Run(name, func(t *testing.T) {
				w, ana := begin(t)
				ana.JobTitle = "Clerk"
				w.people.Put(*ana)
				require.NoError(t, apply(w))
				assert.Equal(t, target.Disabled, vanish(w))
			})
		}
	})
	t.Run("nobody can tell", func(t *testing.T) {
		w, ana := begin(t)
		ana.JobTitle = ""
		w.people.Put(*ana)
		w.sync()
		assert.Equal(t, target.Enabled, vanish(w))
	})
	t.Run("by other rules", func(t *testing.T) {
		w, _ := begin(t)
		assert.Equal(t, target.Enabled, vanish(w))
		spec := companyRules()
		keepers(&spec)
		spec.Protect = spec.Protect[1:]
		w.config.Rules = build(t, spec)
		w.restart()
		assert.Equal(t, target.Enabled, vanish(w), "held by the first run of changed rules")
		w.releaseAll()
		w.sync()
		assert.Equal(t, target.Disabled, w.account("ana").State)
	})
	t.Run("an old plan", func(t *testing.T) {
		w, ana := begin(t)
		ana.JobTitle = "Clerk"
		w.people.Put(*ana)
		w.sync()
		w.now = w.now.AddDate(0, 0, 1)
		w.people.Set(staff(20)...)
		w.sync()
		w.now = w.now.AddDate(0, 0, 4)
		old := stored(t, w.plan())
		require.Equal(t, []string{"disable ana"}, removals(old))
		ana.JobTitle = "Keeper"
		w.people.Put(*ana)
		_, err := w.engine.SyncOne(t.Context(), "ana")
		require.NoError(t, err)
		w.restart()
		report, err := w.engine.Apply(t.Context(), old, nil)
		require.NoError(t, err)
		assert.Equal(t, target.Enabled, w.account("ana").State)
		assert.NotZero(t, report.Counts()[provision.Stale])
		assert.Equal(t, target.Enabled, vanish(w), "nor does the old plan forget it")
	})
}
