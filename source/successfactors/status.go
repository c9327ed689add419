package successfactors

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// usualStatuses are the external codes of the picklist of employee statuses (SAP note
// 2505526). Dormant is what the employment at home is during a global assignment.
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.Active:     "a",
		source.OnLeave:    "u p f", // unpaid and paid leave, furlough
		source.Suspended:  "s d",   // suspended, dormant
		source.Terminated: "t o",   // terminated, discarded
		source.Retired:    "r",
	})
}

// discarded is an employment that was entered and did not come about.
const discarded = "o"

// meanings is how codes become statuses and types.
type meanings struct {
	statuses map[string]source.Status
	types    map[string]source.EmploymentType
}

func newMeanings(cfg *Config) meanings {
	return meanings{
		statuses: vocabulary.With(usualStatuses(), cfg.Status, foldCode),
		types:    vocabulary.With(terms.Employment(), cfg.EmploymentType, vocabulary.Fold),
	}
}

// foldCode makes codes comparable. They may have punctuation that matters.
func foldCode(code string) string { return strings.ToLower(strings.TrimSpace(code)) }

// code returns what a status says: by the code of its picklist, by what stands beside
// it where there is no such code.
func (m *meanings) code(j *jobInfo) (status source.Status, raw string, known bool) {
	raw = j.code
	if raw == "" {
		raw = j.raw
	}
	status, known = m.statuses[foldCode(raw)]
	return status, raw, known
}

// status decides where somebody stands in one employment. j is nil if no job is in
// force. The dates of i are set already. It returns what is wrong with what
// SuccessFactors says, if anything.
func (m *meanings) status(i *source.Identity, e *employment, j *jobInfo, today source.Date) string {
	ahead := i.Start().After(today)
	if j == nil {
		return jobless(i, e, today)
	}
	status, raw, known := m.code(j)
	i.StatusRaw = raw
	end := i.End()
	switch {
	case raw == "":
		return "SuccessFactors does not say which status the employment has, or the API user may not see it"
	case !known:
		return fmt.Sprintf("%q is no known employee status; map it in Status", excerpt.Of(raw))
	case foldCode(raw) == discarded:
		i.Status = status
	case ahead && !status.Ended():
		i.Status = source.PreHire
	case status.Ended() && !end.IsZero() && end.After(today.AddDays(1)):
		return fmt.Sprintf("the status is %q, and the last day %s is to come: nothing is decided", excerpt.Of(raw), end)
	case status.Ended() && !end.IsZero() && !end.Before(today):
		// Their last day: it is over earlier where SuccessFactors counts the days.
		i.Status = source.Active
	case !status.Ended() && !end.IsZero() && end.Before(today.AddDays(-1)):
		return fmt.Sprintf("the status is %q, and the last day %s is over: nothing is decided", excerpt.Of(raw), end)
	default:
		i.Status = status
	}
	return ""
}

// jobless decides about an employment without a job that is in force.
func jobless(i *source.Identity, e *employment, today source.Date) string {
	end := i.End()
	i.StatusRaw = "no job"
	if e.userStatus != "" {
		i.StatusRaw += ", user " + e.userStatus
	}
	switch {
	case !e.hasJobs:
		return "the jobs of the employment are not in the answer, or the API user may not see them"
	case i.Start().After(today):
		i.Status = source.PreHire
	case !end.IsZero() && end.Before(today):
		i.Status = source.Terminated
	case i.Start().IsZero() && strings.EqualFold(e.userStatus, "e"):
		i.Status = source.PreHire // in onboarding, without a first day
	default:
		return "no job is in force, and neither a first day to come nor a last day that is over says why"
	}
	return ""
}
