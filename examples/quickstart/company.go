package main

import (
	"embed"
	"io"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
)

//go:embed export/*.csv
var exports embed.FS

// hrExport is the file that the HR system leaves every morning. Its headings
// are recognised by themselves; it states no time zones, so we do.
func hrExport(today func() string) (*csvsource.Source, error) {
	return csvsource.New(csvsource.Config{
		Name: "hr-export",
		Open: func() (io.ReadCloser, error) { return exports.Open("export/" + today() + ".csv") },
		TimeZones: map[string]string{
			"Berlin":    "Europe/Berlin",
			"Lisbon":    "Europe/Lisbon",
			"London":    "Europe/London",
			"New York":  "America/New_York",
			"Singapore": "Asia/Singapore",
		},
	})
}

// companyRules say who has an account in the app, and what they may do there.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target:  "app",
			Account: rules.Everyone,
			Lifecycle: rules.Lifecycle{
				PreHire:     14,
				Leave:       rules.DisableOnLeave,
				DeleteAfter: 90,
				EndSessions: true,
				Handover:    true,
			},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly},
				{Set: "displayName", To: rules.Join(" ", rules.First(rules.PreferredName, rules.GivenName), rules.FamilyName)},
				{Set: "title", To: rules.JobTitle},
				{Set: "department", To: rules.Department},
				{Set: "manager", To: rules.Manager},
				{Set: "recoveryEmail", To: rules.PersonalEmail},
			},
		}},
		Grants: []rules.Grant{
			{ID: "staff", When: rules.Everyone, Give: []string{"app/group:staff"}},
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{
				ID:   "deploy",
				When: rules.All(rules.Department.Is("Engineering"), rules.EmploymentType.In(source.FullTime, source.PartTime)),
				Give: []string{"app/role:deployer"},
			},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales", "app/licence:crm"}},
			{ID: "support", When: rules.Department.Is("Customer Success"), Give: []string{"app/group:support", "app/licence:desk"}},
			{ID: "finance", When: rules.Department.Is("Finance"), Give: []string{"app/group:finance"}},
			{ID: "payments", When: rules.JobTitle.Is("Treasurer"), Give: []string{"app/role:payment-approver"}, Approval: rules.Approval{By: "the CFO"}},
		},
	})
}
