package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/provisiontest"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/targettest"
)

// TestConformance is all that a connector needs to show that it keeps the
// contract.
func TestConformance(t *testing.T) {
	targettest.Run(t, func(*testing.T) targettest.Harness {
		return targettest.Harness{
			Target: usersTarget{users: newUserTable("editor", "admin")},
			New: func(n int) target.CreateRequest {
				return target.CreateRequest{
					Key:   target.Key{Identity: fmt.Sprintf("E%d", n)},
					State: target.Enabled,
					Attributes: target.Attrs(map[string]string{
						"email": fmt.Sprintf("person%d@acme.example", n), "name": fmt.Sprintf("Person %d", n), "title": "Engineer",
					}),
				}
			},
			Missing: "u0",
			Broken:  func() target.Target { return usersTarget{users: &userTable{down: true}} },
		}
	})
}

// TestConverge plays three days: after each, nothing is left to do.
func TestConverge(t *testing.T) {
	users := newUserTable("editor", "admin")
	set, err := productRules()
	if err != nil {
		t.Fatal(err)
	}
	ana := source.Identity{
		ID: "E1", Name: source.Name{Given: "Ana", Family: "Silva"}, WorkEmail: "ana@acme.example", JobTitle: "Writer",
		Department: source.Named("Content"), Status: source.Active, HireDate: source.Day(2024, time.May, 1),
	}
	moved := ana
	moved.Department, moved.JobTitle = source.Named("IT"), "System Engineer"
	left := moved
	left.LastDay = source.Day(2026, time.March, 3)

	day := func(d int, who source.Identity) provisiontest.Day {
		return provisiontest.Day{At: time.Date(2026, time.March, d, 12, 0, 0, 0, time.UTC), People: []source.Identity{who}}
	}
	provisiontest.Converge(t, provision.Config{
		Targets: []target.Target{usersTarget{users: users}},
		Rules:   set,
	}, day(2, ana), day(3, moved), day(4, left))

	rows, err := users.Where(t.Context(), func(user) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || !rows[0].Blocked || len(rows[0].Roles) != 0 || rows[0].Title != "System Engineer" {
		t.Errorf("rows %+v, want Ana's alone, blocked, without roles", rows)
	}
}

func TestTheProgramRuns(t *testing.T) {
	if err := run(t.Context()); err != nil {
		t.Fatal(err)
	}
}
