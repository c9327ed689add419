package main

import (
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// company is everything that the pushes meet.
type company struct {
	people   *memsource.Source
	app, crm *memtarget.Target
	engine   *provision.Engine
	receiver *receiver
}

func newCompany(clock func() time.Time) (*company, error) {
	set, err := companyRules()
	if err != nil {
		return nil, err
	}
	c := &company{
		people: memsource.New("directory", staff()...),
		app:    memtarget.New("app", nil),
		crm:    memtarget.New("crm", nil),
	}
	c.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "engineering"}, target.Entitlement{Kind: "group", Name: "sales"})
	c.crm.AddEntitlements(target.Entitlement{Kind: "licence", Name: "seat"})
	c.engine, err = provision.New(provision.Config{
		Source:  c.people,
		Targets: []target.Target{c.app, c.crm},
		Rules:   set,
		// Seats cost money: whoever leaves sales loses theirs without anybody's word.
		Policies: map[string]reconcile.Policy{"crm": {Unqualified: reconcile.DoIt}},
		Clock:    clock,
	})
	if err != nil {
		return nil, err
	}
	c.receiver = &receiver{people: c.people, engine: c.engine, version: map[string]int{}}
	return c, nil
}

// companyRules give everybody an account in the app, and sales one in the CRM.
func companyRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "acme",
		Targets: []rules.TargetSpec{
			{
				Target:  "app",
				Account: rules.Everyone,
				Attributes: []rules.Attribute{
					{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
					{Set: "displayName", To: rules.Join(" ", rules.GivenName, rules.FamilyName)},
					{Set: "title", To: rules.JobTitle},
				},
			},
			{
				Target:    "crm",
				Account:   rules.Department.Is("Sales"),
				Lifecycle: rules.Lifecycle{EndSessions: true},
				Attributes: []rules.Attribute{
					{Set: "userName", To: rules.WorkEmail},
				},
			},
		},
		Grants: []rules.Grant{
			{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}},
			{ID: "sales", When: rules.Department.Is("Sales"), Give: []string{"app/group:sales", "crm/licence:seat"}},
		},
	})
}

// staff is who works here before the first push.
func staff() []source.Identity {
	var list []source.Identity
	for _, p := range []push{
		{ID: "E1", Person: &person{Given: "Ingrid", Family: "Solberg", Title: "CEO", Department: "Executive"}},
		{ID: "E2", Person: &person{Given: "Bo", Family: "Li", Title: "Engineer", Department: "Engineering"}},
		{ID: "E3", Person: &person{Given: "Cy", Family: "Roe", Title: "Account Executive", Department: "Sales"}},
	} {
		p.Person.Email = p.Person.Given + "@acme.example"
		p.Person.Hired = source.Day(2020, time.January, 7)
		list = append(list, p.Person.identity(p.ID))
	}
	return list
}
