// Package memsource keeps people in memory. It is a complete
// [source.DeltaSource] for tests and examples, with faults that can be switched
// on, and it is small enough to copy as the beginning of a connector.
package memsource

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/provision-go/provision/source"
)

// A Source holds rows in the order in which they were added. It is safe for
// concurrent use. Create one with [New].
type Source struct {
	name string

	mu    sync.Mutex
	rows  []*source.Identity // never written to once they are here
	at    map[string]int     // place of the first row with an ID
	many  map[string]int     // rows with an ID, where there are several
	log   []string           // IDs in the order in which they changed
	epoch int                // counts the times that cursors expired
	fault Fault
	lists int
	reads int
}

var _ source.DeltaSource = (*Source)(nil)

// New returns a source with the given people. The name must not be empty:
// [source.Collect] refuses a source without one.
func New(name string, people ...source.Identity) *Source {
	s := &Source{name: name}
	s.Set(people...)
	return s
}

// Name returns the name given to New.
func (s *Source) Name() string { return s.name }

// Set replaces everybody. The rows are kept as they are, also those with an ID
// that is empty or comes twice, so that broken exports can be played. Whoever
// was there before and is not any more has vanished without a word.
func (s *Source) Set(people ...source.Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, row := range s.rows {
		s.log = append(s.log, row.ID)
	}
	s.rows = make([]*source.Identity, 0, len(people))
	for _, person := range people {
		s.rows = append(s.rows, clone(person))
		s.log = append(s.log, person.ID)
	}
	s.reindex()
}

// Put adds people, or replaces those with the same ID in their place. Rows with
// an empty ID are always added.
func (s *Source) Put(people ...source.Identity) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, person := range people {
		s.log = append(s.log, person.ID)
		if n, known := s.at[person.ID]; known && person.ID != "" {
			s.rows[n] = clone(person)
			continue
		}
		s.at[person.ID] = len(s.rows)
		s.rows = append(s.rows, clone(person))
	}
}

// Remove drops people from the list without a word, as an export does that no
// longer has them. To tell of a deletion, Put the person with an ended status.
// Unknown IDs are ignored.
func (s *Source) Remove(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := s.rows[:0:0] // readers may still hold the old slice
	for _, row := range s.rows {
		if slices.Contains(ids, row.ID) {
			s.log = append(s.log, row.ID)
			continue
		}
		kept = append(kept, row)
	}
	s.rows = kept
	s.reindex()
}

// Identities yields the rows in their order, as they were when the loop began.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		s.mu.Lock()
		s.lists++
		rows, fault := slices.Clone(s.rows), s.fault
		s.mu.Unlock()
		for n := 0; ; n++ {
			if err := ctx.Err(); err != nil {
				yield(source.Identity{}, err)
				return
			}
			if fault.hits(n) {
				if fault.ListErr != nil {
					yield(source.Identity{}, fault.ListErr)
				}
				return
			}
			if n == len(rows) || !yield(*rows[n], nil) {
				return
			}
		}
	}
}

// Identity returns one person. The error wraps [source.ErrNotFound] for an
// unknown ID and [source.ErrContested] if two rows have it.
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads++
	if s.fault.ReadErr != nil {
		return source.Identity{}, s.fault.ReadErr
	}
	n, known := s.at[id]
	switch {
	case !known || id == "":
		return source.Identity{}, fmt.Errorf("%w: %q", source.ErrNotFound, id)
	case s.many[id] > 1:
		return source.Identity{}, fmt.Errorf("%w: %q", source.ErrContested, id)
	}
	return *s.rows[n], nil
}

// Changes yields everybody who changed after the cursor, once and as they are
// now, oldest change first. Somebody who was removed comes as an identity with
// an ID only. If nothing has changed, one Delta without an identity carries the
// position. The error wraps [source.ErrCursorExpired] for a cursor that this
// source did not give out, or gave out before [Source.ExpireCursors].
func (s *Source) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	return func(yield func(source.Delta, error) bool) {
		deltas, err := s.changes(since)
		for _, delta := range deltas {
			if ctx.Err() != nil {
				break
			}
			if !yield(delta, nil) {
				return
			}
		}
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			yield(source.Delta{}, err)
		}
	}
}

func (s *Source) changes(since source.Cursor) ([]source.Delta, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	from, err := s.position(since)
	if err != nil {
		return nil, err
	}
	last := map[string]int{}
	for n, id := range s.log[from:] {
		last[id] = from + n
	}
	delete(last, "")
	now := make(map[string]*source.Identity, len(last))
	for _, row := range slices.Backward(s.rows) {
		now[row.ID] = row // the first row wins, as in Identity
	}
	var deltas []source.Delta
	for _, n := range slices.Sorted(maps.Values(last)) {
		delta := source.Delta{Identity: source.Identity{ID: s.log[n]}, Cursor: s.cursor(n + 1)}
		if person, ok := now[s.log[n]]; ok {
			delta.Identity = *person
		}
		deltas = append(deltas, delta)
	}
	if len(deltas) == 0 {
		deltas = []source.Delta{{Cursor: s.cursor(len(s.log))}}
	}
	return deltas, nil
}

// ExpireCursors makes every cursor given out so far invalid.
func (s *Source) ExpireCursors() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.epoch++
}

func (s *Source) cursor(position int) source.Cursor {
	return source.Cursor(strconv.Itoa(s.epoch) + "-" + strconv.Itoa(position))
}

func (s *Source) position(c source.Cursor) (int, error) {
	if c == "" {
		return 0, nil
	}
	epoch, position, _ := strings.Cut(string(c), "-")
	e, errEpoch := strconv.Atoi(epoch)
	n, errPosition := strconv.Atoi(position)
	if errEpoch != nil || errPosition != nil || e != s.epoch || n < 0 || n > len(s.log) {
		return 0, source.ErrCursorExpired
	}
	return n, nil
}

// reindex notes where everybody is.
func (s *Source) reindex() {
	s.at, s.many = make(map[string]int, len(s.rows)), map[string]int{}
	for n, row := range s.rows {
		if _, known := s.at[row.ID]; known {
			s.many[row.ID] = max(s.many[row.ID], 1) + 1
			continue
		}
		s.at[row.ID] = n
	}
}

// clone copies what an identity shares, so that the caller may go on changing
// their own.
func clone(i source.Identity) *source.Identity {
	i.AlternateIDs = slices.Clone(i.AlternateIDs)
	i.Groups = slices.Clone(i.Groups)
	i.Employments = slices.Clone(i.Employments)
	i.Findings = slices.Clone(i.Findings)
	i.Custom = maps.Clone(i.Custom)
	for name, values := range i.Custom {
		i.Custom[name] = slices.Clone(values)
	}
	return &i
}
