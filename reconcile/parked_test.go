package reconcile_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// fail makes some changes of the world's plan ones that failed before, and some
// values ones that the target does not keep.
func (w *world) fail(t testing.TB) {
	t.Helper()
	if w.failing == nil {
		return
	}
	d := dice{w.failing}
	w.failing = nil
	p := compute(t, w.input(t))
	w.history.Failed, w.history.NotKept = map[string]reconcile.Failure{}, map[string]bool{}
	for _, c := range everything(p) {
		for i := range c.Fields {
			if c.Action == reconcile.Update && d.chance(30) {
				w.history.NotKept[new(reconcile.Masks).Imprint(&c, &c.Fields[i])] = true
			}
		}
		if !d.chance(40) {
			continue
		}
		f := reconcile.Failure{
			Times: 1 + d.IntN(9), Class: target.Permanent,
			Since: day.Add(-time.Duration(100+d.IntN(99)) * time.Hour), Last: day.Add(-time.Duration(d.IntN(99)) * time.Hour),
		}
		if d.chance(80) {
			f.Until = day.Add(time.Duration(d.IntN(60)-20) * time.Hour)
		}
		w.history.Failed[c.ID] = f
	}
}

func TestLawParked(t *testing.T) { worlds(t, lawParked) }

// lawParked compares a plan with what it would be if nothing had failed: the same
// changes, but for their holds; what is parked is held; what ends the access of a
// leaver never is.
func lawParked(t testing.TB, d dice) {
	w := d.world()
	in := w.input(t)
	p := compute(t, in)
	in.History.Failed = nil
	plain := compute(t, in)
	all := func(p *reconcile.Plan) []string {
		var out []string
		for _, c := range append(everything(p), p.Omitted...) {
			out = append(out, c.ID)
		}
		slices.Sort(out)
		return out
	}
	assert.Equal(t, all(plain), all(p), "lost or won by parking")
	assert.Equal(t, plain.Fingerprint, p.Fingerprint)
	ran := map[string]bool{}
	for _, c := range plain.Changes {
		ran[c.ID] = true
	}
	for _, c := range p.Changes {
		f, failed := w.history.Failed[c.ID]
		due := !f.Until.IsZero() && !f.Until.After(w.at)
		if failed && !due && !c.EndsAccess() && !needed(p, c.ID) {
			assert.Fail(t, "runs before its time", "%s %s\n%s", c.Action, c.Key, p)
		}
	}
	for _, h := range p.Holds {
		for _, r := range h.Reasons {
			if r.Kind == reconcile.Parked && r.Change == h.Change.ID {
				require.False(t, h.Change.EndsAccess(), "access of a leaver waits for a retry\n%s", p)
			}
		}
		if h.Change.EndsAccess() && ran[h.Change.ID] && h.Change.Action == reconcile.Disable {
			// Seats and guards aside, nothing but a parked step that it needs could hold it.
			assert.False(t, slices.ContainsFunc(h.Reasons, func(r reconcile.HoldReason) bool { return r.Kind == reconcile.Parked }), "%s", p)
		}
	}
}

// needed reports whether access of a leaver could not be ended without a change.
func needed(p *reconcile.Plan, id string) bool {
	for _, c := range everything(p) {
		for _, n := range c.Needs {
			if n.Change == id && n.Field == "" && (c.EndsAccess() || needed(p, c.ID)) {
				return true
			}
		}
	}
	return false
}

func TestParkedIsLiftedByALaterApproval(t *testing.T) {
	w := &world{can: able(), owned: owning(), catalogue: listed(), at: day, history: reconcile.History{Runs: 1, Managed: 1}}
	w.desired = []target.Desired{{Key: target.Key{Identity: "E1"}, State: target.Enabled, Phase: target.Active}}
	create := compute(t, w.input(t)).Changes[0]
	last := day.Add(-time.Hour)
	for name, c := range map[string]struct {
		until time.Time
		at    time.Time
		runs  bool
		text  string
	}{
		"nobody approved":          {until: day.Add(time.Hour), text: "failed 3 times since 2026-02-02"},
		"approved before":          {until: day.Add(time.Hour), at: last},
		"approved after":           {until: day.Add(time.Hour), at: last.Add(time.Second), runs: true},
		"the time has come":        {until: day, runs: true},
		"dead letter":              {text: "last as permanent; not tried again until somebody approves it"},
		"dead letter, approved":    {at: last.Add(time.Second), runs: true},
		"dead letter, approved so": {at: last.Add(-time.Second)},
	} {
		t.Run(name, func(t *testing.T) {
			in := w.input(t)
			in.History.Failed = map[string]reconcile.Failure{create.ID: {
				Times: 3, Since: day.AddDate(0, -1, 0), Last: last, Until: c.until, Class: target.Permanent,
			}}
			if !c.at.IsZero() {
				in.Approvals = []reconcile.Approval{{Change: create.ID, Actor: "dana", At: c.at}}
			}
			p := compute(t, in)
			assert.Equal(t, c.runs, len(p.Changes) == 1, "%s", p)
			if !c.runs {
				assert.Equal(t, reconcile.Parked, p.Holds[0].Reasons[0].Kind)
				assert.Contains(t, p.Holds[0].Reasons[0].Text, c.text)
				assert.Contains(t, p.String(), "held: parked: failed 3 times")
				assert.Equal(t, c.until.IsZero(), p.Next.IsZero(), "the next try is announced")
			}
		})
	}
}
