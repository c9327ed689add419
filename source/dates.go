package source

import (
	"fmt"
	"time"
)

// dates drops dates that nobody's employment has and reports dates that
// contradict each other. Systems write 9999-12-31 for "open end" and 0001-01-01
// or 1753-01-01 for "not set"; neither may begin or end access.
func (t *tidier) dates(i *Identity) {
	t.date(i, "hire_date", &i.HireDate)
	t.date(i, "original_hire_date", &i.OriginalHireDate)
	t.date(i, "start_date", &i.StartDate)
	t.date(i, "termination_date", &i.TerminationDate)
	t.date(i, "last_day", &i.LastDay)
	t.instant(i, "terminated_at", &i.TerminatedAt)
	t.instant(i, "updated_at", &i.UpdatedAt)

	start, end, field := i.Start(), i.LastDay, "last_day"
	if end.IsZero() {
		end, field = i.TerminationDate, "termination_date"
	}
	if !end.IsZero() && !start.IsZero() && end.Before(start) && !i.worked(end) {
		t.find(i, CodeBadDates, field, fmt.Sprintf(
			"%s %s is before the first day %s and is not counted: no earlier employment is known", field, end, start))
	}
	if !i.LastDay.IsZero() && !i.TerminationDate.IsZero() && i.LastDay.After(i.TerminationDate) {
		t.find(i, CodeBadDates, "last_day", fmt.Sprintf(
			"last_day %s is after termination_date %s; last_day counts", i.LastDay, i.TerminationDate))
	}
	if !i.OriginalHireDate.IsZero() && !i.HireDate.IsZero() && i.OriginalHireDate.After(i.HireDate) {
		t.find(i, CodeBadDates, "original_hire_date", fmt.Sprintf(
			"original_hire_date %s is after hire_date %s and is taken as missing", i.OriginalHireDate, i.HireDate))
		i.OriginalHireDate = Date{}
	}
}

// worked reports whether an earlier employment is known that could have ended
// on the day, as with somebody who was hired again.
func (i *Identity) worked(day Date) bool {
	if !i.OriginalHireDate.IsZero() && !i.OriginalHireDate.After(day) {
		return true
	}
	for _, e := range i.Employments {
		if !e.Start.IsZero() && !e.Start.After(day) {
			return true
		}
	}
	return false
}

func (t *tidier) date(i *Identity, field string, d *Date) {
	if d.IsZero() || plausible(d.Year()) {
		return
	}
	t.find(i, CodeBadDates, field, fmt.Sprintf("%s %s is taken as missing: it is outside 1900 to 2200", field, d))
	*d = Date{}
}

func (t *tidier) instant(i *Identity, field string, at *time.Time) {
	if at.IsZero() || plausible(at.UTC().Year()) {
		return
	}
	t.find(i, CodeBadDates, field, field+" is taken as missing: it is outside 1900 to 2200")
	*at = time.Time{}
}

func plausible(year int) bool { return year >= 1900 && year <= 2200 }
