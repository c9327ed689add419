package provision_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// omitting lists all accounts but one, and says that this is all.
type omitting struct {
	*memtarget.Target
	id string
}

func (o *omitting) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		for a, err := range o.Target.Accounts(ctx) {
			if a.ID != o.id && !yield(a, err) {
				return
			}
		}
	}
}

// What a leaver is owed is not given up because a list lacks the account: it is asked for by
// its id, however long ago they left.
func TestWhatIsOwedIsDoneThoughAListLacksTheAccount(t *testing.T) {
	leave := func(t *testing.T, method string) (*world, *omitting, string) {
		t.Helper()
		app := &omitting{Target: memtarget.New("app", nil)}
		w := newWorld(t, func(c *provision.Config) { c.Targets = []target.Target{app} })
		w.app = app.Target
		w.app.AddEntitlements(group("engineering"), group("sales"), group("money"))
		ana := person("ana", "Sales", "Seller")
		ana.Manager = source.Manager{ID: "bo"}
		w.people.Set(ana, person("bo", "Sales", "Boss"))
		w.sync()
		id := w.account("ana").ID
		w.app.OpenSessions(id, 3)
		w.app.Own(id, "a dashboard")
		w.app.FailAlways(method, target.Fail(target.Permanent, errDown))
		ana.Status = source.Terminated
		w.people.Put(ana)
		w.run()
		require.Equal(t, target.Disabled, w.account("ana").State)
		w.app.Repair()
		w.pass(4 * oneDay)
		return w, app, id
	}
	outcomesOf := func(r *provision.Report, action reconcile.Action) []provision.Outcome {
		var out []provision.Outcome
		for i := range r.Results {
			if r.Results[i].Change.Action == action {
				out = append(out, r.Results[i].Outcome)
			}
		}
		return out
	}
	t.Run("sessions", func(t *testing.T) {
		w, app, id := leave(t, "EndSessions")
		app.id = id
		assert.Equal(t, []provision.Outcome{provision.Done}, outcomesOf(w.run(), reconcile.EndSessions))
		assert.Zero(t, w.app.Sessions(id))
		assert.Empty(t, outcomesOf(w.run(), reconcile.EndSessions), "done once")
	})
	t.Run("handover", func(t *testing.T) {
		w, app, id := leave(t, "Handover")
		app.id = id
		assert.Equal(t, []provision.Outcome{provision.Done}, outcomesOf(w.run(), reconcile.Handover))
		assert.Equal(t, []string{"a dashboard"}, w.app.Owned(w.account("bo").ID))
	})
	t.Run("but it is gone", func(t *testing.T) {
		for method, want := range map[string]provision.Outcome{"EndSessions": provision.AlreadySo, "Handover": provision.Stale} {
			w, _, id := leave(t, method)
			w.app.Remove(id)
			action := reconcile.EndSessions
			if method == "Handover" {
				action = reconcile.Handover
			}
			assert.Equal(t, []provision.Outcome{want}, outcomesOf(w.run(), action), method)
			assert.True(t, w.plan().NothingToDo(), "%s is not owed any more:\n%s", method, w.plan())
		}
	})
	t.Run("but it is somebody else's", func(t *testing.T) {
		w, _, id := leave(t, "EndSessions")
		a := w.account("ana")
		a.Key = target.Key{}
		w.app.Put(a)
		assert.Contains(t, w.plan().String(), "end-sessions is no longer owed: the account is somebody else's")
		assert.Empty(t, outcomesOf(w.run(), reconcile.EndSessions))
		assert.Equal(t, 3, w.app.Sessions(id))
	})
}

// A plan takes the rest from somebody who has left and whose account is closed. At the same
// moment they are back, and another run opens it: nothing is taken from an open account.
func TestNothingIsTakenFromWhoWasLetInAgain(t *testing.T) {
	w := newWorld(t, nil)
	ana := person("ana", "Sales", "Seller")
	w.people.Set(ana, person("bo", "Sales", "Boss"))
	w.sync()
	away := ana
	away.Status = source.OnLeave
	w.people.Put(away)
	w.sync()
	require.Equal(t, target.Disabled, w.account("ana").State)
	w.pass(oneDay)
	left := ana
	left.Status = source.Terminated
	w.people.Put(left)
	stored := reload(t, w.plan())
	require.Contains(t, removals(stored), "revoke ana")
	require.Contains(t, removals(stored), "end-sessions ana")
	w.people.Put(ana)
	w.sync()
	w.app.OpenSessions(w.account("ana").ID, 2)

	report, err := w.engine.Apply(t.Context(), stored, nil)
	require.NoError(t, err)
	for i := range report.Results {
		r := &report.Results[i]
		assert.Equal(t, provision.Stale, r.Outcome, "%s", r.Change.Action)
		assert.ErrorContains(t, r.Err, "the account was opened since")
	}
	assert.Equal(t, []target.Entitlement{group("sales")}, w.account("ana").Entitlements)
	assert.Equal(t, 2, w.app.Sessions(w.account("ana").ID))
}
