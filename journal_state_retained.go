package provision

import (
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// sighted folds which accounts a plan was the first to see closed for good, and which it
// saw otherwise. The account of a leaver is not deleted within a day of that.
func (t *targetState) sighted(e *Entry) {
	if e.End == nil {
		return
	}
	for _, k := range e.End.Retained {
		if _, known := t.retained[k]; !known {
			t.retained[k] = e.At
		}
	}
	for _, k := range e.End.Unretained {
		delete(t.retained, k)
	}
}

// retain folds that an account was opened or closed. Closed for another reason than that
// its person has left, it may be opened again any day.
func (t *targetState) retain(e *Entry) {
	if e.Outcome != Done && e.Outcome != AlreadySo {
		return
	}
	switch e.Action {
	case reconcile.Disable:
		if delete(t.retained, e.Key); e.Phase == target.Left {
			t.retained[e.Key] = e.At
		}
	case reconcile.Create, reconcile.Adopt, reconcile.Enable, reconcile.Delete:
		delete(t.retained, e.Key)
	default:
	}
}

// retainedSince is since when an account is known as closed for good; zero if it is not.
func (e *Engine) retainedSince(name string, key target.Key) time.Time {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.of(name).retained[key]
}
