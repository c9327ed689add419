package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// able is a world whose target has other capabilities.
func able(t *testing.T, change func(*target.Capabilities)) *world {
	t.Helper()
	can := memtarget.New("app", nil).Capabilities()
	change(&can)
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
	w.app = app
	return w
}

// An older plan of everybody does not overwrite what a newer one did, also on a target
// without versions.
func TestAnOlderPlanOverwritesNoNewerOne(t *testing.T) {
	w := able(t, func(c *target.Capabilities) { c.Versions = false })
	w.people.Set(person("E1", "Sales", "Clerk"))
	w.sync()
	w.now = w.now.Add(time.Hour)
	w.people.Set(person("E1", "Sales", "Boss"))
	first := w.plan()
	w.now = w.now.Add(time.Minute)
	w.people.Set(person("E1", "Sales", "Chief"))
	second := w.plan()
	for _, p := range []*provision.Plan{second, first} {
		_, err := w.engine.Apply(t.Context(), p, nil)
		require.NoError(t, err)
	}
	assert.Equal(t, "Chief", w.account("E1").Attributes.Get("title"))
}

// A forecast, in which nobody is protected any more, lets no older plan take from those
// who are protected now.
func TestAForecastEndsNoProtection(t *testing.T) {
	spec := companyRules()
	spec.Protect = []rules.Protection{{ID: "glass", When: rules.All(rules.JobTitle.Is("Keeper"), rules.AsOf.Before(rules.Date(2026, 6, 1)))}}
	w := company(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	ana := gone(person("E0004", "Sales", "Clerk"), day(2026, 2, 28))
	w.people.Put(ana)
	old := reload(t, w.plan())
	ana.JobTitle = "Keeper"
	w.people.Put(ana)
	w.plan()
	_, err := w.engine.PlanAt(t.Context(), w.now.Add(200*oneDay))
	require.NoError(t, err)
	_, err = w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.Equal(t, target.Enabled, w.account("E0004").State)
}

// A forecast, in which somebody has left, outdates no plan in which they still work.
func TestAForecastDoesNotSayWhoHasLeft(t *testing.T) {
	w := company(t, nil)
	ed := person("E0004", "Sales", "Boss")
	ed.TerminationDate = day(2026, 3, 10)
	w.people.Put(ed)
	plan := w.plan()
	require.NotEmpty(t, plan.Targets[0].Changes)
	_, err := w.engine.PlanAt(t.Context(), w.now.Add(20*oneDay))
	require.NoError(t, err)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	for i := range report.Results {
		assert.Equal(t, provision.Done, report.Results[i].Outcome)
	}
}

// Before a delete that somebody approved, the source is asked about the person once more.
func TestWhoIsBackIsNotDeletedThoughApproved(t *testing.T) {
	w := company(t, func(c *provision.Config) {
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Delete, By: "HR"}}
	})
	cy, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	w.people.Put(gone(cy, day(2026, 2, 28)))
	w.runOnce()
	w.now = w.now.Add(35 * oneDay)
	plan := w.plan()
	held := holdsOf(plan, reconcile.NeedsApproval)
	require.Len(t, held, 1)
	require.NoError(t, w.desk().Submit(t.Context(), plan))
	require.NoError(t, w.desk().Approve(t.Context(), held[0].Change.ID, provision.Decision{Actor: "hr"}))
	w.people.Put(cy)
	_, err = w.engine.Apply(t.Context(), reload(t, plan), nil)
	require.NoError(t, err)
	assert.Len(t, w.app.ByKey(target.Key{Identity: "E0003"}), 1)
}

// Somebody of whom the source has two records by now is not deleted among many others.
func TestWhoIsContestedByNowIsNotDeleted(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Gap = -1
		c.Policy.Limits = unlimited()
	})
	all := staff(40)
	w.people.Set(all...)
	w.sync()
	for i := range 25 { // so many that the list is read instead
		all[i] = gone(all[i], day(2026, 2, 28))
	}
	w.people.Set(all...)
	w.now = w.now.Add(time.Hour)
	w.runAll()
	w.now = w.now.Add(35 * oneDay)
	plan := reload(t, w.plan())
	w.people.Set(append(all, person("E0000", "Sales", "Boss"))...)
	_, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Len(t, w.app.ByKey(target.Key{Identity: "E0000"}), 1)
	assert.Len(t, w.app.All(), 16)
}
