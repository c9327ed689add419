package successfactors

import (
	"cmp"
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of a person. Managers are given by user id until they are
// resolved.
func (r *reading) identity(p *person) source.Identity {
	id, _ := source.Field("id")
	if err := id.Check(p.id); err != nil || p.id == "" {
		return source.Identity{Findings: []source.Finding{{
			Code: source.CodeNoID, Field: "id", Message: "a person has no personIdExternal: it cannot be said who they are",
		}}}
	}
	p.id = strings.TrimSpace(p.id)
	parts := r.parts[:0]
	for n := range p.employments {
		parts = append(parts, r.work(&p.employments[n]))
	}
	r.parts = parts
	i := source.Identity{Kind: source.KindEmployee}
	counts := r.choose(p)
	switch {
	case counts >= 0:
		i = parts[counts]
	case p.hasEmployments:
		i.Findings = append(i.Findings, bad("status", "the person has no employment: nothing is decided"))
	default:
		i.Findings = append(i.Findings, bad("status", "the employments of the person are not in the answer, or the API user may not see them"))
	}
	i.ID, i.UpdatedAt = p.id, p.modified.UTC()
	if p.modified.IsZero() {
		i.UpdatedAt = p.modified
	}
	i.AlternateIDs = alternates(p)
	if len(parts) > 1 {
		i.Employments = employments(p, parts, counts)
	}
	r.fillAll(&i, &p.record)
	if n := inForce(p.personal, ofSlice, r.today); n >= 0 {
		r.fillAll(&i, &p.personal[n].record)
	}
	r.emailsOf(&i, p)
	r.located(&i)
	return i
}

func alternates(p *person) []source.AlternateID {
	all := make([]source.AlternateID, 0, 1+len(p.employments))
	if p.uuid != "" {
		all = append(all, source.AlternateID{Type: "successfactors:perPersonUuid", Value: p.uuid})
	}
	for n := range p.employments {
		if id := p.employments[n].userID; id != "" {
			all = append(all, source.AlternateID{Type: "successfactors:userId", Value: id})
		}
	}
	return all
}

// work reads what one employment says.
func (r *reading) work(e *employment) source.Identity {
	i := source.Identity{Kind: source.KindEmployee}
	r.fillAll(&i, &e.record)
	r.missing(&i, &e.record, work)
	r.fillAll(&i, &e.user)
	var j *jobInfo
	if n := inForce(e.jobs, ofJob, r.today); n >= 0 {
		j = &e.jobs[n]
		r.fillAll(&i, &j.record)
		r.missing(&i, &j.record, job)
	}
	if fault := r.words.status(&i, e, j, r.today); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	} else {
		r.decided++
	}
	if i.Kind == source.KindContingent && i.EmploymentType == source.EmploymentUnknown {
		i.EmploymentType = source.Contractor
	}
	return i
}

// missing reports heavy properties that were asked for and are not there.
func (r *reading) missing(i *source.Identity, of *record, prefix string) {
	for n := range r.mappings {
		m := &r.mappings[n]
		if m.heavy == 0 || of.stated&(1<<m.heavy) != 0 || !strings.HasPrefix(m.path, prefix) {
			continue
		}
		if rest := strings.TrimPrefix(m.path, prefix); !strings.Contains(rest, "/") {
			i.Findings = append(i.Findings, bad(m.Field.Name, m.path+" was asked for and is not in the answer"))
		}
	}
}

// choose returns which employment counts, -1 if there is none: one in which the person
// works, before one from which they are on leave, before one of which nothing is known,
// before one that is suspended or dormant, before one that has not begun, before one
// that has ended. Of several that have ended the one that ended last counts; of others
// alike the standard assignment before a global one, and then the one that started
// last, of those that are to come the next one. Their order in the answer has no
// meaning.
func (r *reading) choose(p *person) int {
	best := -1
	for n := range r.parts {
		if best < 0 || r.compare(p, n, best) < 0 {
			best = n
		}
	}
	return best
}

func (r *reading) compare(p *person, a, b int) int {
	x, y := &r.parts[a], &r.parts[b]
	starts := y.Start().Compare(x.Start())
	if rank(x) == toCome {
		starts = -starts
	}
	ends := 0
	if rank(x) == over {
		ends = y.End().Compare(x.End())
	}
	return cmp.Or(
		cmp.Compare(rank(x), rank(y)), ends,
		cmp.Compare(abroad(&p.employments[a]), abroad(&p.employments[b])),
		starts, cmp.Compare(p.employments[a].userID, p.employments[b].userID),
	)
}

const (
	works = iota
	away
	unclear
	suspended
	toCome
	over
)

func rank(i *source.Identity) int {
	switch i.Status {
	case source.Active:
		return works
	case source.OnLeave:
		return away
	case source.Suspended:
		return suspended
	case source.PreHire:
		return toCome
	default:
		if i.Status.Ended() {
			return over
		}
		return unclear
	}
}

// abroad is 1 for a global assignment, whose class is GA; that of others is ST.
func abroad(e *employment) int {
	if strings.EqualFold(e.class, "GA") {
		return 1
	}
	return 0
}

func employments(p *person, parts []source.Identity, counts int) []source.Employment {
	all := make([]source.Employment, len(parts))
	for n := range parts {
		i := &parts[n]
		all[n] = source.Employment{
			ID: p.employments[n].userID, Primary: n == counts, Title: i.JobTitle, Type: i.EmploymentType, Status: i.Status,
			Start: i.Start(), End: i.End(), Department: i.Department, Location: i.Location, Manager: i.Manager,
		}
	}
	slices.SortFunc(all, func(a, b source.Employment) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	return all
}

// emailsOf chooses addresses by their types.
func (r *reading) emailsOf(i *source.Identity, p *person) {
	if !r.ownWork {
		i.WorkEmail = ofType(p.emails, r.cfg.WorkEmailTypes)
	}
	if !r.ownPersonal {
		i.PersonalEmail = ofType(p.emails, r.cfg.PersonalEmailTypes)
	}
	if i.WorkEmail != "" {
		r.addressed++
		return
	}
	for n := range p.emails {
		e := &p.emails[n]
		if e.address != "" {
			r.unaddressed++
			r.emailTypes[cmp.Or(e.code, e.kind)] = true
		}
		if e.primary && r.cfg.PrimaryEmail && i.WorkEmail == "" && e.address != i.PersonalEmail {
			i.WorkEmail = e.address
		}
	}
}

// ofType returns the address of the first type of which there is one: of several the
// primary one, else the one that sorts first.
func ofType(all []email, types []string) string {
	for _, kind := range types {
		var best *email
		for n := range all {
			e := &all[n]
			if e.address == "" || e.code != kind && (e.kind != kind || e.kind == "") {
				continue
			}
			if best == nil || e.primary && !best.primary || e.primary == best.primary && e.address < best.address {
				best = e
			}
		}
		if best != nil {
			return best.address
		}
	}
	return ""
}

// located adds what the configuration knows about places of work.
func (r *reading) located(i *source.Identity) {
	if code, ok := r.cfg.Countries[i.Location.Code]; ok {
		i.Location.Country = code
	}
	if zone, ok := r.cfg.TimeZones[i.Location.Code]; ok {
		i.Location.TimeZone = zone
	}
	for n := range i.Employments {
		at := &i.Employments[n].Location
		if code, ok := r.cfg.Countries[at.Code]; ok {
			at.Country = code
		}
		if zone, ok := r.cfg.TimeZones[at.Code]; ok {
			at.TimeZone = zone
		}
	}
}
