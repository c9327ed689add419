package provision_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// killedAfter is the journal of a process that dies after one call: the intent is in it,
// and nothing that comes later.
type killedAfter struct {
	provision.Journal
	dead bool
}

func (k *killedAfter) Append(ctx context.Context, entries ...provision.Entry) error {
	if k.dead {
		return errors.New("killed") //nolint:err113 // the process is gone
	}
	for i := range entries {
		k.dead = k.dead || entries[i].Kind == provision.Intent
	}
	return k.Journal.Append(ctx, entries...)
}

// diesIn has a process do something and die after its first call, and another one begin
// when the lease is over.
func (w *world) diesIn(do func()) {
	journal := w.config.Journal
	w.config.Journal = &killedAfter{Journal: journal}
	w.restart()
	do()
	w.config.Journal = journal
	w.now = w.now.Add(5 * time.Minute)
	w.restart()
}

func (w *world) diesInSync() {
	w.diesIn(func() {
		_, err := w.engine.Sync(w.t.Context())
		assert.NoError(w.t, err)
	})
}

func onDisk(t *testing.T) *provision.FileJournal {
	t.Helper()
	journal, err := provision.OpenFileJournal(filepath.Join(t.TempDir(), "journal"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = journal.Close() })
	return journal
}

// small is a company where a rehire waits for an approval, if it is to.
func small(t *testing.T, hold bool) *world {
	t.Helper()
	spec := companyRules()
	life := &spec.Targets[0].Lifecycle
	life.EndSessions, life.Handover, life.Rehire = false, false, rules.Rehire{Hold: hold}
	w := newWorld(t, func(c *provision.Config) { c.Journal, c.Rules = onDisk(t), build(t, spec) })
	w.people.Put(person("ana", "", ""), person("bo", "", ""), person("cy", "", ""))
	w.run()
	w.now = w.now.Add(time.Hour)
	return w
}

func anaTerminated() source.Identity {
	p := person("ana", "", "")
	p.Status = source.Terminated
	return p
}

func (w *world) anaLeft() bool {
	_, left, err := w.engine.Departed(w.t.Context(), "ana")
	require.NoError(w.t, err)
	return left
}

// enables are the planned changes that open an account, and whether they are held.
func enables(p *provision.Plan) []bool {
	var out []bool
	for _, tp := range p.Targets {
		for i := range tp.Changes {
			if tp.Changes[i].Action.String() == "enable" {
				out = append(out, false)
			}
		}
		for i := range tp.Holds {
			if tp.Holds[i].Change.Action.String() == "enable" {
				out = append(out, true)
			}
		}
	}
	return out
}

// TestADisableThatNobodySawEndIsADeparture: a process dies after a leaver's disable, or
// nobody could tell how it ended. The next run finds the account closed, and the person
// has left: a late event does not open the account, nor does a rehire that is to wait.
func TestADisableThatNobodySawEndIsADeparture(t *testing.T) {
	for _, how := range []string{"killed", "unconfirmed"} {
		for _, runs := range []int{0, 1, 2} {
			t.Run(fmt.Sprint(how, ", then runs: ", runs), func(t *testing.T) {
				w := small(t, true)
				w.people.Put(anaTerminated())
				if how == "killed" {
					w.diesInSync()
				} else {
					w.app.Inject(memtarget.Fault{Method: "Disable", Times: 9, AfterCommit: true, Err: target.Fail(target.Unclear, errDown)})
					_, err := w.engine.Sync(t.Context())
					require.NoError(t, err)
					w.app.Repair()
				}
				require.Equal(t, target.Disabled, w.account("ana").State)
				for range runs {
					w.now = w.now.Add(time.Hour)
					w.run()
				}
				assert.True(t, w.anaLeft())
				w.people.Put(person("ana", "", ""))
				plan, err := w.engine.PlanOne(t.Context(), "ana")
				require.NoError(t, err)
				assert.Equal(t, []bool{true}, enables(plan), "one event opens it: %s", plan)
				w.now = w.now.Add(48 * time.Hour)
				w.run()
				assert.Equal(t, target.Disabled, w.account("ana").State, "a rehire waits for an approval")
			})
		}
	}
}

// TestAnEnableThatNobodySawEndIsAReturn: a process dies after it has opened the account of
// somebody who is back.
func TestAnEnableThatNobodySawEndIsAReturn(t *testing.T) {
	w := small(t, false)
	w.people.Put(anaTerminated())
	w.run()
	require.True(t, w.anaLeft())
	w.now = w.now.Add(48 * time.Hour)
	w.people.Put(person("ana", "", ""))
	w.diesInSync()
	require.Equal(t, target.Enabled, w.account("ana").State)
	w.run()
	assert.False(t, w.anaLeft())
}

// TestACallThatCameToNothingIsForgotten: a process dies before a leaver's disable has
// reached the target, and the person is back. They have not left, also if somebody else
// closes their account later.
func TestACallThatCameToNothingIsForgotten(t *testing.T) {
	w := small(t, true)
	w.people.Put(anaTerminated())
	w.app.Inject(memtarget.Fault{Method: "Disable", Times: 9, Err: target.Fail(target.Unclear, errDown)})
	w.diesInSync()
	w.app.Repair()
	require.Equal(t, target.Enabled, w.account("ana").State)
	assert.True(t, w.anaLeft(), "nobody can tell yet")
	w.people.Put(person("ana", "", ""))
	w.run()
	assert.False(t, w.anaLeft())
	assert.Zero(t, w.noted(func(e *provision.Entry) bool { return e.Action == reconcile.Disable && e.Outcome == provision.Done }))
	w.now = w.now.Add(time.Hour)
	_, err := w.app.Disable(t.Context(), target.StateRequest{Ref: target.Ref{ID: w.account("ana").ID}})
	require.NoError(t, err)
	w.run()
	assert.False(t, w.anaLeft(), "that was somebody else")
}

// TestWhatNobodySawEndIsKeptByACompaction: what was begun and never ended is settled after
// a compaction as before.
func TestWhatNobodySawEndIsKeptByACompaction(t *testing.T) {
	w := small(t, true)
	w.people.Put(anaTerminated())
	w.diesInSync()
	require.NoError(t, w.config.Journal.(*provision.FileJournal).Compact(t.Context(), w.now)) //nolint:forcetypeassert // small made it
	w.restart()
	assert.True(t, w.anaLeft())
	w.run()
	w.people.Put(person("ana", "", ""))
	w.now = w.now.Add(48 * time.Hour)
	w.run()
	assert.Equal(t, target.Disabled, w.account("ana").State, "a rehire waits for an approval")
}

// TestACreateThatNobodySawEndIsRecorded: a process dies after a create. The next run plans
// anew, finds the account, and writes down what was made and under which id.
func TestACreateThatNobodySawEndIsRecorded(t *testing.T) {
	w := small(t, false)
	w.people.Put(person("dee", "", ""))
	w.diesInSync()
	w.run()
	made := func(e *provision.Entry) bool {
		return e.Kind == provision.Happened && e.Action == reconcile.Create && e.Key.Identity == "dee" &&
			e.Outcome == provision.Done && e.Account == w.account("dee").ID
	}
	assert.Equal(t, 1, w.noted(made))
	w.run()
	assert.Equal(t, 1, w.noted(made), "once is enough")
}

// TestAnApprovalIsUsedUpByACallThatNobodySawEnd: an approved grant lands, and the process
// dies. If somebody takes it away later, it is not given again.
func TestAnApprovalIsUsedUpByACallThatNobodySawEnd(t *testing.T) {
	w := newWorld(t, func(c *provision.Config) { c.Journal = onDisk(t) })
	w.people.Put(person("ana", "Sales", "Clerk"), person("bo", "Sales", "Clerk"))
	w.sync()
	w.now = w.now.Add(time.Hour)
	w.people.Put(person("ana", "Sales", "Treasurer"))
	w.run()
	pending, err := desk(w).Pending(t.Context())
	require.NoError(t, err)
	require.Len(t, pending, 1)
	require.NoError(t, desk(w).Approve(t.Context(), pending[0].Hold.Change.ID, provision.Decision{Actor: "cfo"}))
	w.now = w.now.Add(time.Hour)
	w.diesInSync()
	a := w.account("ana")
	require.Contains(t, a.Entitlements, group("money"))
	w.run()
	w.now = w.now.Add(time.Hour)
	require.NoError(t, w.app.Revoke(t.Context(), target.GrantRequest{Ref: target.Ref{ID: a.ID}, Entitlement: group("money")}))
	w.run()
	assert.NotContains(t, w.account("ana").Entitlements, group("money"), "an approval is good for one time")
}

// TestAKilledCreateIsNotMadeAgainByItsPlan: a process dies after a create, and the next one
// applies the same stored plan. The person has one account, whatever the target can tell.
func TestAKilledCreateIsNotMadeAgainByItsPlan(t *testing.T) {
	for _, can := range []struct{ keys, find bool }{{true, true}, {true, false}, {false, false}} {
		t.Run(fmt.Sprintf("keys %v, found by key %v", can.keys, can.find), func(t *testing.T) {
			app := forgiving(can.keys, can.find)
			w := newWorld(t, func(c *provision.Config) { c.Journal, c.Targets = onDisk(t), []target.Target{app} })
			w.people.Put(person("ana", "Sales", ""))
			plan := stored(t, w.plan())
			w.diesIn(func() {
				_, err := w.engine.Apply(t.Context(), plan, nil)
				assert.NoError(t, err)
			})
			require.Len(t, app.All(), 1)
			report, err := w.engine.Apply(t.Context(), plan, nil)
			require.NoError(t, err)
			assert.Len(t, app.All(), 1, "%s", report)
			report, err = w.engine.Sync(t.Context())
			require.NoError(t, err)
			assert.Len(t, app.All(), 1, "%s", report)
		})
	}
}
