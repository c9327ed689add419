package provision_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
)

// Somebody's access has to end now. The source still says that they work, and no run
// brings them back until somebody reinstates them.
func ExampleEngine_TerminateNow() {
	config, _ := acme()
	config.Journal = &provision.MemoryJournal{}
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}
	report, err := engine.TerminateNow(ctx, "E1042", provision.TerminateOptions{Actor: "sam", Reason: "incident 4711"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	for _, d := range report.Departures() {
		fmt.Println(d.Target, d.Key, "complete:", d.Complete, "verified:", d.Verified)
	}
	again, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("nothing to do:", again.NothingToDo())
	gone, left, err := engine.Departed(ctx, "E1042")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("left:", left, gone.Actor, gone.Reason)
	desk := provision.NewDesk(config.Journal)
	if err := desk.Reinstate(ctx, "E1042", provision.Decision{Actor: "hr", Reason: "a mistake"}); err != nil {
		log.Fatal(err)
	}
	// Output:
	// app: 1 disabled (verified), 1 sessions ended, 1 revoked (verified)
	// app E1042 complete: true verified: true
	// nothing to do: true
	// left: true sam incident 4711
}

// A forecast says what time alone will bring, at the midnight of where each person
// works.
func ExampleEngine_Forecast() {
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
		ID: "E0011", Status: source.Active, DisplayName: "Cy Roe", WorkEmail: "cy.roe@acme.example",
		JobTitle: "Accountant", HireDate: source.Day(2019, time.May, 6), TerminationDate: source.Day(2026, time.March, 5),
		Location: source.Location{TimeZone: "Pacific/Auckland"},
	})
	forecast, err := engine.Forecast(ctx, 7)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(forecast)
	// Output:
	// 2026-03-06 Friday
	//   00:00 +13:00  leaves  app  cy.roe@acme.example  E0011  last day 2026-03-05 (rule lifecycle.app)
}

// A job at night tells somebody if a run went wrong, and also if it did nothing because of
// a doubt: here the source lists 2 people, and yesterday it had 30.
func ExampleReport_Attention() {
	config, hr := acme()
	for i := range 28 {
		hr.Put(source.Identity{ID: fmt.Sprintf("E2%03d", i), Status: source.Active, WorkEmail: fmt.Sprintf("p%d@acme.example", i)})
	}
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	night := func() {
		report, err := engine.Sync(context.Background())
		if err == nil {
			err = report.Attention()
		}
		if err != nil {
			fmt.Println("somebody has to look:")
			fmt.Println(err)
			return
		}
		fmt.Println("all is well")
	}
	night()
	for i := range 28 {
		hr.Remove(fmt.Sprintf("E2%03d", i))
	}
	night()
	// Output:
	// all is well
	// somebody has to look:
	// app: 28 changes held: the source shrank from 30 to 2 people (93.3 %, believed up to 10 %); nobody counts as gone
}
