package provision

import (
	"time"

	"github.com/provision-go/provision/reconcile"
)

// trouble is why an account could not be made or opened the last time.
type trouble struct {
	action  reconcile.Action
	outcome Outcome // Failed, Unconfirmed or Stale
	text    string  // without values
	at      time.Time
}

// noteTrouble folds how a create, an adoption or an enable ended.
func (t *targetState) noteTrouble(e *Entry) {
	switch e.Action {
	case reconcile.Create, reconcile.Adopt, reconcile.Enable:
	case reconcile.Delete:
		delete(t.troubles, e.Key)
		return
	default:
		return
	}
	switch e.Outcome {
	case Failed, Unconfirmed, Stale:
		t.troubles[e.Key] = trouble{e.Action, e.Outcome, e.Text, e.At}
	default:
		delete(t.troubles, e.Key)
	}
}
