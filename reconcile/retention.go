package reconcile

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// closedFor is how long an account is known as closed, of somebody who has left, before
// it is deleted.
const closedFor = 24 * time.Hour

// expire removes an account whose time of retention is over. A delete cannot be
// taken back, and a wrong year in one last day is enough to ask for it. So it is
// planned only for an account that has been known for a day as closed and as that of
// somebody who has left: whoever lost their access by mistake gets the time to say so.
// Why it was closed before does not matter, nor by whom. It comes after all else is
// done. Nobody improves an account that is about to go: nothing is written or granted.
func (p *planner) expire(w work) {
	w.reason = Leaver
	from := len(p.nodes)
	p.disable(&w)
	p.depart(&w)
	p.revokes(w, w.disable)
	steps := p.nodes[from:]
	w.situation, w.reason = Expired, Retention
	c := Change{Action: Delete, From: target.Disabled, To: target.Deleted}
	if !p.possible(&w, &c) {
		return
	}
	due := p.deleteDue(&w)
	if due.IsZero() {
		return
	}
	early := due.After(p.in.At)
	if early && !p.triesDelete(&w) {
		p.await(Delete, due)
		return
	}
	c.Names = p.names(&w)
	n := p.change(&w, c)
	for _, step := range steps {
		n.need(step, "")
	}
	if early {
		n.hold(InGrace, "known as closed for a day first, until "+instant(due), false)
		n.reasons[len(n.reasons)-1].Until = due
		p.await(Delete, due)
	}
}

// triesDelete reports whether a delete that is not due is planned all the same, and held:
// what a first run would delete of what was closed before is its doing, and somebody is to
// release it.
func (p *planner) triesDelete(w *work) bool {
	return w.disable == nil && (p.in.History.Runs == 0 || p.rulesChanged() || p.in.History.Waiting[w.want.Key])
}

// deleteDue returns when an account may be deleted; zero if it stays open. The first
// plan that sees it closed notes that, unless the time is not believed.
func (p *planner) deleteDue(w *work) time.Time {
	since, known := p.in.History.Retained[w.want.Key]
	switch {
	case w.disable != nil:
		since = p.in.At
	case w.have.State != target.Disabled:
		return time.Time{}
	case !known:
		since = p.in.At
		if !p.clockDoubted() {
			p.plan.Retained = append(p.plan.Retained, w.want.Key)
		}
	}
	return since.UTC().Add(closedFor)
}

func (p *planner) clockDoubted() bool {
	return slices.ContainsFunc(p.doubts, func(v Verdict) bool { return v.Guard == GuardClock })
}

// unretained notes which accounts of History.Retained are open again, or belong to
// somebody who has not left: should they leave, the day begins anew.
func (p *planner) unretained() {
	if len(p.in.History.Retained) == 0 {
		return
	}
	note := func(key target.Key) {
		at, n := p.position(key)
		d := p.wanted(key)
		if d != nil && d.Phase != target.Left && d.Phase != target.PhaseUnknown || n == 1 && p.managed[at].State == target.Enabled {
			p.plan.Unretained = append(p.plan.Unretained, key)
		}
	}
	if !p.in.Scope.whole {
		for i := range p.wants.len() {
			if key := p.wants.at(i).Key; !p.in.History.Retained[key].IsZero() {
				note(key)
			}
		}
		return
	}
	for key := range p.in.History.Retained {
		note(key)
	}
	slices.SortFunc(p.plan.Unretained, target.Key.Compare)
}
