package source

import "slices"

// identity makes one identity of the rows of a person.
func (w *workforce) identity(p *worker) Identity {
	i := *p.rows[0]
	i.ID = p.id
	i.Findings, i.AlternateIDs, i.Groups, i.Employments = nil, nil, nil, nil
	for n, row := range p.rows {
		i.AlternateIDs = append(i.AlternateIDs, row.AlternateIDs...)
		if row.ID != p.id {
			i.AlternateIDs = append(i.AlternateIDs, AlternateID{Type: w.source, Value: row.ID})
		}
		if n == 0 || !row.Status.Ended() {
			i.Groups = append(i.Groups, row.Groups...)
		}
		i.Findings = append(i.Findings, w.noticed(p, row, n == 0)...)
		i.Employments = append(i.Employments, w.employments(row, n == 0)...)
		i.lend(row)
	}
	i.AlternateIDs, i.Groups = unique(i.AlternateIDs), once(i.Groups)
	i.Manager.ID = w.person(i.Manager.ID)
	if len(p.rows) == 1 {
		i.Employments = slices.Clone(p.rows[0].Employments)
		for n := range i.Employments {
			i.Employments[n].Manager.ID = w.person(i.Employments[n].Manager.ID)
		}
	}
	return i
}

// person returns the ID of whoever a row belongs to, and otherwise the same.
func (w *workforce) person(row string) string {
	if id, ok := w.ids[row]; ok {
		return id
	}
	return row
}

// noticed returns what was noticed about a row. Unless the row counts, a date or a
// status that could not be understood damages nothing: the field is written with the
// ID of the row in front.
func (w *workforce) noticed(p *worker, row *Identity, counts bool) []Finding {
	all := slices.Clone(row.Findings)
	for n := range all {
		f := &all[n]
		if f.Identity != "" {
			f.Identity = p.id
		}
		spec, ok := Field(f.Field)
		if ok && bound(spec) && !counts && (f.Code == CodeBadValue || f.Code == CodeBadDates) {
			f.Field = row.ID + "." + f.Field
		}
	}
	return all
}

// employments returns those of a row: those that it lists, or what it is itself.
func (w *workforce) employments(row *Identity, counts bool) []Employment {
	all := slices.Clone(row.Employments)
	if len(all) == 0 {
		all = []Employment{{
			ID: row.ID, Primary: true, Title: row.JobTitle, Type: row.EmploymentType, Status: row.Status,
			Start: row.Start(), End: row.End(), Department: row.Department, Location: row.Location, Manager: row.Manager,
		}}
	}
	for n := range all {
		all[n].Primary = all[n].Primary && counts
		all[n].Manager.ID = w.person(all[n].Manager.ID)
	}
	return all
}

// lend gives what belongs to the person rather than to a job, where it is missing.
func (i *Identity) lend(row *Identity) {
	if i.Name == (Name{}) {
		i.Name = row.Name
	}
	if o := row.OriginalHireDate; !o.IsZero() && (i.OriginalHireDate.IsZero() || o.Before(i.OriginalHireDate)) {
		i.OriginalHireDate = o
	}
	for _, f := range []struct{ to, from *string }{
		{&i.DisplayName, &row.DisplayName},
		{&i.Username, &row.Username},
		{&i.WorkEmail, &row.WorkEmail},
		{&i.PersonalEmail, &row.PersonalEmail},
		{&i.EmployeeNumber, &row.EmployeeNumber},
	} {
		if *f.to == "" {
			*f.to = *f.from
		}
	}
}

func once(groups []Group) []Group {
	var all []Group
	for _, g := range groups {
		if !slices.Contains(all, g) {
			all = append(all, g)
		}
	}
	return all
}
