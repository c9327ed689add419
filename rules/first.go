package rules

import "slices"

// unseen is behind every row.
const unseen = 1 << 30

// reach is how far the rows of a table were read for one person, from the top, and
// what they came to. Rows depend on no day. Each of a table of which the first row
// counts asks for all before it: to evaluate them again and again would cost the
// square of the rows for whoever lacks a field.
type reach struct {
	read    int
	open    int      // the first row that is undecided
	yes     int      // the first that applies; none behind it is read
	missing []string // the fields for which rows are undecided
	since   []int    // and the first row of each that is
	row     missingFields
}

// reach reads as many rows of a table as were not read before.
func (v view) reach(t *table, rows int) *reach {
	m := v.memo
	for len(m.tables) < t.number {
		m.tables = slices.Grow(m.tables, 1)[:len(m.tables)+1]
		r := &m.tables[len(m.tables)-1]
		*r = reach{open: unseen, yes: unseen, missing: r.missing[:0], since: r.since[:0], row: r.row}
	}
	r := &m.tables[t.number-1]
	for ; r.read < rows && r.yes == unseen; r.read++ {
		switch v.truth(t.conds[r.read]) {
		case Yes:
			r.yes = r.read
		case Undecided:
			r.open = min(r.open, r.read)
			r.lacks(v, t.conds[r.read])
		case No:
		}
	}
	return r
}

// lacks notes for which fields the row that is being read is undecided.
func (r *reach) lacks(v view, cond *node) {
	r.row.names = r.row.names[:0]
	v.undecided(cond, &r.row)
	for _, name := range r.row.names {
		if !slices.Contains(r.missing, name) {
			r.missing, r.since = append(r.missing, name), append(r.since, r.read)
		}
	}
}

// anyOf is the condition that one of the first rows of a table applies.
func (v view) anyOf(t *table, rows int) Truth {
	switch r := v.reach(t, rows); {
	case r.yes < rows:
		return Yes
	case r.open < rows:
		return Undecided
	default:
		return No
	}
}

// undecidedRows adds every field for which one of the first rows is undecided.
func (v view) undecidedRows(t *table, rows int, m *missingFields) {
	r := v.reach(t, rows)
	for i, name := range r.missing {
		if r.since[i] < rows {
			m.add(name)
		}
	}
}
