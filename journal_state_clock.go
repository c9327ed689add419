package provision

import "time"

// setRight folds that a whole run is believed: what is remembered at later times than its
// own was written by a clock that was ahead. It has begun now, and a wait that is longer
// than any there is, is over.
func (t *targetState) setRight(e *Entry) {
	if !e.End.Whole || !e.End.PlannedAt.Equal(t.lastRead) {
		return
	}
	now := later(e.At, e.End.PlannedAt)
	begun := func(at *time.Time) {
		if at.After(now) {
			*at = now
		}
	}
	wait := func(until *time.Time) {
		if until.Sub(now) > day {
			*until = now
		}
	}
	for l, since := range t.losing {
		begun(&since)
		t.losing[l] = since
	}
	for change, p := range t.pending {
		begun(&p.Since)
		t.pending[change] = p
	}
	for change, f := range t.failed {
		begun(&f.Since)
		begun(&f.Last)
		wait(&f.Until)
		t.failed[change] = f
	}
	for i := range t.owed {
		begun(&t.owed[i].Since)
	}
	if t.quarantine != nil {
		begun(&t.quarantine.shown.Since)
		wait(&t.quarantine.shown.Next)
	}
}

// later is the later one of two instants.
func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
