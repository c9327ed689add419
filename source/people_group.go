package source

import (
	"cmp"
	"fmt"
	"slices"
)

// A workforce is the people behind the rows of a source.
type workforce struct {
	source string
	memory *keeper
	people []*worker
	ids    map[string]string // of people, by that of their rows
}

// A worker is the rows of one person, the one that counts first.
type worker struct {
	id       string
	rows     []*Identity
	into     *worker  // who got the rows, if they are the same person
	conflict string   // why nothing may be decided, "" if all is well
	kept     []string // other known IDs of a conflict
}

// row is how a row is named in links. Its type is not the name of the source, which
// names the people that are made here.
func (w *workforce) row(id string) AlternateID {
	return AlternateID{Type: w.source + " employment", Value: id}
}

// group finds out which rows are of one person: those that any way of matching or a
// link connects, also by way of others.
func (w *workforce) group(s Snapshot, match []MatchBy) {
	by := map[string]*worker{}
	for row := range s.All() {
		var all []string
		for _, way := range match {
			all = append(all, keys(way, row)...)
		}
		if id := w.memory.known.Links[w.row(row.ID)]; id != "" {
			all = append(all, linkKey+id)
		}
		own := &worker{rows: []*Identity{row}}
		w.people = append(w.people, own)
		for _, key := range all {
			if other := by[key]; other != nil {
				own = other.take(own)
			}
			by[key] = own
		}
	}
	w.people = slices.DeleteFunc(w.people, func(p *worker) bool { return p.into != nil })
}

// take gives the rows of one worker to another, and returns who has them now.
func (p *worker) take(other *worker) *worker {
	p, other = p.last(), other.last()
	if p != other {
		p.rows, other.rows, other.into = append(p.rows, other.rows...), nil, p
	}
	return p
}

// last returns who has the rows of a worker now.
func (p *worker) last() *worker {
	for p.into != nil {
		if p.into.into != nil {
			p.into = p.into.into // shorter for the next one
		}
		p = p.into
	}
	return p
}

// identify gives everybody the ID under which they are known, or that of the row that
// started first, and puts first which row counts.
func (w *workforce) identify() {
	for _, p := range w.people {
		slices.SortFunc(p.rows, func(a, b *Identity) int {
			return cmp.Or(cmp.Compare(started(a), started(b)), cmp.Compare(a.ID, b.ID))
		})
		p.id = p.rows[0].ID
		rows := make([]AlternateID, 0, len(p.rows))
		for _, row := range p.rows {
			rows = append(rows, w.row(row.ID))
		}
		switch ids := w.memory.ids(rows...); len(ids) {
		case 0:
			w.memory.note(p.id, rows...)
		case 1:
			p.id = ids[0]
			w.memory.note(p.id, rows...)
		default:
			p.id, p.kept, p.conflict = ids[0], ids[1:], several(ids)
		}
		for _, row := range p.rows {
			w.ids[row.ID] = p.id
		}
		slices.SortStableFunc(p.rows, counts)
	}
}

// started returns the first day of a row as text, last of all where it is unknown.
func started(i *Identity) string {
	start := i.OriginalHireDate
	if start.IsZero() {
		start = i.Start()
	}
	if start.IsZero() {
		return "~"
	}
	return start.String()
}

// counts orders the rows of a person, the one that counts first.
func counts(a, b *Identity) int {
	return cmp.Or(
		cmp.Compare(standing(a), standing(b)),
		-cmp.Compare(lasts(a), lasts(b)),
		b.Start().Compare(a.Start()),
		cmp.Compare(a.ID, b.ID),
	)
}

// lasts returns the last day of a row as text, last of all for one without.
func lasts(i *Identity) string {
	switch end := i.End(); {
	case !end.IsZero():
		return end.String()
	case i.Status.Ended():
		return "" // it has ended, and nobody says when
	default:
		return "~"
	}
}

// standing orders statuses by what they say about access: whoever works in one
// employment works. A row that says nothing comes before one that has not begun: it may
// be that of somebody who works.
func standing(i *Identity) int {
	order := []Status{Active, OnLeave, Suspended, Unknown, PreHire, Candidate}
	if n := slices.Index(order, i.Status); n >= 0 {
		return n
	}
	return len(order)
}

// identities writes out everybody, sorted by ID, and whoever the source gave in no
// usable form.
func (w *workforce) identities(s Snapshot) []Identity {
	all := make([]Identity, 0, len(w.people))
	bare := func(id, conflict string) {
		all = append(all, Identity{ID: id, Findings: []Finding{{
			Source: w.source, Identity: id, Field: "id", Code: CodeConflict, Message: conflict + "; nothing is decided",
		}}})
	}
	for _, p := range w.people {
		if p.conflict == "" {
			all = append(all, w.identity(p))
			continue
		}
		for _, id := range append([]string{p.id}, p.kept...) {
			bare(id, p.conflict)
		}
	}
	for _, id := range s.Contested() {
		conflict := fmt.Sprintf("%s gives %q more than once with different content", w.source, id)
		ids := w.memory.ids(w.row(id))
		if len(ids) == 0 {
			ids = []string{id}
		}
		for _, known := range ids {
			bare(known, conflict)
		}
	}
	slices.SortStableFunc(all, func(a, b Identity) int { return cmp.Compare(a.ID, b.ID) })
	return all
}
