package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// lossOf names what a revoke takes from whom; the zero Loss for any other change.
// Unlike the ID of the change it does not depend on the rules.
func lossOf(c *reconcile.Change) reconcile.Loss {
	if c.Action != reconcile.Revoke {
		return reconcile.Loss{}
	}
	return reconcile.Loss{Key: c.Key, Entitlement: c.Entitlement}
}

// lossesIn are those of the revokes among some changes, and others.
func lossesIn(changes []reconcile.Change, more []reconcile.Loss) map[reconcile.Loss]bool {
	out := make(map[reconcile.Loss]bool, len(more))
	for _, l := range more {
		if l != (reconcile.Loss{}) {
			out[l] = true
		}
	}
	for i := range changes {
		if l := lossOf(&changes[i]); l != (reconcile.Loss{}) {
			out[l] = true
		}
	}
	return out
}

// losingSince is since when a revoke is held that was not pending under this ID:
// under another one it may have been, before the rules changed. A time of grace
// counts from when it was planned.
func (t *targetState) losingSince(h *reconcile.Hold, planned, now time.Time) time.Time {
	if since, ok := t.losing[lossOf(&h.Change)]; ok {
		return since
	}
	if slices.ContainsFunc(h.Reasons, func(r reconcile.HoldReason) bool {
		return r.Kind == reconcile.InGrace && r.Change == h.Change.ID
	}) {
		return planned
	}
	return now
}

// hold folds that a change is held.
func (t *targetState) hold(e *Entry) {
	t.pending[e.Change] = *e.Hold
	t.keep(e.Change, e.Hold.Hold.Reasons)
	t.heldAt[e.Change] = e.Position
	c := &e.Hold.Hold.Change
	l := lossOf(c)
	// What leavers lose has no grace: should they stay, it begins then.
	if l == (reconcile.Loss{}) || c.Undoes != "" || c.Phase == target.Left {
		return
	}
	if since, ok := t.losing[l]; !ok || e.Hold.Since.Before(since) {
		t.losing[l] = e.Hold.Since
	}
	t.losingBy[l] = e.Change
}

// lift folds that a change is no longer held. The same revoke may be, under another
// ID.
func (t *targetState) lift(change string) {
	p, ok := t.pending[change]
	if !ok {
		return
	}
	t.offDesk(change)
	if l := lossOf(&p.Hold.Change); t.losingBy[l] == change {
		delete(t.losing, l)
		delete(t.losingBy, l)
	}
}

// offDesk forgets that a change waits.
func (t *targetState) offDesk(change string) {
	delete(t.pending, change)
	delete(t.kept, change)
	delete(t.heldAt, change)
}

// settleLoss folds that a revoke was done, under whatever ID it was held.
func (t *targetState) settleLoss(e *Entry) {
	if e.Action != reconcile.Revoke {
		return
	}
	l := reconcile.Loss{Key: e.Key, Entitlement: e.Entitlement}
	if change, ok := t.losingBy[l]; ok {
		t.offDesk(change)
		delete(t.losing, l)
		delete(t.losingBy, l)
	}
}
