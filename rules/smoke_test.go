package rules_test

import (
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestSmoke(t *testing.T) {
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}},
	}}, Grants: []rules.Grant{{ID: "engineering", When: rules.Department.Is("Engineering"), Give: []string{"app/group:engineering"}}}})
	if err != nil {
		t.Fatal(err)
	}
	p := &source.Identity{ID: "E1", Status: source.Active, WorkEmail: "a@b", Department: source.Named("Engineering"), StartDate: source.Day(2026, 1, 1), LastDay: source.Day(2026, 3, 1)}
	d := set.Decide(rules.Person{Identity: p}, time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC))
	t.Logf("%+v", d)
	t.Log(set.Hash())
}
