// Quickstart keeps an app in step with the HR export of two mornings.
package main

import (
	"context"
	"log"
	"os"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func main() {
	if err := play(context.Background(), newTerminal(os.Stdout)); err != nil {
		log.Fatal(err)
	}
}

// play tells the story. Its clock is set by hand, so it always tells the same.
func play(ctx context.Context, out terminal) error {
	now := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }

	hr, err := hrExport(func() string { return now.Format(time.DateOnly) })
	if err != nil {
		return err
	}
	set, err := companyRules()
	if err != nil {
		return err
	}
	journal := &provision.MemoryJournal{}
	engine, err := provision.New(provision.Config{
		Source:  hr,
		Targets: []target.Target{newApp()},
		Rules:   set,
		Policy:  reconcile.Policy{Adopt: []string{"userName"}},
		Journal: journal,
		Clock:   clock,
		// One write at a time, so that the app numbers its accounts alike in every run.
		Concurrency: 1,
	})
	if err != nil {
		return err
	}

	out.heading("Monday, 2 March 2026: the first export")
	out.say(`The app already holds three accounts. A plan says what would be done, and writes
nothing. Of each kind of change the first two are shown:`)
	plan, err := show(ctx, out, engine, 2)
	if err != nil {
		return err
	}
	out.say("Now it is applied.")
	if err := apply(ctx, out, engine, plan); err != nil {
		return err
	}

	now = now.AddDate(0, 0, 1)
	out.heading("Tuesday, 3 March 2026: the next export")
	out.say(`Ana and Dylan join, Bo is promoted, Priya moves to another department, Cy has had
his last day, Omar comes back, and Jonas becomes treasurer. Fiona's row is broken,
Lena's is gone, and Dylan was given an address that Daniela has.`)
	plan, err = show(ctx, out, engine, 0)
	if err != nil {
		return err
	}
	out.say("What is safe is done, and what is not waits. Nobody lost access by mistake.")
	if err := apply(ctx, out, engine, plan); err != nil {
		return err
	}

	out.say("The CFO looks at what waits for her, and approves it.")
	desk := provision.NewDesk(journal)
	desk.Clock = clock
	if err := approve(ctx, out, desk); err != nil {
		return err
	}
	out.say("The same plan again does only what is still open.")
	if err := apply(ctx, out, engine, plan); err != nil {
		return err
	}

	out.say("And one more look:")
	_, err = show(ctx, out, engine, 0)
	return err
}

// show makes a plan and prints it: limit changes of each kind, or all if limit is 0.
func show(ctx context.Context, out terminal, engine *provision.Engine, limit int) (*provision.Plan, error) {
	plan, err := engine.Plan(ctx)
	if err != nil {
		return nil, err
	}
	err = plan.Format(out, &provision.FormatOptions{Color: out.color, Limit: limit})
	return plan, err
}

// apply runs a plan and says what became of it.
func apply(ctx context.Context, out terminal, engine *provision.Engine, plan *provision.Plan) error {
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		return err
	}
	if err := report.Format(out, &provision.FormatOptions{Color: out.color}); err != nil {
		return err
	}
	return report.Err()
}

// approve approves what waits for the CFO, and nothing else.
func approve(ctx context.Context, out terminal, desk *provision.Desk) error {
	pending, err := desk.Pending(ctx)
	if err != nil {
		return err
	}
	for _, p := range pending {
		for _, reason := range p.Hold.Reasons {
			if reason.By != "the CFO" {
				continue
			}
			change := p.Hold.Change
			out.line("", "approved: "+change.Action.String()+" "+change.Entitlement.String()+" to "+change.Label)
			decision := provision.Decision{Actor: "mara.lindqvist@acme.example", Reason: "takes over payments"}
			if err := desk.Approve(ctx, reason.Change, decision); err != nil {
				return err
			}
		}
	}
	return nil
}
