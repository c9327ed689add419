// Hris-to-app keeps a product in step with Workday and Greenhouse.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/workday/workdaytest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

//go:embed rules.yaml
var rulesFile []byte

func main() {
	if err := play(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// play tells the story. Its clock is set by hand, so it always tells the same.
func play(ctx context.Context, out io.Writer) error {
	now := time.Date(2026, time.March, 2, 15, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	company := newSystems(clock)
	defer company.close()
	engine, err := newEngine(company, clock)
	if err != nil {
		return err
	}

	say(out, "== Monday, 2 March 2026: two people in Workday, one hire in Greenhouse ==\n")
	if err := run(ctx, out, engine); err != nil {
		return err
	}

	now = now.AddDate(0, 0, 3)
	say(out, `
== Thursday: Workday fails in the middle of its list ==
`)
	company.hris.Break(workdaytest.Fault{Page: 1, List: true, Spoil: workdaytest.Spoil{Status: 403, Body: "<html>maintenance</html>"}})
	_, err = engine.Plan(ctx)
	say(out, fmt.Sprintf("no plan, and nothing happens: %v", err))
	company.hris.Break()

	// What is entered on Sunday is known on Monday.
	now = now.AddDate(0, 0, 3)
	leaver := bo()
	leaver.TerminationDate, leaver.LastDayOfWork = "2026-03-06", "2026-03-06"
	company.hris.Put(ana(), leaver)
	now = now.AddDate(0, 0, 1)
	say(out, `
== Monday, 9 March 2026: Ana starts, Workday knows her, and Bo has left ==
`)
	return run(ctx, out, engine)
}

func newEngine(company *systems, clock func() time.Time) (*provision.Engine, error) {
	journal := &provision.MemoryJournal{}
	desk := provision.NewDesk(journal)
	desk.Clock = clock
	from, err := people(company, desk, clock)
	if err != nil {
		return nil, err
	}
	set, err := rules.Build(rules.File("rules.yaml", rulesFile))
	if err != nil {
		return nil, err
	}
	app := memtarget.New("app", nil)
	app.AddEntitlements(target.Entitlement{Kind: "group", Name: "engineering"}, target.Entitlement{Kind: "group", Name: "sales"})
	return provision.New(provision.Config{
		Source: from, Targets: []target.Target{app}, Rules: set, Journal: journal, Clock: clock,
		Concurrency: 1, // the app numbers its accounts alike in every run
	})
}

// run plans, shows the plan and applies it.
func run(ctx context.Context, out io.Writer, engine *provision.Engine) error {
	plan, err := engine.Plan(ctx)
	if err != nil {
		return err
	}
	say(out, plan.String())
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		return err
	}
	say(out, report.String())
	return report.Err()
}

func say(out io.Writer, text string) {
	_, _ = fmt.Fprintln(out, text) // nobody is left to be told
}
