package rulestest

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
)

// Lint fails for everything that rules.Set.Lint finds at an instant, except for the
// codes that are allowed: a separation of duties, for instance, may be there just
// because two grants can meet. The zero instant leaves out what depends on the day,
// such as exceptions that are over.
//
// It is a check of its own and no part of [Load], so that a layer which only makes
// sense together with others can be tested alone.
func Lint(t testing.TB, set *Set, at time.Time, allowed ...rules.LintCode) {
	t.Helper()
	var found []string
	for _, f := range set.rules.Lint(rules.LintOptions{At: at}) {
		if !slices.Contains(allowed, f.Code) {
			found = append(found, fmt.Sprintf("%s (%s)", f, f.Code))
		}
	}
	if len(found) > 0 {
		t.Errorf("lint finds what is most likely not meant:\n%s", strings.Join(found, "\n"))
	}
}
