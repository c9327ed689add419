// Rules-tests shows a rule set that is tested like any other code: see
// rules_test.go. Run as a program, it prints what the rules say about one person,
// and why.
package main

import (
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

func main() {
	set, err := companyRules()
	if err != nil {
		log.Fatal(err)
	}
	ravi := source.Identity{
		ID: "E1019", Status: source.Active, WorkEmail: "ravi.krishnan@acme.example", JobTitle: "Data Engineer",
		Department: source.Named("Engineering"), HireDate: source.Day(2025, time.June, 2),
		// EmploymentType is missing: the HR system did not say.
	}
	at := time.Date(2026, time.March, 4, 12, 0, 0, 0, time.UTC)
	for _, name := range set.Targets() {
		fmt.Println(name)
		for _, why := range set.Trace(rules.Person{Identity: &ravi}, at, name) {
			var causes []string
			for _, cause := range why.Causes {
				causes = append(causes, cause.String())
			}
			fmt.Printf("  %-20s %-28s %s\n", why.Subject, why.Outcome, strings.Join(causes, "; "))
		}
	}
}
