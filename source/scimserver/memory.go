package scimserver

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a [Store] in memory: everything is gone when the process ends. It is
// for tests, for products that read everything anew from somewhere at each start,
// and the measure for other stores. The zero value is not usable; see [NewMemory].
//
// Reads of one tenant do not wait for each other, and tenants do not wait for each
// other at all. Bodies are kept and handed out without copying: nobody may change
// them.
type Memory struct {
	mu      sync.RWMutex
	tenants map[string]*memoryTenant
}

var _ Store = (*Memory)(nil)

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{tenants: map[string]*memoryTenant{}} }

// memoryTenant is what one tenant has. What is in slices is sorted: entries by
// sequence, members and groups by ID.
type memoryTenant struct {
	mu       sync.RWMutex
	sequence int64
	byID     map[string]*entry
	all      map[Type][]*entry // also the deleted ones
	live     map[Type][]*entry
	terms    map[termKey][]*entry // also the deleted ones
	holders  map[termKey]*entry   // of unique terms
	members  map[string][]Member  // by group
	groups   map[string][]string  // by member
}

// entry is a resource as it is now; its address stays the same from the first put
// to the purge.
type entry struct {
	Resource        // without Terms
	terms    []Term // sorted, each once
}

func (e *entry) deleted() bool { return !e.Deleted.IsZero() }

type termKey struct {
	t           Type
	name, value string
}

// tenant returns the tenant, nil if nothing was ever written to it.
func (m *Memory) tenant(name string) *memoryTenant {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.tenants[name]
}

// made returns the tenant, making it if need be.
func (m *Memory) made(name string) *memoryTenant {
	if t := m.tenant(name); t != nil {
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t := m.tenants[name]
	if t == nil {
		t = &memoryTenant{
			byID: map[string]*entry{}, all: map[Type][]*entry{}, live: map[Type][]*entry{},
			terms: map[termKey][]*entry{}, holders: map[termKey]*entry{},
			members: map[string][]Member{}, groups: map[string][]string{},
		}
		m.tenants[name] = t
	}
	return t
}

// Get implements [Store].
func (m *Memory) Get(ctx context.Context, tenant string, t Type, id string) (Resource, error) {
	if err := ctx.Err(); err != nil {
		return Resource{}, err
	}
	held := m.tenant(tenant)
	if held == nil {
		return Resource{}, ErrNotFound
	}
	held.mu.RLock()
	defer held.mu.RUnlock()
	e := held.byID[id]
	if e == nil || e.Type != t || e.deleted() {
		return Resource{}, ErrNotFound
	}
	return e.Resource, nil
}

// Members implements [Store].
func (m *Memory) Members(ctx context.Context, tenant string, groups []string) (map[string][]Member, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := map[string][]Member{}
	held := m.tenant(tenant)
	if held == nil {
		return out, nil
	}
	held.mu.RLock()
	defer held.mu.RUnlock()
	for _, id := range groups {
		if members := held.members[id]; len(members) > 0 {
			out[id] = slices.Clone(members)
		}
	}
	return out, nil
}

// MemberOf implements [Store].
func (m *Memory) MemberOf(ctx context.Context, tenant string, members []string) (map[string][]string, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	out := map[string][]string{}
	held := m.tenant(tenant)
	if held == nil {
		return out, nil
	}
	held.mu.RLock()
	defer held.mu.RUnlock()
	for _, id := range members {
		if groups := held.groups[id]; len(groups) > 0 {
			out[id] = slices.Clone(groups)
		}
	}
	return out, nil
}

// Purge implements [Store].
func (m *Memory) Purge(ctx context.Context, tenant string, before time.Time) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	held := m.tenant(tenant)
	if held == nil {
		return 0, nil
	}
	held.mu.Lock()
	defer held.mu.Unlock()
	n := 0
	for t, entries := range held.all {
		kept := entries[:0:0]
		for _, e := range entries {
			if !e.deleted() || !e.Deleted.Before(before) {
				kept = append(kept, e)
				continue
			}
			held.index(e, nil)
			held.gone(e.ID)
			delete(held.byID, e.ID)
			n++
		}
		held.all[t] = kept
	}
	return n, nil
}
