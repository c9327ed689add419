package provision

import (
	"errors"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// errDeparted says why nothing is given: whatever a plan says and whatever was
// approved, the end of an employment wins.
var errDeparted = errors.New("the person has left since the plan was made; plan again")

// hasLeft reports whether somebody to whom a change would give something has left
// after the plan was made: the journal says so, or the rules did in a later
// reading. A plan whose change says that they have left knew it, and so did the
// run that closes the account. The caller holds e.mu.
func (r *targetRun) hasLeft(c *reconcile.Change) bool {
	e := r.engine
	if !gives(c.Action) || c.Phase == target.Left || c.Key.Identity == "" {
		return false
	}
	if d, ok := e.state.left[c.Key.Identity]; ok && d.position > r.plan.Position && d.run != r.id {
		return true
	}
	since, ok := e.left[c.Key.Identity]
	return ok && since.After(r.plan.At)
}

// departed says why nothing may be given to whom a change is about; nil if they
// have not left.
func (r *targetRun) departed(c *reconcile.Change) error {
	r.engine.mu.RLock()
	defer r.engine.mu.RUnlock()
	if r.hasLeft(c) {
		return errDeparted
	}
	return nil
}

// withdraw takes out what would give something to somebody who has left, also what
// is held: nobody is to approve it. The caller holds e.mu.
func (r *targetRun) withdraw(run []reconcile.Change, held []reconcile.Hold) ([]reconcile.Change, []reconcile.Hold, []Result) {
	if len(r.engine.state.left)+len(r.engine.left) == 0 {
		return run, held, nil
	}
	var out []reconcile.Change
	kept := make([]reconcile.Change, 0, len(run))
	for i := range run {
		if r.hasLeft(&run[i]) {
			out = append(out, run[i])
		} else {
			kept = append(kept, run[i])
		}
	}
	waiting := make([]reconcile.Hold, 0, len(held))
	for i := range held {
		if r.hasLeft(&held[i].Change) {
			out = append(out, held[i].Change)
		} else {
			waiting = append(waiting, held[i])
		}
	}
	return kept, waiting, r.each(out, Stale, errDeparted)
}

// noteLeft remembers since when the rules say of people that they have left, for
// plans that were made before. A forecast says nothing about now.
func (e *Engine) noteLeft(desired []target.Desired, at time.Time) {
	if at.After(e.config.Clock()) {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range desired {
		d := &desired[i]
		_, known := e.left[d.Key.Identity]
		left := d.Phase == target.Left && d.State != target.Enabled && d.State != target.Undecided
		switch {
		case left && !known:
			e.left[d.Key.Identity] = at
		case !left && known && d.State != target.Undecided:
			delete(e.left, d.Key.Identity)
		}
	}
}
