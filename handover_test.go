package provision_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// reportsTo is E0003, whose manager is somebody else.
func reportsTo(manager string) source.Identity {
	p := person("E0003", "Engineering", "Clerk")
	p.Manager.ID = manager
	return p
}

// The account of whoever has left is deleted one day, and what it owns with it.
func TestWhatALeaverOwnsGoesToNobodyWhoHasLeft(t *testing.T) {
	boss := person("E0001", "Sales", "Clerk")
	t.Run("whose manager leaves in the same run", func(t *testing.T) {
		w := company(t, func(c *provision.Config) { c.Concurrency = 1 })
		managed := boss
		managed.Manager.ID = "E0002"
		w.people.Put(managed)
		w.sync()
		heir := w.account("E0002").ID
		w.app.Own(w.account("E0003").ID, "a dashboard")
		w.app.Own(w.account("E0001").ID, "a report")
		w.people.Put(gone(reportsTo("E0001"), day(2026, 2, 28)), gone(managed, day(2026, 2, 28)))
		w.sync()
		assert.ElementsMatch(t, []string{"a dashboard", "a report"}, w.app.Owned(heir))
	})
	t.Run("whose manager left before, and had none", func(t *testing.T) {
		w := company(t, nil)
		w.people.Put(gone(boss, day(2026, 2, 28)))
		w.sync()
		w.app.Own(w.account("E0003").ID, "a dashboard")
		w.people.Put(gone(reportsTo("E0001"), day(2026, 2, 28)))
		report := w.sync()
		assert.Empty(t, w.app.Owned(w.account("E0001").ID))
		require.NotEmpty(t, report.Findings)
		assert.Contains(t, report.Findings[0].Message, "nothing is handed over: E0001 has left")
	})
	t.Run("whose manager left before, in a run for one person", func(t *testing.T) {
		w := company(t, nil)
		w.people.Put(gone(boss, day(2026, 2, 28)))
		w.sync()
		w.app.Own(w.account("E0003").ID, "a dashboard")
		w.people.Put(gone(reportsTo("E0001"), day(2026, 2, 28)))
		report, err := w.engine.SyncOne(t.Context(), "E0003")
		require.NoError(t, err)
		assert.Empty(t, w.app.Owned(w.account("E0001").ID))
		require.NotEmpty(t, report.Findings)
		assert.Contains(t, report.Findings[0].Message, "nothing is handed over: E0001 has left")
	})
	t.Run("whose manager leaves while it is owed", func(t *testing.T) {
		w := company(t, nil)
		w.app.Own(w.account("E0003").ID, "a dashboard")
		w.people.Put(gone(reportsTo("E0001"), day(2026, 2, 28)))
		w.app.FailAlways("Handover", target.Fail(target.Transient, assert.AnError))
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.Contains(t, steps(report), "failed handover")
		w.people.Put(gone(reportsTo("E0002"), day(2026, 2, 28)), gone(boss, day(2026, 3, 1)))
		w.now = w.now.Add(24 * time.Hour)
		w.app.Repair()
		w.syncs()
		assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("E0002").ID))
	})
}
