package reconcile

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/provision-go/provision/target"
)

// A Name is a value of an attribute that is chosen once. Make it with [NameOf].
type Name struct {
	Attribute string `json:"attribute"`
	// Value is folded by target.Fold if the attribute folds case. Of one that is
	// Sensitive it is a hash.
	Value string `json:"value"`
}

// sealed begins the name of a sensitive value.
const sealed = "sha256:"

// NameOf makes the Name of a value.
func NameOf(spec target.AttributeSpec, value string) Name {
	if spec.CaseFold {
		value = target.Fold(value)
	}
	if spec.Sensitive {
		sum := sha256.Sum256([]byte(value))
		value = sealed + hex.EncodeToString(sum[:])
	}
	return Name{spec.Name, value}
}

// A Reservation says whose a name is.
type Reservation struct {
	Key target.Key
	// Gone is when the account was deleted; zero while it exists, or may exist
	// because nobody knows how a create ended. From then on the name is reserved for
	// the days of Owned.Unique.NeverReuse.
	Gone time.Time
}

// Bars reports whether the reservation keeps somebody with another key from
// getting a value of the attribute at an instant, under the rules in Owned.Unique:
// for how long is said by the rule of the slot that had it. Without such a rule it
// bars nobody once the account is gone.
func (r Reservation) Bars(key target.Key, attribute string, rules []target.Unique, at time.Time) bool {
	if r.Key == key || r.Key.IsZero() {
		return false
	}
	if r.Gone.IsZero() {
		return true
	}
	for _, u := range rules {
		if u.Slot == r.Key.Slot && u.Attribute == attribute && u.NeverReuse > 0 && r.Gone.Add(days(u.NeverReuse)).After(at) {
			return true
		}
	}
	return false
}
