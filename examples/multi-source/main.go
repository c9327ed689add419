// Multi-source makes one company of five systems that know parts of it: HR, an agency,
// an ATS, a CRM, and an administrator.
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
	"github.com/provision-go/provision/source/manual"
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
	now := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	journal := &provision.MemoryJournal{}
	desk := provision.NewDesk(journal)
	desk.Clock = clock

	// What an administrator wrote into the product's own table.
	decisions := []manual.Decision{{
		Identity: "E2", Kind: manual.Grant, Name: "contracts", Actor: "mara@acme.example", Reason: "covers for Lena",
		Expires: time.Date(2026, time.March, 6, 18, 0, 0, 0, time.UTC),
	}}
	from, err := people(clock, desk, func() []manual.Decision { return decisions })
	if err != nil {
		return err
	}
	set, err := rules.Build(rules.File("rules.yaml", rulesFile))
	if err != nil {
		return err
	}
	app := memtarget.New("app", nil)
	for _, name := range []string{"staff", "portal", "engineering", "contracts"} {
		app.AddEntitlements(target.Entitlement{Kind: "group", Name: name})
	}
	engine, err := provision.New(provision.Config{
		Source: from, Targets: []target.Target{app}, Rules: set, Journal: journal, Clock: clock,
		Concurrency: 1, // the app numbers its accounts alike in every run
	})
	if err != nil {
		return err
	}

	say(out, `== Monday, 2 March 2026 ==

HR has Mara, and Bo twice, for he has two jobs. The agency has Cy and Dylan. The ATS
has hired Ana for next Monday. The CRM has two contacts of a customer. Mara has
granted Bo the contracts until Friday.`)
	if err := run(ctx, out, engine); err != nil {
		return err
	}

	now = time.Date(2026, time.March, 9, 8, 0, 0, 0, time.UTC)
	decisions = append(decisions, manual.Decision{
		Identity: "crm-42", Kind: manual.Suspend, Actor: "mara@acme.example", Reason: "an unpaid invoice",
	})
	say(out, `
== Monday, 9 March 2026 ==

Ana has started: HR knows her as E4. Cy was hired, too: the agency has him as gone,
and HR as E5. Both keep their accounts. Bo has one job left, and his grant is over.
Dylan's contract has ended. Mara has suspended a contact.`)
	if err := run(ctx, out, engine); err != nil {
		return err
	}

	say(out, "\nWhy Ana has what she has, and which system says what about her:\n")
	explanation, err := engine.Explain(ctx, "A17")
	if err != nil {
		return err
	}
	say(out, explanation.String())
	return nil
}

// run plans, shows the plan and applies it.
func run(ctx context.Context, out io.Writer, engine *provision.Engine) error {
	plan, err := engine.Plan(ctx)
	if err != nil {
		return err
	}
	say(out, "\n"+plan.String())
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
