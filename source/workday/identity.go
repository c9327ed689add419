package workday

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// identity makes an identity of a worker, for the day that was read.
func (s *Source) identity(w *worker, today source.Date) source.Identity {
	var i source.Identity
	if !validWID(w.ref.wid) {
		i.Findings = append(i.Findings, noID("a worker has no Workday ID"))
		return i
	}
	i.ID, i.Kind = w.ref.wid, w.kind()
	i.AlternateIDs = w.alternates()
	i.EmployeeNumber = w.workerID
	if i.EmployeeNumber == "" {
		i.EmployeeNumber = w.ref.number()
	}
	if !w.stated {
		i.Findings = append(i.Findings, bad("status", "the integration user may see nothing of them but the reference: look at its security group"))
		return i
	}
	s.person(&i, w)
	fill := filler{identity: &i}
	fill.date("hire_date", &i.HireDate, w.status.hired)
	fill.date("original_hire_date", &i.OriginalHireDate, w.status.originallyHired)
	fill.date("start_date", &i.StartDate, w.status.firstDay)
	fill.date("termination_date", &i.TerminationDate, w.status.terminated)
	if i.TerminationDate.IsZero() {
		fill.date("termination_date", &i.TerminationDate, w.status.employmentEnd)
	}
	fill.date("last_day", &i.LastDay, w.status.lastDay)
	if w.status.standing.terminated == yes && i.TerminationDate.IsZero() && w.status.terminated == "" {
		fill.note("termination_date", "they have left, and Workday does not say when")
	}
	s.work(&fill, w)
	s.units(&fill, w)
	s.custom(&fill, w)
	fault := ""
	if len(w.status.unread) > 0 {
		fault = "it is neither true nor false: " + strings.Join(w.status.unread, ", ")
	} else {
		fault = s.words.decide(&i, w.status.standing, today)
	}
	if fault != "" {
		fill.note("status", fault)
	}
	return i
}

func noID(message string) source.Finding {
	return source.Finding{Code: source.CodeNoID, Field: "id", Message: message + ": it cannot be said who they are"}
}

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// alternates are the identifiers beside the Workday ID, sorted by type.
func (w *worker) alternates() []source.AlternateID {
	var all []source.AlternateID
	for _, id := range [][2]string{{kindContingent, w.ref.contingent}, {kindEmployee, w.ref.employee}, {kindUniversal, w.universalID}} {
		if id[1] != "" {
			all = append(all, source.AlternateID{Type: "workday:" + id[0], Value: id[1]})
		}
	}
	return all
}

// person fills in names and addresses.
func (s *Source) person(i *source.Identity, w *worker) {
	name := w.legal
	if name == (fullName{}) {
		name = w.preferred
	}
	i.Name = source.Name{
		Formatted: name.formatted, Given: name.given, Middle: name.middle, Family: name.family, Preferred: w.preferred.given,
	}
	if i.DisplayName = w.preferred.formatted; i.DisplayName == "" {
		i.DisplayName = name.formatted
	}
	i.Username = w.userID
	i.WorkEmail = firstEmail(w.emails, func(e *email) (bool, bool) { return e.work, e.workFirst })
	if s.cfg.PersonalEmail {
		i.PersonalEmail = firstEmail(w.emails, func(e *email) (bool, bool) { return e.home && !e.work, e.homeFirst })
	}
	for _, g := range w.groups {
		if g.name != "" && (g.status == "" || g.status == "Assigned") {
			i.Groups = append(i.Groups, source.Group{Name: g.name, Type: "provisioning"})
		}
	}
}

// firstEmail returns the primary address of a usage, else the first one.
func firstEmail(all []email, usage func(*email) (is, primary bool)) string {
	found := ""
	for n := range all {
		is, primary := usage(&all[n])
		switch {
		case !is || all[n].address == "":
		case primary:
			return all[n].address
		case found == "":
			found = all[n].address
		}
	}
	return found
}

// work fills in what follows from the positions.
func (s *Source) work(fill *filler, w *worker) {
	i := fill.identity
	main := mainJob(w.jobs)
	if main >= 0 {
		j := &w.jobs[main]
		i.JobTitle = j.titled()
		i.Location = s.location(j.place)
		fill.country(j.place.country)
		if fault := s.words.employment(i, j.workerType, j.hours); fault != "" {
			fill.note("employment_type", fault)
		}
		if i.Kind == source.KindContingent && i.EmploymentType == source.EmploymentUnknown {
			i.EmploymentType = source.Contractor
		}
	}
	i.Manager = s.manager(w, w.chain)
	if i.Manager == (source.Manager{}) && main >= 0 {
		i.Manager = s.manager(w, w.jobs[main].chain)
	}
	if len(w.jobs) < 2 {
		return
	}
	for n := range w.jobs {
		i.Employments = append(i.Employments, s.employment(i, w, n, n == main))
	}
}

// mainJob returns the position that counts: the one that is stated as primary, else
// the first that is not stated as additional; -1 if there is none.
func mainJob(jobs []job) int {
	if n := slices.IndexFunc(jobs, func(j job) bool { return j.primary }); n >= 0 {
		return n
	}
	if n := slices.IndexFunc(jobs, func(j job) bool { return !j.additional }); n >= 0 {
		return n
	}
	return min(len(jobs), 1) - 1
}

func (j *job) titled() string {
	if j.title != "" {
		return j.title
	}
	return j.profile
}

func (s *Source) employment(i *source.Identity, w *worker, n int, primary bool) source.Employment {
	j := &w.jobs[n]
	kind, _ := s.words.terms(j.workerType, j.hours)
	e := source.Employment{
		ID: j.id, Primary: primary, Title: j.titled(), Type: kind, Location: s.location(j.place), Manager: s.manager(w, j.chain),
	}
	// What cannot be read here decides nothing: the dates that count are elsewhere.
	e.Start, _ = civil(j.begin, "")
	e.End, _ = civil(j.end, "")
	if code := j.place.country; validCountry(code) {
		e.Location.Country = code
	}
	if primary && e.Manager == (source.Manager{}) {
		e.Manager = i.Manager
	}
	return e
}

func (s *Source) location(p site) source.Location {
	l := source.Location{ID: p.id, Name: p.name, City: p.city, Region: p.region}
	l.TimeZone = s.cfg.zoneOf(p.name, p.id)
	return l
}

// manager returns the nearest manager of a chain. A unit without a manager is passed
// over, and so is the worker: who leads a unit and belongs to it is listed as their
// own manager.
func (s *Source) manager(w *worker, chain []person) source.Manager {
	for _, m := range slices.Backward(chain) {
		if m == (person{}) || m.wid != "" && m.wid == w.ref.wid {
			continue
		}
		return source.Manager{ID: m.wid, EmployeeNumber: m.number()}
	}
	return source.Manager{}
}
