package provision

import (
	"context"
	"iter"
	"sync"
)

// A MemoryJournal keeps a journal in memory, for tests and for programs that run
// once. It keeps no intents: they matter only to a process that comes after. It
// is safe for concurrent use; the zero value is empty and ready.
type MemoryJournal struct {
	mu      sync.RWMutex
	entries []Entry
	last    uint64
}

var _ Journal = (*MemoryJournal)(nil)

// Append adds entries.
func (m *MemoryJournal) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range entries {
		m.last++
		if entries[i].Kind == Intent {
			continue
		}
		e := entries[i]
		e.Position = m.last
		m.entries = append(m.entries, e)
	}
	return nil
}

// Entries yields the entries after a position.
func (m *MemoryJournal) Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		m.mu.RLock()
		entries := m.entries // entries are only ever appended, so the view is stable
		m.mu.RUnlock()
		for i := firstAfter(entries, after); i < len(entries); i++ {
			if err := ctx.Err(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(entries[i], nil) {
				return
			}
		}
	}
}

// firstAfter returns the index of the first entry past a position.
func firstAfter(entries []Entry, after uint64) int {
	lo, hi := 0, len(entries)
	for lo < hi {
		mid := (lo + hi) / 2
		if entries[mid].Position <= after {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}
