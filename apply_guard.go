package provision

import (
	"errors"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// What an engine asks of a plan once more when it is applied: other runs may have
// done something since, be doing it right now, or know better.

// inFlight counts what runs under way are about to do, by target and action, so
// that many plans made side by side do not each take the whole limit.
type inFlight map[string]map[reconcile.Action]int

// judged is the plan with guards that count what was done since it was made, and
// what is under way. The caller holds e.mu.
func (r *targetRun) judged(now time.Time) *reconcile.Plan {
	e := r.engine
	t := e.state.of(r.plan.Target)
	plan := *r.plan
	plan.Guards = slices.Clone(plan.Guards)
	for i := range plan.Guards {
		g := &plan.Guards[i]
		g.Recent = max(g.Recent, t.recently(g.Action, now)) + e.inFlight[r.plan.Target][g.Action]
	}
	return &plan
}

// reserve counts a change as under way, or with -1 as no longer. The caller holds
// e.mu.
func (e *Engine) reserve(name string, c *reconcile.Change, sign int) {
	if !countsForGuards(c) {
		return
	}
	counts := e.inFlight[name]
	if counts == nil {
		counts = map[reconcile.Action]int{}
		e.inFlight[name] = counts
	}
	if counts[c.Action] += sign; counts[c.Action] <= 0 {
		delete(counts, c.Action)
	}
}

// free ends what reserve began.
func (r *targetRun) free(c *reconcile.Change) {
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	r.engine.reserve(r.plan.Target, c, -1)
}

// countsForGuards leaves out what goes with another change.
func countsForGuards(c *reconcile.Change) bool {
	switch c.Action {
	case reconcile.EndSessions, reconcile.Handover, reconcile.CreateEntitlement:
		return false
	case reconcile.Revoke:
		return c.Phase != target.Left
	case reconcile.Grant:
		return !slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return n.Field == "" })
	default:
		return true
	}
}

var (
	errProtected = errors.New("the policy protects this person")
	errOldProof  = errors.New("the source was read as a whole since the plan was made")
)

// refuse parts what a plan may run from what it may no longer: removals from
// people who are protected by now, and removals that rest on a whole read of the
// source that is not the last one. The caller holds e.mu.
func (r *targetRun) refuse(run []reconcile.Change) ([]reconcile.Change, []Result) {
	protected := r.engine.policy(r.plan.Target).Protect
	old := r.plan.Whole && r.engine.state.of(r.plan.Target).lastRead.After(r.plan.At)
	if len(protected) == 0 && !old {
		return run, nil
	}
	var kept []reconcile.Change
	var refused []Result
	for i := range run {
		c := &run[i]
		why := error(nil)
		switch {
		case !c.Action.Removes():
		case slices.Contains(protected, c.Key.Identity):
			why = errProtected
		case old:
			why = errOldProof
		}
		if why == nil {
			kept = append(kept, *c)
			continue
		}
		refused = append(refused, r.each([]reconcile.Change{*c}, Stale, why)...)
	}
	return kept, refused
}
