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

// NameOf makes the Name of a value.
func NameOf(spec target.AttributeSpec, value string) Name {
	if spec.CaseFold {
		value = target.Fold(value)
	}
	if spec.Sensitive {
		sum := sha256.Sum256([]byte(value))
		value = "sha256:" + hex.EncodeToString(sum[:])
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

// reserved reports whether a name is somebody else's.
func (p *planner) reserved(n Name, key target.Key, asking target.Unique) bool {
	r, ok := p.in.History.Reserved[n]
	if !ok || r.Key == key {
		return false
	}
	if r.Gone.IsZero() {
		return true
	}
	keep := asking.NeverReuse
	for _, u := range p.in.Owned.Unique {
		if u.Slot == r.Key.Slot && u.Attribute == n.Attribute {
			keep = u.NeverReuse // the rule under which it was given
		}
	}
	return keep > 0 && r.Gone.Add(days(keep)).After(p.in.At)
}
