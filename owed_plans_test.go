package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// owing is a company in which E0003 has left, and nobody has got their dashboard yet.
func owing(t *testing.T) (w *world, cy, leaver source.Identity) {
	t.Helper()
	w = company(t, nil)
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
	w, away, leaver := owing(t)
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
	w, away, leaver := owing(t)
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
