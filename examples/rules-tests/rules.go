package main

import (
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// companyRules is what the tests are about. Everybody works in the app, and only
// people on the payroll get a wiki account.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{
			{
				Target:    "app",
				Account:   rules.Everyone,
				Lifecycle: rules.Lifecycle{PreHire: 7, DeleteAfter: 30, EndSessions: true},
				Attributes: []rules.Attribute{
					{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly},
					{Set: "title", To: rules.JobTitle},
				},
			},
			{
				Target:  "wiki",
				Account: rules.EmploymentType.NotIn(source.Contractor, source.Freelance),
				Attributes: []rules.Attribute{
					{Set: "userName", To: rules.Lower(rules.WorkEmail)},
				},
			},
		},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{
				ID: "production",
				When: rules.All(
					rules.Department.Is("Engineering"),
					rules.EmploymentType.NotIn(source.Contractor, source.Freelance),
				),
				Give:     []string{"app/role:production"},
				Approval: rules.Approval{By: "the security lead"},
			},
		},
	})
}
