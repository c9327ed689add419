package source

import (
	"iter"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/proof"
)

// A Snapshot is a source read to its end. It is immutable and safe for
// concurrent use. Only [Collect] makes one that is complete; the zero Snapshot
// is empty and proves nothing.
type Snapshot struct {
	source     string
	identities []*Identity // sorted by ID, unique, cleaned
	contested  []string    // sorted IDs that came more than once: present, unusable
	lost       int
	complete   bool
	findings   []Finding
}

// Source returns the name of the source.
func (s Snapshot) Source() string { return s.source }

// Len returns the number of usable identities.
func (s Snapshot) Len() int { return len(s.identities) }

// All yields the usable identities sorted by ID. The pointers lead into the
// snapshot: read only.
func (s Snapshot) All() iter.Seq[*Identity] {
	return func(yield func(*Identity) bool) {
		for _, i := range s.identities {
			if !yield(i) {
				return
			}
		}
	}
}

// Find returns the usable identity with the given ID, nil if there is none. The
// pointer leads into the snapshot: read only. Nil does not mean that the person
// is gone: they may be contested, or the snapshot may not be complete.
func (s Snapshot) Find(id string) *Identity {
	n, found := slices.BinarySearchFunc(s.identities, id, func(i *Identity, id string) int {
		return strings.Compare(i.ID, id)
	})
	if !found {
		return nil
	}
	return s.identities[n]
}

// Contested returns the sorted IDs that the source gave more than once with
// different content. These people are present but nothing is decided for them.
// The caller must not change the slice.
func (s Snapshot) Contested() []string { return s.contested }

// Findings returns what was noticed while reading, sorted by person, line and
// column. Of one code and field it holds the first thousand and one more that
// says how many were left out, so that a mistake in every row stays readable.
// The caller must not change the slice.
func (s Snapshot) Findings() []Finding { return s.findings }

// Proof returns the evidence that reconcile asks for before anybody may be
// called absent.
func (s Snapshot) Proof() proof.Complete {
	return proof.Complete{
		Source: s.source, People: len(s.identities) + len(s.contested), Lost: s.lost, Read: s.complete,
	}
}

// lostRows returns the rows without a usable ID as a source made of this one yields
// them, and the other findings.
func lostRows(s Snapshot) ([]Identity, []Finding) {
	var lost []Identity
	var rest []Finding
	for _, f := range s.findings {
		if f.Code == CodeNoID && len(lost) < s.lost {
			lost = append(lost, Identity{Findings: []Finding{f}})
		} else {
			rest = append(rest, f)
		}
	}
	for len(lost) < s.lost {
		lost = append(lost, Identity{Findings: []Finding{{
			Source: s.source, Field: "id", Code: CodeNoID, Message: "a row has no usable ID",
		}}})
	}
	return lost, rest
}
