package provision

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"golang.org/x/mod/sumdb/tlog"
)

// Fold is what a Compacted entry carries: everything that an engine remembers of the
// entries in whose place it stands.
type Fold struct {
	// Format is 1. A reader that does not know a format refuses the journal.
	Format int `json:"format"`
	// Entries is how many entries it stands for, those that were compacted before
	// included.
	Entries uint64 `json:"entries"`
	// Origin tells one journal from another; a store may use it as it likes. A
	// FileJournal recognises by it the file that took the place of the one it had open.
	Origin string `json:"origin,omitempty"`
	// Edge is the right edge of the Merkle tree over these entries, from which seals go
	// on: see SealJournal.
	Edge []tlog.Hash `json:"edge,omitempty"`
	// State is a JSON object. What is in it is between the versions of this package.
	State json.RawMessage `json:"state"`
}

const foldFormat = 1

var (
	errFoldFormat  = errors.New("it was compacted by a newer version of this package; use that one")
	errNothingFold = errors.New("there are no entries to compact")
)

// CompactEntries makes the Compacted entry that can stand for some entries: the first
// ones of a journal without a gap, in order. One of kind Compacted may be among them.
// It takes the position and the time of the last, and whoever reads it knows what it would
// know from all of them. It is pure; a store whose Append does what a [Journal] promises
// puts its result in the place of the entries in one transaction, and leaves later ones
// as they are.
//
// Plans that were made and stored before are judged as ever: which change was done at
// which position is part of it.
func CompactEntries(entries iter.Seq2[Entry, error]) (Entry, error) {
	st := newState()
	var tree journalTree
	out := Entry{Kind: Compacted, Fold: &Fold{Format: foldFormat}}
	for e, err := range entries {
		if err != nil {
			return Entry{}, fmt.Errorf("compact: %w", err)
		}
		if err := tree.add(&e); err != nil {
			return Entry{}, fmt.Errorf("compact: %w", err)
		}
		if e.Kind == Compacted {
			if err := st.restore(&e); err != nil {
				return Entry{}, fmt.Errorf("compact: %w", err)
			}
			out.Fold.Entries, out.Fold.Origin = e.Fold.Entries, e.Fold.Origin
		} else {
			st.apply(&e)
			out.Fold.Entries++
		}
		out.Position, out.At = e.Position, e.At
	}
	if out.Position == 0 {
		return Entry{}, fmt.Errorf("compact: %w", errNothingFold)
	}
	out.Fold.Edge = tree.edge
	dump, err := json.Marshal(st.dump())
	if err != nil {
		return Entry{}, fmt.Errorf("compact: %w", err)
	}
	out.Fold.State = dump
	if st.epoch > 0 {
		lease := st.lease
		out.Epoch, out.Lease = st.epoch, &lease
	}
	return out, nil
}

// restore forgets everything and goes on from a Compacted entry. Targets that are
// known stay known, because whoever only reads must not write to the map of them.
func (s *state) restore(e *Entry) error {
	if e.Fold == nil || e.Fold.Format != foldFormat {
		return fmt.Errorf("position %d: %w", e.Position, errFoldFormat)
	}
	var d stateDump
	if err := json.Unmarshal(e.Fold.State, &d); err != nil {
		return fmt.Errorf("position %d: what was compacted cannot be read: %w", e.Position, err)
	}
	fresh := d.state()
	fresh.position = e.Position
	for name := range s.targets {
		fresh.of(name)
	}
	*s = *fresh
	return nil
}
