package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// departures are who left, and who was terminated at once.
type departures struct {
	terminated map[string]reconcile.Termination // by identity, until reinstated
	left       map[string]time.Time             // by identity: when the last account went
	closed     map[string][]closing             // by identity: on which accounts
	returned   map[string]uint64                // position of the last reinstatement
}

// closing is an account that was closed because its person left.
type closing struct {
	target     string
	key        target.Key
	account    string    // native id
	at         time.Time // of the first step
	deleted    bool
	handedOver bool
	takenBack  bool // it was for a termination, and somebody was reinstated since
}

func newDepartures() departures {
	return departures{
		terminated: map[string]reconcile.Termination{}, left: map[string]time.Time{},
		closed: map[string][]closing{}, returned: map[string]uint64{},
	}
}

// decided folds a termination and its end. Reinstating somebody is a decision of a
// person, so nothing has to be proved any more. What was handed over is still known: they
// may have left all the same.
func (s *departures) decided(e *Entry) {
	id := e.Key.Identity
	switch {
	case e.Decision == nil:
	case e.Kind == Reinstating:
		delete(s.terminated, id)
		delete(s.left, id)
		for i := range s.closed[id] {
			s.closed[id][i].takenBack = true
		}
		s.returned[id] = e.Position
	default:
		if _, known := s.terminated[id]; !known {
			s.terminated[id] = reconcile.Termination{At: e.At, Actor: e.Decision.Actor, Reason: e.Decision.Reason}
		}
	}
}

// happened folds what was done to an account. Whoever gets an account, or an open
// one, is back: on that account, and as far as a plan for one person has to know
// everywhere.
func (s *departures) happened(e *Entry) {
	id := e.Key.Identity
	if id == "" || e.Outcome != Done && e.Outcome != AlreadySo {
		return
	}
	switch {
	case e.Action == reconcile.Delete, e.Action.Removes() && e.Phase == target.Left:
		s.close(e)
	case e.Action.Removes(), e.Phase == target.Left, e.Phase == target.PhaseUnknown:
	case e.Action == reconcile.Enable, e.Action == reconcile.Create, e.Action == reconcile.Adopt:
		delete(s.left, id)
		s.open(e)
	}
}

func (s *departures) close(e *Entry) {
	id := e.Key.Identity
	list := s.closed[id]
	at := slices.IndexFunc(list, func(c closing) bool { return c.target == e.Target && c.key == e.Key })
	began := at < 0
	if began {
		at, list = len(list), append(list, closing{target: e.Target, key: e.Key, at: e.At})
		s.closed[id] = list
	}
	c := &list[at]
	if c.takenBack {
		began, c.takenBack, c.at = true, false, e.At
	}
	c.deleted = c.deleted || e.Action == reconcile.Delete
	c.handedOver = c.handedOver || e.Action == reconcile.Handover
	if e.Account != "" {
		c.account = e.Account
	}
	if (began || e.Action == reconcile.Disable || e.Action == reconcile.Delete) && e.At.After(s.left[id]) {
		s.left[id] = e.At
	}
}

func (s *departures) open(e *Entry) {
	id := e.Key.Identity
	list := slices.DeleteFunc(s.closed[id], func(c closing) bool { return c.target == e.Target && c.key == e.Key })
	if len(list) == 0 {
		delete(s.closed, id)
		return
	}
	s.closed[id] = list
}

// reinstatedFrom reports whether an account was closed for a termination that was taken
// back, and is closed still; and since when.
func (s *departures) reinstatedFrom(name string, key target.Key) (since time.Time, is bool) {
	for _, c := range s.closed[key.Identity] {
		if c.target == name && c.key == key && c.takenBack {
			return c.at, true
		}
	}
	return time.Time{}, false
}

// handedOver reports whether what an account owned was handed over when its person
// left.
func (s *departures) handedOver(name string, key target.Key) bool {
	return slices.ContainsFunc(s.closed[key.Identity], func(c closing) bool {
		return c.target == name && c.key == key && c.handedOver
	})
}
