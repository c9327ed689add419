package provision

import (
	"context"
	"fmt"
	"iter"
	"sort"
	"sync"
)

// A MemoryJournal keeps a journal in memory, for tests and for programs that run
// once. It keeps no intents: they matter only to a process that comes after. It
// is safe for concurrent use; the zero value is empty and ready.
type MemoryJournal struct {
	mu     sync.RWMutex
	blocks []*[entriesInBlock]Entry // never moved, so that a long journal is not copied as it grows
	len    int
	last   uint64
	fence  Fence
}

// entriesInBlock is how many entries lie together.
const entriesInBlock = 256

var _ Journal = (*MemoryJournal)(nil)

// Append adds entries.
func (m *MemoryJournal) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	fence, err := m.fence.Admit(entries...)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	m.fence = fence
	for i := range entries {
		m.last++
		if entries[i].Kind == Intent {
			continue
		}
		if m.len == len(m.blocks)*entriesInBlock {
			m.blocks = append(m.blocks, new([entriesInBlock]Entry))
		}
		e := entryAt(m.blocks, m.len)
		*e = entries[i]
		e.Position = m.last
		m.len++
	}
	return nil
}

func entryAt(blocks []*[entriesInBlock]Entry, i int) *Entry {
	return &blocks[i/entriesInBlock][i%entriesInBlock]
}

// Entries yields the entries after a position.
func (m *MemoryJournal) Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		m.mu.RLock()
		blocks, n := m.blocks, m.len // entries are only ever added, so the view is stable
		m.mu.RUnlock()
		first := sort.Search(n, func(i int) bool { return entryAt(blocks, i).Position > after })
		for i := first; i < n; i++ {
			if err := ctx.Err(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(*entryAt(blocks, i), nil) {
				return
			}
		}
	}
}
