package rulestest

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The flag is not called -update: this package is initialised before the tests that
// import it, so it cannot know whether they define a flag of that name, as many do,
// and a flag that is defined twice stops the whole test binary.
//
//nolint:gochecknoglobals // a flag has to be there before the flags are read
var updateFlag = flag.Bool("rulestest.update", false, "write what the rules say into the golden cases of rulestest")

// updating reports whether expectations are to be written. An -update flag of the
// tests themselves means the same.
func updating() bool {
	if *updateFlag {
		return true
	}
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// Golden checks the cases in every file that matches the pattern, as of
// filepath.Match. Without any such file the test fails.
//
//	as_of: 2026-11-23        # the noon of a day, or an instant as RFC 3339
//	zone: Europe/Berlin      # whose noon; UTC without it
//	people:
//	  kim: {id: p-3, status: active, department: Platform, end_date: 2026-11-20, level: 3, groups: [a, b]}
//	cases:
//	  - {person: kim, has: [app/group:developer], lost: 2026-11-20, want: [], keep: [app/group:developer]}
//
// A person has any field of an identity by its name in rule files, and custom fields
// that the rules look at, with or without "custom." before them; end_date is last_day.
// Without an id they are called by their name. What is not there is missing, the
// status too; a list that is known to be empty is [].
//
// The situation of a case:
//
//	person     who it is about
//	on         another day or instant than as_of
//	has        what they have; without it nobody knows
//	lost       since when no rule gives any more what they have; without it, since now
//	approved   rules that were approved for them, denied those that were refused
//
// What it expects; only what is stated is checked:
//
//	want       everything that is granted, over all accounts
//	keep       everything that they have and keep without being granted it: see [Keep]
//	ask        everything that somebody has to approve first
//	undecided  everything that is neither granted nor revoked
//	account    states of accounts: {app: enabled, app~admin: none}
//	attributes what is wanted in attributes: {app: {title: Engineer, groups: [a, b]}};
//	           of a name that is chosen at the create, the first to be tried
//	missing    the fields without which something stays undecided
//	notes      the codes of what somebody should look at
//	next       when time alone alters anything: a day where the person works, an
//	           instant, or never
//
// With the flag -rulestest.update, or an -update flag that the tests define
// themselves, what is stated and does not hold is written anew in its place; the rest
// of the file, with its comments, stays as it is. A case that states nothing gets what
// the rules say about access.
func Golden(t testing.TB, set *Set, pattern string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatalf("golden cases %q: %v", pattern, err)
	}
	if len(files) == 0 {
		t.Fatalf("golden cases: no file matches %q", pattern)
	}
	slices.Sort(files)
	failed := false
	for _, name := range files {
		failed = golden(t, set, name) || failed
	}
	if failed {
		t.Logf("if this is what the rules should do, run the test with -rulestest.update and read what it wrote")
	}
}

// golden checks one file, and reports whether a case failed.
func golden(t testing.TB, set *Set, name string) bool {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatalf("golden cases: %v", err)
	}
	file, problems := readCases(set.shared, name, data)
	if len(problems) > 0 {
		t.Errorf("%s", strings.Join(problems, "\n"))
		return false
	}
	if updating() {
		update(t, set, name, data, file)
		return false
	}
	failed := false
	for i := range file.cases {
		c := &file.cases[i]
		now := set.decide(c.who)
		if len(c.stated) == 0 {
			t.Errorf("%s: the case of %s expects nothing: state what it wants, or run the test with -rulestest.update", c.pos, c.name)
			failed = true
		}
		for _, e := range c.stated {
			if text := e.differs(&now); text != "" {
				t.Errorf("%s: %s on %s: %s", e.pos, c.name, dayText(c.who.At, file.zone), text)
				failed = true
			}
		}
	}
	return failed
}
