// Package rulestest is how rules are tested: in isolation, without a system, a
// network or a clock. It is for tests only, and links nothing that package rules
// does not.
//
// # From a rule file to a tested rule set
//
// Say that acme.yaml lies beside your code. The first test loads it, and fails with
// everything that is wrong with it, each part with its line and column:
//
//	func TestRules(t *testing.T) {
//		set := rulestest.Load(t, "base.yaml", "acme.yaml") // layers, as in rules.Build
//		rulestest.Golden(t, set, "testdata/*.yaml")
//		rulestest.NeedCoverage(t, set, 100)
//		rulestest.Lint(t, set, time.Time{})
//	}
//
// A set that is built in Go goes in by [Wrap] instead.
//
// # Cases in files
//
// [Golden] reads files of people and cases. They are made for administrators as
// much as for programmers:
//
//	as_of: 2026-11-23
//	people:
//	  kim:   {id: p-3, status: active, employment_type: contractor, department: Platform, end_date: 2026-11-20}
//	  nodep: {id: p-4, status: active, employment_type: full_time}
//	cases:
//	  - {person: kim, has: [app/group:developer], lost: 2026-11-20, want: [], keep: [app/group:developer], next: 2026-11-27}
//	  - {person: nodep, has: [app/group:developer], want: [app/group:chat], keep: [app/group:developer]}
//
// The second case is the most important one of any rule set: a department that is
// missing takes nothing from anybody. Begin a new case with its person alone, run
// go test with -rulestest.update (or -update, if the test defines such a flag), and
// read every line that it wrote: that is what your rules now promise. The format is described at [Golden].
//
// # Cases in Go
//
// What needs a story of several days reads better as one sentence:
//
//	set.Person("kim", rulestest.Contractor, rulestest.Department("Platform"), rulestest.Ends("2026-11-20")).
//		Holding("app/group:developer").
//		On("2026-11-21").Keeps("app/group:developer").Until("2026-11-28").Because("eng.code").
//		On("2026-11-28").Loses("app/group:developer")
//
// A check that fails says so at the line of the sentence, and prints the rules that
// decided, where they stand, and the comparisons with the values that they saw.
//
// # What nobody thought of
//
// [NeedCoverage] fails as long as some rule was never seen to apply, or never seen
// not to, by the cases above; [NeedUndecided] asks for a case in which what the rule
// looks at is missing.
//
// [Always] tries a sentence that must hold for everybody on a thousand generated
// people around every constant of the rules, and shows the simplest of those for
// whom it does not hold:
//
//	rulestest.Always(t, set, "leavers get nothing", func(p rulestest.Person, d rules.Decision) bool {
//		return !p.Status().Ended() || len(rulestest.Want(d)) == 0
//	})
//
// [Lint] fails for rules that can never apply, add nothing or contradict each other.
//
// [MissingTakesNothing] is such a sentence for every rule set: whatever single field
// the source forgets, nobody loses anything by it.
package rulestest
