package provision_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// A run did what nobody wanted: somebody moved a person in the HR system by mistake. The
// run is looked up, planned back and applied like any plan.
func ExampleEngine_Undo() {
	ctx := context.Background()
	config, hr := acme()
	journal := &provision.MemoryJournal{}
	config.Journal, config.KeepValues = journal, true
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}
	hr.Put(source.Identity{
		ID: "E1042", Status: source.Active, DisplayName: "Ana Silva", WorkEmail: "ana.silva@acme.example",
		JobTitle: "Driver", Department: source.Named("Fleet"), HireDate: source.Day(2026, time.March, 2),
	})
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}

	runs, err := provision.NewDesk(journal).Runs(ctx)
	if err != nil {
		log.Fatal(err)
	}
	bad := runs[len(runs)-1]
	plan, err := engine.Undo(ctx, bad.ID, provision.UndoOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(strings.ReplaceAll(plan.String(), bad.ID, "R2"))
	if _, err := engine.Apply(ctx, plan, &provision.ApplyOptions{Actor: "dana"}); err != nil {
		log.Fatal(err)
	}
	next, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(next)
	// Output:
	// app: 1 update, 1 grant; 0 unchanged
	//
	// ~ update  ana.silva@acme.example  E1042  undo: run R2 of 2026-03-02
	//     title  "Driver" → "Engineer"
	// > grant   ana.silva@acme.example  E1042  group:engineering, undo: run R2 of 2026-03-02
	//
	// app: nothing to do; 1 unchanged; 2 held
	//
	// ⏸ revoke  ana.silva@acme.example  E1042  group:engineering, held: undone by dana on 2026-03-02
	// ⏸ update  ana.silva@acme.example  E1042  held: undone by dana on 2026-03-02
	//     title  "Engineer" → "Driver"
}

// A bundle keeps a run in one file, shows later why it did what it did, and tells what
// it would have done under other rules.
func ExampleBundle() {
	ctx := context.Background()
	config, _ := acme()
	config.Record = true
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	plan, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		log.Fatal(err)
	}
	bundle, err := plan.Bundle(report)
	if err != nil {
		log.Fatal(err)
	}
	var file bytes.Buffer
	if err := bundle.Write(&file); err != nil {
		log.Fatal(err)
	}

	// A year later, on another machine.
	old, err := provision.ReadBundle(&file, 0)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := old.Replay(nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println("the replay gives the plan of the run")
	spec := config.Rules.Spec()
	spec.Grants = nil
	other, err := rules.Build(spec)
	if err != nil {
		log.Fatal(err)
	}
	compared, err := old.Compare(other)
	if err != nil {
		log.Fatal(err)
	}
	for i := range compared.Differences {
		fmt.Println(&compared.Differences[i])
	}
	// Output:
	// the replay gives the plan of the run
	// app grant E1042 group:engineering: runs → nothing
}
