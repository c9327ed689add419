package rules

import (
	"time"

	"github.com/provision-go/provision/target"
)

// An Explanation is why something is, or is not, wanted.
type Explanation struct {
	Key     target.Key
	Subject string // "account", "attribute title", "group:engineering"
	Outcome string // "enabled", "none", "undecided", the value, "granted", "not granted"
	Causes  []Cause
}

// Why explains everything about one person on one target: the account, the life
// cycle, each attribute and each entitlement, also those that are not given.
func (s *Set) Why(p Person, at time.Time, name string) []Explanation { return nil }
