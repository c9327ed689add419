package provision

import (
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// hasLeft reports whether somebody to whom a change would give something has left
// after the plan was made: the journal says so, or the rules did in a later
// reading. A plan whose change says that they have left knew it, and so did the
// run that closes the account. The caller holds e.mu.
func (r *targetRun) hasLeft(c *reconcile.Change) bool {
	e := r.engine
	if !givesSomebody(c) {
		return false
	}
	if d, ok := e.state.leaving[c.Key.Identity]; ok && d.position > r.plan.Position && d.run != r.id {
		return true
	}
	since, ok := e.leaving[c.Key.Identity]
	return ok && since.After(r.plan.At)
}

// withdraw takes out of what is held what would give something to somebody who has
// left: nobody is to approve it. The caller holds e.mu.
func (r *targetRun) withdraw(held []reconcile.Hold) ([]reconcile.Hold, []Result) {
	if len(r.engine.state.leaving)+len(r.engine.leaving) == 0 {
		return held, nil
	}
	var out []reconcile.Change
	waiting := make([]reconcile.Hold, 0, len(held))
	for i := range held {
		if r.hasLeft(&held[i].Change) {
			out = append(out, held[i].Change)
		} else {
			waiting = append(waiting, held[i])
		}
	}
	return waiting, r.each(out, Stale, errLeftSince)
}

// departing is what a run has to remember of people who have left without a step that
// shows it, as its plan says, unless a later read or a person has said otherwise since. The
// caller holds e.mu.
func (r *targetRun) departing(t *targetState, now time.Time) []Entry {
	s := r.engine.state
	var entries []Entry
	for _, d := range r.plan.Left {
		id := d.Key.Identity
		past, known := t.accounts[d.Key]
		closed := d.Account != "" && known && !past.Left && past.Phase != target.Left
		if t.outdated(id, r.plan) || s.returned[id] > r.plan.Position || !closed && len(s.gifts[id]) == 0 {
			continue
		}
		entries = append(entries, Entry{
			At: now, Kind: Departing, Run: r.id, Target: r.plan.Target, Key: d.Key, Account: d.Account,
		})
	}
	return entries
}

// back are those who had left and are employed, as the plan says, and whose account is open
// without a step that shows it, unless they have left again since. The caller holds e.mu.
func (r *targetRun) back(t *targetState, now time.Time) []Entry {
	var entries []Entry
	for _, k := range r.plan.Back {
		past := t.accounts[k]
		if !past.HasLeft() || t.outdated(k.Identity, r.plan) || r.engine.state.leaving[k.Identity].position > r.plan.Position {
			continue
		}
		entries = append(entries, r.seenAs(target.Active, k, now))
	}
	return entries
}

// noteLeaving remembers since when the rules say of people that they have left, for
// plans that were made before. A forecast says nothing about now.
func (e *Engine) noteLeaving(desired []target.Desired, at time.Time) {
	if at.After(e.config.Clock()) {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range desired {
		d := &desired[i]
		_, known := e.leaving[d.Key.Identity]
		left := d.Phase == target.Left && d.State != target.Enabled && d.State != target.Undecided
		switch {
		case left && !known:
			e.leaving[d.Key.Identity] = at
		case !left && known && d.State != target.Undecided:
			delete(e.leaving, d.Key.Identity)
		}
	}
}
