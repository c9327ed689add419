package adp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

// note adds a finding about a field, unless the configuration takes the field from
// elsewhere.
func (r *reading) note(i *source.Identity, field, message string) {
	if !r.fixed[field] {
		i.Findings = append(i.Findings, bad(field, message))
	}
}

func bad(field, message string) source.Finding {
	return source.Finding{Code: source.CodeBadValue, Field: field, Message: message}
}

// identity makes an identity of a worker.
func (r *reading) identity(w *worker) source.Identity {
	var i source.Identity
	if !validID(w.aoid) {
		i.Findings = append(i.Findings, source.Finding{
			Code: source.CodeNoID, Field: "id", Message: "a worker has no associateOID: it cannot be said who they are",
		})
		return i
	}
	i.ID, i.Kind, i.EmployeeNumber = w.aoid, source.KindEmployee, w.number
	if w.number != "" {
		i.AlternateIDs = []source.AlternateID{{Type: "adp:workerID", Value: w.number}}
	}
	r.names(&i, w)
	verdicts, main := r.judge(w)
	if main >= 0 {
		r.work(&i, &w.jobs[main])
	}
	r.dates(&i, w, main)
	r.mapped(&i, w, main)
	if fault := r.status(&i, &w.status, verdicts, main); fault != "" {
		i.Findings = append(i.Findings, bad("status", fault))
	}
	r.agree(&i)
	if len(w.jobs) > 1 {
		i.Employments = make([]source.Employment, 0, len(w.jobs))
		for n := range w.jobs {
			i.Employments = append(i.Employments, r.employment(&i, &w.jobs[n], verdicts[n], n == main))
		}
	}
	return i
}

// names fills in names and addresses.
func (r *reading) names(i *source.Identity, w *worker) {
	n := &w.legal
	if *n == (name{}) {
		n = &w.preferred
	}
	i.Name = source.Name{Formatted: n.formatted, Given: n.given, Middle: n.middle, Family: n.familyName()}
	for _, called := range [...]string{w.preferred.given, w.preferred.nick, w.legal.nick} {
		if called != "" {
			i.Name.Preferred = called
			break
		}
	}
	i.DisplayName = w.preferred.formatted
	i.WorkEmail = r.address(w.atWork, w.atHome, true)
	if r.cfg.PersonalEmail {
		i.PersonalEmail = r.address(w.atHome, nil, false)
	}
}

// familyName joins the parts of a family name: in Dutch the prefix stands alone, in
// Spanish and Portuguese there are two names.
func (n *name) familyName() string {
	if n.prefix == "" && n.second == "" {
		return n.family
	}
	return strings.Join(strings.Fields(n.prefix+" "+n.family+" "+n.second), " ")
}

// address returns the e-mail address for a use: the first whose kind says so, then the
// first of unknown kind in the place where such addresses belong. In the other place
// only the kind counts.
func (r *reading) address(here, elsewhere []mail, work bool) string {
	unknown := ""
	for _, m := range here {
		use, known := r.mailKind(&m.kind)
		switch {
		case m.address == "":
		case known && use == work:
			return m.address
		case !known && unknown == "":
			unknown = m.address
		}
	}
	if unknown != "" {
		return unknown
	}
	for _, m := range elsewhere {
		if use, known := r.mailKind(&m.kind); known && use == work && m.address != "" {
			return m.address
		}
	}
	return ""
}

func (r *reading) mailKind(c *code) (work, known bool) {
	for _, word := range [...]string{c.value, c.short, c.long} {
		if work, known = r.mailbox[vocabulary.Fold(word)]; known {
			return work, true
		}
	}
	return false, false
}

// dates fills in the days of employment. A first day of work is not among them: the one
// that ADP has for an assignment begins anew with every change of position.
func (r *reading) dates(i *source.Identity, w *worker, main int) {
	r.date(i, "original_hire_date", &i.OriginalHireDate, w.originally)
	r.date(i, "hire_date", &i.HireDate, w.again)
	if source.NoDate(w.again) && main >= 0 {
		r.date(i, "hire_date", &i.HireDate, w.jobs[main].hired)
	}
	if i.HireDate.IsZero() && source.NoDate(w.again) && (main < 0 || source.NoDate(w.jobs[main].hired)) {
		i.HireDate = i.OriginalHireDate
		if i.HireDate.IsZero() && !source.NoDate(w.originally) {
			r.note(i, "hire_date", "originalHireDate is the only first day, and it cannot be read")
		}
	}
	if !source.NoDate(w.left) {
		r.date(i, "termination_date", &i.TerminationDate, w.left)
		return
	}
	// The ends of assignments are those of positions, as long as the person works.
	v := r.words.judge(&w.status)
	if !v.inactive && !v.status.Ended() && !v.silent {
		return
	}
	for n := range w.jobs {
		if day, err := civil(w.jobs[n].left); err == nil && day.After(i.TerminationDate) {
			i.TerminationDate = day
		}
	}
}

func (r *reading) date(i *source.Identity, field string, into *source.Date, text string) {
	day, err := civil(text)
	if err != nil {
		r.note(i, field, fmt.Sprintf("%q: want a date as 2006-01-02", excerpt.Of(text)))
		return
	}
	*into = day
}

func civil(text string) (source.Date, error) {
	if source.NoDate(text) {
		return source.Date{}, nil
	}
	return source.ParseDate(hiring.Day(text))
}

// agree looks, when the status is known, for a last day that does not go with it.
func (r *reading) agree(i *source.Identity) {
	switch {
	case i.Status.Ended() && i.TerminationDate.IsZero():
		if !slices.ContainsFunc(i.Findings, func(f source.Finding) bool { return f.Field == "termination_date" }) {
			r.note(i, "termination_date", "they have left, and ADP does not say when")
		}
	case i.Status.Ended() || i.Status == source.Unknown || r.fixed["termination_date"]:
	case !i.End().IsZero() && i.End().Before(r.today.AddDays(-slack)) && i.End() == i.TerminationDate:
		// Of an employment before this one, or of this one, and the status is late. ADP
		// leaves the day of somebody who came back.
		i.Findings = append(i.Findings, source.Finding{
			Code: source.CodeBadDates, Field: "termination_date",
			Message: fmt.Sprintf("ADP says %q, and that they left on %s; that day is not counted, and nothing is decided by it",
				excerpt.Of(i.StatusRaw), i.TerminationDate),
		})
		i.TerminationDate = source.Date{}
	}
}
