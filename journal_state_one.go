package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// A readAlone is the last run for one person who was in the source, or a run for
// everybody that found somebody who was missing.
type readAlone struct {
	position uint64    // of its end, or of Seen
	at       time.Time // PlannedAt
	whole    bool
}

// endedAlone folds the end of a run. What older plans took for proved of its person
// may have been put right since, and nothing need have been written for it: whoever
// was about to be disabled, and is back, has all they should have. A whole read that
// is newer makes older plans old for everybody: see targetRun.refuse.
func (t *targetState) endedAlone(e *Entry) {
	if id := e.End.Identity; id != "" {
		t.noteAlone(id, e)
		for k := range t.missing { // missed by a run that ended while this one began
			if k.Identity == id {
				t.foundAt(k, e.End.PlannedAt)
			}
		}
		return
	}
	if e.End.Whole {
		maps.DeleteFunc(t.alone, func(_ string, r readAlone) bool { return r.at.Before(t.lastRead) })
	}
}

// seen folds that somebody who was missing is there again. The run may not come to its
// end, and what older plans took for proved is not so any more.
func (t *targetState) seen(e *Entry) {
	switch {
	case e.End == nil:
		t.found(e.Key)
		return
	case len(e.End.Missing) > 0:
		t.foundAt(e.Key, e.End.PlannedAt)
	default:
		t.found(e.Key)
	}
	t.noteAlone(e.Key.Identity, e)
}

// sighting reports whether it is news that somebody who is missing was seen. One that is
// told late may be from before they went missing, or from the time since: then they are
// missing again, and not from before it.
func (t *targetState) sighting(e *Entry, late bool) bool {
	if !late {
		return true
	}
	e.End.Missing = []target.Key{e.Key}
	return !t.accounts[e.Key].MissingSince.After(e.End.PlannedAt)
}

// foundAt folds that somebody who is missing was seen at a time. If they were missed after it
// they are missing from then on.
func (t *targetState) foundAt(k target.Key, at time.Time) {
	missed := t.missedAt.After(at)
	if missed && !t.accounts[k].MissingSince.Before(at) {
		return
	}
	t.found(k)
	if missed {
		t.miss(k, t.missedAt)
	}
}

// noteAlone remembers when somebody was read, unless a later read is known: a plan may
// have lain for a while.
func (t *targetState) noteAlone(identityID string, e *Entry) {
	if r, known := t.alone[identityID]; !known || !r.at.After(e.End.PlannedAt) {
		t.alone[identityID] = readAlone{position: e.Position, at: e.End.PlannedAt, whole: e.End.Whole}
	}
}

// reading folds that the source was read, by a run that begins or by one that could not
// read the target.
func (t *targetState) reading(e *Entry) {
	switch {
	case e.End == nil:
	case e.End.Whole:
		t.heard = readAlone{position: e.Position, at: e.End.PlannedAt, whole: true}
	case e.End.Identity != "":
		t.alone[e.End.Identity] = readAlone{position: e.Position, at: e.End.PlannedAt}
	}
}

// readFrom is where the journal went on when the source was about to be read for a plan.
func readFrom(plan *reconcile.Plan) uint64 {
	if plan.ReadFrom > 0 {
		return plan.ReadFrom
	}
	return plan.Position + 1
}

// readAfter reports whether the source was read as a whole after a plan was made.
func (t *targetState) readAfter(plan *reconcile.Plan) bool {
	return t.lastRead.After(plan.At) || t.heard.position >= readFrom(plan) && t.heard.at.After(plan.At)
}

// readSince reports whether a run has read somebody, alone or again, since a plan was
// made; of a plan for one person also whether one for everybody has. A run by a clock
// ahead does not make plans old that were made after it. Of two reads at one instant the
// later run is believed, but for a plan of the same sort that says the same: that may be
// the run's own, applied once more. Of somebody who is missing in the plan every read
// counts of which it did not know: it rests on that nobody has seen them for a while.
func (t *targetState) readSince(identityID string, plan *reconcile.Plan) bool {
	if !plan.Whole && t.everybodySince(plan) {
		return true
	}
	r, ok := t.alone[identityID]
	if !ok || r.position < readFrom(plan) {
		return false
	}
	switch {
	case plan.Whole && slices.ContainsFunc(plan.Missing, func(k target.Key) bool { return k.Identity == identityID }):
		return true
	case r.at.Equal(plan.At):
		return plan.Whole && !r.whole
	default:
		return r.at.After(plan.At)
	}
}

// everybodySince is readSince for a plan for one person and a later run for everybody,
// also for one at a time that was not believed.
func (t *targetState) everybodySince(plan *reconcile.Plan) bool {
	return t.doubted > plan.Position || t.heard.position >= readFrom(plan) && !t.heard.at.Before(plan.At)
}

// outdated reports whether a run has read what a plan says of somebody, or of everybody,
// after it was made. What an undo takes back follows from no read.
func (t *targetState) outdated(identityID string, plan *reconcile.Plan) bool {
	return plan.Undo == "" && (t.readAfter(plan) || t.readSince(identityID, plan))
}
