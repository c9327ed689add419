package reconcile_test

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// worlds runs a law on many worlds. The seed of one that breaks it is in the
// name of the failing subtest.
func worlds(t *testing.T, law func(t testing.TB, d dice)) {
	t.Helper()
	n := uint64(rounds)
	if testing.Short() {
		n /= 10
	}
	for seed := range n {
		ok := t.Run("", func(t *testing.T) {
			defer func() {
				if t.Failed() {
					t.Logf("seed %d", seed)
				}
			}()
			law(t, dice{rand.New(rand.NewPCG(seed, 7))})
		})
		if !ok {
			return
		}
	}
}

func compute(t testing.TB, in reconcile.Input) *reconcile.Plan {
	t.Helper()
	p, err := reconcile.Compute(in)
	require.NoError(t, err)
	return p
}

func bytesOf(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	require.NoError(t, err)
	return string(b)
}

// Percentages of a population that a run has made larger are left out: they may
// let through tomorrow what they hold today.
func TestLawConvergence(t *testing.T) { worlds(t, lawConvergence) }

func lawConvergence(t testing.TB, d dice) {
	w := d.world()
	if w.history.Runs == 0 {
		w.history.Runs = 1
	}
	for a := reconcile.Disable; a <= reconcile.Delete; a++ {
		if _, ok := w.policy.Limits[a]; !ok {
			w.policy.Limits[a] = reconcile.Unlimited
		}
	}
	for e, l := range w.policy.EntitlementLimits {
		w.policy.EntitlementLimits[e] = reconcile.Limit{Count: l.Count}
	}
	first := compute(t, w.input(t))
	w.apply(t, first.Changes)
	second := compute(t, w.input(t))
	for range 3 {
		if !w.frees(first) {
			break
		}
		// What a plan took leaves seats for the next. A delete and another name leave names as
		// well, and nobody refers to who is gone; where limits hold, less may be asked of them.
		seats := !slices.ContainsFunc(first.Guards, func(v reconcile.Verdict) bool { return v.Held }) &&
			!slices.ContainsFunc(first.Changes, w.freesName)
		for _, c := range second.Changes {
			if seats {
				assert.Equal(t, reconcile.Grant, c.Action, "after\n%s", first)
				assert.True(t, slices.ContainsFunc(second.Claims, func(k reconcile.Claim) bool { return k.Change == c.ID }))
			}
		}
		w.apply(t, second.Changes)
		first, second = second, compute(t, w.input(t))
	}
	assert.Empty(t, second.Changes, "after\n%s", first)
}

// freesName reports whether a value that nobody shares may be free after a change.
func (w *world) freesName(c reconcile.Change) bool {
	return c.Action == reconcile.Delete || c.Action == reconcile.Update && slices.ContainsFunc(c.Fields, func(f reconcile.FieldChange) bool {
		a, ok := w.can.Attribute(f.Name)
		return ok && a.Unique && len(f.Before) > 0
	})
}

func TestLawIdempotence(t *testing.T) { worlds(t, lawIdempotence) }

func lawIdempotence(t testing.TB, d dice) {
	w := d.world()
	p := compute(t, w.input(t))
	assert.Equal(t, bytesOf(t, p), bytesOf(t, compute(t, w.input(t))))
	w.apply(t, p.Changes)
	for _, c := range p.Changes {
		if c.Action == reconcile.EndSessions || c.Action == reconcile.Handover || c.Action == reconcile.CreateEntitlement {
			continue // leave nothing to be read on the account
		}
		a := w.find(&c)
		standing := c.Standing(a)
		if slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return n.Field != "" }) && standing == reconcile.Open {
			continue // a reference was left out
		}
		if pin := slices.IndexFunc(c.Fields, func(f reconcile.FieldChange) bool { return f.Name == "pin" }); pin >= 0 && standing == reconcile.Open {
			continue
		}
		assert.Equal(t, reconcile.AlreadySo, standing, "%s %s", c.Action, c.Key)
	}
}

func TestLawOrderIndependence(t *testing.T) { worlds(t, lawOrderIndependence) }

func lawOrderIndependence(t testing.TB, d dice) {
	w := d.world()
	w.one = d.chance(30)
	before := bytesOf(t, struct{ A, B, C, D, E any }{w.desired, w.accounts, w.policy, w.owned, w.history.Owed})
	p := compute(t, w.input(t))
	assert.Equal(t, before, bytesOf(t, struct{ A, B, C, D, E any }{w.desired, w.accounts, w.policy, w.owned, w.history.Owed}), "input was altered")
	d.shuffle(w)
	q := compute(t, w.input(t))
	assert.Equal(t, bytesOf(t, p), bytesOf(t, q))
	assert.Equal(t, p.String(), q.String())
}

func shuffled[T any](d dice, list []T) []T {
	out := slices.Clone(list)
	d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

// shuffle puts everything into another order whose order has no meaning.
func (d dice) shuffle(w *world) {
	w.desired = shuffled(d, w.desired)
	for i := range w.desired {
		p := &w.desired[i]
		p.Entitlements, p.Undecided, p.Ask = shuffled(d, p.Entitlements), shuffled(d, p.Undecided), shuffled(d, p.Ask)
		p.Clear, p.Secrets, p.Missing = shuffled(d, p.Clear), shuffled(d, p.Secrets), shuffled(d, p.Missing)
	}
	w.accounts = shuffled(d, w.accounts)
	for i := range w.accounts {
		w.accounts[i].Entitlements = shuffled(d, w.accounts[i].Entitlements)
	}
	w.catalogue = shuffled(d, w.catalogue)
	w.owned.Attributes = shuffled(d, w.owned.Attributes)
	w.owned.Entitlements = shuffled(d, w.owned.Entitlements)
	w.owned.Slots = shuffled(d, w.owned.Slots)
	w.can.Attributes = shuffled(d, w.can.Attributes)
	w.history.Owed = shuffled(d, w.history.Owed)
	w.policy.Protect = shuffled(d, w.policy.Protect)
	w.policy.Privileged = shuffled(d, w.policy.Privileged)
	w.policy.Approve = shuffled(d, w.policy.Approve)
	d.shuffleRules(w)
}

func TestLawNoRemovalWithoutProof(t *testing.T) { worlds(t, lawNoRemovalWithoutProof) }

func lawNoRemovalWithoutProof(t testing.TB, d dice) {
	w := d.world()
	w.one = d.chance(20)
	in := w.input(t)
	p := compute(t, in)
	for _, c := range p.Changes {
		if c.Action.Removes() {
			assert.NotContains(t, w.policy.Protect, c.Key.Identity, "protected")
			assert.NotContains(t, w.owned.Protect, c.Key.Identity, "protected")
			w.assertProved(t, p, &c)
		}
	}
}

// assertProved looks for the evidence behind a removal, without the planner's
// code.
func (w *world) assertProved(t testing.TB, p *reconcile.Plan, c *reconcile.Change) {
	t.Helper()
	what := c.Action.String() + " " + c.Key.String() + " " + c.Entitlement.String() + "\n" + p.String()
	var own *target.Desired
	left, listed := false, false
	for i := range w.desired {
		o := &w.desired[i]
		if o.Key == c.Key {
			own = o
		}
		if o.Key.Identity == c.Key.Identity {
			listed = true
			left = left || o.Phase == target.Left && o.State != target.Undecided && o.State != target.Enabled
			shut := closes(o) && c.Action <= reconcile.EndSessions
			assert.False(t, own == o && o.State == target.Undecided && !shut, "undecided: %s", what)
		}
	}
	if c.Action == reconcile.EndSessions || c.Action == reconcile.Handover {
		owed := slices.ContainsFunc(w.history.Owed, func(o reconcile.Obligation) bool { return o.Account == c.Account && o.Action == c.Action })
		if owed {
			return
		}
	}
	assert.False(t, own != nil && own.Protected, "protected: %s", what)
	if !listed {
		assert.Empty(t, w.history.Protected[c.Key], "was protected: %s", what)
		past := w.history.Accounts[c.Key]
		assert.Equal(t, reconcile.Disable, c.Action, what)
		assert.True(t, w.evidence.Absence() && w.history.People-w.evidence.People < 10, what)
		assert.GreaterOrEqual(t, past.MissingReads+1, 2, what)
		assert.GreaterOrEqual(t, w.at.Sub(past.MissingSince).Hours(), 72.0, what)
		return
	}
	if c.Action == reconcile.Revoke {
		ours := slices.Contains(w.owned.Entitlements, c.Entitlement) || slices.Contains(w.history.Accounts[c.Key].Granted, c.Entitlement)
		assert.True(t, ours, "not ours: %s", what)
		if own != nil {
			w.assertGrace(t, own, c, what)
			assert.True(t, !asksFor(own, c.Entitlement) || w.approvalEnded(own, c.Entitlement), "somebody has to approve it: %s", what)
			assert.NotContains(t, own.Entitlements, c.Entitlement, what)
			assert.NotContains(t, own.Undecided, c.Entitlement, what)
		}
		return
	}
	if left {
		return
	}
	if c.Action == reconcile.Delete {
		require.NotNil(t, own, what)
		assert.Equal(t, target.Deleted, own.State, what)
		return
	}
	if own == nil || own.State == target.None {
		expressly := own != nil && own.Extra != nil && own.Extra.Close && w.policy.Unqualified != reconcile.LetIt
		assert.True(t, expressly || w.policy.Unqualified == reconcile.DoIt, what)
		return
	}
	if own.State != target.Undecided {
		assert.Equal(t, target.Disabled, own.State, what)
	}
	assert.NotEqual(t, target.Future, own.Phase, what)
}

// closes reports whether an account is to be closed whatever else it is.
func closes(d *target.Desired) bool { return d.Extra != nil && d.Extra.Close }

func TestLawGuardMonotonicity(t *testing.T) { worlds(t, lawGuardMonotonicity) }

func lawGuardMonotonicity(t testing.TB, d dice) {
	w := d.world()
	loose := w.input(t)
	strict := loose
	strict.Policy.Limits = map[reconcile.Action]reconcile.Limit{}
	strict.History.Recent = map[reconcile.Action]int{}
	defaults := reconcile.DefaultLimits()
	for a := reconcile.Disable; a <= reconcile.Delete; a++ {
		l, ok := loose.Policy.Limits[a]
		if !ok {
			if l, ok = defaults[a]; !ok {
				continue
			}
		}
		strict.Policy.Limits[a] = reconcile.Limit{Count: d.IntN(l.Count + 1), Percent: l.Percent * d.Float64()}
		strict.History.Recent[a] = loose.History.Recent[a] + d.IntN(5)
	}
	strict = d.stricter(strict)
	may := map[string]bool{}
	p := compute(t, loose)
	for _, c := range p.Changes {
		may[c.ID] = true
	}
	q := compute(t, strict)
	for _, c := range q.Changes {
		assert.True(t, may[c.ID], "%s %s runs under the stricter limit only:\n%s\n%s", c.Action, c.Key, p, q)
	}
	assert.Equal(t, p.Fingerprint, q.Fingerprint)
	if len(p.Holds) > 0 { // nor do single changes that somebody released under the loose ones
		loose.Releases = d.releaseOf(p)
		strict.Releases = loose.Releases
		may = runs(compute(t, loose))
		for _, c := range compute(t, strict).Changes {
			assert.True(t, may[c.ID], "%s %s runs under the stricter guards only", c.Action, c.Key)
		}
	}
	// What was released under the loose limits does not make the strict ones looser.
	loose.Releases = []reconcile.Release{release(p.Guarded)}
	strict.Releases = loose.Releases
	p, q = compute(t, loose), compute(t, strict)
	clear(may)
	for _, c := range p.Changes {
		may[c.ID] = true
	}
	for _, c := range q.Changes {
		assert.True(t, may[c.ID], "%s %s runs under the stricter limit only, released:\n%s\n%s", c.Action, c.Key, p, q)
	}
}

// Whatever was decided, deciding before the plan or after it is the same.
func TestLawLiftIsCompute(t *testing.T) { worlds(t, lawLiftIsCompute) }

func lawLiftIsCompute(t testing.TB, d dice) {
	w := d.world()
	in := w.input(t)
	p := compute(t, in)
	decided := in
	decided.Approvals = d.decisions(p)
	decided.Releases = d.releases(p)
	run, held := p.Lift(day, decided.Approvals, decided.Releases)
	q := compute(t, decided)
	assert.Equal(t, bytesOf(t, q.Changes), bytesOf(t, run))
	assert.Equal(t, bytesOf(t, q.Holds), bytesOf(t, held))
	// A plan that knows the decisions says the same without them, and with them.
	decided.Releases = append(decided.Releases, d.releases(q)...)
	q = compute(t, decided)
	for _, releases := range [][]reconcile.Release{nil, decided.Releases} {
		run, held = q.Lift(day, nil, releases)
		assert.Equal(t, bytesOf(t, q.Changes), bytesOf(t, run))
		assert.Equal(t, bytesOf(t, q.Holds), bytesOf(t, held))
	}
}

// decisions approves some of the changes of a plan and denies others.
func (d dice) decisions(p *reconcile.Plan) []reconcile.Approval {
	var out []reconcile.Approval
	for _, c := range everything(p) {
		if d.chance(40) {
			out = append(out, reconcile.Approval{Change: c.ID, Actor: "dana", At: day, Denied: d.chance(15)})
		}
	}
	return out
}

// releases releases the plan, what is guarded in it, or nothing.
func (d dice) releases(p *reconcile.Plan) []reconcile.Release {
	return pick(d, nil, []reconcile.Release{release(p.Fingerprint)}, []reconcile.Release{release(p.Guarded)}, d.releaseOf(p))
}

func release(what string) reconcile.Release {
	return reconcile.Release{Fingerprint: what, Actor: "dana", At: day, Expires: day.AddDate(0, 0, 1)}
}

// FuzzLaws tries all laws on one world.
func FuzzLaws(f *testing.F) {
	for seed := range uint64(50) {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b uint64) {
		for _, law := range []func(testing.TB, dice){
			lawConvergence, lawIdempotence, lawOrderIndependence, lawNoRemovalWithoutProof,
			lawGuardMonotonicity, lawConservation, lawLiftIsCompute, lawStored, lawSeats, lawNames, lawParked,
			lawReleasedChanges, lawKept,
		} {
			law(t, dice{rand.New(rand.NewPCG(a, b))})
		}
	})
}

// A plan that was stored and read back is the same plan.
func TestLawStored(t *testing.T) { worlds(t, lawStored) }

func lawStored(t testing.TB, d dice) {
	in := d.world().input(t)
	p := compute(t, in)
	in.Approvals, in.Releases = d.decisions(p), d.releases(p)
	p = compute(t, in)
	stored := bytesOf(t, p)
	var q reconcile.Plan
	require.NoError(t, json.Unmarshal([]byte(stored), &q))
	assert.Equal(t, p, &q)
	assert.Equal(t, stored, bytesOf(t, &q))
	shown := p.Redacted()
	assert.Equal(t, p.String(), shown.String())
	assert.NotContains(t, bytesOf(t, shown), "+1 555")
	assert.Equal(t, stored, bytesOf(t, p), "Redacted altered the plan")
	for _, c := range append(everything(shown), shown.Omitted...) {
		assert.Empty(t, c.Names)
	}
	run, _ := shown.Lift(day, nil, nil)
	assert.Empty(t, run)
}
