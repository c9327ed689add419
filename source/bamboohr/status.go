package bamboohr

import (
	"fmt"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// usualStatuses are the words that need no configuration: the two of BambooHR's own
// status, and what companies commonly have in their list of employment statuses.
// "Terminated" is in every list and cannot be renamed
// (https://www.bamboohr.com/api/documentation/tables.php).
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.PreHire: "prehire pendingstart futurehire futurestart preboarding",
		source.Active:  "active",
		source.OnLeave: "onleave leave loa leaveofabsence parentalleave maternityleave paternityleave medicalleave " +
			"sickleave unpaidleave sabbatical furlough furloughed",
		source.Suspended:  "suspended gardenleave",
		source.Terminated: "terminated",
		source.Retired:    "retired",
		source.Deceased:   "deceased",
	})
}

// meanings is how words become statuses and types.
type meanings struct {
	statuses map[string]source.Status
	types    map[string]source.EmploymentType
	// inactive is set if the configuration says itself what Inactive means.
	inactive bool
}

func newMeanings(cfg *Config) meanings {
	v := meanings{
		statuses: vocabulary.With(usualStatuses(), cfg.Status, vocabulary.Fold),
		types:    vocabulary.With(terms.Employment(), cfg.EmploymentType, vocabulary.Fold),
	}
	_, v.inactive = v.statuses["inactive"]
	return v
}

// status decides where somebody stands. BambooHR's own status knows two words, and
// Inactive is said of people who left and of people who have not started; the
// employment status, the company's own word, often knows more.
//
// It sets i.Status and returns what is wrong with what BambooHR says, if anything.
// The dates and the employment type of i are set already.
func (v *meanings) status(i *source.Identity, status, employment string, today source.Date) (field, fault string) {
	i.StatusRaw = status
	word := vocabulary.Fold(status)
	if word == "" {
		return "status", "BambooHR does not say whether they are active"
	}
	own, known := source.Unknown, false
	if employment != "" {
		if own, known = v.statuses[vocabulary.Fold(employment)]; known {
			i.StatusRaw = status + ", " + employment
		}
	}
	stated, understood := v.statuses[word]
	switch {
	case word == "inactive" && !v.inactive:
		return v.away(i, own, known, today)
	case !understood:
		return "status", fmt.Sprintf("%q is no known status; map it in Status", excerpt.Of(status))
	case known && own.Ended() && stated == source.Active && !i.TerminationDate.IsZero() && !i.TerminationDate.Before(today.AddDays(-1)):
		// Their last day: the employment status has changed when it begins, and the
		// status changes when it ends, "at 11:59 p.m. company timezone"
		// (https://bamboohr.screenstepslive.com/m/53914/l/587308-end-employment).
		i.Status = stated
	case known && own.Ended() && !stated.Ended():
		return "status", fmt.Sprintf("BambooHR says %q, and the employment status %q: nothing is decided", excerpt.Of(status), excerpt.Of(employment))
	case known && stated == source.Active:
		i.Status = own
	default:
		i.Status = stated
	}
	return "", ""
}

// away tells why somebody is inactive.
func (v *meanings) away(i *source.Identity, own source.Status, known bool, today source.Date) (field, fault string) {
	switch {
	case known && own != source.Active:
		i.Status = own
	case !i.HireDate.IsZero() && i.HireDate.After(today.AddDays(-2)):
		// Two days, because the day begins later in the west, and BambooHR changes the
		// status some time after it has begun: a newcomer is no leaver on the way.
		i.Status = source.PreHire
	case !i.HireDate.IsZero(), !i.TerminationDate.IsZero():
		i.Status = source.Terminated
	default:
		return "status", "they are inactive, and without a first day, a last day or an employment status nobody can tell " +
			"whether they left or have not started"
	}
	return "", ""
}
