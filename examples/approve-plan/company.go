package main

import (
	"bytes"
	_ "embed"
	"io"
	"os"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
)

//go:embed people.csv
var people []byte

// newEngine sets up the same engine in every process: the accounts and the
// journal in dir are all that they share.
func newEngine(dir *os.Root, journal provision.Journal) (*provision.Engine, error) {
	hr, err := csvsource.New(csvsource.Config{
		Name: "hr-export",
		Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(people)), nil },
	})
	if err != nil {
		return nil, err
	}
	set, err := companyRules()
	if err != nil {
		return nil, err
	}
	app, err := openFileTarget("app", dir)
	if err != nil {
		return nil, err
	}
	return provision.New(provision.Config{
		Source: hr, Targets: []target.Target{app}, Rules: set, Journal: journal,
	})
}

// companyRules give everybody an account, and some a role that the security lead
// has to agree to.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{{
			Target:  "app",
			Account: rules.Everyone,
			Attributes: []rules.Attribute{
				{Set: "userName", To: rules.Lower(rules.WorkEmail), Apply: target.CreateOnly},
				{Set: "displayName", To: rules.Join(" ", rules.GivenName, rules.FamilyName)},
				{Set: "title", To: rules.JobTitle},
			},
		}},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales"}},
			{
				ID:       "production",
				When:     rules.JobTitle.Is("Site Reliability Engineer"),
				Give:     []string{"app/role:production-admin"},
				Approval: rules.Approval{By: securityLead},
			},
		},
	})
}

// securityLead is who approves, in the words of the rules.
const securityLead = "the security lead"
