package provision_test

import (
	"encoding/json"
	"os"
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

func desk(w *world) *provision.Desk {
	d := provision.NewDesk(w.config.Journal)
	d.Clock = func() time.Time { return w.now }
	return d
}

func TestApprovalInAnotherProcess(t *testing.T) {
	folder := t.TempDir()
	stored := filepath.Join(folder, "plan.json")
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(folder, "journal")) })
	ana := person("ana", "Finance", "Treasurer")
	w.people.Set(ana, person("bo", "Sales", ""))

	// The first process plans and puts what is held on the desk. Nothing is done.
	plan := w.plan()
	require.NoError(t, desk(w).Submit(t.Context(), plan))
	text, err := json.Marshal(plan)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(stored, text, 0o600))
	assert.Empty(t, w.app.All())

	// The second has the journal only.
	reopened := openJournal(t, filepath.Join(folder, "journal"))
	other := provision.NewDesk(reopened)
	other.Clock = func() time.Time { return w.now }
	pending, err := other.Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	held := pending[0].Hold.Change
	assert.Equal(t, reconcile.Grant, held.Action)
	assert.Equal(t, group("money"), held.Entitlement)
	assert.Equal(t, "the CFO", pending[0].Hold.Reasons[0].By)
	require.ErrorIs(t, other.Approve(t.Context(), "no such change", provision.Decision{Actor: "eve"}), provision.ErrNotPending)
	require.ErrorIs(t, other.Approve(t.Context(), held.ID, provision.Decision{}), provision.ErrIncomplete)
	require.NoError(t, other.Approve(t.Context(), held.ID, provision.Decision{Actor: "cfo@acme.example", Reason: "new treasurer"}))
	require.NoError(t, reopened.Close())

	// The third applies the file.
	w.config.Journal = openJournal(t, filepath.Join(folder, "journal"))
	w.restart()
	var again provision.Plan
	require.NoError(t, json.Unmarshal(text, &again))
	report, err := w.engine.Apply(t.Context(), &again, nil)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, []target.Entitlement{group("money")}, w.account("ana").Entitlements)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending)

	// Once is all that an approval is good for.
	writes := len(w.app.Writes())
	report, err = w.engine.Apply(t.Context(), &again, nil)
	require.NoError(t, err)
	assert.Len(t, w.app.Writes(), writes)
	assert.Equal(t, len(report.Results), report.Counts()[provision.AlreadySo], "%s", report)
	require.NoError(t, w.app.Revoke(t.Context(), target.GrantRequest{Ref: target.Ref{ID: w.account("ana").ID}, Entitlement: group("money")}))
	assert.Len(t, holdsOf(w.plan(), reconcile.NeedsApproval), 1)
}

func TestDecisionsRunOut(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(person("ana", "Finance", "Treasurer"))
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	since := pending[0].Since

	require.NoError(t, desk(w).Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{
		Actor: "cfo", Rejected: true, // not for the caller to say
	}))
	assert.False(t, w.plan().NothingToDo())
	w.now = w.now.AddDate(0, 0, 8)
	assert.True(t, w.plan().NothingToDo(), "a week is the default")

	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	assert.True(t, pending[0].Since.Equal(since), "it waits since it was first seen")

	// A rejection holds although somebody approves as well, until it runs out.
	require.NoError(t, desk(w).Reject(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "cfo", Expires: w.now.Add(time.Hour)}))
	assert.True(t, w.plan().NothingToDo())

	// Somebody who is no longer to have it is off the desk.
	w.people.Set(person("ana", "Finance", "Clerk"))
	_, err = w.engine.Sync(t.Context())
	require.NoError(t, err)
	pending, err = desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending)
}

func TestTooManyLeaversWaitForARelease(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	w.now = w.now.AddDate(0, 0, 2)
	for i := range 20 {
		everybody[i].Status = source.Terminated
	}
	w.people.Set(everybody...)
	w.people.Put(person("new", "Sales", ""))

	plan := w.plan()
	assert.Empty(t, removals(plan))
	assert.Contains(t, plan.String(), "20 of 60")
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, target.Enabled, w.account("new").State, "joiners are let through")
	assert.Equal(t, target.Enabled, w.account("E0001").State)

	plan = w.plan()
	fingerprint := plan.Targets[0].Fingerprint
	require.NoError(t, desk(w).Submit(t.Context(), plan))
	require.ErrorIs(t, desk(w).Release(t.Context(), "another plan", provision.Decision{Actor: "coo"}), provision.ErrNotPending)
	require.ErrorIs(t, desk(w).Release(t.Context(), "", provision.Decision{Actor: "coo"}), provision.ErrNotPending)
	require.ErrorIs(t, desk(w).Release(t.Context(), fingerprint, provision.Decision{}), provision.ErrIncomplete)

	// Joiners come and go meanwhile: what is released is what is guarded.
	w.people.Put(person("newer", "Sales", ""))
	guarded := plan.Targets[0].Guarded
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	assert.Equal(t, guarded, pending[0].Guarded)
	assert.Contains(t, pending[0].String(), "app disable E0000@acme.example E0000: guard: disable 20 of")
	require.NoError(t, desk(w).Release(t.Context(), guarded, provision.Decision{Actor: "coo"}))

	// One more leaver is another matter, which needs another release.
	everybody[30].Status = source.Terminated
	w.people.Put(everybody[30])
	assert.Contains(t, removals(w.plan()), "disable E0000", "what was released runs, whoever else comes")
	assert.NotContains(t, removals(w.plan()), "disable E0030")
	everybody[30].Status = source.Active
	w.people.Put(everybody[30])

	w.sync()
	disabled := 0
	for _, state := range w.states() {
		if state == target.Disabled {
			disabled++
		}
	}
	assert.Equal(t, 20, disabled)

	// What was released counts for the next 24 hours all the same.
	everybody[40].Status = source.Terminated
	w.people.Put(everybody[40])
	assert.Empty(t, removals(w.plan()))
	w.now = w.now.Add(25 * time.Hour)
	assert.NotEmpty(t, removals(w.plan()))
}

func TestGuardsAddUpOverRuns(t *testing.T) {
	w := newWorld(t, nil)
	everybody := staff(60)
	w.people.Set(everybody...)
	w.sync()
	w.now = w.now.AddDate(0, 0, 2)
	for i := range 30 { // one an hour
		everybody[i].Status = source.Terminated
		w.people.Set(everybody...)
		_, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		w.now = w.now.Add(time.Minute)
	}
	disabled := 0
	for _, state := range w.states() {
		if state == target.Disabled {
			disabled++
		}
	}
	assert.Equal(t, 10, disabled, "a slow drip meets the same limit")
}
