package greenhouse

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of a candidate, nil if the candidate may not be read,
// and of the applications that count, of which there is at least one.
func (r *reading) identity(number int64, c *candidate, apps []*application) source.Identity {
	r.hires, r.parts = r.hires[:0], r.parts[:0]
	for _, a := range apps {
		r.parts = append(r.parts, source.Identity{})
		r.hires = append(r.hires, r.hire(&r.parts[len(r.parts)-1], a))
	}
	chosen := hiring.Choose(r.hires).ID
	i := r.parts[slices.IndexFunc(r.hires, func(h hiring.Hire) bool { return h.ID == chosen })]
	hiring.Fill(&i, r.hires, r.today, r.cfg.Handover)
	id := strconv.FormatInt(number, 10)
	i.ID, i.Kind = r.aliases.Known(id), source.KindCandidate
	i.AlternateIDs = make([]source.AlternateID, 0, 2+len(apps))
	i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: id})
	if i.ID != id {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: i.ID})
	}
	for n := range r.hires {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:application", Value: r.hires[n].ID})
	}
	if c == nil {
		// Deleted a moment ago, or private, or out of sight of the API user: who they are
		// cannot be said, so nothing is.
		i.Status = source.Unknown
		i.Findings = append(i.Findings, bad("status", "the candidate may not be read: nothing is decided"))
		return i
	}
	for _, user := range c.users {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:user", Value: strconv.FormatInt(user, 10)})
	}
	r.take(&i, &c.common)
	return i
}

// hire reads what one application, its offer and its job say.
func (r *reading) hire(i *source.Identity, a *application) hiring.Hire {
	h := hiring.Hire{ID: strconv.FormatInt(a.id, 10), Raw: a.status}
	var fault string
	if h.Status, fault = r.words.status(a.status); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	}
	r.take(i, &a.common)
	o := r.offers[a.id]
	if o != nil {
		r.take(i, &o.common)
		r.contradiction(i, &h, o)
	}
	r.takeJob(i, a.job)
	h.Start, h.Title, h.TypeRaw, h.Type = i.Start(), i.JobTitle, i.EmploymentTypeRaw, i.EmploymentType
	h.Department, h.Location = i.Department, i.Location
	return h
}

// contradiction drops the dates of an offer that was turned down or is not
// understood, while the application says that the candidate was hired.
func (r *reading) contradiction(i *source.Identity, h *hiring.Hire, o *offer) {
	if h.Status != source.PreHire || o.stands() {
		return
	}
	for n := range r.mappings {
		if m := &r.mappings[n]; m.record == offers && m.Field.Type == source.FieldDate {
			_ = m.Field.Set(i) // emptying a date cannot fail
			i.Findings = append(i.Findings, bad(m.Field.Name, fmt.Sprintf(
				"the application says %q, its offer %q: the day in it is not counted", excerpt.Of(h.Raw), excerpt.Of(o.status))))
		}
	}
}

// take gives fields the values that a record has for them.
func (r *reading) take(i *source.Identity, c *common) {
	if c.updated.After(i.UpdatedAt) {
		i.UpdatedAt = c.updated
	}
	for n := range c.values {
		v := &c.values[n]
		m := &r.mappings[v.mapping]
		fault := v.Fault
		if fault == "" {
			fault = m.Fill(i, &v.Value)
		}
		if fault != "" {
			i.Findings = append(i.Findings, bad(m.Field.Name, m.place()+" is taken as missing: "+fault))
		}
	}
}

func (m *mapping) place() string {
	if m.custom != "" {
		return recordNames()[m.record] + ".custom_fields." + m.custom
	}
	return recordNames()[m.record] + "." + m.plain
}

// takeJob gives what the job of an application says. Of several offices none is
// taken: nobody works in all of them.
func (r *reading) takeJob(i *source.Identity, id int64) {
	j := r.jobs[id]
	if j == nil {
		if _, asked := r.jobs[id]; asked {
			i.Findings = append(i.Findings, bad("job_title", "job "+strconv.FormatInt(id, 10)+" may not be read: it is confidential, or gone"))
		}
		return
	}
	r.take(i, &j.common)
	for _, n := range r.plain[jobs]["department"] {
		if p, ok := r.departments[j.department]; ok {
			p.into(i, r.mappings[n].Field.Name)
		}
	}
	if len(j.offices) != 1 || len(r.plain[jobs]["office"]) == 0 {
		return
	}
	if p, ok := r.offices[j.offices[0]]; ok {
		i.Location.ID, i.Location.Name, i.Location.Code = strconv.FormatInt(p.id, 10), p.name, p.code
		i.Location.Country, i.Location.TimeZone = r.cfg.Countries[p.name], r.cfg.TimeZones[p.name]
	}
}

// into makes a department the value of a field.
func (p place) into(i *source.Identity, field string) {
	ref := source.Ref{ID: strconv.FormatInt(p.id, 10), Code: p.code, Name: p.name}
	switch field {
	case "department":
		i.Department = ref
	case "team":
		i.Team = ref
	case "division":
		i.Division = ref
	case "business_unit":
		i.BusinessUnit = ref
	}
}
