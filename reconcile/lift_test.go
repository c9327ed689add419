package reconcile_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// heldPlan has a disable that needs an approval, a revoke that waits for it, and
// a leaver.
func heldPlan(t *testing.T) *reconcile.Plan {
	t.Helper()
	one, two := target.Key{Identity: "E1"}, target.Key{Identity: "E2"}
	accounts := []target.Account{
		{ID: "a1", Key: one, State: target.Enabled, Entitlements: []target.Entitlement{{Kind: "role", Name: "admin"}}},
		{ID: "a2", Key: two, State: target.Enabled},
	}
	p := compute(t, reconcile.Input{
		Target: "app", Capabilities: able(), Owned: owning(), At: day, History: reconcile.History{Runs: 1, People: 2},
		Scope: reconcile.Whole([]target.Desired{
			{Key: one, State: target.None, Phase: target.Active},
			{Key: two, State: target.Disabled, Phase: target.Left},
		}, proof.Complete{People: 2, Read: true}, collect(t, able(), accounts, nil)),
	})
	require.Len(t, p.Changes, 1)
	require.Len(t, p.Holds, 2)
	return p
}

func TestLift(t *testing.T) {
	p := heldPlan(t)
	disable, revoke, leaver := p.Holds[0].Change.ID, p.Holds[1].Change.ID, p.Changes[0].ID
	yes := reconcile.Approval{Change: disable, Actor: "dana", At: day}
	no := reconcile.Approval{Change: disable, Actor: "eli", Reason: "not yet", At: day, Denied: true}
	with := func(a reconcile.Approval, change func(*reconcile.Approval)) reconcile.Approval {
		change(&a)
		return a
	}
	for _, c := range []struct {
		name      string
		approvals []reconcile.Approval
		run       []string
	}{
		{"nothing decided", nil, []string{leaver}},
		{"approved, with what waits for it", []reconcile.Approval{yes}, []string{disable, leaver, revoke}},
		{"only the dependent approved", []reconcile.Approval{with(yes, func(a *reconcile.Approval) { a.Change = revoke })}, []string{leaver}},
		{"approved and denied", []reconcile.Approval{yes, no}, []string{leaver}},
		{"denied and approved later", []reconcile.Approval{no, yes}, []string{leaver}},
		{"another change approved", []reconcile.Approval{with(yes, func(a *reconcile.Approval) { a.Change = "x" })}, []string{leaver}},
		{"expired", []reconcile.Approval{with(yes, func(a *reconcile.Approval) { a.Expires = day.Add(time.Hour) })}, []string{leaver}},
		{"not expired", []reconcile.Approval{with(yes, func(a *reconcile.Approval) { a.Expires = day.Add(3 * time.Hour) })}, []string{disable, leaver, revoke}},
		{"from the future", []reconcile.Approval{with(yes, func(a *reconcile.Approval) { a.At = day.Add(4 * time.Hour) })}, []string{leaver}},
		{"expired denial", []reconcile.Approval{yes, with(no, func(a *reconcile.Approval) { a.Expires = day })}, []string{disable, leaver, revoke}},
		{"what runs is denied", []reconcile.Approval{with(no, func(a *reconcile.Approval) { a.Change = leaver })}, nil},
	} {
		run, held := p.Lift(day.Add(2*time.Hour), c.approvals, nil)
		var ids []string
		for _, r := range run {
			ids = append(ids, r.ID)
		}
		assert.Equal(t, c.run, ids, c.name)
		assert.Len(t, held, 3-len(run), c.name)
	}
	_, held := p.Lift(day, []reconcile.Approval{no}, nil)
	assert.Equal(t, "denied by eli: not yet", held[0].Reasons[0].Text)
	assert.Equal(t, disable, held[1].Reasons[0].Change, "the dependent names the change to approve")
}

func TestLiftRelease(t *testing.T) {
	p := heldPlan(t)
	for i := range p.Guards {
		if p.Guards[i].Action == reconcile.Disable {
			p.Guards[i].Limit = reconcile.Limit{}
		}
	}
	yes := reconcile.Release{Fingerprint: p.Fingerprint, Actor: "dana", At: day, Expires: day.Add(time.Hour)}
	for _, c := range []struct {
		name   string
		change func(*reconcile.Release)
		run    int
	}{
		{"released", func(*reconcile.Release) {}, 1},
		{"another plan", func(r *reconcile.Release) { r.Fingerprint = "x" }, 0},
		{"expired", func(r *reconcile.Release) { r.Expires = day }, 0},
		{"without an end", func(r *reconcile.Release) { r.Expires = time.Time{} }, 0},
		{"from the future", func(r *reconcile.Release) { r.At = day.Add(time.Minute) }, 0},
	} {
		r := yes
		c.change(&r)
		run, held := p.Lift(day, nil, []reconcile.Release{r})
		assert.Len(t, run, c.run, c.name)
		assert.Len(t, held, 3-c.run, c.name)
	}
}

func TestLiftMasked(t *testing.T) {
	p := heldPlan(t)
	approvals := []reconcile.Approval{{Change: p.Holds[0].Change.ID, At: day}}
	run, held := p.Redacted().Lift(day, approvals, nil)
	assert.Empty(t, run)
	assert.Len(t, held, 3)
}

// A decision about somebody who is employed does not count once they have left.
func TestDenialEndsWithEmployment(t *testing.T) {
	key := target.Key{Identity: "E1"}
	in := func(state target.State, phase target.Phase) reconcile.Input {
		return reconcile.Input{
			Target: "app", Capabilities: able(), Owned: owning(), At: day, History: reconcile.History{Runs: 1},
			Scope: reconcile.One([]target.Desired{{Key: key, State: state, Phase: phase}}, []target.Account{
				{ID: "a1", Key: key, State: target.Enabled, Entitlements: []target.Entitlement{{Kind: "role", Name: "admin"}}},
			}, nil, nil),
		}
	}
	employed := compute(t, in(target.None, target.Active))
	require.Len(t, employed.Holds, 2)
	left := in(target.Disabled, target.Left)
	for _, h := range employed.Holds {
		left.Approvals = append(left.Approvals, reconcile.Approval{Change: h.Change.ID, Actor: "dana", At: day, Denied: true})
	}
	p := compute(t, left)
	assert.Len(t, p.Changes, 2)
	assert.Empty(t, p.Holds)
}
