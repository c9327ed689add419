package ashby

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
	"github.com/provision-go/provision/source/internal/worksites"
)

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of the applications of a candidate that count, of which
// there is at least one.
func (r *reading) identity(id string, apps []*application) source.Identity {
	r.hires, r.parts = r.hires[:0], r.parts[:0]
	for _, a := range apps {
		r.parts = append(r.parts, source.Identity{})
		r.hires = append(r.hires, r.hire(&r.parts[len(r.parts)-1], a))
	}
	chosen := hiring.Choose(r.hires).ID
	i := r.parts[slices.IndexFunc(r.hires, func(h hiring.Hire) bool { return h.ID == chosen })]
	hiring.Fill(&i, r.hires, r.today, r.cfg.Handover)
	i.ID, i.Kind = r.aliases.Known(id), source.KindCandidate
	i.AlternateIDs = make([]source.AlternateID, 0, 2+len(apps))
	i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "ashby:candidate", Value: id})
	if i.ID != id {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "ashby:candidate", Value: i.ID})
	}
	for _, a := range apps {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "ashby:application", Value: a.id})
		if a.updated.After(i.UpdatedAt) {
			i.UpdatedAt = a.updated
		}
	}
	return i
}

// hire reads what one application, its offer and its job say.
func (r *reading) hire(i *source.Identity, a *application) hiring.Hire {
	h := hiring.Hire{ID: a.id, Raw: a.status}
	var fault string
	if h.Status, fault = r.words.status(a.status); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	}
	r.take(i, a.values)
	r.name(i, a)
	if len(r.mappings["application.hiringTeam"]) > 0 {
		i.Manager.Email, i.Manager.Name = a.manager.email, strings.TrimSpace(a.manager.given+" "+a.manager.family)
	}
	r.takePlaces(i, a)
	if o := r.offers[a.id]; o != nil {
		r.take(i, o.values)
		r.undated(i, o)
		r.contradiction(i, &h, o)
	}
	h.Start, h.Title, h.TypeRaw, h.Type = i.Start(), i.JobTitle, i.EmploymentTypeRaw, i.EmploymentType
	h.Department, h.Location = i.Department, i.Location
	return h
}

// name gives the parts of a name: those that Ashby has apart, or those that the
// configuration makes of the one text.
func (r *reading) name(i *source.Identity, a *application) {
	if i.Name.Given != "" || i.Name.Family != "" {
		return
	}
	i.Name.Given, i.Name.Family = a.given, a.family
	if a.given == "" && a.family == "" && r.cfg.SplitName != nil && i.Name.Formatted != "" {
		i.Name.Given, i.Name.Family = r.cfg.SplitName(i.Name.Formatted)
	}
}

// undated notes that an offer does not have a first day, where others say null: without
// one a hire of long ago would be one of today.
func (r *reading) undated(i *source.Identity, o *offer) {
	if !o.undated {
		return
	}
	for _, m := range r.mappings["offer.startDate"] {
		i.Findings = append(i.Findings, bad(m.Field.Name, m.place+" is not in the answer"))
	}
}

// contradiction drops the dates of an offer that was turned down, while the
// application says that the candidate was hired.
func (r *reading) contradiction(i *source.Identity, h *hiring.Hire, o *offer) {
	if h.Status != source.PreHire || !o.withdrawn() {
		return
	}
	for _, v := range o.values {
		if m := v.mapping; m.Field.Type == source.FieldDate {
			_ = m.Field.Set(i) // emptying a date cannot fail
			i.Findings = append(i.Findings, bad(m.Field.Name, fmt.Sprintf("the application says %q, its offer %q: the day in it is not counted",
				excerpt.Of(h.Raw), excerpt.Of(cmp.Or(o.status, o.acceptance)))))
		}
	}
}

// take gives fields the values that a record has for them.
func (r *reading) take(i *source.Identity, all []found) {
	for n := range all {
		v := &all[n]
		if fault := v.mapping.Fill(i, &v.Value); fault != "" {
			i.Findings = append(i.Findings, bad(v.mapping.Field.Name, v.mapping.place+" is taken as missing: "+fault))
		}
	}
}

// takePlaces gives the department and the location of the job.
func (r *reading) takePlaces(i *source.Identity, a *application) {
	if p := r.departments[a.department]; p != nil {
		for _, m := range r.mappings["job.department"] {
			switch m.Field.Name {
			case "department":
				i.Department = p.ref()
			case "team":
				i.Team = p.ref()
			case "division":
				i.Division = p.ref()
			case "business_unit":
				i.BusinessUnit = p.ref()
			}
		}
	}
	p := r.locations[a.location]
	if p == nil {
		return
	}
	i.Location = source.Location{ID: p.id, Name: p.name, City: p.city, Region: p.region, TimeZone: r.cfg.TimeZones[p.name]}
	if worksites.IsCountry(p.country) {
		i.Location.Country = p.country
	}
	if code := r.cfg.Countries[p.name]; code != "" {
		i.Location.Country = code
	}
}
