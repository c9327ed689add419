package source

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// row is how a row is named in links.
func (m *Merged) row(n int, id string) AlternateID {
	return AlternateID{Type: m.cfg.Sources[n].Name(), Value: id}
}

// rows names the rows of a person.
func (m *Merged) rows(p *person) []AlternateID {
	var rows []AlternateID
	for n, row := range p.rows {
		if row != nil {
			rows = append(rows, m.row(n, row.ID))
		}
	}
	return rows
}

// stray keeps the known ID of a row that belongs to nobody for certain, so that
// whoever it was does not look as if they were gone.
func (j *join) stray(row AlternateID, conflict string) {
	for _, id := range j.memory.ids(row) {
		j.kept[id] = conflict
	}
}

// identify gives everybody the ID under which they are known. Somebody to whom two
// known ones belong is a conflict: each of them has accounts. All known IDs of a
// conflict stay.
func (j *join) identify(m *Merged) {
	for _, p := range j.people {
		rows := m.rows(p)
		ids := j.memory.ids(rows...)
		if p.conflict == "" && len(ids) > 1 {
			p.conflict = several(ids)
		}
		if p.conflict != "" {
			for _, id := range ids {
				j.kept[id] = p.conflict
			}
			continue
		}
		if len(ids) == 1 {
			p.id = ids[0]
		}
		j.memory.note(p.id, rows...)
	}
	there := map[string]bool{}
	for _, p := range j.people {
		there[p.id] = true
	}
	for _, id := range slices.Sorted(maps.Keys(j.kept)) {
		if !there[id] {
			j.people = append(j.people, &person{id: id, rows: make([]*Identity, len(m.cfg.Sources)), conflict: j.kept[id]})
		}
	}
}

// IDOf returns the ID of the person to whom a row of a source belongs, such as the
// one that a webhook of that source names. It asks the memory, and reads the lists
// for a row that is not linked. The error wraps [ErrNotFound] if no list has it.
func (m *Merged) IDOf(ctx context.Context, from, id string) (string, error) {
	n := slices.IndexFunc(m.cfg.Sources, func(s Source) bool { return s.Name() == from })
	if n < 0 {
		return "", fmt.Errorf("%s: there is no source %q", m.cfg.Name, from)
	}
	k, err := recall(ctx, m.cfg.Name, m.cfg.Memory)
	if err != nil {
		return "", err
	}
	if linked := k.known.Links[m.row(n, id)]; linked != "" {
		return linked, nil
	}
	j, err := m.join(ctx)
	if err != nil {
		return "", fmt.Errorf("read %s: %w", m.cfg.Name, err)
	}
	if merged, ok := j.ids[n][id]; ok {
		return merged, nil
	}
	return "", fmt.Errorf("%q of %s: %w", id, from, ErrNotFound)
}
