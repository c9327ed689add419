package provision_test

import (
	"context"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
)

// reading is a journal that counts what is read of it.
type reading struct {
	provision.Journal
	mu   sync.Mutex
	read int
}

func (r *reading) Entries(ctx context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	return func(yield func(provision.Entry, error) bool) {
		for e, err := range r.Journal.Entries(ctx, after) {
			r.mu.Lock()
			r.read++
			r.mu.Unlock()
			if !yield(e, err) {
				return
			}
		}
	}
}

func (r *reading) since() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := r.read
	r.read = 0
	return n
}

// TestADeskReadsOnlyWhatIsNew: whoever decides about a hundred changes does not read a
// long journal a hundred times, and sees what others have decided meanwhile.
func TestADeskReadsOnlyWhatIsNew(t *testing.T) {
	journal := &reading{Journal: &provision.MemoryJournal{}}
	w := newWorld(t, func(c *provision.Config) { c.Journal = journal })
	w.people.Set(staff(40)...)
	w.sync()
	for i := range 20 {
		w.people.Put(person(staff(40)[i].ID, "Engineering", "Treasurer"))
	}
	w.later(oneDay)
	w.runOnce()
	desk := func() *provision.Desk {
		d := provision.NewDesk(journal)
		d.Clock = func() time.Time { return w.now }
		return d
	}
	one, other := desk(), desk()
	journal.since()
	pending, err := one.Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 20)
	all := journal.since()
	require.Greater(t, all, 100)
	for i := range pending {
		by := one
		if i%2 == 0 {
			by = other
		}
		require.NoError(t, by.Approve(t.Context(), pending[i].Hold.Change.ID, provision.Decision{Actor: "cfo"}))
	}
	assert.LessOrEqual(t, journal.since(), all+2*len(pending), "the other one reads all of it once")
	w.runOnce()
	pending, err = one.Pending(t.Context())
	require.NoError(t, err)
	assert.Empty(t, pending, "they were done")
}

// TestADeskInUseIsNotWaitedFor: May may ask the desk, and several people may decide at once.
func TestADeskInUseIsNotWaitedFor(t *testing.T) {
	w := newWorld(t, nil)
	w.people.Set(staff(30)...)
	w.sync()
	for i := range 20 {
		w.people.Put(person(staff(30)[i].ID, "Engineering", "Treasurer"))
	}
	w.later(oneDay)
	w.runOnce()
	d := desk(w)
	d.May = func(ctx context.Context, p provision.Pending, _ provision.Decision) error {
		pending, err := d.Pending(ctx)
		assert.NotEmpty(t, pending)
		return err
	}
	pending, err := d.Pending(t.Context())
	require.NoError(t, err)
	var all sync.WaitGroup
	for i := range pending {
		all.Go(func() {
			assert.NoError(t, d.Approve(t.Context(), pending[i].Hold.Change.ID, provision.Decision{Actor: "cfo"}))
		})
	}
	all.Wait()
	report := w.runOnce()
	assert.Equal(t, 20, report.Counts()[provision.Done], "%s", report)
	assert.Equal(t, reconcile.Grant, report.Results[0].Change.Action)
}
