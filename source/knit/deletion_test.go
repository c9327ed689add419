package knit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/knit"
	"github.com/provision-go/provision/source/knit/knittest"
)

// begun is a company that is known, and a day later.
func begun(t *testing.T, alter func(*knit.Config)) *bench {
	t.Helper()
	b := newBench(t, company(), alter)
	b.sync("initial_sync")
	b.later(24 * time.Hour)
	b.changed = nil
	return b
}

// Nobody leaves before the end of the sync that says so, in whatever order its events
// come.
func TestDeletionsWaitForTheEnd(t *testing.T) {
	b := begun(t, nil)
	b.fake.Remove("1002", "1003")
	pushes := b.fake.Pushes(b.fake.Events("delta_sync"))
	require.Len(t, pushes, 4)
	for _, order := range [][]int{{0, 1, 2, 3}, {2, 0, 1, 3}, {3, 2, 1, 0}, {1, 2, 3, 0}} {
		b := begun(t, nil)
		b.fake.Remove("1002", "1003")
		pushes := b.fake.Pushes(b.fake.Events("delta_sync"))
		deletions, over := 0, false
		for _, n := range order {
			assert.Equal(t, 200, pushes[n].Send(b))
			if pushes[n].Event.Type == "record.deleted" {
				deletions++
			}
			over = over || pushes[n].Event.Type == "sync.events.processed"
			want := active(ids()...)
			if deletions == 2 && over {
				want["1002"], want["1003"] = source.Terminated, source.Terminated
			}
			assert.Equal(t, want, b.statuses(), "%v, after %d", order, n)
		}
	}
}

// A sync that failed said that people left: nothing is decided about them until Knit
// speaks of them again, or an initial sync is complete.
func TestDeletionsOfAFailedSync(t *testing.T) {
	start := func(t *testing.T) *bench {
		b := begun(t, nil)
		b.fake.Remove("1002", "1003")
		fail := b.fake.Rewritten(func(e *knittest.Event) {
			if e.Type == "sync.events.processed" {
				e.Type, e.Data = "sync.failed", map[string]any{"status": "failed"}
			}
		})
		b.sync("delta_sync", fail, knittest.Without("sync.events.allConsumed"))
		want := active(ids()...)
		want["1002"], want["1003"] = source.Unknown, source.Unknown
		assert.Equal(t, want, b.statuses())
		one, err := b.Source(integration).Identity(t.Context(), "1002")
		require.NoError(t, err)
		require.Len(t, one.Findings, 1)
		assert.Contains(t, one.Findings[0].Message, "not completed")
		o, err := b.Overview(t.Context(), integration)
		require.NoError(t, err)
		assert.Equal(t, "it failed at Knit", o.Syncs[1].Reason)
		assert.InDelta(t, 24*time.Hour, o.Age, float64(time.Minute), "as of the sync before")
		b.later(time.Hour)
		return b
	}
	t.Run("a delta sync speaks of one of them", func(t *testing.T) {
		b := start(t)
		b.fake.Put(company()[2])
		b.sync("delta_sync")
		want := active(ids()...)
		want["1003"] = source.Unknown
		assert.Equal(t, want, b.statuses())
	})
	t.Run("an initial sync is complete", func(t *testing.T) {
		b := start(t)
		b.fake.Put(company()[2])
		b.sync("initial_sync")
		assert.Equal(t, active("1000", "1001", "1002", "1004", "901"), b.statuses(), "1003 is not there")
	})
}

// A statement that somebody is there wins over an older one that they left, and over
// one of the same moment.
func TestLateDeletion(t *testing.T) {
	for name, by := range map[string]time.Duration{"older": -time.Hour, "same moment": 0} {
		t.Run(name, func(t *testing.T) {
			b := begun(t, nil)
			b.fake.Remove("1002")
			gone := b.fake.Pushes(b.fake.Events("delta_sync"))
			b.fake.Put(company()[2])
			back := b.fake.Pushes(b.fake.Events("delta_sync")) // its first event is as old as that of the other
			assert.Empty(t, knittest.Send(b, back))
			assert.Empty(t, knittest.Send(b, b.fake.Later(by)(gone)))
			assert.Equal(t, active(ids()...), b.statuses())
		})
	}
	t.Run("newer", func(t *testing.T) {
		b := begun(t, nil)
		b.fake.Remove("1002")
		gone := b.fake.Pushes(b.fake.Events("delta_sync"))
		assert.Empty(t, knittest.Send(b, b.fake.Later(time.Minute)(gone)))
		assert.Equal(t, source.Terminated, b.statuses()["1002"])
	})
}

// Config.Gone decides what record.deleted means; nobody who was never seen is lost.
func TestGone(t *testing.T) {
	deleted, unknown := source.Deleted, source.Unknown
	for _, means := range []*source.Status{nil, &deleted, &unknown} {
		b := begun(t, func(c *knit.Config) { c.Gone = means })
		b.fake.Remove("1002")
		b.sync("delta_sync", b.fake.Rewritten(func(e *knittest.Event) {
			if e.Type == "record.deleted" {
				e.Data, e.RecordID = map[string]any{"employeeId": "4711"}, "4711"
			}
		}))
		want := active(ids()...)
		want["4711"] = source.Terminated
		if means != nil {
			want["4711"] = *means
		}
		assert.Equal(t, want, b.statuses())
	}
}
