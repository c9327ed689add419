package rulestest

import (
	"fmt"
	"strings"
	"testing"
	"text/tabwriter"

	"github.com/provision-go/provision/rules"
)

// NeedCoverage fails the test unless the cases that were shown to this set, by
// [Golden] and by [Case.On], reach so many percent: of the conditions, exceptions and
// separations of duties of the set, each seen to apply and not to apply. People that
// [Always] and [MissingTakesNothing] generate do not count: nobody looked at what
// came of them. The failure is a table of what is missing, and where it stands.
func NeedCoverage(t testing.TB, set *Set, percent float64) {
	t.Helper()
	set.mu.Lock()
	got := set.coverage.Percent()
	set.mu.Unlock()
	if got < percent {
		t.Errorf("the cases cover %.1f %% of the rules, and should %g %%; add a case for each of\n%s",
			got, percent, table(set.coverageLines(), func(c *rules.Covered) bool { return !c.Seen() }))
	}
}

// NeedUndecided fails the test unless the cases show every rule undecided that can
// be: what it looks at is missing. That is what people forget to test, and what goes
// wrong first when a source has a bad day.
func NeedUndecided(t testing.TB, set *Set) {
	t.Helper()
	missing := func(c *rules.Covered) bool { return c.Undecided == 0 && !c.NeverUndecided }
	if text := table(set.coverageLines(), missing); text != "" {
		t.Errorf("no case shows what becomes of somebody for whom these are undecided; leave out what they look at\n%s", text)
	}
}

// table writes the lines that are wanted, and what they were never seen to be; "" if
// there is none.
func table(all []rules.Covered, wanted func(*rules.Covered) bool) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	n := 0
	fmt.Fprintln(w, "rule\tyes\tno\tundecided\tnot seen\tplace")
	for i := range all {
		c := &all[i]
		if !wanted(c) {
			continue
		}
		n++
		name := string(c.Kind) + " " + c.Rule
		if c.Number > 0 {
			name += fmt.Sprintf("[%d]", c.Number)
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%s\t%s\n", name, c.Yes, c.No, c.Undecided, unseen(c), c.Pos)
	}
	if n == 0 {
		return ""
	}
	_ = w.Flush() // a Builder takes everything
	lines := strings.Split(strings.TrimSpace(b.String()), "\n")
	for i := range lines {
		lines[i] = "    " + strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}

// unseen says what a line was never seen to be.
func unseen(c *rules.Covered) string {
	var out []string
	if c.Yes == 0 {
		out = append(out, "yes")
	}
	if c.No == 0 && !c.Always {
		out = append(out, "no")
	}
	if c.Undecided == 0 && !c.NeverUndecided {
		out = append(out, "undecided")
	}
	return strings.Join(out, ", ")
}
