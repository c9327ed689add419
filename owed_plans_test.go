package provision_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// owing is a company in which E0003 has left, and nobody has got their dashboard yet.
func owing(t *testing.T, change func(*provision.Config)) (w *world, cy, leaver source.Identity) {
	t.Helper()
	w = company(t, change)
	w.app.Own(w.account("E0003").ID, "a dashboard")
	cy, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	leaver = gone(cy, day(2026, 2, 28))
	w.people.Put(leaver)
	w.app.FailAlways("Handover", target.Fail(target.Permanent, errDown))
	w.run()
	w.now = w.now.Add(time.Hour)
	return w, cy, leaver
}

// What was done is not owed once more when the same plan is applied a second time.
func TestWhatWasDoneIsNotOwedAgain(t *testing.T) {
	w := company(t, nil)
	id := w.account("E0003").ID
	w.app.OpenSessions(id, 1)
	w.app.Own(id, "a dashboard")
	cy, err := w.people.Identity(t.Context(), "E0003")
	require.NoError(t, err)
	w.people.Put(gone(cy, day(2026, 2, 28)))
	plan := w.plan()
	for range 2 {
		_, err = w.engine.Apply(t.Context(), reload(t, plan), nil)
		require.NoError(t, err)
	}
	w.now = w.now.Add(time.Hour)
	next := w.plan()
	assert.True(t, next.NothingToDo(), "%s", next)
}

// One late record that says that a leaver is on leave takes back nothing that is owed.
func TestOneLateRecordDropsNothingThatIsOwed(t *testing.T) {
	w, away, leaver := owing(t, nil)
	w.app.Repair()
	away.Status = source.OnLeave
	w.people.Put(away)
	_, err := w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	w.people.Put(leaver)
	w.now = w.now.Add(time.Hour)
	w.runOnce()
	assert.Empty(t, w.app.Owned(w.account("E0003").ID))
}

// A plan that says that something is no longer owed does not mean what is owed since.
func TestAPlanDropsNothingThatIsOwedSince(t *testing.T) {
	w, away, leaver := owing(t, nil)
	away.Status = source.OnLeave
	w.people.Put(away)
	one, two := w.plan(), w.plan()
	require.Contains(t, one.String(), "no longer owed")
	_, err := w.engine.Apply(t.Context(), one, nil)
	require.NoError(t, err)
	a := w.account("E0003")
	a.State = target.Enabled // somebody let them in
	w.app.Put(a)
	w.people.Put(leaver)
	w.now = w.now.Add(time.Hour)
	_, err = w.engine.SyncOne(t.Context(), "E0003")
	require.NoError(t, err)
	w.now = w.now.Add(time.Hour)
	require.Contains(t, w.plan().String(), "handover")
	_, err = w.engine.Apply(t.Context(), two, nil)
	require.NoError(t, err)
	assert.Contains(t, w.plan().String(), "handover")
}

// A departure whose handover never got through is taken back to a leave, and then the
// person leaves all the same: what they own is handed over, and once.
func TestWhoLeavesOutOfALeaveHandsOver(t *testing.T) {
	for _, compact := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "journal")
		w, away, leaver := owing(t, func(c *provision.Config) { c.Journal = openJournal(t, path) })
		w.app.Repair()
		id := w.account("E0003").ID
		away.Status = source.OnLeave
		w.people.Put(away)
		w.pass(2 * oneDay)
		w.sync()
		assert.Equal(t, []string{"a dashboard"}, w.app.Owned(id), "who is on leave keeps what they own")
		if compact {
			w.compacted(t, path)
		}
		w.people.Put(leaver)
		w.pass(2 * oneDay)
		w.sync()
		assert.Equal(t, target.Disabled, w.account("E0003").State)
		assert.Empty(t, w.app.Owned(id))
		w.app.ForgetCalls()
		w.pass(oneDay)
		w.sync()
		assert.Empty(t, w.app.Writes(), "once")
	}
}

// compacted goes on with what a compaction has left of the journal.
func (w *world) compacted(t *testing.T, path string) {
	t.Helper()
	j, ok := w.config.Journal.(*provision.FileJournal)
	require.True(t, ok)
	require.NoError(t, j.Compact(t.Context(), w.now.Add(time.Hour)))
	require.NoError(t, j.Close())
	w.config.Journal = openJournal(t, path)
	w.restart()
}

// Somebody left, was taken back to a leave and is back from it. They are asked about like
// anybody who was gone, whatever of their departure was done during the leave.
func TestAReturnFromALeaveAfterADepartureIsARehire(t *testing.T) {
	for _, failing := range []string{"", "EndSessions", "Handover"} {
		spec := companyRules()
		spec.Targets[0].Lifecycle.Rehire = rules.Rehire{Hold: true}
		w := company(t, func(c *provision.Config) { c.Rules = build(t, spec) })
		cy := person("E0003", "Legal", "Clerk") // who holds nothing that is taken
		cy.Manager.ID = "E0001"
		w.people.Put(cy)
		w.sync()
		if failing != "" {
			w.app.FailAlways(failing, target.Fail(target.Permanent, errDown))
		}
		w.people.Put(gone(cy, day(2026, 2, 28)))
		w.run()
		w.app.Repair()
		away := cy
		away.Status = source.OnLeave
		w.people.Put(away)
		w.pass(2 * oneDay)
		w.sync()
		w.people.Put(cy)
		w.pass(oneDay)
		assert.Contains(t, steps(w.sync()), "held enable", "%q", failing)
	}
}
