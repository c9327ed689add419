package provision

import (
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// settleNames folds what the end of a change means for names.
func (t *targetState) settleNames(e *Entry) {
	switch {
	case e.Action == reconcile.Delete && (e.Outcome == Done || e.Outcome == AlreadySo):
		t.claim(e, e.At)
		t.part(e)
	case e.Action == reconcile.Delete && e.Outcome != Unconfirmed:
		t.claim(e, time.Time{}) // the account has them still
	case e.Action != reconcile.Create:
	case e.Outcome == Done || e.Outcome == Unconfirmed:
		t.reserve(e)
	case e.Outcome == AlreadySo:
		// Somebody else made it, or an earlier attempt, whose names are reserved.
	default:
		t.release(e)
	}
}

// intendNames folds what a change that is about to run means for names: nobody may
// ever learn how it ended.
func (t *targetState) intendNames(e *Entry) {
	switch e.Action {
	case reconcile.Create:
		t.reserve(e)
	case reconcile.Delete:
		t.claim(e, e.At)
	default:
	}
}

// claim keeps the names that the account of a delete has for its key, whoever wrote
// them, unless they are those of somebody else's account. Gone is since when the
// account is gone.
func (t *targetState) claim(e *Entry, gone time.Time) {
	for _, n := range e.Names {
		if old, ok := t.reserved[n]; ok && old.Key != e.Key && old.Gone.IsZero() {
			continue
		}
		t.reserved[n] = reconcile.Reservation{Key: e.Key, Gone: gone}
		if !slices.Contains(t.names[e.Key], n) {
			t.names[e.Key] = append(slices.Clip(t.names[e.Key]), n)
		}
	}
}

// reserve keeps the names of a create for its key: from before the call on, because
// nobody may ever learn how it ended.
func (t *targetState) reserve(e *Entry) {
	for _, n := range e.Names {
		if old, ok := t.reserved[n]; ok && old.Key == e.Key && !old.Gone.IsZero() {
			t.parted[n] = old.Gone
		}
		t.reserved[n] = reconcile.Reservation{Key: e.Key}
		if !slices.Contains(t.names[e.Key], n) {
			t.names[e.Key] = append(slices.Clip(t.names[e.Key]), n)
		}
	}
}

// release ends the reservations of a create that made nothing. What the key had
// before stays as it was.
func (t *targetState) release(e *Entry) {
	if _, has := t.ids[e.Key]; has {
		return
	}
	for _, n := range e.Names {
		if t.reserved[n] != (reconcile.Reservation{Key: e.Key}) {
			continue
		}
		if gone, ok := t.parted[n]; ok {
			t.reserved[n] = reconcile.Reservation{Key: e.Key, Gone: gone}
			continue
		}
		delete(t.reserved, n)
		t.names[e.Key] = slices.DeleteFunc(slices.Clone(t.names[e.Key]), func(o reconcile.Name) bool { return o == n })
		if len(t.names[e.Key]) == 0 {
			delete(t.names, e.Key)
		}
	}
}

// part notes since when the account of some names is gone.
func (t *targetState) part(e *Entry) {
	for _, n := range t.names[e.Key] {
		if t.reserved[n].Key == e.Key {
			t.reserved[n] = reconcile.Reservation{Key: e.Key, Gone: e.At}
		}
		delete(t.parted, n)
	}
}
