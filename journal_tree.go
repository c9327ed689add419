package provision

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// journalTree is the hash of a log that grows: the Merkle tree of RFC 6962, section
// 2.1, over the entries as JSON. It keeps the right edge only, one hash for each
// perfect tree, so that a million entries cost twenty hashes of memory.
type journalTree struct {
	size int64
	// compacted says what the journal begins with, in place of other entries: how many,
	// and the hash of the Compacted entry. "" if with none.
	compacted string
	edge      []tlog.Hash // of perfect trees, largest first
}

// add appends an entry. A Compacted one stands for those that it replaced, which are
// not there any more.
func (t *journalTree) add(e *Entry) error {
	leaf := *e
	leaf.At = leaf.At.UTC() // a store may show it in the zone of its machine
	text, err := json.Marshal(&leaf)
	if err != nil {
		return fmt.Errorf("entry %d: %w", e.Position, err)
	}
	if e.Kind == Compacted && e.Fold != nil {
		*t = journalTree{size: int64(e.Fold.Entries), edge: slices.Clone(e.Fold.Edge)}
		t.compacted = fmt.Sprintf("%d %s", e.Fold.Entries, tlog.RecordHash(text))
		if len(t.edge) != bits.OnesCount64(e.Fold.Entries) {
			return fmt.Errorf("entry %d: %w: its edge has %d hashes for %d entries", e.Position, ErrTampered, len(t.edge), e.Fold.Entries)
		}
		return nil
	}
	t.push(tlog.RecordHash(text))
	return nil
}

func (t *journalTree) push(h tlog.Hash) {
	for n := t.size; n&1 == 1; n >>= 1 {
		last := len(t.edge) - 1
		h = tlog.NodeHash(t.edge[last], h)
		t.edge = t.edge[:last]
	}
	t.edge = append(t.edge, h)
	t.size++
}

// root returns the hash of the whole.
func (t *journalTree) root() tlog.Hash {
	if t.size == 0 {
		return sha256.Sum256(nil)
	}
	last := len(t.edge) - 1
	h := t.edge[last]
	for i := last - 1; i >= 0; i-- {
		h = tlog.NodeHash(t.edge[i], h)
	}
	return h
}
