package workday

import (
	"fmt"
	"maps"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// A flag is a boolean of Workday that may be missing.
type flag uint8

const (
	unstated flag = iota
	no
	yes
)

// flagOf reads an xsd:boolean, and the words of reports. known is false for anything
// else but nothing.
func flagOf(text string) (flag, bool) {
	switch vocabulary.Fold(text) {
	case "":
		return unstated, true
	case "1", "true", "yes", "y":
		return yes, true
	case "0", "false", "no", "n":
		return no, true
	}
	return unstated, false
}

// standing is what Workday says about where somebody stands: flags from Get_Workers
// and from reports that have them, or one word from other reports.
type standing struct {
	active, terminated, retired, onLeave, rescinded flag
	word                                            string
}

// The words that flags come to. They are the names of the elements.
const (
	wordActive     = "Active"
	wordInactive   = "Inactive"
	wordOnLeave    = "On_Leave"
	wordTerminated = "Terminated"
	wordRetired    = "Retired"
	wordRescinded  = "Hire_Rescinded"
)

// usualStatuses are the words that need no configuration: those that flags come to,
// and what reports commonly call the same. "Inactive" is not among them: it is said
// of people who have not started too.
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.PreHire:    "prehire futurehire futurestart pendinghire notstarted",
		source.Active:     "active employed",
		source.OnLeave:    "onleave leave loa leaveofabsence onleaveofabsence",
		source.Suspended:  "suspended gardenleave",
		source.Terminated: "terminated hirerescinded rescinded noshow contractended",
		source.Retired:    "retired",
		source.Deceased:   "deceased",
	})
}

// usualTypes are the worker types that tenants have beside the usual words. "Regular"
// leaves it to the time type.
func usualTypes() map[string]source.EmploymentType {
	all := terms.Employment()
	maps.Copy(all, vocabulary.Of(map[source.EmploymentType]string{
		source.Contractor: "contingentworker independentcontractor outsourced vendor agencyworker",
		source.Intern:     "internfixedterm",
		source.Temporary:  "temporaryfixedterm regularfixedterm",
		source.Seasonal:   "seasonalfixedterm",
		source.Apprentice: "apprenticefixedterm",
	}))
	return all
}

// meanings is how words become statuses and types.
type meanings struct {
	statuses map[string]source.Status
	types    map[string]source.EmploymentType
}

func newMeanings(v Vocabulary) meanings {
	return meanings{
		statuses: vocabulary.With(usualStatuses(), v.Status, vocabulary.Fold),
		types:    vocabulary.With(usualTypes(), v.EmploymentType, vocabulary.Fold),
	}
}

// decide sets i.Status and i.StatusRaw, and returns what is wrong with what Workday
// says, if anything. The dates of i are set already; today is the day that was read.
func (m *meanings) decide(i *source.Identity, st standing, today source.Date) string {
	word, fault := st.say(i, today)
	if i.StatusRaw = word; fault != "" {
		return fault
	}
	status, known := m.statuses[vocabulary.Fold(word)]
	switch {
	case word == "":
		return "Workday does not say whether they are active"
	case !known && vocabulary.Fold(word) == vocabulary.Fold(wordInactive):
		return away(i, today)
	case !known:
		return fmt.Sprintf("%q is no known status; map it in Status", excerpt.Of(word))
	case (status == source.Active || status == source.OnLeave) && i.Start().After(today):
		// Read as of their first day, people who will start are active already.
		i.Status = source.PreHire
	case status == source.Terminated && i.HireDate.After(today) && i.End().IsZero() && !i.TerminationDate.IsZero():
		// They left once and will be back.
		i.Status = source.PreHire
	default:
		i.Status = status
	}
	return ""
}

// say brings the flags to one word: the first that applies.
func (st *standing) say(i *source.Identity, today source.Date) (word, fault string) {
	over := ""
	switch {
	case st.word != "":
		return st.word, ""
	case st.rescinded == yes:
		over = wordRescinded
	case st.terminated == yes:
		over = wordTerminated
	case st.retired == yes:
		over = wordRetired
	}
	switch {
	case over != "" && st.active != yes:
		return over, ""
	case over != "" && over != wordRescinded && !i.End().IsZero() && !i.End().Before(today.AddDays(-1)):
		return wordActive, "" // to their last day
	case over != "":
		return over, fmt.Sprintf("Workday says both Active and %s: nothing is decided", over)
	case st.onLeave == yes && st.active != unstated:
		return wordOnLeave, "" // some kinds of leave make people inactive
	case st.active == yes:
		return wordActive, ""
	case st.active == no:
		return wordInactive, ""
	}
	return "", ""
}

// away tells why somebody is inactive without having been terminated.
func away(i *source.Identity, today source.Date) string {
	start, end := i.Start(), i.End()
	switch {
	// Workday's day begins in California, and people become active some time after it
	// has begun: a newcomer is no leaver on the way.
	case !start.IsZero() && start.After(today.AddDays(-2)):
		i.Status = source.PreHire
	case !end.IsZero() && end.Before(today):
		i.Status = source.Terminated
	default:
		return "they are inactive, and neither a first day to come nor a last day that is over says why; map Inactive in Status " +
			"if it means one thing here"
	}
	return ""
}

// employment reads the terms of somebody's work from the worker type and the time
// type.
func (m *meanings) employment(i *source.Identity, worker, hours string) string {
	i.EmploymentType = source.EmploymentUnknown
	i.EmploymentTypeRaw = strings.Trim(worker+", "+hours, ", ")
	kind, fault := m.terms(worker, hours)
	i.EmploymentType = kind
	if kind == source.EmploymentUnknown && fault == "" && i.Kind == source.KindContingent {
		i.EmploymentType = source.Contractor
	}
	return fault
}

func (m *meanings) terms(worker, hours string) (kind source.EmploymentType, fault string) {
	if kind, known := m.types[vocabulary.Fold(worker)]; known {
		return kind, ""
	}
	if kind, known := m.types[vocabulary.Fold(hours)]; known {
		return kind, ""
	}
	if strings.Trim(worker+hours, " ") == "" || hours == "" && vocabulary.Fold(worker) == "regular" {
		return source.EmploymentUnknown, ""
	}
	return source.EmploymentUnknown, fmt.Sprintf("%q is no known employment type; map it in EmploymentType",
		excerpt.Of(strings.Trim(worker+", "+hours, ", ")))
}
