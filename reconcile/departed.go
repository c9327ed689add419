package reconcile

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// A Termination says that somebody ended a person's access at once.
type Termination struct {
	At     time.Time
	Actor  string
	Reason string
}

// defaultStayGone is Policy.StayGone unless it is set.
const defaultStayGone = 24 * time.Hour

// urgent reports whether a change takes something from somebody who was terminated
// at once. A delete has time.
func (p *planner) urgent(w *work, a Action) bool {
	if !a.Removes() || a == Delete || w.want.Phase != target.Left {
		return false
	}
	_, terminated := p.in.History.Terminated[w.want.Key.Identity]
	return terminated
}

// staysGone returns until when a plan for one person brings nobody back who has
// left; false if this is none, or if they left long enough ago. What was read for
// one person may be older than what a departure rests on: a replica of the source
// that lags, an event that comes late, a first login that makes an account.
func (p *planner) staysGone(identity string) (left, until time.Time, holds bool) {
	left, known := p.in.History.Left[identity]
	if !known || p.in.Scope.whole {
		return time.Time{}, time.Time{}, false
	}
	window := p.in.Policy.StayGone
	if window == 0 {
		window = defaultStayGone
	}
	until = left.Add(window)
	return left.UTC(), until.UTC(), until.After(p.in.At)
}

// keepGone holds what a plan for one person would give to somebody who has just
// left. A plan for everybody follows the source.
func (p *planner) keepGone() {
	if p.in.Scope.whole || len(p.in.History.Left) == 0 {
		return
	}
	for _, n := range p.nodes {
		if n.Action.Removes() || n.Phase == target.Left || n.Key.IsZero() {
			continue
		}
		if left, until, holds := p.staysGone(n.Key.Identity); holds {
			n.hold(NeedsProof, "left on "+instant(left)+"; until "+instant(until)+
				" only a read of everybody can show that they are back", false)
		}
	}
}

// HasLeft reports whether the person of an account has left since it was opened last.
func (p *Past) HasLeft() bool { return p.Left || p.Phase == target.Left }

// leftClosed notes that somebody has left whose account was closed before, for a leave or
// by somebody else. Nothing on the target will show it, and a return is another one then.
func (p *planner) leftClosed(w *work) {
	if w.want.Phase == target.Left && w.have.State == target.Disabled && w.known && !w.past.HasLeft() {
		p.plan.Left = append(p.plan.Left, Departed{Key: w.want.Key, Account: w.have.ID})
	}
}

// leftQuietly adds to those who have left whoever has an approval, which is void then, and
// no step of the plan to show it. A read or a clock that is doubted says nothing of the
// kind.
func (p *planner) leftQuietly(verdicts []Verdict) {
	if p.undoing != nil || slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.stops(Disable) && !v.Release }) {
		p.plan.Left = nil
		return
	}
	p.back()
	approved := p.approvedLeavers()
	for c := range p.plan.All() {
		if len(approved) > 0 && c.Action.Removes() && c.Phase == target.Left {
			delete(approved, c.Key.Identity)
		}
	}
	for _, d := range p.plan.Left {
		delete(approved, d.Key.Identity)
	}
	for _, key := range approved {
		p.plan.Left = append(p.plan.Left, Departed{Key: key})
	}
	slices.SortFunc(p.plan.Left, func(a, b Departed) int { return a.Key.Compare(b.Key) })
}

// back notes who had left and is employed, and whose account is open without any step of
// ours to show it. Should they leave once more, that is another departure.
func (p *planner) back() {
	note := func(key target.Key) {
		past, d := p.in.History.Accounts[key], p.wanted(key)
		if !past.HasLeft() || d == nil || d.State != target.Enabled || !stays(d.Phase) {
			return
		}
		_, _, gone := p.staysGone(key.Identity)
		if at, n := p.position(key); !gone && n == 1 && p.managed[at].State == target.Enabled {
			p.plan.Back = append(p.plan.Back, key)
		}
	}
	if !p.in.Scope.whole {
		for i := range p.wants.len() {
			note(p.wants.at(i).Key)
		}
		return
	}
	for id := range p.in.History.Left {
		for d := range p.wantedOf(id) {
			note(d.Key)
		}
	}
	slices.SortFunc(p.plan.Back, target.Key.Compare)
}

// approvedLeavers are those of the approvals who have left, each by the first of what is
// wanted for them.
func (p *planner) approvedLeavers() map[string]target.Key {
	out := map[string]target.Key{}
	for i := range p.in.Approvals {
		a := &p.in.Approvals[i]
		if a.Identity == "" || a.Denied {
			continue
		}
		for d := range p.wantedOf(a.Identity) {
			if hasLeft(d) {
				out[a.Identity] = d.Key
				break
			}
		}
	}
	return out
}

// hasLeft reports whether the rules say for certain that somebody has left.
func hasLeft(d *target.Desired) bool {
	return d.Phase == target.Left && d.State != target.Enabled && d.State != target.Undecided
}
