package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// undone is what somebody took back, until it is done again.
type undone struct {
	key   target.Key
	by    string // the change that took it back
	actor string
	at    time.Time
}

// noteUndone folds an intent and the end of a change. One that takes something back has
// the change that would do it again held, from before the call on: the process may die
// after it. One that is done is held no longer, whoever did it.
func (t *targetState) noteUndone(e *Entry) {
	may := e.Kind == Intent || e.Outcome == Done || e.Outcome == Unconfirmed
	if e.Outcome == Done {
		t.settleUndone(e.Change)
	}
	if e.Undo == nil {
		return
	}
	if !may {
		if u, ok := t.undone[e.Undo.Redo]; ok && u.by == e.Change {
			t.settleUndone(e.Undo.Redo) // nothing was taken back
		}
		return
	}
	if redo, ok := t.redos[e.Undo.Change]; ok {
		t.settleUndone(redo) // an undo is undone
	}
	if e.Undo.Redo != "" {
		t.undone[e.Undo.Redo] = undone{key: e.Key, by: e.Change, actor: e.Undo.Actor, at: e.At}
		t.redos[e.Change] = e.Undo.Redo
	}
}

// settleUndone forgets that a change was taken back.
func (t *targetState) settleUndone(redo string) {
	if u, ok := t.undone[redo]; ok {
		delete(t.redos, u.by)
		delete(t.undone, redo)
	}
}

// heldUndone is what a plan has to hold, as the planner takes it.
func (t *targetState) heldUndone() map[string]reconcile.Undone {
	if len(t.undone) == 0 {
		return nil
	}
	out := make(map[string]reconcile.Undone, len(t.undone))
	for redo, u := range t.undone {
		out[redo] = reconcile.Undone{Actor: u.actor, At: u.at}
	}
	return out
}

// settled are the changes that somebody took back and that the plan is sure not to want
// any more, for whom it speaks: if they are wanted again some day, that is another story. The
// caller holds the engine's lock.
func (r *targetRun) settled(t *targetState, now time.Time) []Entry {
	if len(t.undone) == 0 || r.plan.Undo != "" || !r.plan.Whole && r.identity == "" {
		return nil
	}
	wanted := planned(r.plan)
	var entries []Entry
	for redo, u := range t.undone {
		about := r.plan.Whole || u.key.Identity == r.identity
		if about && !wanted[redo] && !unsure(r.plan, u.key) && u.at.Before(r.plan.At) {
			entries = append(entries, Entry{
				At: now, Kind: Settled, Run: r.id, Target: r.plan.Target, Change: redo, Key: u.key,
			})
		}
	}
	slices.SortFunc(entries, byChange)
	return entries
}

// unsure reports whether a plan cannot say what is wanted of an account with something
// that waits.
func unsure(p *reconcile.Plan, key target.Key) bool {
	_, is := slices.BinarySearchFunc(p.Unsure, key, target.Key.Compare)
	return is
}
