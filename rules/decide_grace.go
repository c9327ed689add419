package rules

import (
	"time"

	"github.com/provision-go/provision/target"
)

// graces keeps for a time what a person has and no rule gives them any more, and
// says what is not to be kept.
func (r *round) graces(a *account, d *target.Desired) {
	for _, i := range a.graced {
		g := &a.gives[i]
		switch o, _, denied := r.outcome(a, g); {
		case o != notGiven:
		case denied:
			extra(d).Take = append(extra(d).Take, g.entitlement)
		default:
			if until := r.keptUntil(a, g); r.at.Before(until) {
				extra(d).Keep = append(extra(d).Keep, target.Kept{Entitlement: g.entitlement, Until: until.UTC()})
			}
		}
	}
}

// keptUntil is the end of the grace of what somebody holds; zero if they do not.
func (r *round) keptUntil(a *account, g *given) time.Time {
	var until time.Time
	for i := range r.person.Held {
		h := &r.person.Held[i]
		if h.Target == a.target && h.Slot == a.slot && h.Entitlement == g.entitlement {
			if end := g.keptUntil(h, r.lostBy); end.After(until) {
				until = end
			}
		}
	}
	return until
}

func (g *given) keptUntil(h *Held, at time.Time) time.Time {
	lost := h.Lost
	if lost.IsZero() {
		lost = at
	}
	return lost.Add(time.Duration(g.grace) * 24 * time.Hour)
}
