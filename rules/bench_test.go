package rules_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// fiftyRules is a rule set of a usual size: one target, five attributes and
// fifty grants over a dozen fields.
func fiftyRules(tb testing.TB) *rules.Set {
	spec := rules.Spec{Name: "bench", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.EmploymentType.IsNot(source.Contractor),
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "displayName", To: rules.First(rules.DisplayName, rules.FormattedName)},
			{Set: "title", To: rules.JobTitle},
			{Set: "department", To: rules.Department},
			{Set: "manager", To: rules.Manager},
		},
	}}}
	for i := range 50 {
		cond := rules.All(
			rules.Status.In(source.Active, source.OnLeave),
			rules.Department.In("Sales", "Support", fmt.Sprintf("Department %d", i%10)),
			rules.Any(rules.Country.Is("DE"), rules.City.StartsWith("Ber"), rules.StartDate.Plus(i).OnOrBefore(rules.AsOf)),
		)
		spec.Grants = append(spec.Grants, rules.Grant{
			ID: fmt.Sprintf("g%02d", i), When: cond, Give: []string{fmt.Sprintf("app/group:g%d", i)},
		})
	}
	set, err := rules.Build(spec)
	if err != nil {
		tb.Fatal(err)
	}
	return set
}

func benchPerson() rules.Person {
	return rules.Person{Identity: &source.Identity{
		ID: "E1042", Status: source.Active, EmploymentType: source.FullTime, DisplayName: "Ana Silva",
		WorkEmail: "ana.silva@acme.example", JobTitle: "Engineer", Department: source.Named("Department 3"),
		Location:  source.Location{Country: "PT", City: "Lisbon", Zone: time.FixedZone("WET", 0)},
		StartDate: source.Day(2024, 5, 1), Manager: source.Manager{ID: "E7"},
	}}
}

func BenchmarkDecide(b *testing.B) {
	set, p, at := fiftyRules(b), benchPerson(), time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	b.ReportAllocs()
	for b.Loop() {
		set.Decide(p, at)
	}
}
