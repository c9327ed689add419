package main

import (
	"embed"
	"io"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
)

//go:embed export/*.csv
var exports embed.FS

// hrExport is the file of one morning.
func hrExport(day string) (*csvsource.Source, error) {
	return csvsource.New(csvsource.Config{
		Name: "hr-export",
		Open: func() (io.ReadCloser, error) { return exports.Open("export/" + day + ".csv") },
		TimeZones: map[string]string{
			"Berlin":    "Europe/Berlin",
			"Lisbon":    "Europe/Lisbon",
			"London":    "Europe/London",
			"New York":  "America/New_York",
			"Singapore": "Asia/Singapore",
		},
	})
}

// companyRules say who has an account in the product, and in which groups.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target:    "app",
			Account:   rules.Everyone,
			Lifecycle: rules.Lifecycle{PreHire: 7, EndSessions: true},
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly},
				{Set: "displayName", To: rules.Join(" ", rules.GivenName, rules.FamilyName)},
				{Set: "title", To: rules.JobTitle},
				{Set: "department", To: rules.Department},
				{Set: "manager", To: rules.Manager},
			},
		}},
		Grants: []rules.Grant{
			{ID: "staff", When: rules.Everyone, Give: []string{"app/group:staff"}},
			{ID: "engineering", When: rules.Department.In("Engineering", "Product"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{ID: "support", When: rules.Department.Is("Customer Success"), Give: []string{"app/group:support"}},
			{ID: "billing", When: rules.Department.Is("Finance"), Give: []string{"app/group:billing"}},
		},
	})
}
