package rules_test

import (
	"fmt"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// acme is what a team keeps in its own code and tests without any system.
func acme() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target:    "app",
			Account:   rules.EmploymentType.IsNot(source.Contractor),
			Lifecycle: rules.Lifecycle{PreHire: 14, DeleteAfter: 90, EndSessions: true},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly, IfMissing: rules.Block},
				{Set: "displayName", To: rules.Join(" ", rules.First(rules.PreferredName, rules.GivenName), rules.FamilyName)},
				{Set: "title", To: rules.JobTitle},
			},
		}},
		Grants: []rules.Grant{{
			ID:   "engineering",
			When: rules.All(rules.Department.Is("Engineering"), rules.Status.In(source.Active, source.OnLeave)),
			Give: []string{"app/group:engineering"},
		}},
	})
}

func ana() *source.Identity {
	return &source.Identity{
		ID: "E1042", Status: source.Active, EmploymentType: source.FullTime,
		Name: source.Name{Given: "Ana", Family: "Silva"}, WorkEmail: "ana.silva@acme.example",
		JobTitle: "Engineer", Department: source.Named("Engineering"), StartDate: source.Day(2026, time.March, 2),
	}
}

func Example() {
	set, err := acme()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, day := range []int{1, 2} {
		at := time.Date(2026, time.March, day, 12, 0, 0, 0, time.UTC)
		d := set.Decide(rules.Person{Identity: ana()}, at).Accounts[0].Desired
		fmt.Println(d.Phase, d.State, d.Label, d.Entitlements)
		if !d.Next.At.IsZero() {
			fmt.Println("  from", d.Next.At.Format(time.DateOnly), d.Next.State)
		}
	}

	// Output:
	// prehire disabled ana.silva@acme.example [group:engineering]
	//   from 2026-03-02 enabled
	// active enabled ana.silva@acme.example [group:engineering]
}

// What is missing decides nothing: the department of somebody with access is
// lost in the source, and they keep it.
func ExampleSet_Decide_missing() {
	set, err := acme()
	if err != nil {
		fmt.Println(err)
		return
	}
	person := ana()
	person.Department = source.Ref{}
	at := time.Date(2026, time.March, 9, 12, 0, 0, 0, time.UTC)
	d := set.Decide(rules.Person{Identity: person}, at).Accounts[0].Desired
	fmt.Println("wanted:", d.Entitlements)
	fmt.Println("neither granted nor revoked:", d.Undecided)
	fmt.Println("missing:", d.Missing)

	// Output:
	// wanted: []
	// neither granted nor revoked: [group:engineering]
	// missing: [department]
}

func ExampleSet_Because() {
	set, err := acme()
	if err != nil {
		fmt.Println(err)
		return
	}
	person := ana()
	person.LastDay = source.Day(2026, time.June, 30)
	at := time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)
	fmt.Println(set.Because(rules.Person{Identity: person}, at, "app", "", rules.SubjectAccount))

	// Output:
	// [last day 2026-06-30 (rule lifecycle.app)]
}

func ExampleBuild_problems() {
	_, err := rules.Build(rules.Spec{
		Name:    "acme",
		Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Custom("badg").Is("blue"), Give: []string{"ap/group:engineering"}},
			{ID: "sales", Give: []string{"app/group:sales"}},
		},
		Fields: []rules.FieldSpec{{Name: "badge"}},
	})
	fmt.Println(err)

	// Output:
	// rules: grant engineering: custom field "badg" is not declared under fields (did you mean "badge"?)
	// rules: grant engineering: "ap/group:engineering": there is no target "ap" (did you mean "app"?)
	// rules: grant sales: a condition is empty; to mean everybody write rules.Everyone
}

func ExampleCond_String() {
	fmt.Println(rules.All(
		rules.Department.In("Engineering", "Platform"),
		rules.Any(rules.EndDate.Missing(), rules.EndDate.OnOrAfter(rules.AsOf.Plus(14))),
		rules.Not(rules.Groups.Has("external")),
	))

	// Output:
	// department in ["Engineering", "Platform"] and (missing(end) or end >= as_of + 14d) and not ("external" in groups)
}

// A rule set can be valid and still not do what somebody meant.
func ExampleSet_Lint() {
	set, err := rules.Build(rules.File("acme.yaml", []byte(`
rules: v1
name: acme
fields: {level: int}
account:
  app: employment_type != "contractor"
grants:
  - {id: sales, when: 'department == "Sales"', give: app/group:sales}
  - {id: sales.senior, when: 'department == "Sales" and level >= 5', give: app/group:sales}
  - {id: externals, when: 'employment_type == "contractor"', give: app/group:external}
pick:
  - id: licence
    choices:
      - {give: 'app/licence:pro', when: level >= 5, rank: 1}
      - {give: 'app/licence:basic', when: 'department == "Sales"', rank: 1}
`)))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range set.Lint(rules.LintOptions{}) {
		fmt.Println(f)
	}

	// Output:
	// acme.yaml:9:10: grant sales.senior: adds nothing: grant sales (acme.yaml:8:10) gives the same to everybody whom it matches. Remove it, or make the other one narrower
	// acme.yaml:10:10: grant externals: never matches: nobody who meets the condition has an account on app. Correct the condition, or remove the grant
	// acme.yaml:12:9: pick licence, choice 2: can match together with choice 1, for example department = Sales, employment_type = full_time, level = 5; nothing is then given or taken. Give one of them a higher rank, or make it narrower
}
