package reconcile_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// company has 60 people, of whom the first have left, and some joiners. Only the
// staff have accounts.
func company(t *testing.T, leavers, joiners int) reconcile.Input {
	t.Helper()
	var desired []target.Desired
	var accounts []target.Account
	for i := range 60 + joiners {
		d := target.Desired{
			Key: target.Key{Identity: fmt.Sprintf("E%02d", i)}, State: target.Enabled, Phase: target.Active,
		}
		if i < leavers {
			d.State, d.Phase = target.Disabled, target.Left
		}
		if i < 60 {
			accounts = append(accounts, target.Account{ID: "a" + d.Key.Identity, Key: d.Key, State: target.Enabled})
		}
		desired = append(desired, d)
	}
	return reconcile.Input{
		Target: "app", Capabilities: able(), Owned: owning(), Rules: "r1", At: day,
		History: reconcile.History{Runs: 9, People: len(desired), Managed: 60},
		Scope:   reconcile.Whole(desired, proof.Complete{People: len(desired), Read: true}, collect(t, able(), accounts, nil)),
	}
}

// A release of what is guarded is good in later plans, whatever else is in them,
// for exactly that.
func TestReleaseOfWhatIsGuarded(t *testing.T) {
	first := compute(t, company(t, 20, 2))
	require.Len(t, first.Holds, 20)
	require.NotEmpty(t, first.Guarded)
	for _, c := range []struct {
		name             string
		leavers, joiners int
		fingerprint      string
		rules            string
		run              int
	}{
		{"the same plan", 20, 2, first.Guarded, "r1", 22},
		{"the joiners ran meanwhile", 20, 0, first.Guarded, "r1", 20},
		{"other joiners", 20, 7, first.Guarded, "r1", 27},
		{"one leaver more", 21, 2, first.Guarded, "r1", 2},
		{"one leaver fewer", 19, 2, first.Guarded, "r1", 2},
		{"other rules", 20, 2, first.Guarded, "r2", 2},
		{"the whole plan", 20, 2, first.Fingerprint, "r1", 22},
		{"the whole plan, which is another", 20, 0, first.Fingerprint, "r1", 0},
		{"nothing named", 20, 2, "", "r1", 2},
	} {
		in := company(t, c.leavers, c.joiners)
		in.Rules = c.rules
		in.Releases = []reconcile.Release{release(c.fingerprint)}
		p := compute(t, in)
		assert.Len(t, p.Changes, c.run, c.name)
		in.Releases = nil
		run, _ := compute(t, in).Lift(day, nil, []reconcile.Release{release(c.fingerprint)})
		assert.Len(t, run, c.run, c.name)
	}
	few := compute(t, company(t, 2, 0))
	assert.Empty(t, few.Guarded)
}

// A plan that was released stays so when it is stored, but not for more than was
// released.
func TestReleasedPlanStored(t *testing.T) {
	in := company(t, 20, 0)
	in.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Disable, By: "dana"}}
	all := compute(t, in)
	for i := range 12 {
		in.Approvals = append(in.Approvals, reconcile.Approval{Change: all.Holds[i].Change.ID, Actor: "dana", At: day})
	}
	in.Releases = []reconcile.Release{release(compute(t, in).Guarded)}
	p := compute(t, in)
	require.Len(t, p.Changes, 12)
	require.Len(t, p.Approved, 12)
	var q reconcile.Plan
	require.NoError(t, json.Unmarshal([]byte(bytesOf(t, p)), &q))
	run, _ := q.Lift(day, in.Approvals, nil)
	assert.Len(t, run, 12)
	more := append(slices.Clone(in.Approvals), reconcile.Approval{Change: p.Holds[0].Change.ID, Actor: "dana", At: day})
	run, _ = q.Lift(day, more, nil)
	assert.Empty(t, run, "twelve were released, not thirteen")
}

// Approved changes that are too many wait for a release, and keep nothing else
// waiting, neither in the plan nor when it is read again.
func TestApprovedBeyondTheLimit(t *testing.T) {
	in := company(t, 8, 0)
	admin := target.Key{Identity: "E59"}
	in.Policy.Limits = map[reconcile.Action]reconcile.Limit{reconcile.Disable: {Count: 8}}
	desired := []target.Desired{{Key: admin, State: target.None, Phase: target.Active}}
	accounts := []target.Account{{ID: "aE59", Key: admin, State: target.Enabled}}
	for i := range 8 {
		key := target.Key{Identity: fmt.Sprintf("E%02d", i)}
		desired = append(desired, target.Desired{Key: key, State: target.Disabled, Phase: target.Left})
		accounts = append(accounts, target.Account{ID: "a" + key.Identity, Key: key, State: target.Enabled})
	}
	in.Scope = reconcile.Whole(desired, proof.Complete{People: 9, Read: true}, collect(t, able(), accounts, nil))
	p := compute(t, in)
	require.Len(t, p.Changes, 8)
	require.Len(t, p.Holds, 1)
	in.Approvals = []reconcile.Approval{{Change: p.Holds[0].Change.ID, Actor: "dana", At: day}}
	p = compute(t, in)
	require.Len(t, p.Changes, 8)
	require.Equal(t, reconcile.Guarded, p.Holds[0].Reasons[0].Kind)
	var q reconcile.Plan
	require.NoError(t, json.Unmarshal([]byte(bytesOf(t, p)), &q))
	run, _ := q.Lift(day, in.Approvals, nil)
	assert.Len(t, run, 8, "what was approved late keeps others waiting")
	run, _ = q.Lift(day, in.Approvals, []reconcile.Release{release(p.Guarded)})
	assert.Len(t, run, 9)
}
