package successfactors

import (
	"time"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/values"
)

// A found value stands in a property that is mapped.
type found struct {
	values.Value
	fill
}

// A record is an entity, with what is mapped of it.
type record struct {
	values []found
	stated uint32 // heavy mappings whose property is there, by bit
}

// A slice is a record that is in force from a day to a day.
type slice struct {
	record
	start, end source.Date // zero for always
	seq        int         // of those that begin on one day, the last one counts
}

// A jobInfo is what an employment is at a time.
type jobInfo struct {
	slice
	code, raw string // of the status, by its picklist and without
	stated    bool   // there is a status, be it null
}

type employment struct {
	record
	userID, class string
	user          record
	userStatus    string
	hasUser       bool
	jobs          []jobInfo
	hasJobs       bool // there is a list of jobs, be it empty
}

type email struct {
	address, kind, code string
	primary             bool
}

type person struct {
	record
	id, uuid       string
	modified       time.Time
	personal       []slice
	emails         []email
	employments    []employment
	hasEmployments bool
}

// more makes place for one more, and has what was there before overwritten: pages have
// the same people in other words, and places are used again from page to page.
func more[T any, P interface {
	*T
	reset()
}](all []T) []T {
	if len(all) < cap(all) {
		all = all[:len(all)+1]
	} else {
		var fresh T
		all = append(all, fresh)
	}
	P(&all[len(all)-1]).reset()
	return all
}

func (r *record) reset() { *r = record{values: r.values[:0]} }

func (s *slice) reset() {
	s.record.reset()
	*s = slice{record: s.record}
}

func (j *jobInfo) reset() {
	j.slice.reset()
	*j = jobInfo{slice: j.slice}
}

func (e *email) reset() { *e = email{} }

func (e *employment) reset() {
	e.record.reset()
	e.user.reset()
	*e = employment{record: e.record, user: e.user, jobs: e.jobs[:0]}
}

func (p *person) reset() {
	p.record.reset()
	*p = person{record: p.record, personal: p.personal[:0], emails: p.emails[:0], employments: p.employments[:0]}
}

// inForce returns which of the slices counts on a day: the one that is in force, else
// the next one, else the last one; -1 of none.
func inForce[T any](all []T, of func(*T) *slice, today source.Date) int {
	best := -1
	for n := range all {
		if best < 0 || of(&all[n]).counts(of(&all[best]), today) {
			best = n
		}
	}
	return best
}

// counts reports whether a slice counts rather than another one.
func (s *slice) counts(other *slice, today source.Date) bool {
	a, b := s.rank(today), other.rank(today)
	switch {
	case a != b:
		return a < b
	case s.start == other.start:
		return s.seq > other.seq
	case a == ahead:
		return s.start.Before(other.start)
	}
	return s.start.After(other.start)
}

const (
	present = iota
	ahead
	past
)

func (s *slice) rank(today source.Date) int {
	switch {
	case s.start.After(today):
		return ahead
	case !s.end.IsZero() && s.end.Before(today):
		return past
	}
	return present
}

func ofJob(j *jobInfo) *slice { return &j.slice }
func ofSlice(s *slice) *slice { return s }
