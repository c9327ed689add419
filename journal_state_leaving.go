package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// leaving is when somebody was last seen to leave: they were terminated, on any target
// their account was closed for it or deleted, a step of their departure became owed, or a
// run found nothing to do for it.
type leaving struct {
	position uint64
	run      string
}

// depart folds that somebody leaves. Whatever was approved for them before is void.
func (s *state) depart(e *Entry) {
	if e.Key.Identity == "" || !departs(e) {
		return
	}
	s.leaving[e.Key.Identity] = leaving{e.Position, e.Run}
	for _, change := range s.gifts[e.Key.Identity] {
		if d, ok := s.decisions[change]; ok && !d.Rejected {
			delete(s.decisions, change)
		}
	}
	delete(s.gifts, e.Key.Identity)
}

func departs(e *Entry) bool {
	switch e.Kind {
	case Terminating, Departing:
		return true
	case Owing:
		return e.Phase == target.Left
	case Intent:
	case Happened:
		if e.Outcome == Failed || e.Outcome == Cancelled || e.Outcome == Stale {
			return false
		}
	default:
		return false
	}
	return closesLeaver(e.Action, e.Phase)
}

// closesLeaver reports whether a change closes an account because its person left.
func closesLeaver(action reconcile.Action, phase target.Phase) bool {
	return action == reconcile.Delete || action == reconcile.Disable && phase == target.Left
}

// leftClosed folds that somebody has left whose account was closed already.
func (t *targetState) leftClosed(e *Entry) {
	if past, known := t.accounts[e.Key]; known && e.Account != "" {
		past.Left = true
		t.accounts[e.Key] = past
	}
}

// back folds that somebody is back whose account is open, without a step of ours to show it.
func (s *state) back(e *Entry) {
	if e.Phase != target.Active {
		return // listed again, that is all
	}
	t := s.of(e.Target)
	past := t.accounts[e.Key]
	past.Phase, past.Left, past.ClosedAt = e.Phase, false, time.Time{}
	t.accounts[e.Key] = past
	delete(s.left, e.Key.Identity)
	s.open(e)
}

// leftBy returns Past.Left after a change that was done. Once we have opened or closed the
// account its phase says it.
func leftBy(e *Entry, before bool) bool {
	switch e.Action {
	case reconcile.Create, reconcile.Adopt, reconcile.Enable, reconcile.Disable:
		return false
	case reconcile.Revoke:
		return before || e.Phase == target.Left
	default:
		return before
	}
}

// noteGift remembers whose an approval is. One of what is done to a leaver knew that they
// had left.
func (s *state) noteGift(e *Entry) {
	if e.Decision.Rejected || !gives(e.Action) || e.Phase == target.Left || e.Key.Identity == "" {
		return
	}
	if list := s.gifts[e.Key.Identity]; !slices.Contains(list, e.Change) {
		s.gifts[e.Key.Identity] = append(list, e.Change)
	}
}

// givenTo says of approved changes to whom they give something.
func (s *state) givenTo() map[string]string {
	out := map[string]string{}
	for id, changes := range s.gifts {
		for _, change := range changes {
			out[change] = id
		}
	}
	return out
}

// givesSomebody reports whether a change gives something to somebody who has not left,
// as far as it knows.
func givesSomebody(c *reconcile.Change) bool {
	return gives(c.Action) && c.Phase != target.Left && c.Key.Identity != ""
}

// gives reports whether an action gives something to whoever has the account.
func gives(a reconcile.Action) bool {
	switch a {
	case reconcile.Create, reconcile.Enable, reconcile.Grant, reconcile.Adopt, reconcile.Update:
		return true
	case reconcile.Disable, reconcile.EndSessions, reconcile.Revoke, reconcile.Handover, reconcile.CreateEntitlement,
		reconcile.Delete:
	}
	return false
}
