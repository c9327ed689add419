package provision_test

import (
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
