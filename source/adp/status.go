package adp

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// meanings is how words become statuses and types.
type meanings struct {
	statuses map[string]source.Status
	types    map[string]source.EmploymentType
	// inactive and leavers say how "inactive" is understood: not at all if the
	// configuration says what it means, as left without further evidence, or by dates.
	inactive, leavers bool
	leaves            bool // see language
}

func newMeanings(cfg *Config) meanings {
	lang := vocabularies()[cfg.Product]
	usual := vocabulary.Of(lang.words)
	maps.Copy(usual, vocabulary.Of(plain()))
	types := terms.Employment()
	maps.Copy(types, usualTypes())
	m := meanings{
		statuses: vocabulary.With(usual, cfg.Status, vocabulary.Fold),
		types:    vocabulary.With(types, cfg.EmploymentType, vocabulary.Fold),
		leavers:  lang.inactive,
		leaves:   lang.leaves,
	}
	_, own := m.statuses[wordInactive]
	m.inactive = !own && cfg.Product != PayrollADP
	return m
}

// A verdict is what a code says about a status.
type verdict struct {
	status source.Status
	// Exactly one of them, unless status says something.
	inactive, unknown, silent bool
	clash                     bool // its code and its name contradict each other
}

// judge looks a code up by its value, and then by its names.
func (m *meanings) judge(c *code) verdict {
	var found *verdict
	stated := false
	for _, word := range [...]string{c.value, c.short, c.long} {
		folded := vocabulary.Fold(word)
		if folded == "" {
			continue
		}
		stated = true
		status, known := m.statuses[folded]
		inactive := folded == wordInactive && m.inactive
		switch {
		case !known && !inactive:
		case found == nil:
			found = &verdict{status: status, inactive: inactive}
		case found.status != status || found.inactive != inactive:
			return verdict{unknown: true, clash: true}
		}
	}
	switch {
	case found != nil:
		return *found
	case stated:
		return verdict{unknown: true}
	}
	return verdict{silent: true}
}

// status decides where somebody stands and returns what is wrong with what ADP says, if
// anything. The dates of i are set already; jobs are the verdicts on all assignments, and
// main is the place of the one that counts, -1 without any.
//
// workerStatus has the first word. An assignment adds what it does not know, a leave, and
// stands in for it where a product sends none.
func (r *reading) status(i *source.Identity, stated *code, jobs []verdict, main int) string {
	i.StatusRaw = stated.words()
	v := r.words.judge(stated)
	if v.silent && main >= 0 {
		return r.standIn(i, jobs, main)
	}
	switch {
	case v.silent:
		return "ADP does not say whether they are active"
	case v.clash:
		return fmt.Sprintf("%q contradicts itself; map it in Status", excerpt.Of(stated.words()))
	case v.unknown:
		return fmt.Sprintf("%q is no known status; set Product or map it in Status", excerpt.Of(stated.words()))
	case v.inactive:
		return r.away(i, main >= 0 && jobs[main].status == source.OnLeave)
	case v.status == source.Active && main >= 0 && jobs[main].status == source.OnLeave:
		i.Status = source.OnLeave
	case v.status == source.Active && r.words.leaves && (main < 0 || jobs[main].silent):
		return fmt.Sprintf("ADP says %q, and no status of an assignment, where a leave would be seen", excerpt.Of(stated.words()))
	case v.status == source.Active && len(jobs) > 0 && !slices.ContainsFunc(jobs, func(v verdict) bool { return !v.status.Ended() }):
		return fmt.Sprintf("ADP says %q, and that all assignments have ended: nothing is decided", excerpt.Of(stated.words()))
	case v.status.Ended():
		r.ended(i, v.status)
	default:
		i.Status = v.status
	}
	return ""
}

// standIn takes the status of the assignment that counts for that of the worker. That
// somebody has left it cannot say without a date.
func (r *reading) standIn(i *source.Identity, jobs []verdict, main int) string {
	i.StatusRaw = r.worker.jobs[main].status.words()
	switch v := jobs[main]; {
	case v.silent:
		return "ADP does not say whether they are active"
	case v.clash, v.unknown:
		return fmt.Sprintf("%q of an assignment is no known status; set Product or map it in Status", excerpt.Of(i.StatusRaw))
	case v.inactive || v.status.Ended():
		return r.away(i, false)
	default:
		i.Status = v.status
	}
	return ""
}

// slack is how many days the calendars of the world and of ADP's own runs are apart.
const slack = 2

// away tells why somebody is inactive.
func (r *reading) away(i *source.Identity, onLeave bool) string {
	switch {
	case onLeave:
		i.Status = source.OnLeave
	case i.HireDate.After(r.today.AddDays(-slack)):
		i.Status = source.PreHire
	case !i.End().IsZero() && !i.End().After(r.today), r.words.leavers:
		r.ended(i, source.Terminated)
	default:
		return "they are inactive, and without a last day in the past nobody can tell whether they left; map the word in Status"
	}
	return ""
}

// ended sets a status that says that the employment is over. Somebody who is hired again
// on a day to come is on the way, and somebody whose last day is today still works: the
// day ends it.
func (r *reading) ended(i *source.Identity, status source.Status) {
	end := i.TerminationDate
	switch {
	case status == source.Terminated && i.HireDate.After(r.today) && !end.IsZero() && end.Before(i.HireDate):
		i.Status = source.PreHire
	case status == source.Terminated && !end.IsZero() && end.Sub(r.today) >= -1 && end.Sub(r.today) <= 1 && i.End() == end:
		i.Status = source.Active
	default:
		i.Status = status
	}
}

// words returns what a code says, for people.
func (c *code) words() string {
	if c.value != "" && c.short != "" && !strings.EqualFold(c.value, c.short) {
		return c.value + " " + c.short
	}
	return cmp.Or(c.value, c.short, c.long)
}
