package provision

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// matter is what a call writes: whether an account is there and open, its attributes,
// its key, or one entitlement.
type matter struct {
	Key         target.Key         `json:"key"`
	Of          reconcile.Action   `json:"of"` // that stands for all that write the same
	Entitlement target.Entitlement `json:"entitlement,omitzero"`
}

// matterOf is what the change of an entry writes; none if that cannot be read.
func matterOf(e *Entry) (matter, bool) {
	w := matter{Key: e.Key, Of: e.Action}
	switch e.Action {
	case reconcile.Create, reconcile.Enable, reconcile.Disable, reconcile.Delete:
		w.Of = reconcile.Enable
	case reconcile.Grant, reconcile.Revoke:
		w.Of, w.Entitlement = reconcile.Grant, e.Entitlement
	case reconcile.Update, reconcile.Adopt:
	case reconcile.EndSessions, reconcile.Handover, reconcile.CreateEntitlement:
		return w, false
	}
	return w, true
}

// openCall is a call whose end nobody knows: its process died, or nobody could tell.
type openCall struct {
	Position uint64                  `json:"position"`
	At       time.Time               `json:"at"`
	Run      string                  `json:"run"`
	Change   string                  `json:"change"`
	Account  string                  `json:"account,omitempty"`
	Action   reconcile.Action        `json:"action"`
	Phase    target.Phase            `json:"phase,omitzero"`
	Names    []reconcile.Name        `json:"names,omitempty"`
	Fields   []reconcile.FieldChange `json:"fields,omitempty"`
	Undo     *Undo                   `json:"undo,omitempty"`
}

// noteOpen folds an intent and the end of a change. A later call that writes the same
// takes the place of an earlier one.
func (t *targetState) noteOpen(e *Entry) {
	w, readable := matterOf(e)
	if !readable {
		return
	}
	switch old, known := t.open[w]; {
	case e.Kind == Intent, e.Outcome == Unconfirmed:
		t.open[w] = openCall{
			Position: e.Position, At: e.At, Run: e.Run, Change: e.Change, Account: e.Account, Action: e.Action, Phase: e.Phase,
			Names: e.Names, Fields: e.Fields, Undo: e.Undo,
		}
	case known && (old.Change == e.Change || e.Outcome == Done || e.Outcome == AlreadySo):
		delete(t.open, w)
	}
}

// isOpen reports whether the change of an entry was begun, and nobody knows how it ended.
func (t *targetState) isOpen(e *Entry) bool {
	w, _ := matterOf(e)
	return t.open[w].Change == e.Change
}

// ended is how an open call ended.
func (c *openCall) ended(w matter, name string, at time.Time, outcome Outcome) Entry {
	return Entry{
		At: at, Kind: Happened, Run: c.Run, Target: name, Change: c.Change, Action: c.Action, Key: w.Key, Account: c.Account,
		Entitlement: w.Entitlement, Phase: c.Phase, Names: c.Names, Fields: c.Fields, Undo: c.Undo, Outcome: outcome,
	}
}

// createdSince reports whether a call may have made the account of a key after a position.
func (t *targetState) createdSince(key target.Key, position uint64) bool {
	c, open := t.open[matter{Key: key, Of: reconcile.Enable}]
	return open && c.Action == reconcile.Create && c.Position > position
}

// presumedClosed are, of one person or with "" of everybody, the accounts that an open call
// may have closed because its person left, and of whom nobody has said since that they are
// back.
func (s *state) presumedClosed(identityID string) []closing {
	var out []closing
	for name, t := range s.targets {
		for w, c := range t.open {
			about := identityID == "" || w.Key.Identity == identityID
			if about && closesLeaver(c.Action, c.Phase) && c.Position > s.returned[w.Key.Identity] {
				out = append(out, closing{target: name, key: w.Key, account: c.Account, at: c.At, deleted: c.Action == reconcile.Delete})
			}
		}
	}
	return out
}

// presumedLeft is when identities left, with those whose account may have been closed.
func (s *state) presumedLeft() map[string]time.Time {
	closed := s.presumedClosed("")
	if len(closed) == 0 {
		return s.left
	}
	left := maps.Clone(s.left)
	for _, c := range closed {
		if c.at.After(left[c.key.Identity]) {
			left[c.key.Identity] = c.at
		}
	}
	return left
}

// closedFor are the accounts that were closed because a person left, or may have been.
func (s *state) closedFor(identityID string) []closing {
	out := slices.Clone(s.closed[identityID])
	for _, p := range s.presumedClosed(identityID) {
		if !slices.ContainsFunc(out, func(c closing) bool { return c.target == p.target && c.key == p.key }) {
			out = append(out, p)
		}
	}
	return out
}

func compareMatters(a, b matter) int {
	return cmp.Or(a.Key.Compare(b.Key), cmp.Compare(a.Of, b.Of), a.Entitlement.Compare(b.Entitlement))
}
