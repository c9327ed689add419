package provision_test

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"log"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// acmeFile is what an administrator of the company edits.
//
//go:embed testdata/acme.yaml
var acmeFile []byte

// acme is a small company: an HR system, a target, rules.
func acme() (provision.Config, *memsource.Source) {
	hr := memsource.New("hr", source.Identity{
		ID: "E1042", Status: source.Active, DisplayName: "Ana Silva", WorkEmail: "ana.silva@acme.example",
		JobTitle: "Engineer", Department: source.Named("Engineering"), HireDate: source.Day(2026, time.March, 2),
	}, source.Identity{
		ID: "E0011", Status: source.Active, DisplayName: "Cy Roe", WorkEmail: "cy.roe@acme.example",
		JobTitle: "Accountant", Department: source.Named("Finance"), HireDate: source.Day(2019, time.May, 6),
	})
	app := memtarget.New("app", nil)
	app.AddEntitlements(target.Entitlement{Kind: "group", Name: "engineering"})
	set, err := rules.Build(rules.File("acme.yaml", acmeFile))
	if err != nil {
		log.Fatal(err)
	}
	noon := time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)
	return provision.Config{
		Source: hr, Targets: []target.Target{app}, Rules: set,
		Clock: func() time.Time { return noon },
	}, hr
}

// Plan reads and computes; it writes nothing. Apply does what the plan says.
func Example() {
	config, _ := acme()
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	plan, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(plan)
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report, report.Err())
	again, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(again)
	// Output:
	// app: 2 create, 1 grant; 0 unchanged
	//
	// + create  cy.roe@acme.example     E0011  joiner: rule account.app
	//     displayName  "Cy Roe"
	//     title        "Accountant"
	//     userName     "cy.roe@acme.example"
	// + create  ana.silva@acme.example  E1042  joiner: rule account.app
	//     displayName  "Ana Silva"
	//     title        "Engineer"
	//     userName     "ana.silva@acme.example"
	// > grant   ana.silva@acme.example  E1042  group:engineering, after create
	//
	// app: 2 created, 1 granted
	//  <nil>
	// app: nothing to do; 2 unchanged
}

// Rules need no system around them. Without a department the grant is undecided:
// it is not given, and not taken from whoever has it.
func Example_rules() {
	config, _ := acme()
	decision := config.Rules.Decide(rules.Person{
		Identity: &source.Identity{ID: "E1", Status: source.Active},
	}, time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC))
	app := decision.For("app")[0]
	fmt.Println(app.State, app.Entitlements, app.Undecided)
	// Output:
	// enabled [] [group:engineering]
}

// An event hints that somebody changed. SyncOne reads that person, and what
// belongs to them, and nothing else.
func ExampleEngine_SyncOne() {
	config, hr := acme()
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}
	hr.Put(source.Identity{
		ID: "E0011", Status: source.Terminated, TerminationDate: source.Day(2026, time.March, 1),
		WorkEmail: "cy.roe@acme.example", HireDate: source.Day(2019, time.May, 6),
	})
	report, err := engine.SyncOne(ctx, "E0011")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report.Plan)
	fmt.Println(report)
	// Output:
	// app: 1 disable, 1 end-sessions; 0 unchanged
	//
	// - disable       cy.roe@acme.example  E0011  leaver: last day 2026-03-01 (rule lifecycle.app)
	// - end-sessions  cy.roe@acme.example  E0011  after disable, leaver: last day 2026-03-01 (rule lifecycle.app)
	// guard: disable 1 of 2 (50.0 %), limit max(10, 10 %) in 24 h
	// scheduled: 1 delete from 2026-05-30 00:00 UTC
	// app: 1 disabled (verified), 1 sessions ended
}

// Explain answers why somebody has, or has not, what they should.
func ExampleEngine_Explain() {
	config, _ := acme()
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	explanation, err := engine.Explain(context.Background(), "E0011")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(explanation)
	// Output:
	// E0011  status active, at 2026-03-02T12:00:00Z
	//
	// app
	//   no account there
	//   E0011      account                      enabled
	//     rule account.app, acme.yaml:3:11
	//   E0011      attribute displayName        Cy Roe
	//     rule app.displayName, acme.yaml:9:7
	//   E0011      attribute title              Accountant
	//     rule app.title, acme.yaml:10:7
	//   E0011      attribute userName           cy.roe@acme.example
	//     rule app.userName, acme.yaml:8:7
	//   E0011      group:engineering            not granted
	//     rule engineering: no, acme.yaml:12:9; department == "Engineering": no, has Finance
	//   app: 1 create; 0 unchanged
	//
	//   + create  cy.roe@acme.example  E0011  joiner: rule account.app
	//       displayName  "Cy Roe"
	//       title        "Accountant"
	//       userName     "cy.roe@acme.example"
}

// A plan is data: it can be stored, decided on by somebody else, and applied
// by another process that shares the journal.
func ExampleDesk() {
	config, _ := acme()
	config.Journal = &provision.MemoryJournal{}
	config.Policy.Approve = []reconcile.ApprovalRule{{
		Action: reconcile.Grant, Entitlement: target.Entitlement{Kind: "group", Name: "engineering"}, By: "the CTO",
	}}
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	plan, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	stored, err := json.Marshal(plan)
	if err != nil {
		log.Fatal(err)
	}

	desk := provision.NewDesk(config.Journal)
	desk.Clock = config.Clock
	if err := desk.Submit(ctx, plan); err != nil {
		log.Fatal(err)
	}
	pending, err := desk.Pending(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, p := range pending {
		c := p.Hold.Change
		fmt.Println(c.Action, c.Label, c.Entitlement, "needs", p.Hold.Reasons[0].By)
		if err := desk.Approve(ctx, c.ID, provision.Decision{Actor: "cto@acme.example", Reason: "joins my team"}); err != nil {
			log.Fatal(err)
		}
	}

	var again provision.Plan
	if err := json.Unmarshal(stored, &again); err != nil {
		log.Fatal(err)
	}
	report, err := engine.Apply(ctx, &again, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report)
	// Output:
	// grant ana.silva@acme.example group:engineering needs the CTO
	// app: 2 created, 1 granted
}
