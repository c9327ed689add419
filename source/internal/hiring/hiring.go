// Package hiring makes an identity of what an applicant tracking system says about a
// candidate: the applications that led, or may lead, to work.
package hiring

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/source"
)

// A Hire is one application of a candidate, with what its offer and its job say.
type Hire struct {
	ID string // of the application
	// Status is what the application says of the candidate: PreHire if they were
	// hired, Candidate if they were not, or not yet, Terminated if a hire or an accepted
	// offer was taken back, Unknown for a word that nobody knows. It is never Active:
	// whoever hires does not know who works.
	Status source.Status
	Raw    string // its word
	// Start is the first day of work, zero if it is not known.
	Start      source.Date
	Title      string
	Type       source.EmploymentType
	TypeRaw    string
	Department source.Ref
	Location   source.Location
}

// Choose returns the hire that counts. Whoever was hired is hired, whatever became of
// other applications; and of two hires the later one counts, where one without a
// first day is the latest: an old first day must not begin what a new hire has not
// dated yet. There is at least one.
func Choose(hires []Hire) *Hire {
	best := &hires[0]
	for n := range hires {
		if compare(&hires[n], best) > 0 {
			best = &hires[n]
		}
	}
	return best
}

func compare(a, b *Hire) int {
	dated := func(h *Hire) int {
		if h.Start.IsZero() {
			return 1
		}
		return 0
	}
	return cmp.Or(
		cmp.Compare(weight(a.Status), weight(b.Status)),
		cmp.Compare(dated(a), dated(b)),
		a.Start.Compare(b.Start),
		cmp.Compare(len(a.ID), len(b.ID)), // numbers grow
		cmp.Compare(a.ID, b.ID),
	)
}

// weight orders statuses of applications. What is not understood counts more than
// what says that there is no hire: then nothing is decided.
func weight(s source.Status) int {
	switch s {
	case source.PreHire:
		return 3
	case source.Candidate:
		return 1
	case source.Terminated, source.Deleted:
		return 0
	default:
		return 2
	}
}

// Fill gives an identity what follows from its hires: status, first day, and the
// employments if there are several. The rest of the hire that counts is for the
// connector, whose mapping may say otherwise. It returns that hire.
//
// Handover is for how many days after the first day the word of the system counts. It
// is not told who has left since: from then on the status is Unknown, which decides
// nothing, until the system of record for employees knows the person.
func Fill(i *source.Identity, hires []Hire, today source.Date, handover int) *Hire {
	h := Choose(hires)
	i.Status, i.StatusRaw, i.StartDate = lapsed(h, today, handover), h.Raw, h.Start
	if len(hires) < 2 {
		return h
	}
	sorted := slices.Clone(hires)
	slices.SortFunc(sorted, func(a, b Hire) int { return -compare(&a, &b) })
	for n := range sorted {
		s := &sorted[n]
		i.Employments = append(i.Employments, source.Employment{
			ID: s.ID, Primary: s.ID == h.ID, Title: s.Title, Type: s.Type, Status: lapsed(s, today, handover),
			Start: s.Start, Department: s.Department, Location: s.Location,
		})
	}
	return h
}

func lapsed(h *Hire, today source.Date, handover int) source.Status {
	if h.Status == source.PreHire && !h.Start.IsZero() && today.After(h.Start.AddDays(handover)) {
		return source.Unknown
	}
	return h.Status
}

// Permitted reports whether a configuration may map a word of an application to a
// status: none that says that somebody works or has worked.
func Permitted(s source.Status) bool {
	return slices.Contains([]source.Status{
		source.Unknown, source.Candidate, source.PreHire, source.Terminated, source.Deleted,
	}, s)
}
