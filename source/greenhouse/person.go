package greenhouse

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of a candidate, nil if the candidate may not be read,
// and of the applications that count, of which there is at least one.
func (r *reading) identity(id string, c *candidate, apps []*application) source.Identity {
	hires := make([]hiring.Hire, len(apps))
	parts := make([]source.Identity, len(apps))
	for n, a := range apps {
		hires[n], parts[n] = r.hire(a)
	}
	chosen := slices.IndexFunc(hires, func(h hiring.Hire) bool { return h.ID == hiring.Choose(hires).ID })
	i := parts[chosen]
	hiring.Fill(&i, hires, r.today, r.cfg.Handover)
	i.ID, i.Kind = r.aliases.Known(id), source.KindCandidate
	i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: id})
	if i.ID != id {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: i.ID})
	}
	for _, a := range apps {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:application", Value: a.id})
	}
	if c == nil {
		// Deleted a moment ago, or private, or out of sight of the API user: who they are
		// cannot be said, so nothing is.
		i.Status = source.Unknown
		i.Findings = append(i.Findings, bad("status", "the candidate may not be read: nothing is decided"))
		return i
	}
	for _, user := range c.users {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "greenhouse:user", Value: user})
	}
	r.take(&i, &c.common)
	return i
}

// hire reads what one application, its offer and its job say.
func (r *reading) hire(a *application) (hiring.Hire, source.Identity) {
	var i source.Identity
	h := hiring.Hire{ID: a.id, Raw: a.status}
	var fault string
	if h.Status, fault = r.words.status(a.status); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	}
	r.take(&i, &a.common)
	o := r.offers[a.id]
	if o != nil {
		r.take(&i, &o.common)
		r.contradiction(&i, &h, o)
	}
	r.takeJob(&i, a.job)
	h.Start, h.Title, h.TypeRaw, h.Type = i.Start(), i.JobTitle, i.EmploymentTypeRaw, i.EmploymentType
	h.Department, h.Location = i.Department, i.Location
	return h, i
}

// contradiction drops the dates of an offer that was turned down or is not
// understood, while the application says that the candidate was hired.
func (r *reading) contradiction(i *source.Identity, h *hiring.Hire, o *offer) {
	if h.Status != source.PreHire || o.stands() {
		return
	}
	for n := range r.mappings {
		if m := &r.mappings[n]; m.record == offers && m.field.Type == source.FieldDate {
			_ = m.field.Set(i) // emptying a date cannot fail
			i.Findings = append(i.Findings, bad(m.field.Name, fmt.Sprintf(
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
		fault := v.fault
		if fault == "" {
			fault = r.set(i, m, v.texts)
		}
		if fault != "" {
			i.Findings = append(i.Findings, bad(m.field.Name, m.place()+" is taken as missing: "+fault))
		}
	}
}

func (m *mapping) place() string {
	if m.custom != "" {
		return recordNames()[m.record] + ".custom_fields." + m.custom
	}
	return recordNames()[m.record] + "." + m.plain
}

// set gives a field its value and returns what is wrong with it.
func (r *reading) set(i *source.Identity, m *mapping, texts []string) string {
	if len(texts) > 1 && m.field.Type != source.FieldList {
		return "it has several values"
	}
	switch m.field.Type {
	case source.FieldList:
		slices.Sort(texts)
	case source.FieldEmploymentType:
		i.EmploymentTypeRaw = texts[0]
		terms, known := r.words.types[vocabulary.Fold(texts[0])]
		if i.EmploymentType = terms; !known {
			return fmt.Sprintf("%q is no known employment type; map it in EmploymentType", excerpt.Of(texts[0]))
		}
		return ""
	case source.FieldDate, source.FieldInstant:
		if source.NoDate(texts[0]) {
			return ""
		}
		if err := m.field.Set(i, hiring.Day(texts[0])); err != nil {
			return fmt.Sprintf("%q: want a date as 2006-01-02", excerpt.Of(texts[0]))
		}
		return ""
	default:
	}
	if err := m.field.Set(i, texts...); err != nil {
		return err.Error()
	}
	return ""
}

// takeJob gives what the job of an application says. Of several offices none is
// taken: nobody works in all of them.
func (r *reading) takeJob(i *source.Identity, id string) {
	j := r.jobs[id]
	if j == nil {
		if _, asked := r.jobs[id]; asked {
			i.Findings = append(i.Findings, bad("job_title", "job "+id+" may not be read: it is confidential, or gone"))
		}
		return
	}
	r.take(i, &j.common)
	for _, n := range r.plain[jobs]["department"] {
		if p, ok := r.departments[j.department]; ok {
			p.into(i, r.mappings[n].field.Name)
		}
	}
	if p, ok := r.offices[strings.Join(j.offices, " ")]; ok && len(r.plain[jobs]["office"]) > 0 {
		i.Location.ID, i.Location.Name, i.Location.Code = p.id, p.name, p.code
		i.Location.Country, i.Location.TimeZone = r.cfg.Countries[p.name], r.cfg.TimeZones[p.name]
	}
}

// into makes a department the value of a field.
func (p place) into(i *source.Identity, field string) {
	ref := source.Ref{ID: p.id, Code: p.code, Name: p.name}
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
