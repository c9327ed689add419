package reconcile

import (
	"slices"
	"time"
)

// Lift returns what a plan may run and what stays held, given the decisions that
// count at an instant. It only moves changes between the two: it is what Compute
// would have said with these decisions, and leaves the plan as it is.
//
// An approval lifts the reasons NeedsApproval of one change, those InConflict
// that are Approvable, and those Parked if it was given after the change failed;
// what waited only for it runs as well. A denial
// wins over approvals and holds the change even if nothing else does. Approved
// changes count for the guards: if they are too many together with what runs,
// they wait for a release. A release lifts Guarded from the changes that it names; they
// count for the guards of others all the same. One without Changes lifts everything that is Guarded, if it
// names the plan or exactly what is guarded with these approvals. Seats go to whoever is
// served first among those who may have them now. Decisions that have
// expired, are dated later than at or concern other changes do nothing.
//
// A masked plan runs nothing. What may run can lie in the memory of the plan: neither is
// to be altered.
func (p *Plan) Lift(at time.Time, approvals []Approval, releases []Release) (run []Change, held []Hold) {
	matters := p.matters()
	d := decide(at, approvals, releases)
	for i := range p.Guards {
		if p.Guards[i].Release {
			d.released[p.Guarded] = true
		}
	}
	p.weigh(matters, slices.Clone(p.Guards), d)
	if p.unheld(matters) {
		return slices.Clip(p.Changes), nil
	}
	for _, m := range matters {
		switch {
		case len(m.reasons) > 0:
			held = append(held, Hold{Change: *m.c, Reasons: m.reasons})
		case p.Masked:
			held = append(held, Hold{Change: *m.c, Reasons: []HoldReason{maskedReason(m.c.ID)}})
		default:
			if run == nil {
				run = make([]Change, 0, len(p.Changes))
			}
			run = append(run, *m.c)
		}
	}
	return run, held
}

// unheld reports whether the changes of the plan are all there is and may all run, as in
// most plans.
func (p *Plan) unheld(matters []*matter) bool {
	if p.Masked || len(matters) != len(p.Changes) {
		return false
	}
	for i, m := range matters {
		if m.c != &p.Changes[i] || len(m.reasons) > 0 {
			return false
		}
	}
	return true
}

// matters returns all changes of the plan, in order, with what holds them, guards
// and seats aside.
func (p *Plan) matters() []*matter {
	all := make([]matter, len(p.Changes)+len(p.Holds))
	claims := make(map[string]bool, len(p.Claims))
	for _, c := range p.Claims {
		claims[c.Change] = true
	}
	matters := make([]*matter, 0, len(all))
	for i := range p.Changes {
		m := &all[i]
		m.c = &p.Changes[i]
		matters = append(matters, m)
	}
	for i := range p.Holds {
		h := &p.Holds[i]
		m := &all[len(p.Changes)+i]
		m.c = &h.Change
		for _, r := range h.Reasons {
			weighed := r.Kind == Guarded || r.Kind == NeedsSeat && claims[r.Change]
			if !weighed && r.Change == h.Change.ID {
				m.own = append(m.own, r)
			}
		}
		matters = append(matters, m)
	}
	for _, m := range matters {
		_, m.lifted = slices.BinarySearch(p.Approved, m.c.ID)
	}
	link(matters)
	return sortRuns(matters, func(a, b *matter) int { return a.c.Compare(b.c) })
}

func maskedReason(id string) HoldReason {
	return HoldReason{Kind: InConflict, Text: "the plan is masked for display", Change: id}
}
