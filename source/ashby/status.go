package ashby

import (
	"fmt"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/terms"
)

// usualStatuses are the words of an application's status.
func usualStatuses() map[string]source.Status {
	return vocabulary.Of(map[source.Status]string{
		source.PreHire:    "hired",
		source.Candidate:  "active lead",
		source.Terminated: "archived",
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

// withdrawn reports whether an offer was turned down by either side; accepted, whether
// it was accepted and is still good. An offer has a status and, older, a status of its
// acceptance: no has the last word.
func (o *offer) withdrawn() bool {
	switch vocabulary.Fold(o.status) {
	case "candidaterejected", "offercancelled":
		return true
	}
	switch vocabulary.Fold(o.acceptance) {
	case "declined", "cancelled":
		return true
	}
	return false
}

func (o *offer) accepted() bool {
	return o != nil && !o.withdrawn() &&
		(vocabulary.Fold(o.status) == "candidateaccepted" || vocabulary.Fold(o.acceptance) == "accepted")
}

// better reports whether an offer counts more than another one of the same
// application: one that was accepted, and of two the one that was decided later.
func (o *offer) better(other *offer) bool {
	if other == nil || o.accepted() != other.accepted() {
		return other == nil || o.accepted()
	}
	if o.decided != other.decided {
		return o.decided > other.decided
	}
	return o.id >= other.id
}

// counts reports whether an application has a say: whoever was hired, and whoever has
// accepted an offer.
func (r *reading) counts(a *application) bool {
	status, _ := r.words.status(a.status)
	return status == source.PreHire || status == source.Unknown || r.offers[a.id].accepted()
}
