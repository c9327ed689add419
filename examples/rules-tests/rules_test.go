package main

import (
	"slices"
	"testing"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/rules/rulestest"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// TestRules tries the cases in testdata, and fails if they leave out a rule: one that
// they never saw apply, never saw not apply, or never saw undecided.
//
// After a change that is meant, run
//
//	go test ./examples/rules-tests -rulestest.update
//
// and read what it wrote into the cases.
func TestRules(t *testing.T) {
	set := rulestest.Load(t, "rules.yaml")
	rulestest.Golden(t, set, "testdata/*.yaml")
	rulestest.NeedCoverage(t, set, 100)
	rulestest.NeedUndecided(t, set)
}

// TestMove is one story over several days: it reads better as a sentence.
func TestMove(t *testing.T) {
	set := rulestest.Load(t, "rules.yaml")
	set.Person("ana", rulestest.FullTime, rulestest.Department("Sales")).
		Holding("app/group:engineering", "app/role:production").
		On("2026-03-04").Gets("app/group:sales").Because("sales").
		Loses("app/role:production").
		Keeps("app/group:engineering").Until("2026-03-18").Because("engineering").
		On("2026-03-18").Loses("app/group:engineering").
		Account("app", target.Enabled)
}

// TestEverybody states what must hold for everybody, and tries it on a thousand
// people around everything that the rules compare with.
func TestEverybody(t *testing.T) {
	set := rulestest.Load(t, "rules.yaml")
	rulestest.MissingTakesNothing(t, set)
	rulestest.Always(t, set, "contractors never touch production", func(p rulestest.Person, d rules.Decision) bool {
		return p.EmploymentType() != source.Contractor || !slices.Contains(rulestest.Want(d), "app/role:production")
	})
	rulestest.Always(t, set, "leavers get nothing", func(p rulestest.Person, d rules.Decision) bool {
		return !p.Status().Ended() || len(rulestest.Want(d))+len(rulestest.Ask(d)) == 0
	})
}
