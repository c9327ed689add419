package rulestest_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
)

// A shown stands for the *testing.T of a test, and prints what that would report.
type shown struct{ testing.TB }

func (shown) Helper() {}

func (shown) Errorf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

func (shown) Fatalf(format string, args ...any) { fmt.Printf(format+"\n", args...) }

// A whole test: cases in files, what they have to try, and what holds for everybody.
func Example() {
	var t shown // in a test, its *testing.T
	set := rulestest.Load(t, "testdata/base.yaml", "testdata/acme.yaml")
	rulestest.Golden(t, set, "testdata/cases/*.yaml")
	rulestest.NeedCoverage(t, set, 100)
	rulestest.NeedUndecided(t, set)
	rulestest.MissingTakesNothing(t, set)
	rulestest.Always(t, set, "only finance approves invoices", func(p rulestest.Person, d rules.Decision) bool {
		approves := slices.Contains(rulestest.Want(d), "app/role:approval")
		return !approves || p.Text("department") == "Finance"
	})
	fmt.Println("no failure")

	// Output:
	// no failure
}

// A story of several days, of which the last is wrong: on the eighth day the time of
// grace is over.
func ExampleSet_Person() {
	var t shown // in a test, its *testing.T
	set := rulestest.Load(t, "testdata/base.yaml", "testdata/acme.yaml")
	set.Person("kim", rulestest.FullTime, rulestest.Department("Sales")).
		Holding("app/group:developer").
		On("2026-11-21").Keeps("app/group:developer").Until("2026-11-28").Because("eng.code").
		On("2026-11-28").Keeps("app/group:developer")

	// Output:
	// kim on 2026-11-28: app/group:developer should be kept without being granted
	//     app/group:developer: not granted
	//       rule eng.code: no at testdata/acme.yaml:5:9
	//         department in ["Engineering", "Platform"]: no (Sales)
}

// A sentence that does not hold, and the simplest person for whom it does not.
func ExampleAlways() {
	var t shown // in a test, its *testing.T
	set := rulestest.Load(t, "testdata/base.yaml", "testdata/acme.yaml")
	rulestest.Always(t, set, "badges are for people in work", func(p rulestest.Person, d rules.Decision) bool {
		return p.Text("status") == "active" || !slices.Contains(rulestest.Want(d), "app/badge:berlin")
	})

	// Output:
	// it is not so that badges are for people in work: see person 13 of People with seed 1, of whom this is enough
	//     as_of: 2026-07-15T12:00:00Z
	//     people:
	//       someone: {id: p-13, status: on_leave, custom.site: BER-x}
	//     cases:
	//       - {person: someone}
	//     and the rules say want: [app/badge:berlin]
	//     app/account: enabled
	//       rule account.app at testdata/base.yaml:8:3
	//     app/attribute userName: chosen at the create
	//       rule app.userName at testdata/base.yaml:14:7
	//     app/badge:berlin: granted
	//       rule acme.berlin at testdata/acme.yaml:13:10
	//         custom.site startsWith "BER-": yes (BER-x)
	//     app~admin/account: undecided
	//       rule account.app~admin: undecided, needs groups at testdata/base.yaml:9:3
	//         "admins" in groups: undecided (missing)
}

// A rule that takes something away because a field is missing.
func ExampleMissingTakesNothing() {
	var t shown // in a test, its *testing.T
	set, err := rules.Build(rules.Spec{
		Name: "acme", Fields: []rules.FieldSpec{{Name: "badge"}},
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "gate", When: rules.Not(rules.Custom("badge").Missing()), Give: []string{"app/group:gate"}},
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	rulestest.MissingTakesNothing(t, rulestest.Wrap(t, set))

	// Output:
	// a missing custom.badge takes app/group:gate away, by rule gate; a person for whom it does
	//     as_of: 2026-07-15T00:00:00Z
	//     people:
	//       someone: {id: p-9, status: active, custom.badge: another}
	//     cases:
	//       - {person: someone}
	//     before
	//     app/group:gate: granted
	//       rule gate
	//         missing(custom.badge): no (another)
	//     without custom.badge
	//     app/group:gate: not granted
	//       rule gate: no
	//         missing(custom.badge): yes (missing)
}

// Nobody has tried what becomes of somebody in another department.
func ExampleNeedCoverage() {
	var t shown // in a test, its *testing.T
	set, err := rules.Build(rules.Spec{
		Name:    "acme",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants:  []rules.Grant{{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	tested := rulestest.Wrap(t, set)
	tested.Person("ana", rulestest.Department("Sales")).On("2026-11-23").Gets("app/group:sales")
	rulestest.NeedCoverage(t, tested, 100)

	// Output:
	// the cases cover 50.0 % of the rules, and should 100 %; add a case for each of
	//     rule         yes  no  undecided  not seen       place
	//     grant sales  1    0   0          no, undecided
}
