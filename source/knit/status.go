package knit

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// usualStatuses are the words of Knit's employment status that mean something. The
// third, NOT_SPECIFIED, says that Knit does not know.
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.Active:     "active",
		source.Terminated: "inactive",
	})
}

// unspecified is how Knit says that it has no word for what the application has.
const unspecified = "notspecified"

// meanings is how words become statuses and types.
type meanings struct {
	statuses, raw map[string]source.Status
	types         map[string]source.EmploymentType
	inactive      bool // the configuration says what INACTIVE means
}

func newMeanings(cfg *Config) meanings {
	m := meanings{
		statuses: vocabulary.With(usualStatuses(), cfg.Status, vocabulary.Fold),
		raw:      vocabulary.With(nil, cfg.RawStatus, vocabulary.Fold),
		types:    vocabulary.With(terms.Employment(), cfg.EmploymentType, vocabulary.Fold),
	}
	_, m.inactive = vocabulary.With(nil, cfg.Status, vocabulary.Fold)["inactive"]
	return m
}

// status decides where somebody stands by the word of Knit and the one behind it. It
// sets i.Status and i.StatusRaw and returns what is wrong with the words, if anything.
// The dates of i are set already.
func (m *meanings) status(i *source.Identity, word, raw string, today source.Date) string {
	i.StatusRaw = strings.Trim(word+", "+raw, ", ")
	own, known := m.raw[vocabulary.Fold(raw)]
	stated, understood := m.statuses[vocabulary.Fold(word)]
	switch {
	case raw != "" && known:
		i.Status = own
	case word == "":
		return "Knit does not say where they stand"
	case !understood && vocabulary.Fold(word) == unspecified:
		return fmt.Sprintf("Knit has no word for their status, which is %q; map that in RawStatus", excerpt.Of(raw))
	case !understood:
		return fmt.Sprintf("%q is no known status; map it in Status", excerpt.Of(word))
	case stated == source.Terminated && !m.inactive && i.Start().After(today.AddDays(-2)) && !i.Start().IsZero():
		// Knit has one word for those who left and those who have not started. Two days,
		// because the day begins later in the west.
		i.Status = source.PreHire
	default:
		i.Status = stated
	}
	return ""
}
