package knit

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in memory, for tests and for trying things out: what it keeps is
// gone with the process, and with it the last complete sync. It is safe for concurrent
// use.
type Memory struct {
	mu  sync.Mutex
	all map[string]*kept
}

// kept is what there is of one integration.
type kept struct {
	state   State
	records map[string]Record
	marks   map[string]time.Time
	ids     []string // sorted; nil if that has to be done again
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{all: map[string]*kept{}} }

func (m *Memory) look(ctx context.Context, integration string) (*kept, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	k := m.all[integration]
	if k == nil {
		k = &kept{records: map[string]Record{}, marks: map[string]time.Time{}}
		m.all[integration] = k
	}
	return k, nil
}

// State returns the state of an integration.
func (m *Memory) State(ctx context.Context, integration string) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, err := m.look(ctx, integration)
	if err != nil {
		return State{}, err
	}
	return k.state, nil
}

// Records returns the records of some IDs.
func (m *Memory) Records(ctx context.Context, integration string, ids []string) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, err := m.look(ctx, integration)
	if err != nil {
		return nil, err
	}
	var found []Record
	for _, id := range ids {
		if r, ok := k.records[id]; ok {
			found = append(found, r)
		}
	}
	return found, nil
}

// List returns a page of records.
func (m *Memory) List(ctx context.Context, integration, after string, limit int) ([]Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, err := m.look(ctx, integration)
	if err != nil {
		return nil, err
	}
	if k.ids == nil {
		k.ids = slices.Sorted(maps.Keys(k.records))
	}
	begin, found := slices.BinarySearch(k.ids, after)
	if found {
		begin++
	}
	ids := k.ids[begin:min(begin+max(limit, 0), len(k.ids))]
	page := make([]Record, len(ids))
	for n, id := range ids {
		page[n] = k.records[id]
	}
	return page, nil
}

// Marks returns those of some marks that are set.
func (m *Memory) Marks(ctx context.Context, integration string, marks []string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, err := m.look(ctx, integration)
	if err != nil {
		return nil, err
	}
	var set []string
	for _, mark := range marks {
		if _, ok := k.marks[mark]; ok {
			set = append(set, mark)
		}
	}
	return set, nil
}

// Commit writes.
func (m *Memory) Commit(ctx context.Context, integration string, c Commit) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	k, err := m.look(ctx, integration)
	if err != nil {
		return err
	}
	if k.state.Version != c.Expect {
		return fmt.Errorf("%w: version %d, not %d", ErrConflict, k.state.Version, c.Expect)
	}
	k.state = State{Version: c.Expect + 1, Body: bytes.Clone(c.State)}
	k.remove(c.Drop, c.Purge)
	for _, r := range c.Put {
		if _, known := k.records[r.ID]; !known {
			k.ids = nil
		}
		r.Body = bytes.Clone(r.Body)
		k.records[r.ID] = r
	}
	k.mark(&c)
	return nil
}

func (k *kept) remove(drop, purge time.Time) {
	if drop.IsZero() && purge.IsZero() {
		return
	}
	k.ids = nil
	maps.DeleteFunc(k.records, func(_ string, r Record) bool {
		if r.Ended.IsZero() {
			return r.At.Before(drop)
		}
		return r.Ended.Before(purge)
	})
}

func (k *kept) mark(c *Commit) {
	if !c.Forget.IsZero() {
		maps.DeleteFunc(k.marks, func(_ string, at time.Time) bool { return at.Before(c.Forget) })
	}
	for _, mark := range c.Mark {
		if _, known := k.marks[mark]; !known {
			k.marks[mark] = c.Marked
		}
	}
}
