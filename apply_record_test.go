package provision

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// unconfirming is a journal that writes, and says that it could not.
type unconfirming struct{ MemoryJournal }

var errUnsureWrite = errors.New("no answer")

func (u *unconfirming) Append(ctx context.Context, entries ...Entry) error {
	return errors.Join(errUnsureWrite, u.MemoryJournal.Append(ctx, entries...))
}

// TestOtherRunsHearWhatAJournalCannotConfirm: two runs of one engine may wait for one account
// with one change. Seed 382869 of the storm has them use one approval twice.
func TestOtherRunsHearWhatAJournalCannotConfirm(t *testing.T) {
	e := &Engine{config: Config{Journal: &unconfirming{}}, state: newState(), touched: map[accountName]time.Time{}}
	r := &targetRun{engine: e, plan: &reconcile.Plan{Target: "app"}, lease: e.withoutLease()}
	e.active.Store(2)
	done := Entry{Kind: Happened, Target: "app", Change: "c", Action: reconcile.Grant, Outcome: Done, Key: target.Key{Identity: "ana"}}
	require.ErrorIs(t, r.record(t.Context(), done), errUnsureWrite)
	assert.True(t, r.spent("c"))
}
