package provision_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// taking counts what a target really lost, and when.
type taking struct {
	*memtarget.Target
	mu      sync.Mutex
	now     func() time.Time
	removed map[string][]taken // by kind
	dice    *rand.Rand
}

// fails says whether the answer to a call is lost.
func (k *taking) fails() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.dice.IntN(12) == 0
}

type taken struct {
	who string
	at  time.Time
}

func (k *taking) note(kind string, key target.Key) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.removed[kind] = append(k.removed[kind], taken{key.String(), k.now()})
}

func (k *taking) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	a, err := k.Target.Disable(ctx, req)
	if err == nil {
		k.note("disable", a.Key)
	}
	if k.fails() {
		return target.Account{}, &target.Error{Class: target.Unclear, Err: context.DeadlineExceeded}
	}
	return a, err
}

func (k *taking) Revoke(ctx context.Context, req target.GrantRequest) error {
	left := k.Target.ByKey(req.Ref.Key)[0].State == target.Disabled
	err := k.Target.Revoke(ctx, req)
	if err == nil && !left {
		k.note(req.Entitlement.String(), req.Ref.Key)
	}
	if k.fails() {
		return &target.Error{Class: target.Unclear, Err: context.DeadlineExceeded}
	}
	return err
}

// most returns on how many accounts something of a kind was done in the 24 hours
// that are the worst.
func (k *taking) most(kind string) int {
	worst := 0
	list := k.removed[kind]
	for i := range list {
		seen := map[string]bool{}
		for _, t := range list[:i+1] {
			if t.at.After(list[i].at.Add(-oneDay)) {
				seen[t.who] = true
			}
		}
		worst = max(worst, len(seen))
	}
	return worst
}

// TestTheLimitsOfADay lets people leave and move, and an engine run as a whole, for
// one person, side by side, from stored plans and over restarts and kills, at random.
// Whatever happens, what nobody released stays within the limits in any 24 hours.
func TestTheLimitsOfADay(t *testing.T) {
	seeds := 20
	if os.Getenv("PROVISION_STORM") != "" {
		seeds = 2_000
	}
	for seed := range seeds {
		t.Run(fmt.Sprintf("seed%d", seed), func(t *testing.T) { limitsOfADay(t, uint64(seed)) })
	}
}

const perDay = 3

// allEntries is a journal in memory that keeps intents, too.
type allEntries struct {
	mu      sync.Mutex
	entries []provision.Entry
}

func (j *allEntries) Append(_ context.Context, entries ...provision.Entry) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, e := range entries {
		e.Position = uint64(len(j.entries) + 1)
		j.entries = append(j.entries, e)
	}
	return nil
}

func (j *allEntries) Entries(_ context.Context, after uint64) iter.Seq2[provision.Entry, error] {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := j.entries[min(int(after), len(j.entries)):]
	return func(yield func(provision.Entry, error) bool) {
		for _, e := range list {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func limitsOfADay(t *testing.T, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 11))
	var app *taking
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: perDay}, reconcile.Revoke: reconcile.Unlimited}
		c.Policy.EntitlementLimits = map[target.Entitlement]reconcile.Limit{group("sales"): {Count: perDay}, group("engineering"): {Count: perDay}}
		c.Policy.Absence.Shrink = 100
	})
	app = &taking{
		Target: w.app, now: func() time.Time { return w.now }, removed: map[string][]taken{},
		dice: rand.New(rand.NewPCG(seed, 12)),
	}
	w.config.Targets = []target.Target{app}
	durable := &allEntries{}
	w.config.Journal = durable
	w.restart()
	everybody := staff(40)
	w.people.Set(everybody...)
	_, err := w.engine.Sync(t.Context())
	require.NoError(t, err)
	var stored []*provision.Plan
	for range 80 {
		w.now = w.now.Add(time.Duration(r.IntN(200)) * time.Minute)
		for range r.IntN(4) {
			p := &everybody[r.IntN(len(everybody))]
			switch r.IntN(4) {
			case 0:
				p.Status, p.TerminationDate = source.Terminated, source.DateOf(w.now).AddDays(-1)
			case 1:
				p.Status, p.TerminationDate, p.HireDate = source.Active, source.Date{}, source.DateOf(w.now)
			default:
				p.Department = source.Named([]string{"Engineering", "Sales", "Finance"}[r.IntN(3)])
			}
			w.people.Put(*p)
		}
		switch r.IntN(8) {
		case 0:
			w.restart()
		case 1: // killed, and begun anew
			w.config.Journal = &mortal{Journal: durable, after: r.IntN(20)}
			w.restart()
			_, _ = w.engine.Sync(t.Context())
			w.config.Journal = durable
			w.restart()
		case 2:
			stored = append(stored, w.plan())
		case 3:
			if len(stored) > 0 {
				_, err := w.engine.Apply(t.Context(), stored[r.IntN(len(stored))], nil)
				require.NoError(t, err)
			}
		case 4:
			var all sync.WaitGroup
			for _, i := range r.Perm(len(everybody))[:r.IntN(20)] {
				all.Go(func() { _, _ = w.engine.SyncOne(t.Context(), everybody[i].ID) })
			}
			all.Wait()
		case 5:
			for _, i := range r.Perm(len(everybody))[:r.IntN(20)] {
				_, err := w.engine.SyncOne(t.Context(), everybody[i].ID)
				require.NoError(t, err)
			}
		default:
			_, err := w.engine.Sync(t.Context())
			require.NoError(t, err)
		}
	}
	kinds := 0
	for kind, list := range app.removed {
		require.LessOrEqual(t, app.most(kind), perDay, "%s: %v", kind, slices.Clone(list))
		kinds++
	}
	require.Equal(t, 3, kinds, "all kinds of removals occur")
}
