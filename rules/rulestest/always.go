package rulestest

import (
	"os"
	"testing"

	"github.com/provision-go/provision/rules"
)

// seed is that of the people whom [Always] and [MissingTakesNothing] try.
const seed = 1

// population is how many people they try; with PROVISION_STORM=1 in the environment,
// fifty times as many.
func population() int {
	if os.Getenv("PROVISION_STORM") == "1" {
		return 50_000
	}
	return 1_000
}

// Always checks that something holds for everybody: for 1,000 people of [People]. The
// environment variable PROVISION_STORM=1 makes it 50,000. The name is the sentence
// that holds.
//
// The first for whom it does not hold is reduced to what matters: as long as it still
// does not hold, fields, roles that they have and approvals are left out, until every
// one of those that are left is needed. The failure shows that person as a golden
// case, with what the rules say and why.
func Always(t testing.TB, set *Set, name string, holds func(p Person, d rules.Decision) bool) {
	t.Helper()
	number := 0
	for p := range People(set.rules, seed, population()) {
		number++
		if holds(p, set.rules.Decide(p.Person, p.At)) {
			continue
		}
		p = shrink(p, func(p Person) bool { return !holds(p, set.rules.Decide(p.Person, p.At)) })
		d := decided{set.shared, p, set.rules.Decide(p.Person, p.At)}
		t.Errorf("it is not so that %s: see person %d of People with seed %d, of whom this is enough\n%s    %s\n%s",
			name, number, seed, indented(p.String()), summary(&d), d.all())
		return
	}
}
