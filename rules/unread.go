package rules

import (
	"strings"
	"time"

	"github.com/provision-go/provision/source"
)

// gaps are fields that the source states and nobody understood, among those that
// a life cycle depends on. Taken for missing, an unread first day would begin
// access today, and an unread last day would never end it.
type gaps uint8

// In the order in which they are named.
const (
	gapHireDate gaps = 1 << iota
	gapLastDay
	gapStartDate
	gapStatus
	gapTerminatedAt
	gapTerminationDate
)

const gapStart = gapHireDate | gapStartDate

// gapsOf finds the gaps of a person. A finding counts only while its field is
// missing, for a correction may have filled it, and only if no other date
// overrules the field: see source.Identity.Start and End.
func gapsOf(i *source.Identity) gaps {
	var found gaps
	for n := range i.Findings {
		f := &i.Findings[n]
		if f.Code != source.CodeBadValue && f.Code != source.CodeBadDates || !concerns(f, i) {
			continue
		}
		switch f.Field {
		case "hire_date":
			found |= gapIf(gapHireDate, i.Start().IsZero())
		case "start_date":
			found |= gapIf(gapStartDate, i.StartDate.IsZero())
		case "last_day":
			found |= gapIf(gapLastDay, i.LastDay.IsZero())
		case "termination_date":
			// An end before the start is no end, so it overrules nothing.
			found |= gapIf(gapTerminationDate, i.TerminationDate.IsZero() && i.End().IsZero())
		case "terminated_at":
			found |= gapIf(gapTerminatedAt, i.TerminatedAt.IsZero())
		case "status":
			found |= gapIf(gapStatus, i.Status == source.Unknown)
		}
	}
	return found
}

func gapIf(g gaps, missing bool) gaps {
	if missing {
		return g
	}
	return 0
}

// concerns reports whether a finding is about the person. One about a whole
// source travels with any of its people.
func concerns(f *source.Finding, i *source.Identity) bool {
	return f.Identity == i.ID || f.Identity == "" && f.Source == ""
}

// names returns the fields, sorted.
func (g gaps) names() []string {
	var names []string
	for n, name := range [...]string{"hire_date", "last_day", "start_date", "status", "terminated_at", "termination_date"} {
		if g>>n&1 != 0 {
			names = append(names, name)
		}
	}
	return names
}

// String returns the gaps as people would say it.
func (g gaps) String() string {
	names := g.names()
	verb := " is not understood"
	if len(names) > 1 {
		verb = " are not understood"
	}
	return "undecided, " + strings.Join(names, ", ") + verb
}

// leftAnyway reports whether somebody has left whatever the gaps hide: one end is
// enough, if it is sure that it does not belong to an earlier employment.
func (g gaps) leftAnyway(v view, at time.Time, zone *time.Location) bool {
	if g&gapStart != 0 {
		return false
	}
	if terminated, ok := terminatedAt(v.id, zone); ok && !at.Before(terminated) {
		return true
	}
	end := v.id.End() // a last day would overrule it
	return g&gapLastDay == 0 && !end.IsZero() && v.day.After(end)
}
