package scimserver

import (
	"cmp"
	"context"
	"slices"
)

// List implements [Store]. Without terms, IDs and member a page costs what is on
// it, wherever it is; otherwise what the rarest of the terms finds.
func (m *Memory) List(ctx context.Context, tenant string, q Query) (Page, error) {
	if err := ctx.Err(); err != nil {
		return Page{}, err
	}
	held := m.tenant(tenant)
	if held == nil {
		return Page{}, nil
	}
	held.mu.RLock()
	defer held.mu.RUnlock()
	found := held.candidates(q)
	return pageOf(found, q), nil
}

// candidates returns the entries that q asks for, by sequence.
func (t *memoryTenant) candidates(q Query) []*entry {
	var found []*entry
	switch {
	case q.IDs != nil:
		found = t.entries(q.IDs)
	case len(q.Terms) > 0:
		found = t.rarest(q)
	case q.Member != "":
		found = t.entries(t.groups[q.Member])
	case q.Deleted:
		return t.all[q.Type]
	default:
		return t.live[q.Type]
	}
	// What was found may be an index: it is left as it is.
	fits := func(e *entry) bool { return t.fits(e, q) }
	for i, e := range found {
		if fits(e) {
			continue
		}
		rest := slices.Clone(found[:i])
		for _, e := range found[i+1:] {
			if fits(e) {
				rest = append(rest, e)
			}
		}
		return rest
	}
	return found
}

// entries returns those with the IDs, each once.
func (t *memoryTenant) entries(ids []string) []*entry {
	found := make([]*entry, 0, len(ids))
	for _, id := range ids {
		if e := t.byID[id]; e != nil {
			found = append(found, e)
		}
	}
	slices.SortFunc(found, bySequence)
	return slices.Compact(found)
}

// rarest returns the entries with the term that the fewest have.
func (t *memoryTenant) rarest(q Query) []*entry {
	found := t.terms[termKey{q.Type, q.Terms[0].Name, q.Terms[0].Value}]
	for _, term := range q.Terms[1:] {
		if other := t.terms[termKey{q.Type, term.Name, term.Value}]; len(other) < len(found) {
			found = other
		}
	}
	return found
}

func (t *memoryTenant) fits(e *entry, q Query) bool {
	if e.Type != q.Type || e.deleted() && !q.Deleted {
		return false
	}
	for _, term := range q.Terms {
		if !e.has(term) {
			return false
		}
	}
	if q.Member == "" {
		return true
	}
	_, ok := slices.BinarySearch(t.groups[q.Member], e.ID)
	return ok
}

func (e *entry) has(term Term) bool {
	return slices.ContainsFunc(e.terms, func(x Term) bool { return x.Name == term.Name && x.Value == term.Value })
}

func pageOf(found []*entry, q Query) Page {
	var p Page
	if q.Total {
		p.Total = len(found)
	}
	if q.After > 0 {
		i, _ := slices.BinarySearchFunc(found, q.After+1, func(e *entry, n int64) int { return cmp.Compare(e.Sequence, n) })
		found = found[i:]
	}
	found = found[min(max(q.Offset, 0), len(found)):]
	found = found[:min(max(q.Limit, 0), len(found))]
	if len(found) == 0 {
		return p
	}
	p.Resources = make([]Resource, len(found))
	for i, e := range found {
		p.Resources[i] = e.Resource
	}
	return p
}

func bySequence(a, b *entry) int { return cmp.Compare(a.Sequence, b.Sequence) }
