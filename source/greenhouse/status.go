package greenhouse

import (
	"fmt"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// usualStatuses are the words of an application's status. "active" is what a filter
// calls in_process, and what it was called before version 3.
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.PreHire:    "hired",
		source.Candidate:  "inprocess active converted",
		source.Terminated: "rejected",
	})
}

// meanings is how words become statuses and types.
type meanings struct {
	statuses map[string]source.Status
	types    map[string]source.EmploymentType
}

func newMeanings(cfg *Config) meanings {
	return meanings{
		statuses: vocabulary.With(usualStatuses(), cfg.Status, vocabulary.Fold),
		types:    vocabulary.With(terms.Employment(), cfg.EmploymentType, vocabulary.Fold),
	}
}

// status returns what an application says, and what is wrong with it, if anything.
func (m *meanings) status(word string) (source.Status, string) {
	status, known := m.statuses[vocabulary.Fold(word)]
	switch {
	case word == "":
		return source.Unknown, "the application has no status, or it may not be seen"
	case !known:
		return source.Unknown, fmt.Sprintf("%q is no known status of an application; map it in Status", excerpt.Of(word))
	}
	return status, ""
}

// accepted reports whether an offer was accepted; stands, whether it is not known to
// have been turned down or replaced.
func accepted(o *offer) bool {
	return o != nil && (o.status == "Accepted" || vocabulary.Fold(o.status) == "accepted")
}

func (o *offer) stands() bool {
	word := vocabulary.Fold(o.status)
	return word == "accepted" || word == "created" || word == "unresolved"
}

// counts reports whether an application has a say: whoever was hired, and whoever has
// accepted an offer. That somebody was turned down, or is still looked at, is nothing
// that concerns accounts.
func (r *reading) counts(a *application) bool {
	status, _ := r.words.status(a.status)
	return status == source.PreHire || status == source.Unknown || accepted(r.offers[a.id])
}
