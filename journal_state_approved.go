package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// noteApproval folds with which approval a grant was made: what a rule asks for may be
// good for some time only. It is noted from the intent on, because the process may die
// after the call. Somebody who takes a revoke back gives it as one who approves does. A
// grant that needs none, and a revoke, make what was approved before void. It comes before
// noteOpen: of a call that nobody saw end only its beginning tells whether it was approved.
func (s *state) noteApproval(e *Entry) {
	t := s.of(e.Target)
	switch {
	case e.Kind == Happened && e.Outcome != Done && e.Outcome != AlreadySo && e.Outcome != Unconfirmed:
	case e.Action == reconcile.Revoke:
		if e.Kind == Happened && e.Outcome != Unconfirmed {
			t.setApproval(e, time.Time{})
		}
	case e.Action != reconcile.Grant:
	default:
		d, decided := s.decisions[e.Change]
		switch {
		case decided && !d.Rejected:
			t.setApproval(e, d.At)
		case e.Undo != nil:
			t.setApproval(e, e.At)
		case e.Kind == Intent, e.Outcome == Done && !t.isOpen(e):
			t.setApproval(e, time.Time{})
		}
	}
}

// setApproval remembers of one entitlement of an account when it was approved; zero
// forgets it. Plans share what was remembered before.
func (t *targetState) setApproval(e *Entry, at time.Time) {
	past := t.accounts[e.Key]
	i, found := slices.BinarySearchFunc(past.Approved, e.Entitlement, func(a reconcile.ApprovedGrant, e target.Entitlement) int {
		return a.Entitlement.Compare(e)
	})
	if !found && at.IsZero() {
		return
	}
	list := slices.Clone(past.Approved)
	if found {
		list = slices.Delete(list, i, i+1)
	}
	if !at.IsZero() {
		list = slices.Insert(list, i, reconcile.ApprovedGrant{Entitlement: e.Entitlement, At: at})
	}
	past.Approved = list
	if len(list) == 0 {
		past.Approved = nil
	}
	t.accounts[e.Key] = past
}
