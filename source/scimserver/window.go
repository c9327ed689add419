package scimserver

import (
	"slices"

	"github.com/provision-go/provision/internal/scim"
)

// A hit is a resource that was found.
type hit struct {
	t *resources
	r *Resource
	o scim.Object // if the order needs it
}

// found is one page of what was found.
type found struct {
	page  []hit
	total int
	next  string // cursor of the next page, or ""
}

// A window counts what is found and keeps the page that was asked for. An order has to
// see everything first.
type window struct {
	types  []*resources
	q      *listRequest
	from   position
	sorted bool

	looked int // resources that were looked at
	total  int
	hits   []hit
	more   bool
}

// add takes what was found, in the order in which it was created.
func (w *window) add(h hit) {
	w.total++
	if w.sorted {
		w.hits = append(w.hits, h)
		return
	}
	switch {
	case w.q.cursor == nil && w.total < w.q.start, w.q.cursor != nil && !w.behind(&h):
	case len(w.hits) < w.q.count:
		h.o = nil
		w.hits = append(w.hits, h)
	default:
		w.more = true
	}
}

// behind reports whether something lies behind the cursor.
func (w *window) behind(h *hit) bool {
	kind := slices.Index(w.types, h.t)
	return kind > w.from.kind || kind == w.from.kind && h.r.Sequence > w.from.after
}

// found returns the page.
func (w *window) found(wants []sought) *found {
	start := 0
	if w.sorted {
		w.sort(wants)
		start = w.q.start - 1
		if w.q.cursor != nil {
			start = w.from.offset
		}
		start = min(start, len(w.hits))
		end := min(start+w.q.count, len(w.hits))
		w.more = end < len(w.hits)
		w.hits = w.hits[start:end]
	}
	out := &found{page: w.hits, total: w.total}
	if w.q.cursor != nil && w.more && len(w.hits) > 0 {
		last := &w.hits[len(w.hits)-1]
		next := position{kind: slices.Index(w.types, last.t), after: last.r.Sequence}
		if w.sorted {
			next = position{offset: start + len(w.hits)}
		}
		out.next = w.q.cursorAt(next)
	}
	return out
}

// sort puts what was found into the order that was asked for; equal ones stay as they
// were created.
func (w *window) sort(wants []sought) {
	by := wants[0].by // of the same name in all kinds
	slices.SortStableFunc(w.hits, func(a, b hit) int {
		if w.q.descending {
			return scim.Compare(b.o, a.o, by)
		}
		return scim.Compare(a.o, b.o, by)
	})
}
