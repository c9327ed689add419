package provision_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// syncs runs once and expects that nothing went wrong.
func (w *world) syncs() {
	w.t.Helper()
	report, err := w.engine.Sync(w.t.Context())
	require.NoError(w.t, err)
	require.NoError(w.t, report.Err())
}

// deletedAfterADay expects that somebody's account, which a run has just seen as closed
// and as that of a leaver, is deleted a day later, and not before.
func (w *world) deletedAfterADay(id string) {
	w.t.Helper()
	for range 3 {
		require.Len(w.t, w.app.ByKey(target.Key{Identity: id}), 1, "deleted at first sight")
		w.now = w.now.Add(8 * time.Hour)
		w.restart()
		w.syncs()
	}
	assert.Empty(w.t, w.app.ByKey(target.Key{Identity: id}))
}

// Lifecycle.DeleteAfter promises it, and it does not matter why an account was closed
// before, nor by whom.
func TestAWrongYearDeletesNothingAtFirstSight(t *testing.T) {
	wrong := person("E0003", "Engineering", "Clerk")
	wrong.LastDay = day(2025, 3, 31) // meant: 2026

	t.Run("of somebody on leave", func(t *testing.T) {
		w := company(t, nil)
		p := person("E0003", "Engineering", "Clerk")
		p.Status = source.OnLeave
		w.people.Put(p)
		w.sync()
		w.now = w.now.Add(5 * 24 * time.Hour)
		w.people.Put(wrong)
		w.sync()
		w.deletedAfterADay("E0003")
	})
	t.Run("of somebody whose account was closed by hand", func(t *testing.T) {
		w := company(t, nil)
		w.people.Put(wrong)
		a := w.account("E0003")
		a.State = target.Disabled // by the service desk, for a lost phone
		w.app.Put(a)
		w.sync()
		w.deletedAfterADay("E0003")
	})
	t.Run("of somebody whose account may be closed", func(t *testing.T) {
		var app *memtarget.Target
		armed := false
		w := company(t, func(c *provision.Config) {
			app = memtarget.New("app", &memtarget.Config{OnCall: func(_ context.Context, call memtarget.Call) {
				if armed && call.Method == "Disable" {
					app.Inject(memtarget.Fault{Method: "Find", Err: target.Fail(target.Transient, assert.AnError)})
				}
			}})
			app.AddEntitlements(group("engineering"), group("sales"), group("money"))
			c.Targets = []target.Target{app}
		})
		w.app = app
		w.people.Put(wrong)
		armed = true
		app.Inject(memtarget.Fault{Method: "Disable", AfterCommit: true})
		report, err := w.engine.Sync(t.Context())
		require.NoError(t, err)
		require.Contains(t, steps(report), "unconfirmed disable")
		armed = false
		app.Repair()
		w.now = w.now.Add(15 * time.Minute)
		w.syncs()
		w.deletedAfterADay("E0003")
	})
}

// A year that is put right and typed wrong once more is seen for the first time again.
func TestTheDayBeforeADeleteBeginsAnew(t *testing.T) {
	for _, status := range []source.Status{source.OnLeave, source.Active} {
		t.Run(status.String(), func(t *testing.T) {
			w := company(t, nil)
			right := person("E0003", "Engineering", "Clerk")
			right.Status = status
			wrong := right
			wrong.LastDay = day(2025, 3, 31)
			for _, p := range []source.Identity{right, wrong, right} {
				w.people.Put(p)
				w.sync()
				w.now = w.now.Add(time.Hour)
			}
			w.now = w.now.Add(5 * 24 * time.Hour)
			w.people.Put(wrong)
			w.sync()
			w.deletedAfterADay("E0003")
		})
	}
}

// Who was terminated before the first day never had a last one. The time counts from the
// first day that was to be.
func TestWhoWasTerminatedBeforeTheStartIsDeleted(t *testing.T) {
	w := company(t, nil) // deletes after 30 days
	p := person("E0009", "Sales", "Clerk")
	p.Status, p.HireDate = source.PreHire, day(2026, 3, 10)
	w.people.Put(p)
	w.sync()
	w.terminate("E0009")
	w.now = time.Date(2026, 4, 8, 12, 0, 0, 0, time.UTC)
	w.syncs()
	require.Len(t, w.app.ByKey(target.Key{Identity: "E0009"}), 1)
	w.now = w.now.Add(24 * time.Hour)
	w.syncs() // the first to see it closed for good: it was only made beforehand
	w.deletedAfterADay("E0009")
}
