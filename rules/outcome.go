package rules

import (
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/target"
)

// isGranted is the rank of what is granted without a condition.
const isGranted = 4

// roleOutcome is what a decision says of an entitlement, as explanations have it, and
// a rank by how much that is.
func roleOutcome(d *target.Desired, e target.Entitlement) (text string, rank int) {
	if slices.Contains(d.Entitlements, e) {
		return "granted", isGranted
	}
	for _, k := range keeps(d) {
		if k.Entitlement == e {
			return "kept until " + k.Until.UTC().Format(time.RFC3339), 3
		}
	}
	if slices.Contains(d.Undecided, e) {
		return "undecided", 2
	}
	var by []string
	for _, a := range d.Ask {
		if a.Entitlement == e {
			by = append(by, a.By)
		}
	}
	if len(by) > 0 {
		return "to be approved by " + strings.Join(by, " and "), 1
	}
	return notGranted, 0
}
