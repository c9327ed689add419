package provision_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestGuardsSeeWhatRunsBesideThem(t *testing.T) {
	limit := func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2, Percent: 0.1}}
	}
	disabled := func(w *world) int {
		n := 0
		for _, state := range w.states() {
			if state == target.Disabled {
				n++
			}
		}
		return n
	}
	for name, leave := range map[string]func(w *world, ids []string){
		"a storm of events": func(w *world, ids []string) {
			var all sync.WaitGroup
			for _, id := range ids {
				all.Go(func() {
					_, err := w.engine.SyncOne(w.t.Context(), id)
					assert.NoError(w.t, err)
				})
			}
			all.Wait()
		},
		"plans made ahead": func(w *world, ids []string) {
			var plans []*provision.Plan
			for _, id := range ids {
				plan, err := w.engine.PlanOne(w.t.Context(), id)
				require.NoError(w.t, err)
				plans = append(plans, plan)
			}
			for _, plan := range plans {
				_, err := w.engine.Apply(w.t.Context(), plan, nil)
				require.NoError(w.t, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, limit)
			everybody := staff(60)
			w.people.Set(everybody...)
			w.sync()
			var ids []string
			for i := range 20 {
				everybody[i].Status = source.Terminated
				ids = append(ids, everybody[i].ID)
			}
			w.people.Set(everybody...)
			leave(w, ids)
			assert.LessOrEqual(t, disabled(w), 2)
		})
	}
}

// What another run is about to do counts from when it is decided, not from when it is
// written down.
func TestGuardsSeeWhatIsUnderWay(t *testing.T) {
	once := reconcile.Limit{Count: 1, Percent: 0.1}
	for action, test := range map[reconcile.Action]struct {
		policy reconcile.Policy
		alter  func(i *source.Identity)
	}{
		reconcile.Disable: {
			reconcile.Policy{Limits: map[reconcile.Action]reconcile.Limit{reconcile.Disable: once}},
			func(i *source.Identity) { i.Status = source.Terminated },
		},
		reconcile.Revoke: {
			reconcile.Policy{EntitlementLimits: map[target.Entitlement]reconcile.Limit{group("sales"): once}},
			func(i *source.Identity) { i.Department = source.Named("Engineering") },
		},
	} {
		t.Run(action.String(), func(t *testing.T) {
			j := &brokenJournal{}
			w := newWorld(t, func(c *provision.Config) { c.Journal, c.Policy = j, test.policy })
			everybody := staff(60)
			for i := range everybody {
				everybody[i].Department = source.Named("Sales")
			}
			w.people.Set(everybody...)
			w.sync()
			test.alter(&everybody[0])
			test.alter(&everybody[1])
			w.people.Set(everybody...)
			var plans []*provision.Plan
			for _, one := range everybody[:2] {
				plan, err := w.engine.PlanOne(t.Context(), one.ID)
				require.NoError(t, err)
				plans = append(plans, plan)
			}
			deciding, decided := make(chan struct{}), make(chan struct{})
			j.failAppend = func(e []provision.Entry) error {
				for i := range e {
					if e[i].Kind == provision.Intent && e[i].Action == action && e[i].Key.Identity == everybody[0].ID {
						close(deciding)
						<-decided
					}
				}
				return nil
			}
			done := make(chan *provision.Report)
			go func() {
				report, err := w.engine.Apply(t.Context(), plans[0], nil)
				assert.NoError(t, err)
				done <- report
			}()
			<-deciding
			second, err := w.engine.Apply(t.Context(), plans[1], nil)
			close(decided)
			first := <-done
			require.NoError(t, err)
			of := func(r *provision.Report) []provision.Outcome {
				var out []provision.Outcome
				for i := range r.Results {
					if r.Results[i].Change.Action == action {
						out = append(out, r.Results[i].Outcome)
					}
				}
				return out
			}
			assert.Equal(t, []provision.Outcome{provision.Done}, of(first))
			assert.Equal(t, []provision.Outcome{provision.Held}, of(second))
		})
	}
}

// hesitant waits in Disable for whoever is on its list.
type hesitant struct {
	target.Target
	waits  func(id string) bool
	began  chan struct{}
	resume chan struct{}
}

func (s *hesitant) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	if s.waits(req.Ref.Key.Identity) {
		s.began <- struct{}{}
		<-s.resume
	}
	return s.Target.Disable(ctx, req)
}

// What is under way is written down by then, too, and counts once: two of five are left.
func TestWhatIsUnderWayCountsOnce(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Concurrency = 8
		c.Journal = openJournal(t, filepath.Join(t.TempDir(), "journal"))
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 5, Percent: 0.1}}
	})
	app := &hesitant{Target: w.app, waits: func(id string) bool { return id < "E0003" }, began: make(chan struct{}), resume: make(chan struct{})}
	w.config.Targets = []target.Target{app}
	w.restart()
	w.people.Set(staff(60)...)
	w.sync()
	w.leave(0, 1, 2)
	done := make(chan struct{})
	go func() {
		_, err := w.engine.Sync(t.Context())
		assert.NoError(t, err)
		close(done)
	}()
	for range 3 {
		<-app.began
	}
	for i, want := range []target.State{target.Disabled, target.Disabled, target.Enabled} {
		w.leave(30 + i)
		id := fmt.Sprintf("E%04d", 30+i)
		_, err := w.engine.SyncOne(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, want, w.account(id).State, id)
	}
	close(app.resume)
	<-done
}

// A plan of eight of ten is applied again after the process has died in the middle: what
// it has done is not counted a second time.
func TestAPlanAppliedAgainCountsWhatItDidOnce(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Concurrency = 1
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 10, Percent: 0.1}}
	})
	w.people.Set(staff(60)...)
	w.sync()
	w.later(oneDay)
	w.leave(0, 1, 2, 3, 4, 5, 6, 7)
	plan := w.plan()
	whole := w.config.Journal
	w.config.Journal = &mortal{Journal: whole, after: 14}
	w.restart()
	_, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	require.Greater(t, w.closed(), 3)
	require.Less(t, w.closed(), 8)
	w.config.Journal = whole
	w.later(10 * time.Minute)
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	assert.Zero(t, report.Counts()[provision.Held], "%s", report)
	assert.Equal(t, 8, w.closed())
}

// TestWhatIsReleasedCountsWhoeverDoesIt: two plans know of a release of what a first run held,
// and of two leavers beside it, which is one more than the limit. The first takes what was
// released. It counts for the second one as well.
func TestWhatIsReleasedCountsWhoeverDoesIt(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) {
		c.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 2}}
	})
	everybody := staff(30)
	everybody[0].Status = source.Suspended
	w.people.Set(everybody...)
	w.app.Put(target.Account{
		Key: target.Key{Identity: "E0000"}, State: target.Enabled,
		Attributes: target.Attrs(map[string]string{"userName": everybody[0].WorkEmail}),
	})
	w.runOnce()
	require.Equal(t, target.Enabled, w.account("E0000").State, "a first run holds it")
	w.later(oneDay)
	w.releaseAll()
	w.leave(1, 2)
	second := reload(t, w.plan())
	w.runOnce()
	require.Equal(t, target.Disabled, w.account("E0000").State)
	require.Equal(t, 1, w.closed())
	report, err := w.engine.Apply(t.Context(), second, nil)
	require.NoError(t, err)
	assert.Equal(t, 1, w.closed(), "two more would be three in a day:\n%s", report)
	again := slices.IndexFunc(report.Results, func(r provision.Result) bool { return r.Change.Key.Identity == "E0000" })
	assert.Equal(t, provision.AlreadySo, report.Results[again].Outcome)
}
