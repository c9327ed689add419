// Custom-target makes a product's own user table a target.
package main

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
)

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

// productRules say who has an account in the product, and which roles.
func productRules() (*rules.Set, error) {
	return rules.Build(rules.Spec{
		Name: "product",
		Targets: []rules.TargetSpec{{
			Target:  "product",
			Account: rules.Everyone,
			Attributes: []rules.Attribute{
				{Set: "email", To: rules.WorkEmail},
				{Set: "name", To: rules.Join(" ", rules.GivenName, rules.FamilyName)},
				{Set: "title", To: rules.JobTitle, IfMissing: rules.Clear},
			},
		}},
		Grants: []rules.Grant{
			{ID: "content", When: rules.Department.Is("Content"), Give: []string{"product/role:editor"}},
			{ID: "it", When: rules.Department.Is("IT"), Give: []string{"product/role:admin"}},
		},
	})
}

func run(ctx context.Context) error {
	users := newUserTable("editor", "admin")
	if _, err := users.Insert(ctx, user{Email: "Bo@acme.example", Name: "bo"}); err != nil { // by hand
		return err
	}
	set, err := productRules()
	if err != nil {
		return err
	}
	hired := source.Day(2024, time.May, 1)
	engine, err := provision.New(provision.Config{
		Source: memsource.New("hr",
			source.Identity{
				ID: "E1", Name: source.Name{Given: "Ana", Family: "Silva"}, WorkEmail: "ana@acme.example",
				JobTitle: "Writer", Department: source.Named("Content"), Status: source.Active, HireDate: hired,
			},
			source.Identity{
				ID: "E2", Name: source.Name{Given: "Bo", Family: "Li"}, WorkEmail: "bo@acme.example",
				JobTitle: "Administrator", Department: source.Named("IT"), Status: source.Active, HireDate: hired,
			},
		),
		Targets: []target.Target{usersTarget{users: users}},
		Rules:   set,
		Policy:  reconcile.Policy{Adopt: []string{"email"}},
	})
	if err != nil {
		return err
	}
	plan, err := engine.Plan(ctx)
	if err != nil {
		return err
	}
	fmt.Println(plan)
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		return err
	}
	fmt.Print(report)
	rows, err := users.Where(ctx, func(user) bool { return true })
	if err != nil {
		return err
	}
	for _, u := range rows {
		fmt.Printf("  %s  %s  %-10s %s %v\n", u.ID, u.ExternalID, u.Name, u.Email, u.Roles)
	}
	return report.Err()
}
