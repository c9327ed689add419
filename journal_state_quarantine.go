package provision

import (
	"errors"
	"fmt"
	"time"
)

const (
	// manyFailures and muchFailed are when the failures of a run are the target's: at
	// least so many, and more than so many percent.
	manyFailures = 20
	muchFailed   = 40
)

// quarantine is that of one target, as remembered.
type quarantine struct {
	shown Quarantined // without Target
	// over is the run that has ended it; "": none has. It is kept until that run has
	// ended: if the target turns out to be sick all the same, it goes on.
	over string
}

// quarantineFor is how long a target is left alone after n tries in vain.
func quarantineFor(n int) time.Duration {
	switch n {
	case 0:
		return time.Hour
	case 1:
		return 6 * time.Hour
	case 2:
		return 12 * time.Hour
	}
	return day
}

// quarantined returns the quarantine of a target; nil if it is in use.
func (t *targetState) quarantined() *Quarantined {
	if t.quarantine == nil || t.quarantine.over != "" {
		return nil
	}
	shown := t.quarantine.shown
	return &shown
}

func (t *targetState) resume() { t.quarantine = nil }

// judge folds what a run says about the health of its target.
func (t *targetState) judge(e *Entry) {
	end := e.End
	cause := end.cause()
	if end.Stopped != "" || t.quarantined() != nil {
		t.exonerate(e.Run)
	}
	q := t.quarantine
	switch {
	case q != nil && q.over != "" && q.over != e.Run:
		t.quarantine, q = nil, nil
	case q != nil && q.over != "" && cause == "":
		t.quarantine = nil
		return
	}
	if q != nil && q.over == "" && (end.Tried == 0 || e.At.Before(q.shown.Next)) {
		return // nothing was tried, or only what ends the access of leavers
	}
	if cause == "" && q == nil {
		return
	}
	if q == nil {
		q = &quarantine{shown: Quarantined{Since: e.At}}
		t.quarantine = q
	} else {
		q.shown.Tries++
	}
	if cause != "" {
		q.shown.Cause, q.shown.Reason = cause, cause.reason(end)
	}
	q.over = ""
	q.shown.Next = e.At.Add(quarantineFor(q.shown.Tries))
	if cause == StopAsked {
		q.shown.Next = end.NotBefore
	}
}

// cause is why a run puts its target into quarantine; "": it does not.
func (end *RunTotal) cause() StopCause {
	if end.Stopped == "" && end.Failed >= manyFailures && end.Failed*100 > muchFailed*end.Tried {
		return StopFailures
	}
	return end.Stopped
}

// reason says in words why a target is in quarantine.
func (c StopCause) reason(end *RunTotal) string {
	switch c {
	case StopCredentials:
		return "it refuses our credentials"
	case StopDown:
		return "calls in a row got no useful answer"
	case StopFailures:
		return fmt.Sprintf("%d of %d changes of a run failed", end.Failed, end.Tried)
	case StopAsked:
		return "it asks to wait"
	}
	return string(c)
}

// health notes what a run says about its target.
func (end *RunTotal) health(results []Result, stopped *stopError, at time.Time) {
	for i := range results {
		switch results[i].Outcome {
		case Failed, Unconfirmed:
			if errors.Is(results[i].Err, errJournal) {
				continue
			}
			end.Failed++
			end.Tried++
		case Done, AlreadySo, Stale:
			end.Tried++
		case Held, Skipped, Cancelled:
		}
	}
	if stopped == nil {
		return
	}
	end.Stopped = stopped.cause
	if stopped.cause == StopAsked {
		end.NotBefore = at.Add(min(stopped.wait, day))
	}
}
