package adp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/worksites"
)

// judge returns what the assignments say of a status, and which of them counts: one that
// goes on, and of several the one that is primary; of those that have ended, the primary
// one that ended last. After that, the one that began last counts. It is -1 without any.
// iHCM lists former positions too, and calls several primary.
func (r *reading) judge(w *worker) ([]verdict, int) {
	if len(w.jobs) == 0 {
		return nil, -1
	}
	verdicts := make([]verdict, len(w.jobs))
	main := 0
	var best rank
	for n := range w.jobs {
		a := &w.jobs[n]
		verdicts[n] = r.words.judge(&a.status)
		end, _ := civil(a.left) // what cannot be read ends nothing
		if end.IsZero() {
			end = source.Day(9999, 12, 31)
		}
		this := rank{
			alive: !verdicts[n].status.Ended() && !end.Before(r.today), primary: a.primary, end: end, begin: a.begin(),
		}
		if n == 0 || this.over(&best) {
			main, best = n, this
		}
	}
	return verdicts, main
}

type rank struct {
	alive, primary bool
	end, begin     source.Date
}

func (a *rank) over(b *rank) bool {
	switch {
	case a.alive != b.alive:
		return a.alive
	case a.primary != b.primary:
		return a.primary
	case !a.alive && a.end != b.end:
		return a.end.After(b.end)
	}
	return a.begin.After(b.begin)
}

// begin returns the first day of an assignment, as far as it can be read: where none is
// stated, that of the job in it, or of the employment.
func (a *assignment) begin() source.Date {
	for _, text := range [...]string{a.began, a.since, a.hired} {
		if day, err := civil(text); err == nil && !day.IsZero() {
			return day
		}
	}
	return source.Date{}
}

// work fills in what follows from the assignment that counts.
func (r *reading) work(i *source.Identity, a *assignment) {
	i.JobTitle = a.titled()
	i.Manager = r.managerOf(a, i.ID)
	i.Location = r.location(&a.place)
	if code := a.place.country; code != "" && i.Location.Country == "" {
		r.note(i, "country", fmt.Sprintf("%q is no ISO 3166-1 alpha-2 code; map the place in Countries", excerpt.Of(code)))
	}
	var fault string
	if i.EmploymentType, i.EmploymentTypeRaw, fault = r.terms(a); fault != "" {
		r.note(i, "employment_type", fault)
	}
	if i.EmploymentType == source.Contractor || i.EmploymentType == source.Freelance {
		i.Kind = source.KindContingent
	}
	for n := range a.units {
		r.belongs(i, &a.units[n])
	}
}

func (a *assignment) titled() string {
	if strings.TrimSpace(a.title) != "" { // ADP sends a blank for none
		return a.title
	}
	return a.job.name()
}

// terms returns on what terms somebody works: what the type of the worker says, and if
// that says nothing of ours, how much they work.
func (r *reading) terms(a *assignment) (source.EmploymentType, string, string) {
	raw, unknown := "", ""
	for _, c := range [...]*code{&a.kind, &a.level} {
		words := c.words()
		if words == "" {
			continue
		}
		if raw == "" {
			raw = words
		}
		silent := false
		for _, word := range [...]string{c.value, c.short, c.long} {
			folded := vocabulary.Fold(word)
			if kind, known := r.words.types[folded]; known {
				return kind, words, ""
			}
			silent = silent || slices.Contains(saysNothing(), folded)
		}
		if !silent && unknown == "" {
			unknown = words
		}
	}
	if unknown == "" {
		return source.EmploymentUnknown, raw, ""
	}
	return source.EmploymentUnknown, raw, fmt.Sprintf("%q is no known employment type; map it in EmploymentType", excerpt.Of(unknown))
}

func (r *reading) location(p *place) source.Location {
	l := source.Location{
		Code: p.code.value, Name: p.code.name(), City: p.city, Region: p.region, Country: r.keyed(r.cfg.Countries, p),
		TimeZone: r.keyed(r.cfg.TimeZones, p),
	}
	if l.Country == "" && worksites.IsCountry(p.country) {
		l.Country = p.country
	}
	return l
}

// keyed looks a place up by one of its names.
func (r *reading) keyed(places map[string]string, p *place) string {
	if len(places) == 0 {
		return ""
	}
	for _, key := range [...]string{p.code.short, p.code.long, p.code.value} {
		if value := places[key]; value != "" && key != "" {
			return value
		}
	}
	return ""
}

// managerOf returns to whom somebody reports. Whoever heads the company may report to
// themselves.
func (r *reading) managerOf(a *assignment, self string) source.Manager {
	wanted := vocabulary.Fold(r.cfg.ManagerRelation)
	for n := range a.managers {
		m := &a.managers[n]
		c := &m.relation
		switch {
		case m.aoid == self || m.aoid == "" && m.number == "":
		case wanted != "" && wanted != vocabulary.Fold(c.value) && wanted != vocabulary.Fold(c.short) && wanted != vocabulary.Fold(c.long):
		case validID(m.aoid):
			return source.Manager{ID: m.aoid, EmployeeNumber: m.number, Name: m.name}
		default:
			return source.Manager{EmployeeNumber: m.number, Name: m.name}
		}
	}
	return source.Manager{}
}

// employment is one of several assignments. What cannot be read in it decides nothing.
func (r *reading) employment(i *source.Identity, a *assignment, v verdict, primary bool) source.Employment {
	kind, _, _ := r.terms(a)
	e := source.Employment{
		ID: a.id, Primary: primary, Title: a.titled(), Type: kind, Status: v.status, Start: a.begin(),
		Location: r.location(&a.place), Manager: r.managerOf(a, i.ID),
	}
	e.End, _ = civil(a.left) // see above
	var department source.Identity
	for n := range a.units {
		r.belongs(&department, &a.units[n])
	}
	e.Department = department.Department
	if primary {
		e.Department = i.Department
	}
	return e
}
