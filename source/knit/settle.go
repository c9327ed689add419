package knit

import (
	"maps"
	"slices"
	"time"
)

// settle ends the runs of which the end has come.
func (a *application) settle() error {
	s, r := a.state, a.run
	if (r.Phase == open || r.Phase == superseded) && r.arrived(a.cfg.TrustConsumed) {
		switch {
		case r.Initial && r.Begun.Before(s.Baseline):
			r.end(superseded, "a newer initial sync was completed", a.now)
		case r.Initial && r.People == 0 && !a.cfg.AllowEmpty:
			// An account that may see nobody looks like a company that has nobody.
			r.end(failed, "it had nobody in it", a.now)
		default:
			if err := a.complete(); err != nil {
				return err
			}
		}
	}
	for _, other := range s.Runs {
		if other.overtaken(s) {
			other.end(superseded, "a newer initial sync was completed", a.now)
		}
	}
	return nil
}

// complete lets a run count: who left according to it has left, and whoever is not in
// an initial sync, nor was spoken of since it began, is not there.
func (a *application) complete() error {
	s, r := a.state, a.run
	r.end(completed, "", a.now)
	if r.Begun.After(s.Complete) {
		s.Complete = r.Begun
	}
	gone := r.Gone
	r.Gone = nil
	if r.Initial {
		s.Baseline, a.commit.Drop = r.Begun, r.Begun
		for _, other := range s.Runs {
			if other.Phase == failed { // what it said is answered
				maps.DeleteFunc(other.Gone, func(_ string, at time.Time) bool { return at.Before(s.Baseline) })
			}
		}
		a.tell("")
	}
	for _, id := range slices.Sorted(maps.Keys(gone)) {
		known, err := a.record(id)
		if err != nil {
			return err
		}
		if at := gone[id]; at.After(known.At) && at.After(known.Ended) {
			a.end(known, at)
		}
	}
	return nil
}

// overtaken reports whether an open run need not be waited for: an initial sync that
// began later tells everything that it could. One that said that people left after that
// is waited for. What a run still has to say when it is not is taken all the same.
func (r *run) overtaken(s *state) bool {
	if r.Phase != open || !r.Begun.Before(s.Baseline) {
		return false
	}
	for _, at := range r.Gone {
		if !at.Before(s.Baseline) {
			return false
		}
	}
	return true
}
