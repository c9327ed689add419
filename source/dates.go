package source

import (
	"fmt"
	"strings"
	"time"
)

// NoDate reports whether a text is how systems write that there is no date: it
// is empty, nothing but zeros and punctuation such as 0000-00-00, 00000000 or
// "-", or one of null, nil, none, na and n/a in any case. Connectors ask it
// before they parse a date: such a text is a missing value, without a finding.
// "TBD" and "?" are not among them: they say that there is a date and keep it.
func NoDate(text string) bool {
	text = strings.TrimSpace(text)
	switch strings.ToLower(text) {
	case "null", "nil", "none", "na", "n/a":
		return true
	}
	before := rune(0)
	for _, r := range text {
		switch {
		case strings.ContainsRune("0-–—/.:,+ ", r):
		case (r == 'T' || r == 'Z') && before == '0': // 0000-00-00T00:00:00Z
		default:
			return false
		}
		before = r
	}
	return true
}

// dates drops dates that nobody's employment has and reports dates that
// contradict each other.
func (t *tidier) dates(i *Identity) {
	t.start(i, "hire_date", &i.HireDate)
	t.start(i, "original_hire_date", &i.OriginalHireDate)
	t.start(i, "start_date", &i.StartDate)
	t.end(i, "termination_date", &i.TerminationDate)
	t.end(i, "last_day", &i.LastDay)
	t.terminated(i, &i.TerminatedAt)
	if !i.UpdatedAt.IsZero() && !plausible(i.UpdatedAt.UTC().Year()) {
		t.strange(i, "updated_at", i.UpdatedAt.UTC().Format("2006-01-02"))
		i.UpdatedAt = time.Time{}
	}

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

// start checks the first day of something. One that never comes is no sentinel:
// taken as missing without a word, it would begin access today.
func (t *tidier) start(i *Identity, field string, d *Date) {
	if d.IsZero() || plausible(d.Year()) && !notSet(*d) {
		return
	}
	if !notSet(*d) {
		t.strange(i, field, d.String())
	}
	*d = Date{}
}

// end checks the last day of something.
func (t *tidier) end(i *Identity, field string, d *Date) {
	if d.IsZero() || plausible(d.Year()) && !notSet(*d) {
		return
	}
	if !notSet(*d) && !noEnd(*d) {
		t.strange(i, field, d.String())
	}
	*d = Date{}
}

// terminated checks an immediate termination by the day on which it was written.
// An instant outside the years 1 to 9999 has no day: it is the end of the year
// 9999, or the year 0, moved by a time zone, and stands for none.
func (t *tidier) terminated(i *Identity, at *time.Time) {
	day := DateOf(*at)
	t.end(i, "terminated_at", &day)
	if day.IsZero() {
		*at = time.Time{}
	}
}

func (t *tidier) strange(i *Identity, field, text string) {
	t.find(i, CodeBadDates, field, fmt.Sprintf("%s %s is taken as missing: it is outside 1900 to 2200", field, text))
}

func plausible(year int) bool { return year >= 1900 && year <= 2200 }

// notSet reports whether a day is what systems hold where no date was entered:
// the first days of Go and .NET, SQL Server and spreadsheets.
func notSet(d Date) bool {
	switch d {
	case Date{1, 1, 1}, Date{1753, 1, 1}, Date{1899, 12, 30}, Date{1899, 12, 31}, Date{1900, 1, 1}:
		return true
	}
	return false
}

// noEnd reports whether a day is what systems hold for an open end: from the year
// 2999 on any day, after 2200 the first and the last day of a year, and the last
// day of clocks that count nanoseconds in 64 bits.
func noEnd(d Date) bool {
	switch {
	case d.Year() >= 2999 || d == Date{2262, 4, 11}:
		return true
	case d.Year() > 2200:
		return d.month == 12 && d.day == 31 || d.month == 1 && d.day == 1
	}
	return false
}
