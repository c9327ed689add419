package provision

import (
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// suspect counts a removal for the guards that may have taken effect: one that is
// about to be called, in case the process dies meanwhile, and one of which nobody
// could tell. A limit must not be passed because answers got lost.
func (t *targetState) suspect(e *Entry) {
	follows := e.Action == reconcile.Revoke && e.Phase == target.Left
	counts := e.Action == reconcile.Disable || e.Action == reconcile.Delete || e.Action == reconcile.Revoke && !follows
	if !counts || e.Key.IsZero() {
		return
	}
	t.noteRecent(e)
}
