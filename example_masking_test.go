package provision_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
)

// A journal that keeps keyed hashes: the desk shows which fields of whom would change, a
// plan shows to what, and an approval is good for both.
func ExampleMasking() {
	ctx := context.Background()
	config, hr := acme()
	config.Journal = &provision.MemoryJournal{}
	config.MaskKey = []byte("32 random bytes of this tenant …")
	config.Masking = &provision.Masking{Plain: []string{"department"}}
	config.Policy.Approve = []reconcile.ApprovalRule{{Action: reconcile.Update, By: "HR"}}
	engine, err := provision.New(config)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}
	hr.Put(source.Identity{
		ID: "E1042", Status: source.Active, DisplayName: "Ana Silva", WorkEmail: "ana.silva@acme.example",
		JobTitle: "Lead", Department: source.Named("Engineering"), HireDate: source.Day(2026, time.March, 2),
	})
	if _, err := engine.Sync(ctx); err != nil {
		log.Fatal(err)
	}

	desk := provision.NewDesk(config.Journal)
	desk.Clock, desk.MaskKey = config.Clock, config.MaskKey
	pending, err := desk.Pending(ctx)
	if err != nil {
		log.Fatal(err)
	}
	held := pending[0].Hold.Change
	fmt.Println(held.Action, held.Key, held.Fields[0].Name, strings.HasPrefix(held.Fields[0].After[0], "hmac:"))

	plan, err := engine.Plan(ctx)
	if err != nil {
		log.Fatal(err)
	}
	wanted := plan.Targets[0].Holds[0].Change
	fmt.Println(wanted.ID == held.ID, wanted.Fields[0].Before, wanted.Fields[0].After)
	if err := desk.Approve(ctx, held.ID, provision.Decision{Actor: "kim@acme.example"}); err != nil {
		log.Fatal(err)
	}
	report, err := engine.Sync(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Counts()[provision.Done])
	// Output:
	// update E1042 title true
	// true [Engineer] [Lead]
	// 1
}
