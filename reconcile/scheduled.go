package reconcile

import (
	"cmp"
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// schedule counts what time alone will bring for one key. What lies in the
// future is no change: it is planned when it is due.
func (p *planner) schedule(d *target.Desired, a *target.Account) {
	next := d.Next
	next.At = next.At.UTC()
	if !next.At.After(p.in.At) {
		return
	}
	state := d.State
	switch {
	case a == nil && (state == target.None || state == target.Deleted || state == target.Disabled && d.Phase != target.PreHire):
		state = target.None // and stays so
	case state == target.Undecided && a != nil:
		if state = a.State; shuts(d) {
			state = target.Disabled
		}
	case state == target.None, state == target.Undecided:
		if a != nil {
			state = target.Disabled
		}
	}
	absent := a == nil && (state == target.None || state == target.Undecided)
	switch {
	case next.State == target.Enabled && absent, next.State == target.Disabled && absent && d.Phase == target.Future:
		p.await(Create, next.At)
	case next.State == target.Enabled && state == target.Disabled:
		p.await(Enable, next.At)
	case absent:
	case next.State == target.Deleted:
		p.await(Delete, next.At)
	case (next.State == target.Disabled || next.State == target.None) && state == target.Enabled:
		p.await(Disable, next.At)
	}
	p.soon(next.At)
}

// await counts one change that is due at an instant.
func (p *planner) await(action Action, at time.Time) {
	s := p.due[action]
	if s == nil {
		s = &Scheduled{Action: action, First: at}
		p.due[action] = s
	}
	s.Count++
	if at.Before(s.First) {
		s.First = at
	}
	p.soon(at)
}

// soon moves Next forward.
func (r *record) soon(at time.Time) {
	if r.plan.Next.IsZero() || at.Before(r.plan.Next) {
		r.plan.Next = at
	}
}

func (p *planner) finishSchedule() {
	for _, s := range p.due {
		p.plan.Scheduled = append(p.plan.Scheduled, *s)
	}
	slices.SortFunc(p.plan.Scheduled, func(a, b Scheduled) int { return cmp.Compare(a.Action, b.Action) })
}
