package provision_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// What was so already when a run came to it, that run did not do: there is nothing to undo.
func TestUndoLeavesWhatWasSoAlready(t *testing.T) {
	w := undoWorld(t, person("E1", "Sales", "Clerk"))
	w.people.Set(person("E1", "Engineering", "Clerk"))
	plan := reload(t, w.plan())
	a := w.account("E1")
	a.Entitlements = []target.Entitlement{group("engineering")}
	w.app.Put(a)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Equal(t, len(report.Results), report.Counts()[provision.AlreadySo])
	w.now = w.now.Add(time.Hour)
	assert.Empty(t, lines(w.undo(report.Run)))
}

// speechless is the journal of a process that dies before it can say what its calls did.
type speechless struct{ provision.Journal }

func (s speechless) Append(ctx context.Context, entries ...provision.Entry) error {
	for i := range entries {
		if kind := entries[i].Kind; kind == provision.Happened || kind == provision.RunEnd {
			return errDisk
		}
	}
	return s.Journal.Append(ctx, entries...)
}

// A run that died before it could say that its calls went through is undone all the same.
func TestUndoOfARunThatCouldNotSayWhatItDid(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, filepath.Join(t.TempDir(), "journal")) })
	w.people.Set(person("E1", "Sales", "Clerk"))
	w.sync()
	w.people.Set(person("E1", "Engineering", "Clerk"))
	file := w.config.Journal
	w.config.Journal = speechless{file}
	w.later(time.Hour)
	report := w.run()
	w.config.Journal = file
	w.later(time.Hour)
	plan, err := w.engine.Undo(t.Context(), report.Run, provision.UndoOptions{Died: true})
	require.NoError(t, err)
	assert.NotEmpty(t, lines(plan))
}

// A plan from before an undo lacks what the undo holds, which does not settle it.
func TestAPlanFromBeforeAnUndoSettlesNothing(t *testing.T) {
	w := undoWorld(t, person("E1", "Sales", "Clerk"), person("E2", "Sales", "Clerk"))
	w.people.Set(person("E1", "Engineering", "Clerk"), person("E2", "Sales", "Clerk"))
	bad := w.runClean()
	old := reload(t, w.plan())
	require.True(t, old.NothingToDo())
	w.now = w.now.Add(time.Hour)
	w.takeBack(bad.Run)
	require.NotEmpty(t, holdsOf(w.plan(), reconcile.NeedsApproval))
	_, err := w.engine.Apply(t.Context(), old, nil)
	require.NoError(t, err)
	next := w.plan()
	assert.True(t, next.NothingToDo(), "%s", next)
	assert.NotEmpty(t, holdsOf(next, reconcile.NeedsApproval))
}

// What may have been taken back, though the target did not answer, is not given again.
func TestWhatMayHaveBeenUndoneIsHeld(t *testing.T) {
	w := undoWorld(t, person("E1", "Sales", "Clerk"))
	w.people.Set(person("E1", "Engineering", "Clerk"))
	bad := w.runClean()
	w.app.FailAlways("Revoke", target.Fail(target.Unclear, errDown))
	_, err := w.engine.Apply(t.Context(), w.undo(bad.Run), nil)
	require.NoError(t, err)
	w.app.Repair()
	a := w.account("E1")
	a.Entitlements = []target.Entitlement{group("sales")}
	w.app.Put(a) // it was taken back all the same
	w.now = w.now.Add(time.Hour)
	next := w.plan()
	assert.Empty(t, next.Targets[0].Changes, "%s", next)
}

// What a later run may have written, whose process died before it could say so, is its work.
func TestUndoLeavesWhatALaterRunMayHaveDone(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Journal, c.KeepValues = onDisk(t), true })
	ann := person("E1", "Sales", "Clerk")
	w.people.Set(ann)
	w.sync()
	ann.JobTitle = "Engineer"
	w.people.Set(ann)
	bad := w.runClean()
	a := w.account("E1")
	a.Attributes = a.Attributes.With("title", "Queen")
	w.app.Put(a)
	w.diesInSync() // it writes the title once more
	require.Equal(t, []string{"Engineer"}, w.account("E1").Attributes.Values("title"))
	plan := w.undo(bad.Run)
	assert.Empty(t, lines(plan))
	require.Len(t, findingsOf(plan), 1)
	assert.Contains(t, findingsOf(plan)[0], "changed-since: the update of title is not undone: changed since by run ")
}
