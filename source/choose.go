package source

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// merge makes one identity of the rows of a person, and says where each value
// comes from. With ids, it translates references to the IDs of merged people.
func (m *Merged) merge(p *person, ids []map[string]string) (Identity, []Origin) {
	if p.conflict != "" {
		return m.bare(p), nil
	}
	first := m.first(p)
	base := p.rows[first]
	merged := Identity{ID: p.id}
	silent := m.silent(first)
	unproved := base.Status.Ended() && len(silent) > 0 && !slices.Contains(m.cfg.Departures, m.cfg.Sources[first].Name())
	if unproved {
		merged.Findings = []Finding{{
			Source: m.cfg.Name, Identity: p.id, Field: "status", Code: CodeConflict,
			Message: fmt.Sprintf("%s says %s, but more trusted and without this person: %s; nothing is decided",
				m.cfg.Sources[first].Name(), base.Status, strings.Join(silent, ", ")),
		}}
	} else {
		merged.employ(base)
	}
	for n, row := range p.rows {
		if row == nil {
			continue
		}
		name := m.cfg.Sources[n].Name()
		merged.AlternateIDs = append(merged.AlternateIDs, row.AlternateIDs...)
		if row.ID != p.id {
			merged.AlternateIDs = append(merged.AlternateIDs, AlternateID{Type: name, Value: row.ID})
		}
		merged.Findings = append(merged.Findings, m.noticed(p, n, n == first, ids != nil)...)
		for key, values := range row.Custom {
			if _, taken := merged.Custom[key]; !taken {
				merged.Custom = with(merged.Custom, key, values)
			}
		}
		if _, says := m.authority[name]; says && !unproved && row.Status.Ended() != base.Status.Ended() {
			merged.Findings = append(merged.Findings, Finding{
				Source: name, Identity: p.id, Field: "status", Code: CodeConflict,
				Message: fmt.Sprintf("%s says %s, %s says %s, which counts", name, row.Status,
					m.cfg.Sources[first].Name(), base.Status),
			})
		}
	}
	merged.AlternateIDs = unique(merged.AlternateIDs)
	var origins []Origin
	for _, c := range m.precedence {
		chosen, from := m.choose(&merged, p, c)
		origins = append(origins, chosen...)
		if ids != nil && from >= 0 && c.parts[0].Name == "manager" {
			merged.Manager.ID = ids[from][merged.Manager.ID]
		}
	}
	if ids != nil {
		merged.Employments = slices.Clone(merged.Employments)
		for n := range merged.Employments {
			at := &merged.Employments[n].Manager
			at.ID = ids[first][at.ID]
		}
	}
	if unproved {
		first = -1
	}
	return merged, append(m.boundOrigins(p, first), origins...)
}

// employ takes from one row all that says whether and when somebody is employed.
func (i *Identity) employ(row *Identity) {
	i.Status, i.StatusRaw = row.Status, row.StatusRaw
	i.HireDate, i.OriginalHireDate, i.StartDate = row.HireDate, row.OriginalHireDate, row.StartDate
	i.TerminationDate, i.LastDay, i.TerminatedAt = row.TerminationDate, row.LastDay, row.TerminatedAt
	i.Employments, i.UpdatedAt = row.Employments, row.UpdatedAt
}

// silent names the sources that are more trusted than the one that knows the
// person, the most trusted first.
func (m *Merged) silent(first int) []string {
	var names []string
	for name, rank := range m.authority {
		if rank < m.authority[m.cfg.Sources[first].Name()] {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Compare(m.authority[a], m.authority[b]) })
	return names
}

// noticed returns what source n noticed about a person. Unless it is the one
// that counts for status and dates, what it could not understand there damages
// nothing: the field is written with the name of the source in front. What
// concerns nobody is passed on beside the people where everybody is read.
func (m *Merged) noticed(p *person, n int, counts, everybody bool) []Finding {
	var all []Finding
	for _, f := range p.rows[n].Findings {
		if f.Identity == "" && everybody {
			continue
		}
		if f.Identity != "" {
			f.Identity = p.id
		}
		if m.bound[f.Field] && !counts && (f.Code == CodeBadValue || f.Code == CodeBadDates) {
			f.Field = m.cfg.Sources[n].Name() + "." + f.Field
		}
		all = append(all, f)
	}
	return all
}

// first returns the most trusted source that knows the person.
func (m *Merged) first(p *person) int {
	best, found := len(m.cfg.Sources), 0
	for n, row := range p.rows {
		if rank, ok := m.authority[m.cfg.Sources[n].Name()]; ok && row != nil && rank < best {
			best, found = rank, n
		}
	}
	return found
}

// bare keeps somebody present without deciding anything for them.
func (m *Merged) bare(p *person) Identity {
	return Identity{ID: p.id, Findings: []Finding{{
		Source: m.cfg.Name, Identity: p.id, Field: "id", Code: CodeConflict,
		Message: p.conflict + "; nothing is decided",
	}}}
}

// choose takes a field with its parts from the first source that has any of it,
// and returns that source, -1 if there is none.
func (m *Merged) choose(merged *Identity, p *person, c choice) (origins []Origin, from int) {
	from = -1
	for _, n := range c.from {
		row := p.rows[n]
		if row == nil || !slices.ContainsFunc(c.parts, func(f FieldSpec) bool { return !f.Missing(row) }) {
			continue
		}
		for _, f := range c.parts {
			if !f.Missing(row) {
				origins = append(origins, Origin{f.Name, m.cfg.Sources[n].Name(), f.Text(row), from < 0})
			}
			if from < 0 {
				f.copy(merged, row)
			}
		}
		if from < 0 {
			from = n
		}
	}
	return origins, from
}

// boundOrigins returns who said what about the fields that follow authority. A
// first of -1 says that none of it was taken.
func (m *Merged) boundOrigins(p *person, first int) []Origin {
	var origins []Origin
	for _, f := range Fields() {
		if !bound(f) || f.ReadOnly || f.Type == FieldList {
			continue
		}
		for n, row := range p.rows {
			if row == nil || f.Missing(row) {
				continue
			}
			chosen := n == first
			if f.Name == "id" {
				chosen = row.ID == p.id // people keep the one that they have
			}
			origins = append(origins, Origin{f.Name, m.cfg.Sources[n].Name(), f.Text(row), chosen})
		}
	}
	return origins
}

// copy gives to the value that from has.
func (f *FieldSpec) copy(to, from *Identity) {
	switch {
	case f.text != nil:
		*f.text(to) = *f.text(from)
	case f.Name == "groups":
		to.Groups = from.Groups
	case f.Type == FieldEmploymentType:
		to.EmploymentType, to.EmploymentTypeRaw = from.EmploymentType, from.EmploymentTypeRaw
	case f.Type == FieldKind:
		to.Kind = from.Kind
	}
}

func unique(ids []AlternateID) []AlternateID {
	var once []AlternateID
	for _, id := range ids {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

func with(custom map[string][]string, key string, values []string) map[string][]string {
	custom = maps.Clone(custom)
	if custom == nil {
		custom = map[string][]string{}
	}
	custom[key] = values
	return custom
}
