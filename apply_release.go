package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// unplanned are the releases of changes that a plan no longer has: nobody is to lose
// something next month because the same was released today. A plan that was made
// before the release does not know of it. The caller holds e.mu.
func (r *targetRun) unplanned(t *targetState, now time.Time) []Entry {
	if len(t.permits) == 0 {
		return nil
	}
	planned := make(map[string]struct{}, len(r.plan.Changes)+len(r.plan.Holds)+len(r.plan.Omitted))
	for i := range r.plan.Changes {
		planned[r.plan.Changes[i].ID] = struct{}{}
	}
	for i := range r.plan.Holds {
		planned[r.plan.Holds[i].Change.ID] = struct{}{}
	}
	for i := range r.plan.Omitted {
		planned[r.plan.Omitted[i].ID] = struct{}{}
	}
	var entries []Entry
	for change, p := range t.permits {
		if _, is := planned[change]; is || p.position > r.plan.Position {
			continue
		}
		if t.pending[change].Undo != r.plan.Undo {
			continue // an undo and an ordinary plan do not know of each other
		}
		if !r.plan.Whole && p.key.Identity != r.identity {
			continue
		}
		entries = append(entries, Entry{
			At: now, Kind: Lapsed, Run: r.id, Target: r.plan.Target, Change: change, Key: p.key,
		})
	}
	slices.SortFunc(entries, func(a, b Entry) int {
		if a.Change < b.Change {
			return -1
		}
		return 1
	})
	return entries
}

// rejudged are the verdicts of a plan with what was done since, by whomever, and
// without what was accepted since. The caller holds e.mu.
func (r *targetRun) rejudged(t *targetState, now time.Time) []reconcile.Verdict {
	e := r.engine
	verdicts := slices.DeleteFunc(slices.Clone(r.plan.Guards), func(v reconcile.Verdict) bool {
		name := v.Alarm()
		return name != "" && t.accepted[name] > r.plan.Position
	})
	for i := range verdicts {
		g := &verdicts[i]
		switch g.Guard {
		case reconcile.GuardAction:
			g.Recent = max(g.Recent, t.recently(g.Action, now)) + e.inFlight[r.plan.Target][flying{action: g.Action}]
		case reconcile.GuardEntitlement:
			g.Recent = max(g.Recent, t.recentlyLost(g.Entitlement, now)) +
				e.inFlight[r.plan.Target][flying{action: g.Action, entitlement: g.Entitlement}]
		default:
		}
	}
	return verdicts
}
