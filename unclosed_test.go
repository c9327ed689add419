package provision_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// unclosable is a company whose target cannot disable. E0003 has two sessions and owns a
// dashboard, and E0001 is their manager.
func unclosable(t *testing.T, path string) (w *world, cy source.Identity) {
	t.Helper()
	can := memtarget.Everything()
	can.Disable = false
	app := memtarget.New("app", &memtarget.Config{Capabilities: &can})
	app.AddEntitlements(group("engineering"), group("sales"), group("money"))
	w = newWorld(t, func(c *provision.Config) {
		c.Targets, c.Policy.Gap = []target.Target{app}, -1
		if path != "" {
			c.Journal = openJournal(t, path)
		}
	})
	w.app = app
	cy = person("E0003", "Engineering", "Clerk")
	cy.Manager.ID = "E0001"
	w.people.Set(append(staff(3), cy)...)
	w.sync()
	w.pass(oneDay)
	w.busy()
	return w, cy
}

// busy is what E0003 does with an account.
func (w *world) busy() {
	id := w.account("E0003").ID
	w.app.OpenSessions(id, 2)
	w.app.Own(id, "a dashboard")
}

// quiet runs on three days, and expects that nothing is written.
func (w *world) quiet(why string) {
	w.t.Helper()
	w.app.ForgetCalls()
	for range 3 {
		w.pass(oneDay)
		w.sync()
	}
	assert.Empty(w.t, w.app.Writes(), why)
}

// What goes with a disable is done where a target cannot disable, once for each departure,
// and nobody says that the departure is complete.
func TestALeaverWhoseAccountCannotBeDisabled(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	w, cy := unclosable(t, path)
	id, heir := w.account("E0003").ID, w.account("E0001").ID
	leaver := gone(cy, day(2026, 3, 1))
	left := func() {
		w.t.Helper()
		assert.Zero(t, w.app.Sessions(id))
		assert.Empty(t, w.app.Owned(id))
		assert.Empty(t, w.account("E0003").Entitlements)
		assert.Equal(t, target.Enabled, w.account("E0003").State)
	}
	open := provision.DepartureReport{Target: "app", Key: target.Key{Identity: "E0003"}, Account: id, Open: true}
	w.people.Put(leaver)
	report := w.sync()
	assert.ElementsMatch(t, []string{"done end-sessions", "done revoke group:engineering", "done handover"}, steps(report))
	require.Len(t, report.Departures(), 1)
	assert.False(t, report.Departures()[0].Complete)
	assert.True(t, report.Departures()[0].Open)
	assert.Len(t, report.Departures()[0].Steps, 3)
	assert.Contains(t, report.String(), "the target cannot disable")
	left()
	assert.Equal(t, []string{"a dashboard"}, w.app.Owned(heir))

	w.quiet("once")
	w.compacted(t, path)
	w.quiet("once, whatever is left of the journal")
	report = w.sync()
	assert.Equal(t, []provision.DepartureReport{open}, report.Departures())
	assert.Contains(t, report.String(), "the target cannot disable")
	w.pass(60 * oneDay)
	w.quiet("nor deleted")
	require.Len(t, w.app.ByKey(target.Key{Identity: "E0003"}), 1)

	w.people.Put(cy)
	w.sync()
	assert.Empty(t, w.sync().Departures())
	_, departed, err := w.engine.Departed(t.Context(), "E0003")
	require.NoError(t, err)
	assert.False(t, departed)
	w.busy()
	w.compacted(t, path)
	w.people.Put(gone(cy, day(2026, 5, 20)))
	w.pass(oneDay)
	w.sync()
	left()
	w.quiet("once more")
}

// A plan that saw somebody back, and is applied when a later run has seen them gone still,
// makes no second departure of that.
func TestAnOldPlanBringsNobodyBack(t *testing.T) {
	w, cy := unclosable(t, "")
	leaver := gone(cy, day(2026, 3, 1))
	w.people.Put(leaver)
	w.sync()
	w.people.Put(cy)
	w.pass(oneDay)
	old := reload(t, w.plan())
	require.NotEmpty(t, old.Targets[0].Back)
	w.people.Put(leaver)
	w.quiet("it was done")
	_, err := w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	w.pass(oneDay)
	assert.NotContains(t, w.plan().String(), "handover")
}

// What failed is owed as after a disable, and what nobody wants any more is not.
func TestWhatIsOwedByAnAccountThatCannotBeDisabled(t *testing.T) {
	for _, back := range []bool{false, true} {
		w, cy := unclosable(t, "")
		id := w.account("E0003").ID
		w.app.FailAlways("Handover", target.Fail(target.Permanent, errDown))
		w.people.Put(gone(cy, day(2026, 3, 1)))
		w.run()
		assert.Zero(t, w.app.Sessions(id))
		w.app.Repair()
		w.pass(2 * oneDay)
		if back {
			w.people.Put(cy)
		}
		w.sync()
		assert.Equal(t, back, len(w.app.Owned(id)) > 0)
		w.quiet("once")
	}
}

// What a termination at once can do is done at once.
func TestTerminateNowWhereNothingCanBeDisabled(t *testing.T) {
	w, cy := unclosable(t, "")
	report := w.terminate("E0003")
	assert.Zero(t, w.app.Sessions(w.account("E0003").ID))
	require.Len(t, report.Departures(), 1)
	assert.False(t, report.Departures()[0].Complete)
	w.pass(oneDay)
	w.sync()
	w.quiet("once")
	require.NoError(t, w.desk().Reinstate(t.Context(), "E0003", provision.Decision{Actor: "hr", Reason: "a mistake"}))
	w.pass(2 * oneDay)
	w.sync()
	w.busy()
	w.people.Put(gone(cy, day(2026, 3, 1)))
	w.pass(oneDay)
	w.sync()
	assert.Zero(t, w.app.Sessions(w.account("E0003").ID))
}

// A mistake about many hands nothing over: what nobody can take back waits like a disable.
func TestManyLeaversWhereNothingCanBeDisabled(t *testing.T) {
	w, cy := unclosable(t, "")
	people := []source.Identity{cy}
	for i := range 30 {
		p := person(fmt.Sprintf("F%04d", i), "Legal", "Clerk")
		p.Manager.ID = "E0001"
		people = append(people, p)
	}
	w.people.Put(people...)
	w.sync()
	for i := range people {
		people[i] = gone(people[i], day(2026, 3, 2))
	}
	w.people.Put(people...)
	w.pass(2 * oneDay)
	report := w.runOnce()
	assert.NotContains(t, steps(report), "done end-sessions")
	assert.NotContains(t, steps(report), "done handover")
	assert.Equal(t, 2, w.app.Sessions(w.account("E0003").ID))
	assert.ErrorContains(t, report.Attention(), "end-sessions 31 of 34")
}

// Nobody knows the accounts of an earlier installation. What is taken from one makes it that
// of a leaver, and then the rest is owed.
func TestAFirstRunWhereNothingCanBeDisabled(t *testing.T) {
	w, _ := unclosable(t, "")
	w.config.Journal = &provision.MemoryJournal{}
	w.restart()
	var ids []string
	for i := range 15 {
		p := gone(person(fmt.Sprintf("F%04d", i), "Legal", "Clerk"), day(2026, 2, 27))
		a := w.app.Put(target.Account{
			ID: "old-" + p.ID, Key: target.Key{Identity: p.ID}, State: target.Enabled, Entitlements: []target.Entitlement{group("sales")},
		})
		w.app.OpenSessions(a, 1)
		ids = append(ids, a)
		w.people.Put(p)
	}
	report := w.runOnce()
	assert.Contains(t, steps(report), "done revoke group:sales")
	assert.Contains(t, steps(report), "held end-sessions")
	w.pass(oneDay)
	w.releaseAll()
	w.runOnce()
	for _, id := range ids {
		assert.Zero(t, w.app.Sessions(id))
	}
	w.quiet("once")
}

// A protection leaves nothing of a departure to be done.
func TestAProtectedAccountThatCannotBeDisabled(t *testing.T) {
	w, cy := unclosable(t, "")
	w.config.Policy.Protect = []string{"E0003"}
	w.restart()
	w.people.Put(gone(cy, day(2026, 3, 1)))
	report := w.sync()
	assert.Empty(t, report.Results)
	assert.Empty(t, report.Departures())
	assert.NotContains(t, report.String(), "end-sessions")
}

// Somebody opened the account of whoever had left, and they are employed by now: they are
// back, though no run has written anything.
func TestWhoWasLetInByHandIsBack(t *testing.T) {
	w := company(t, nil)
	cy, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	cy.Department = source.Named("Legal")
	w.people.Put(cy)
	w.sync()
	leaver := gone(cy, day(2026, 3, 1))
	w.people.Put(leaver)
	w.pass(oneDay)
	w.sync()
	departed := func() bool {
		_, is, err := w.engine.Departed(t.Context(), "E0003")
		require.NoError(t, err)
		return is
	}
	a := w.account("E0003")
	a.State = target.Enabled
	w.app.Put(a)
	w.people.Put(cy)
	w.pass(time.Hour)
	_, err = w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	assert.True(t, departed(), "one look proves nothing")
	old := reload(t, w.plan())
	w.people.Put(leaver)
	w.pass(oneDay)
	w.sync()
	_, err = w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	assert.True(t, departed(), "an old plan does not know")
	w.app.Put(a)
	w.people.Put(cy)
	w.pass(oneDay)
	w.sync()
	assert.False(t, departed())
	w.quiet("nothing to be done")
}
