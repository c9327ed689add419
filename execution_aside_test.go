package provision

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// TestNoIntentWaitsForLong: whoever has recorded an intent makes the call soon, also if
// the journal becomes quick meanwhile, so that others need not step aside any more.
func TestNoIntentWaitsForLong(t *testing.T) {
	t.Parallel()
	const people, atOnce, takes = 400, 2, 100 * time.Millisecond
	for name, slowFor := range map[string]time.Duration{"slow": time.Hour, "slow, then quick": 3 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			var mu sync.Mutex
			intended, longest, calls := map[target.Key]time.Time{}, time.Duration(0), 0
			app := &fake{caps: target.Capabilities{Keys: true, FindKey: true, Create: true}}
			app.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
				mu.Lock()
				calls++
				longest = max(longest, time.Since(intended[req.Key]))
				mu.Unlock()
				time.Sleep(takes)
				return target.Account{ID: "id-" + req.Key.String(), Key: req.Key, State: req.State}, nil
			}
			changes := make([]reconcile.Change, people)
			for i := range changes {
				changes[i] = reconcile.Change{
					ID: fmt.Sprint("c", i), Target: "app", Action: reconcile.Create, Key: target.Key{Identity: fmt.Sprint("E", i)}, To: target.Enabled,
				}
			}
			x := &execution{
				target: app, config: Config{Concurrency: atOnce}.withDefaults(), run: "run1", changes: changes, fresh: true,
				record: func(_ context.Context, entries ...Entry) error {
					if time.Since(begin) < slowFor {
						time.Sleep(5 * time.Millisecond)
					}
					mu.Lock()
					defer mu.Unlock()
					for _, e := range entries {
						if e.Kind == Intent {
							intended[e.Key] = time.Now()
						}
					}
					return nil
				},
				known: func(target.Key) (string, bool) { return "", false },
			}
			for _, r := range x.do(t.Context()) {
				require.Equal(t, Done, r.Outcome)
			}
			assert.Equal(t, people, calls)
			// All that may be under way, one after the other, twice over.
			assert.Less(t, longest, 2*aheadOfCalls*takes, name)
			// Calls follow each other without a pause for the journal.
			assert.Less(t, time.Since(begin), people/atOnce*takes+time.Second, name)
		})
	}
}

// TestOneAtATime: with a concurrency of 1 nothing overtakes, however slow the journal.
func TestOneAtATime(t *testing.T) {
	t.Parallel()
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		b.fail = func(Entry) error {
			time.Sleep(5 * time.Millisecond)
			return nil
		}
		var changes []reconcile.Change
		var want []string
		for i := range 20 {
			id := fmt.Sprint("E", i)
			changes = append(changes, creating(id))
			want = append(want, "intent create "+id, "done create "+id)
		}
		b.do(changes...)
		assert.Equal(t, want, b.entries())
	})
}
