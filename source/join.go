package source

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A person is the rows that belong together, one place per source.
type person struct {
	id       string
	rows     []*Identity
	conflict string // why nothing may be decided, "" if all is well
}

// A join is the people of all sources.
type join struct {
	people   []*person // sorted by ID, unique
	findings []Finding // about nobody who is among the people
	lost     []Identity
	index    map[string][]*person // by source-independent key
	ids      []map[string]string  // per source, the merged ID by the source's own
	memory   *keeper
	kept     map[string]string // known IDs of people of whom nothing is decided: why
}

// join reads every source and finds out who belongs together. Authoritative
// sources come first, so that the others find their people.
func (m *Merged) join(ctx context.Context) (*join, error) {
	memory, err := recall(ctx, m.cfg.Name, m.cfg.Memory)
	if err != nil {
		return nil, err
	}
	j := &join{index: map[string][]*person{}, memory: memory, kept: map[string]string{}}
	order := make([]int, len(m.cfg.Sources))
	for n := range order {
		order[n] = n
	}
	rank := func(n int) int {
		if r, ok := m.authority[m.cfg.Sources[n].Name()]; ok {
			return r
		}
		return len(m.cfg.Sources)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank(a), rank(b)) })
	for _, n := range order {
		snapshot, err := Collect(ctx, m.cfg.Sources[n])
		if err != nil {
			return nil, err
		}
		_, authoritative := m.authority[snapshot.Source()]
		m.add(j, n, snapshot, authoritative)
	}
	j.identify(m)
	j.settle(m.cfg.Name)
	if err := j.memory.remember(ctx); err != nil {
		return nil, err
	}
	j.ids = make([]map[string]string, len(m.cfg.Sources))
	for n := range j.ids {
		j.ids[n] = map[string]string{}
		for _, p := range j.people {
			if row := p.rows[n]; row != nil {
				j.ids[n][row.ID] = p.id
			}
		}
	}
	return j, nil
}

// add puts the rows of a source to the people they belong to. New people are
// not matched with each other: two rows of one source are two people.
func (m *Merged) add(j *join, n int, s Snapshot, authoritative bool) {
	var added []*person
	newcomer := func(i *Identity, id string) *person {
		p := &person{id: id, rows: make([]*Identity, len(m.cfg.Sources))}
		p.rows[n] = i
		added = append(added, p)
		return p
	}
	var attached []*person
	for i := range s.All() {
		found := m.find(j, n, i)
		switch {
		case len(found) == 0 && authoritative:
			newcomer(i, i.ID)
		case len(found) == 0:
			j.findings = append(j.findings, Finding{
				Source: s.Source(), Code: CodeConflict, Field: "id",
				Message: fmt.Sprintf("%q is known to %s only, which does not say who exists", i.ID, s.Source()),
			})
		case len(found) > 1:
			for _, p := range found {
				p.conflict = fmt.Sprintf("%q of %s matches %d people", i.ID, s.Source(), len(found))
			}
			j.stray(m.row(n, i.ID), found[0].conflict)
		case found[0].rows[n] != nil:
			found[0].conflict = fmt.Sprintf("%q and %q of %s match the same person", found[0].rows[n].ID, i.ID, s.Source())
			j.stray(m.row(n, i.ID), found[0].conflict)
		default:
			found[0].rows[n] = i
			attached = append(attached, found[0])
		}
	}
	for _, id := range s.Contested() {
		conflict := fmt.Sprintf("%s gives %q more than once with different content", s.Source(), id)
		found := slices.Clone(j.index[key(ByID, id)])
		if linked := j.memory.known.Links[m.row(n, id)]; linked != "" {
			found = append(found, j.index[linkKey+linked]...)
			id = linked
		}
		for _, p := range found {
			p.conflict = conflict
		}
		if len(found) == 0 && authoritative {
			newcomer(nil, id).conflict = conflict
		}
	}
	// Only now may they be found: by the rows of the next source.
	for _, p := range attached {
		m.enter(j, n, p)
	}
	for _, p := range added {
		j.people = append(j.people, p)
		if p.rows[n] == nil {
			j.index[key(ByID, p.id)] = append(j.index[key(ByID, p.id)], p)
			continue
		}
		m.enter(j, n, p)
	}
	// A row that belongs to nobody may be anybody's, but only who decides on
	// existence can make somebody absent.
	lost, rest := lostRows(s)
	if !authoritative {
		lost, rest = nil, s.Findings()
	}
	j.lost = append(j.lost, lost...)
	for _, f := range rest {
		if f.Identity == "" {
			j.findings = append(j.findings, f)
		}
	}
}

// find returns who a row of a source belongs to: by a link, else by the first way of
// matching that finds somebody.
func (m *Merged) find(j *join, n int, i *Identity) []*person {
	if id := j.memory.known.Links[m.row(n, i.ID)]; id != "" {
		if found := j.index[linkKey+id]; len(found) > 0 {
			return found
		}
	}
	for _, by := range m.cfg.Match {
		var found []*person
		for _, k := range keys(by, i) {
			for _, p := range j.index[k] {
				if !slices.Contains(found, p) {
					found = append(found, p)
				}
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// linkKey begins the keys of people in the index by their link. No key of a way of
// matching begins so.
const linkKey = "link "

// enter lets the row of a source for a person be found.
func (m *Merged) enter(j *join, n int, p *person) {
	i := p.rows[n]
	if id := j.memory.known.Links[m.row(n, i.ID)]; id != "" && !slices.Contains(j.index[linkKey+id], p) {
		j.index[linkKey+id] = append(j.index[linkKey+id], p)
	}
	for _, by := range m.cfg.Match {
		for _, k := range keys(by, i) {
			if !slices.Contains(j.index[k], p) {
				j.index[k] = append(j.index[k], p)
			}
		}
	}
}

func keys(by MatchBy, i *Identity) []string {
	switch by {
	case ByID:
		return []string{key(by, i.ID)}
	case ByEmployeeNumber:
		if i.EmployeeNumber != "" {
			return []string{key(by, i.EmployeeNumber)}
		}
	case ByWorkEmail:
		if i.WorkEmail != "" && !strings.ContainsFunc(i.WorkEmail, func(r rune) bool { return r >= utf8.RuneSelf }) {
			return []string{key(by, strings.ToLower(i.WorkEmail))}
		}
	case ByAlternateID:
		var all []string
		for _, a := range i.AlternateIDs {
			if a.Type != "" && a.Value != "" {
				all = append(all, key(by, a.Type+"\x00"+a.Value))
			}
		}
		return all
	}
	return nil
}

func key(by MatchBy, value string) string { return string('0'+rune(by)) + value }

// settle sorts the people and withholds those whose IDs collide: without
// matching by ID, two sources may call different people the same.
func (j *join) settle(name string) {
	slices.SortStableFunc(j.people, func(a, b *person) int { return strings.Compare(a.id, b.id) })
	j.people = slices.CompactFunc(j.people, func(a, b *person) bool {
		if a.id != b.id {
			return false
		}
		a.conflict = fmt.Sprintf("two people of different sources have the ID %q", a.id)
		b.conflict = a.conflict
		return true
	})
	if len(j.people) == 0 && len(j.findings) > 0 && len(j.lost) > 0 {
		j.lost[0].Findings = append(j.lost[0].Findings, j.findings...)
	}
	for n := range j.findings {
		j.findings[n].Identity = ""
		if j.findings[n].Source == "" {
			j.findings[n].Source = name
		}
	}
}
