package reconcile_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// doubts gives the world what its guards look at.
func (d dice) doubts(w *world) {
	if d.chance(60) {
		return
	}
	w.history.Rules = pick(d, "", "r1", "r1", "r1", "r0")
	if d.chance(60) {
		w.policy.EntitlementLimits = map[target.Entitlement]reconcile.Limit{}
		for range 9 {
			w.policy.EntitlementLimits[d.entitlement()] = reconcile.Limit{Count: d.IntN(2), Percent: pick(d, 0, 0, 30.0)}
		}
		w.history.Losses = map[target.Entitlement]int{d.entitlement(): d.IntN(3), d.entitlement(): 1}
		w.history.Members = map[target.Entitlement]int{d.entitlement(): d.IntN(9)}
	}
	if d.chance(10) {
		w.policy.Absence.Sentinels = []string{d.key().Identity, d.key().Identity}
	}
	w.filled = map[string]int{"status": 40, "last_day": d.IntN(40)}
	if d.chance(10) {
		w.history.Filled = map[string]int{"status": 40, "last_day": 30}
	}
	w.history.Last = day.Add(-time.Duration(d.IntN(24*6)) * time.Hour)
	if d.chance(10) {
		w.history.Last = day.AddDate(0, 0, pick(d, -30, 2))
	}
	if d.chance(10) {
		w.history.Alarms = []reconcile.Verdict{
			{Guard: pick(d, reconcile.GuardFields, reconcile.GuardSentinels, reconcile.GuardPeople), Missing: []string{"E7"}},
		}
	}
}

// stricter is the input with guards that have more to say.
func (d dice) stricter(in reconcile.Input) reconcile.Input {
	in.Policy.EntitlementLimits = maps.Clone(in.Policy.EntitlementLimits)
	in.History.Losses = maps.Clone(in.History.Losses)
	in.History.Members = maps.Clone(in.History.Members)
	if in.History.Losses == nil {
		in.History.Losses = map[target.Entitlement]int{}
	}
	for e, l := range in.Policy.EntitlementLimits {
		in.Policy.EntitlementLimits[e] = reconcile.Limit{Count: d.IntN(l.Count + 1), Percent: l.Percent * d.Float64()}
	}
	in.History.Losses[d.entitlement()] += d.IntN(4)
	for e, n := range in.History.Members {
		in.History.Members[e] = d.IntN(n + 1)
	}
	if d.chance(20) {
		in.Policy.Absence.Sentinels = append(slices.Clone(in.Policy.Absence.Sentinels), d.key().Identity)
	}
	if d.chance(20) {
		in.History.Filled = map[string]int{"status": 80, "last_day": 30}
	}
	if d.chance(20) && !in.History.Last.After(day) {
		in.History.Last = day.AddDate(0, -1, 0)
	}
	if d.chance(20) {
		in.History.Alarms = append(slices.Clone(in.History.Alarms), reconcile.Verdict{Guard: reconcile.GuardFields, Field: "title"})
	}
	return in
}

// release lets through some changes by their IDs.
func (d dice) releaseOf(p *reconcile.Plan) []reconcile.Release {
	r := release("")
	for _, c := range everything(p) {
		if d.chance(50) {
			r.Changes = append(r.Changes, c.ID)
		}
	}
	return []reconcile.Release{r}
}

func runs(p *reconcile.Plan) map[string]bool {
	out := map[string]bool{}
	for _, c := range p.Changes {
		out[c.ID] = true
	}
	return out
}

// What a release names runs unless something else than a guard holds it, and it lets
// nobody else run. It keeps others from running only where it counts against the few whom
// a first run lets go.
func TestLawReleasedChanges(t *testing.T) { worlds(t, lawReleasedChanges) }

func lawReleasedChanges(t testing.TB, d dice) {
	w := d.world()
	w.one = d.chance(30)
	in := w.input(t)
	p := compute(t, in)
	in.Releases = d.releaseOf(p)
	named := in.Releases[0].Changes
	q := compute(t, in)
	before := runs(p)
	for _, h := range q.Holds {
		assert.False(t, before[h.Change.ID] && !slices.ContainsFunc(h.Reasons, ofFirstRun), "%s %s no longer runs\n%s\n%s", h.Change.Action, h.Change.Key, p, q)
		for _, r := range h.Reasons {
			if slices.Contains(named, r.Change) {
				assert.NotEqual(t, reconcile.Guarded, r.Kind, "%s %s is released\n%s", h.Change.Action, h.Change.Key, q)
			}
		}
	}
	led := func(c *reconcile.Change) bool {
		return slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return slices.Contains(named, n.Change) })
	}
	for i := range q.Changes {
		c := &q.Changes[i]
		assert.True(t, before[c.ID] || slices.Contains(named, c.ID) || led(c) || len(c.Needs) > 0,
			"%s %s was let through\n%s\n%s", c.Action, c.Key, p, q)
	}
	run, held := p.Lift(day, nil, in.Releases)
	assert.Equal(t, bytesOf(t, q.Changes), bytesOf(t, run))
	assert.Equal(t, bytesOf(t, q.Holds), bytesOf(t, held))
}

func ofFirstRun(r reconcile.HoldReason) bool { return r.Kind == reconcile.Guarded && r.Lasting }

// What a first run held and nobody released never runs, however loose all limits are.
func TestLawKept(t *testing.T) { worlds(t, lawKept) }

func lawKept(t testing.TB, d dice) {
	w := d.world()
	w.one = d.chance(30)
	in := w.input(t)
	in.History.Kept = map[string]bool{"gone": true}
	for _, c := range everything(compute(t, in)) {
		if c.Action.Removes() && len(c.Needs) == 0 && d.chance(50) {
			in.History.Kept[c.ID] = true
		}
	}
	p := compute(t, in)
	for _, c := range p.Changes {
		assert.False(t, in.History.Kept[c.ID], "%s %s runs\n%s", c.Action, c.Key, p)
	}
	for _, h := range p.Holds {
		if in.History.Kept[h.Change.ID] && !slices.ContainsFunc(h.Reasons, func(r reconcile.HoldReason) bool {
			return r.Lasting || r.Kind != reconcile.InGrace && r.Kind != reconcile.Guarded
		}) {
			assert.Fail(t, "not kept", "%s %s\n%s", h.Change.Action, h.Change.Key, p)
		}
	}
}

// After the first run of changed rules, what it held waits for its release, and
// somebody who moves a week later does not.
func TestKeptAndOrdinary(t *testing.T) {
	in := company(t, 0, 0)
	in.History.Rules = "r0"
	whole := func(n int) {
		desired, accounts := movers(60, n)
		in.Scope = reconcile.Whole(desired, proof.Complete{People: 60, Read: true}, collect(t, able(), accounts, listed()))
	}
	whole(40)
	first := compute(t, in)
	require.Len(t, first.Holds, 40)
	in.History.Kept = map[string]bool{}
	for _, h := range first.Holds {
		require.True(t, h.Reasons[0].Lasting)
		in.History.Kept[h.Change.ID] = true
	}
	in.History.Rules, in.At = "r1", day.AddDate(0, 0, 7)
	whole(41)
	second := compute(t, in)
	require.Len(t, second.Changes, 1, "%s", second)
	assert.Equal(t, "E40", second.Changes[0].Key.Identity)
	assert.Contains(t, second.String(), "guard: 40 changes that a first run held, held")
	in.Releases = []reconcile.Release{{Changes: ids(second.Holds[:10]), At: in.At, Expires: in.At.Add(time.Hour)}}
	third := compute(t, in)
	assert.Len(t, third.Changes, 11)
	assert.Len(t, third.Released, 10)
	assert.Len(t, third.Holds, 30)
}

func ids(holds []reconcile.Hold) []string {
	out := make([]string, 0, len(holds))
	for _, h := range holds {
		out = append(out, h.Change.ID)
	}
	return out
}

// movers are people of whom the first are to lose a group.
func movers(people, movers int) (desired []target.Desired, accounts []target.Account) {
	all := []target.Entitlement{{Kind: "group", Name: "all"}}
	for i := range people {
		key := target.Key{Identity: "E" + string(rune('0'+i/10)) + string(rune('0'+i%10))}
		d := target.Desired{Key: key, State: target.Enabled, Phase: target.Active}
		if i >= movers {
			d.Entitlements = all
		}
		desired = append(desired, d)
		accounts = append(accounts, target.Account{ID: "a" + key.Identity, Key: key, State: target.Enabled, Entitlements: all})
	}
	return desired, accounts
}
