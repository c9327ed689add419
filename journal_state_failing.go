package provision

import (
	"maps"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

const (
	// day is the longest wait between two tries, whoever asks for more.
	day = 24 * time.Hour
	// retriedFor is how long a change is tried again by itself.
	retriedFor = 28 * day
	// triedWithin is how much of the time between two tries counts for that: more is a time
	// in which nothing ran, or that a clock was set by, and so is less than nothing.
	triedWithin = 7 * day
	// forgetAfter is how long a change that is due may be missing from plans before its
	// failures are forgotten.
	forgetAfter = 2 * day
)

// retryAfter is how long a change waits after it failed for the n-th time, from 1.
func retryAfter(n int) time.Duration {
	steps := [...]time.Duration{5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour}
	if n <= len(steps) {
		return steps[n-1]
	}
	return day
}

// fail folds that a change failed, or that nobody knows how it ended. Bad
// credentials say nothing about a change.
func (t *targetState) fail(e *Entry) {
	if e.Class == target.Fatal {
		return
	}
	f := t.failed[e.Change]
	if f.Times == 0 {
		f.Since = e.At
	} else {
		gap := e.At.Sub(f.Last)
		f.Since = f.Since.Add(gap - min(max(gap, 0), triedWithin))
	}
	f.Times++
	f.Last, f.Class = e.At, e.Class
	f.Until = e.At.Add(retryAfter(f.Times))
	if e.NotBefore.After(f.Until) {
		f.Until = e.NotBefore
	}
	if e.At.Sub(f.Since) >= retriedFor {
		f.Until = time.Time{} // a dead letter
	}
	t.failed[e.Change], t.failedIn[e.Change] = f, e.Run
}

// healthOf folds what the end of a change says about it and about its target.
func (t *targetState) healthOf(e *Entry) {
	switch e.Outcome {
	case Done, AlreadySo:
		t.forgetFailure(e.Change)
	case Failed, Unconfirmed:
		t.fail(e)
	case Held, Skipped, Stale, Cancelled:
	}
	if t.quarantine != nil && t.quarantine.over == "" && t.quarantine.shown.ends(e.Outcome, e.Class) {
		t.quarantine.over = e.Run
	}
}

func (t *targetState) forgetFailure(change string) {
	delete(t.failed, change)
	delete(t.failedIn, change)
}

// exonerate forgets what failed in a run that the target itself has ended: those
// changes were not to blame.
func (t *targetState) exonerate(run string) {
	for change, in := range t.failedIn {
		f := t.failed[change]
		switch {
		case in != run || !ofTarget(f.Class):
		case f.Times == 1:
			t.forgetFailure(change)
		default:
			f.Times--
			f.Until = f.Last
			t.failed[change] = f
		}
	}
}

// ofTarget reports whether a failure of the class is more likely the target's
// than that of the change.
func ofTarget(c target.Class) bool {
	switch c {
	case target.Unclear, target.NotSent, target.Throttled, target.Transient, target.Fatal:
		return true
	case target.Exists, target.Conflict, target.NotFound, target.Permanent:
	}
	return false
}

// forgetFailures forgets, after a read of everything, changes that are no longer
// planned: what is parked is on the desk, and what is due is tried in every run.
func (t *targetState) forgetFailures(at time.Time) {
	maps.DeleteFunc(t.failed, func(change string, f reconcile.Failure) bool {
		if _, held := t.pending[change]; held {
			return false
		}
		gone := f.Until.Add(forgetAfter).Before(at)
		if f.Until.IsZero() {
			gone = f.Last.Add(forgetAfter).Before(at)
		}
		if gone {
			delete(t.failedIn, change)
		}
		return gone
	})
}

// retriedIn are those of some changes that wait on the desk for another try.
func retriedIn(t *targetState, due []reconcile.Change) map[string]bool {
	if len(t.failed) == 0 {
		return nil
	}
	out := map[string]bool{}
	for i := range due {
		if _, failed := t.failed[due[i].ID]; failed {
			out[due[i].ID] = true
		}
	}
	return out
}
