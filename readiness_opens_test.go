package provision_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

// Whether a closed account will be opened on the first day.

func (w *world) readiness(id string) provision.StartAccount {
	w.t.Helper()
	r, err := w.engine.Readiness(w.t.Context(), 7)
	require.NoError(w.t, err)
	return stateOf(w.t, r, id)
}

// preHired is a company with a closed account of N1, who starts the day after tomorrow.
func preHired(t *testing.T, change func(*provision.Config)) *world {
	t.Helper()
	w := newWorld(t, change)
	w.people.Set(staff(12)...)
	w.people.Put(starter("N1", 2))
	w.sync()
	require.Equal(t, target.Disabled, w.account("N1").State)
	return w
}

func TestReadinessSaysThatARehireWillBeHeld(t *testing.T) {
	w := asking(t, rules.Lifecycle{PreHire: 5, EndSessions: true})
	p := person("E0001", "Sales", "Clerk")
	w.people.Put(gone(p, day(2026, 2, 28)))
	w.sync()
	w.pass(oneDay)
	p.HireDate = day(2026, 3, 4)
	w.people.Put(p)
	want := []string{"enable: rehire: somebody who left gets the account back (rule lifecycle.app)"}
	before := w.readiness("E0001")
	assert.Equal(t, provision.Waiting, before.State, "also if a grant is planned for now")
	assert.Equal(t, want, before.Reasons)
	w.sync()
	assert.Equal(t, before, w.readiness("E0001"))
	w.pass(2 * oneDay)
	assert.Equal(t, []string{"held enable"}, steps(w.run()))
}

// What counts is how long the account is closed on the first day.
func TestReadinessCountsTheTimeOfARehireToTheFirstDay(t *testing.T) {
	spec := companyRules()
	spec.Targets[0].Lifecycle.Rehire = rules.Rehire{Within: 3}
	w := newWorld(t, func(c *provision.Config) { c.Rules = build(t, spec) })
	w.people.Set(staff(6)...)
	w.sync()
	p := person("E0002", "Finance", "Clerk")
	w.people.Put(gone(p, day(2026, 2, 28)))
	w.sync()
	p.HireDate = day(2026, 3, 4)
	w.people.Put(p)
	assert.Equal(t, provision.IsReady, w.readiness("E0002").State)
	p.HireDate = day(2026, 3, 6)
	w.people.Put(p)
	late := w.readiness("E0002")
	assert.Equal(t, provision.Waiting, late.State)
	require.Len(t, late.Reasons, 1)
	assert.Contains(t, late.Reasons[0], "more than 3 days ago")
}

// A run for everybody follows the source, however short ago they left.
func TestReadinessOfSomebodyWhoLeftTodayAndIsBackTomorrow(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(6)...)
	w.sync()
	p := person("E0002", "Finance", "Clerk")
	w.people.Put(gone(p, day(2026, 2, 28)))
	w.sync()
	p.HireDate = day(2026, 3, 2)
	w.people.Put(p)
	assert.Equal(t, provision.IsReady, w.readiness("E0002").State)
	w.pass(12 * time.Hour)
	w.sync()
	assert.Equal(t, target.Enabled, w.account("E0002").State)
}

func TestReadinessSaysThatOpeningNeedsAnApproval(t *testing.T) {
	w := preHired(t, func(c *provision.Config) {
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Enable, By: "HR"}}
	})
	n1 := w.readiness("N1")
	assert.Equal(t, provision.Waiting, n1.State)
	assert.Equal(t, []string{"enable: approval by HR"}, n1.Reasons)
}

func TestReadinessSaysThatATargetCannotOpen(t *testing.T) {
	w := preHired(t, nil)
	assert.Equal(t, provision.IsReady, w.readiness("N1").State)
	account := w.account("N1")
	w.app = memtargetWithout(func(c *target.Capabilities) { c.Enable = false })
	w.app.Put(account)
	w.config.Targets = []target.Target{w.app}
	w.restart()
	n1 := w.readiness("N1")
	assert.Equal(t, provision.NotPossible, n1.State)
	require.Len(t, n1.Reasons, 1)
	assert.Contains(t, n1.Reasons[0], "cannot enable")
}

func TestReadinessSaysThatNobodyWillOpen(t *testing.T) {
	t.Run("two accounts of one person", func(t *testing.T) {
		w := preHired(t, nil)
		twin := w.account("N1")
		twin.ID = "twin"
		w.app.Put(twin)
		n1 := w.readiness("N1")
		assert.Equal(t, provision.NotPossible, n1.State)
		require.Len(t, n1.Reasons, 1)
		assert.Contains(t, n1.Reasons[0], "carry the key N1")
	})
	t.Run("a mode that only makes accounts", func(t *testing.T) {
		w := preHired(t, nil)
		w.config.Policy.Mode = reconcile.CreateOnly
		w.restart()
		n1 := w.readiness("N1")
		assert.Equal(t, provision.NotPossible, n1.State)
		assert.Equal(t, []string{"nothing is planned: the policy leaves it out"}, n1.Reasons)
	})
	t.Run("a source that is doubted", func(t *testing.T) {
		w := preHired(t, nil)
		for _, p := range staff(12) {
			p.JobTitle = ""
			w.people.Put(p)
		}
		n1 := w.readiness("N1")
		assert.Equal(t, provision.Waiting, n1.State)
		require.Len(t, n1.Reasons, 1)
		assert.Contains(t, n1.Reasons[0], "enable: ")
		w.run()
		w.releaseAll()
		assert.Equal(t, provision.IsReady, w.readiness("N1").State, "released, though no run came since")
	})
}

func TestReadinessListsWhoIsStillTerminated(t *testing.T) {
	w := preHired(t, func(c *provision.Config) {
		c.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Enable, By: "HR"}}
	})
	w.terminate("N1")
	w.people.Put(starter("N2", 1))
	w.terminate("N2") // has no account yet
	w.people.Put(gone(starter("N3", 1), day(2026, 3, 2)))
	w.terminate("E0001")
	for _, id := range []string{"N1", "N2"} {
		a := w.readiness(id)
		assert.Equal(t, provision.Conflicting, a.State, id)
		require.Len(t, a.Reasons, 1, "what else may wait is not asked yet")
		assert.Contains(t, a.Reasons[0], "terminated at 2026-03-01T12:00:00Z by ")
		assert.Contains(t, a.Reasons[0], "; held until somebody reinstates them")
	}
	r, err := w.engine.Readiness(t.Context(), 7)
	require.NoError(t, err)
	assert.Len(t, r.Accounts, 2, "%s", r)

	w.app.FailAlways("Accounts", errors.New("no route"))
	assert.Equal(t, provision.TargetUnread, w.readiness("N1").State)
	w.app.Repair()
	require.NoError(t, w.desk().Reinstate(t.Context(), "N1", provision.Decision{Actor: "hr"}))
	w.run() // gives back what the termination took
	assert.Equal(t, []string{"enable: approval by HR"}, w.readiness("N1").Reasons)
	assert.Equal(t, provision.Conflicting, w.readiness("N2").State)
}
