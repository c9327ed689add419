package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// company makes a company of so many people, always the same: with departments of
// different sizes, contractors and interns, some on leave, some about to start,
// some who have left, and some of whom HR forgot something.
func company(size int) []rules.Person {
	g := rand.New(rand.NewPCG(2026, 3)) //nolint:gosec // always the same company, and no secret
	people := make([]rules.Person, size)
	for n := range people {
		identity := employee(g, n+1)
		people[n] = rules.Person{Identity: &identity}
	}
	return people
}

func employee(g *rand.Rand, n int) source.Identity {
	i := source.Identity{
		ID: fmt.Sprintf("E%d", n), EmployeeNumber: fmt.Sprintf("A-%05d", n), Status: source.Active,
		Name:       source.Name{Given: pick(g, "Ana", "Bo", "Cy", "Dmitri", "Eve", "Fatma"), Family: pick(g, "Silva", "Li", "Roe", "Öztürk", "Müller")},
		Department: source.Named(pick(g, "Engineering", "Engineering", "Engineering", "Platform", "Sales", "Sales", "Support", "Marketing", "Finance")),
		JobTitle:   "Specialist", EmploymentType: source.FullTime,
		Groups:    []source.Group{}, // known to be in none
		StartDate: source.Day(2015, time.January, 1).AddDays(g.IntN(4000)),
		Custom:    map[string][]string{"level": {fmt.Sprint(1 + g.IntN(9))}},
	}
	i.WorkEmail = fmt.Sprintf("%s.%d@acme.example", i.Name.Given, n)
	office(g, &i)
	switch g.IntN(25) {
	case 0:
		i.Status, i.LastDay = source.Terminated, source.Day(2026, time.February, 1)
	case 1:
		i.Status = source.OnLeave
	case 2:
		i.Status, i.StartDate = source.PreHire, source.Day(2026, time.March, 3+g.IntN(28))
	case 3, 4:
		i.EmploymentType, i.LastDay = source.Contractor, source.Day(2026, time.March, 1+g.IntN(60))
	case 5:
		i.EmploymentType = source.Intern
	}
	switch g.IntN(40) {
	case 0:
		i.Department = source.Ref{}
	case 1:
		delete(i.Custom, "level")
	case 2:
		i.Groups = []source.Group{{Name: "oncall"}}
	}
	return i
}

func office(g *rand.Rand, i *source.Identity) {
	i.Location = source.Location{Name: "NYC-1", Country: "US", Zone: time.UTC}
	if g.IntN(3) == 0 {
		i.Location = source.Location{Name: fmt.Sprintf("BER-%d", 1+g.IntN(3)), Country: "DE", Zone: time.UTC}
		i.Custom["badge"] = []string{pick(g, "resident", "visitor")}
	}
}

func pick(g *rand.Rand, list ...string) string { return list[g.IntN(len(list))] }
