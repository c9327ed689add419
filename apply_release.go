package provision

import (
	"cmp"
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
	planned := planned(r.plan)
	var entries []Entry
	for change, p := range t.permits {
		if planned[change] || p.position > r.plan.Position {
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
	slices.SortFunc(entries, byChange)
	return entries
}

// unwanted are the approvals of changes that are taken off the desk because a plan has
// no such change: what is held under that name some day is another story.
func (s *state) unwanted(p *reconcile.Plan, lifted []Entry) []Entry {
	if len(s.decisions) == 0 {
		return nil
	}
	planned := planned(p)
	var entries []Entry
	for _, e := range lifted {
		if d, decided := s.decisions[e.Change]; e.Kind == Lifted && decided && !d.Rejected && !planned[e.Change] {
			e.Kind = Lapsed
			entries = append(entries, e)
		}
	}
	return entries
}

// planned are the IDs of all changes of a plan.
func planned(p *reconcile.Plan) map[string]bool {
	out := make(map[string]bool, len(p.Changes)+len(p.Holds)+len(p.Omitted))
	for c := range p.All() {
		out[c.ID] = true
	}
	return out
}

func byChange(a, b Entry) int { return cmp.Compare(a.Change, b.Change) }

// goesBy reports whether a time that a plan doubts is by the clock that was accepted
// since, give or take an hour: another one may be wrong by more.
func (t *targetState) goesBy(v *reconcile.Verdict) bool {
	ahead := v.At.Sub(t.lastRead)
	return v.At.After(v.Last) && ahead <= time.Hour || v.At.Before(v.Last) && ahead >= -time.Hour
}

// rejudged are the verdicts of a plan with what was done since, by whomever, and
// without what was accepted since. The caller holds e.mu.
func (r *targetRun) rejudged(t *targetState, now time.Time) []reconcile.Verdict {
	e := r.engine
	verdicts := slices.DeleteFunc(slices.Clone(r.plan.Guards), func(v reconcile.Verdict) bool {
		name := v.Alarm()
		return name != "" && t.accepted[name] > r.plan.Position && (v.Guard != reconcile.GuardClock || t.goesBy(&v))
	})
	again := r.again(t)
	for i := range verdicts {
		g := &verdicts[i]
		f := flying{action: g.Action}
		switch g.Guard {
		case reconcile.GuardAction:
			g.Recent = max(g.Recent, t.recently(g.Action, now)) + e.underWay(r.plan.Target, f, t.recent[g.Action], now) - again[f]
		case reconcile.GuardEntitlement:
			f.entitlement = g.Entitlement
			g.Recent = max(g.Recent, t.recentlyLost(g.Entitlement, now)) + e.underWay(r.plan.Target, f, t.lost[g.Entitlement], now) - again[f]
		default:
		}
	}
	return verdicts
}

// again counts the changes that were done since the plan was made: a plan that is
// applied again has them still, and they are not done twice.
func (r *targetRun) again(t *targetState) map[flying]int {
	out := map[flying]int{}
	for i := range r.plan.Changes {
		c := &r.plan.Changes[i]
		if t.spent[c.ID] > r.plan.Position && countsForGuards(c) {
			for _, f := range flyings(c) {
				out[f]++
			}
		}
	}
	return out
}
