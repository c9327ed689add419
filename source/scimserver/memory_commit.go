package scimserver

import (
	"cmp"
	"context"
	"slices"
)

// Commit implements [Store].
func (m *Memory) Commit(ctx context.Context, tenant string, c Commit) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	held := m.made(tenant)
	held.mu.Lock()
	defer held.mu.Unlock()
	// Everything is asked before anything is written.
	if err := held.check(c); err != nil {
		return err
	}
	for _, p := range c.Put {
		held.put(p)
	}
	for _, id := range c.Gone {
		held.gone(id)
	}
	held.leave(c.Leave)
	held.join(c.Join)
	return nil
}

// check says what forbids a commit.
func (t *memoryTenant) check(c Commit) error {
	put := make(map[string]Resource, len(c.Put))
	for _, p := range c.Put {
		if _, twice := put[p.Resource.ID]; twice || !t.expected(p) {
			return ErrConflict
		}
		put[p.Resource.ID] = p.Resource
	}
	if err := t.checkUnique(c.Put, put); err != nil {
		return err
	}
	return t.checkJoin(c.Join, put)
}

func (t *memoryTenant) expected(p Put) bool {
	e := t.byID[p.Resource.ID]
	if e == nil {
		return p.Expect == 0
	}
	return e.Version == p.Expect && e.Type == p.Resource.Type && !e.deleted()
}

// checkUnique says which unique term somebody else would have as well when all is
// put: what a resource of the commit has now does not count, since that may change.
func (t *memoryTenant) checkUnique(puts []Put, put map[string]Resource) error {
	var claims map[termKey]string // IDs; one resource has no rival in its own commit
	if len(puts) > 1 {
		claims = map[termKey]string{}
	}
	for _, p := range puts {
		if !p.Resource.Deleted.IsZero() {
			continue
		}
		for _, term := range p.Resource.Terms {
			if !term.Unique {
				continue
			}
			key := termKey{p.Resource.Type, term.Name, term.Value}
			if e := t.holders[key]; e != nil {
				if _, written := put[e.ID]; !written {
					return &TakenError{Name: term.Name}
				}
			}
			if id, claimed := claims[key]; claimed && id != p.Resource.ID {
				return &TakenError{Name: term.Name}
			}
			if claims != nil {
				claims[key] = p.Resource.ID
			}
		}
	}
	return nil
}

// checkJoin says which group or member would not be there.
func (t *memoryTenant) checkJoin(joins []Membership, put map[string]Resource) error {
	// exists returns the type of a resource, "" if there is none.
	exists := func(id string) Type {
		if r, ok := put[id]; ok {
			if r.Deleted.IsZero() {
				return r.Type
			}
			return ""
		}
		if e := t.byID[id]; e != nil && !e.deleted() {
			return e.Type
		}
		return ""
	}
	for _, j := range joins {
		if exists(j.Group) != Group {
			return ErrNotFound
		}
		member := exists(j.Member.ID)
		if member == "" || j.Member.Type != "" && j.Member.Type != member {
			return &MemberError{ID: j.Member.ID}
		}
	}
	return nil
}

// put stores a resource that was checked.
func (t *memoryTenant) put(p Put) {
	r := p.Resource
	terms := termSet(r.Terms)
	r.Terms = nil
	r.Version = p.Expect + 1
	e := t.byID[r.ID]
	if e == nil {
		t.sequence++
		r.Sequence = t.sequence
		e = &entry{Resource: r}
		t.byID[r.ID] = e
		t.all[r.Type] = append(t.all[r.Type], e)
		if !e.deleted() {
			t.live[r.Type] = append(t.live[r.Type], e)
		}
	} else {
		r.Sequence, r.Created = e.Sequence, e.Created
		e.Resource = r
		if e.deleted() {
			t.live[r.Type] = without(t.live[r.Type], e)
		}
	}
	t.index(e, terms)
}

// termSet sorts terms and drops what is said twice: a term that is unique once is
// unique.
func termSet(terms []Term) []Term {
	set := slices.Clone(terms)
	slices.SortFunc(set, func(a, b Term) int {
		unique := func(t Term) int {
			if t.Unique {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Value, b.Value), cmp.Compare(unique(a), unique(b)))
	})
	return slices.CompactFunc(set, func(a, b Term) bool { return a.Name == b.Name && a.Value == b.Value })
}

// index makes an entry found by some terms instead of those that it had.
func (t *memoryTenant) index(e *entry, terms []Term) {
	if slices.Equal(e.terms, terms) && !e.deleted() {
		return
	}
	for _, old := range e.terms {
		key := termKey{e.Type, old.Name, old.Value}
		if rest := without(t.terms[key], e); len(rest) > 0 {
			t.terms[key] = rest
		} else {
			delete(t.terms, key)
		}
		// In a commit that swaps values the other one may hold it already.
		if old.Unique && t.holders[key] == e {
			delete(t.holders, key)
		}
	}
	e.terms = terms
	for _, term := range terms {
		key := termKey{e.Type, term.Name, term.Value}
		t.terms[key] = with(t.terms[key], e)
		if term.Unique && !e.deleted() {
			t.holders[key] = e
		}
	}
}

// with and without keep a list of entries sorted by sequence.
func with(list []*entry, e *entry) []*entry {
	i, found := slices.BinarySearchFunc(list, e, bySequence)
	if found {
		return list
	}
	return slices.Insert(list, i, e)
}

func without(list []*entry, e *entry) []*entry {
	i, found := slices.BinarySearchFunc(list, e, bySequence)
	if !found {
		return list
	}
	return slices.Delete(list, i, i+1)
}
