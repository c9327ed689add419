// Scim-client keeps a SaaS application in step with an HR export, over SCIM.
package main

import (
	"context"
	"embed"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/scimtarget"
)

//go:embed rules.yaml
var rulesFile []byte

//go:embed data/*.csv
var exports embed.FS

func main() {
	if err := play(context.Background(), os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// play tells the story. Its clock is set by hand, so it always tells the same.
func play(ctx context.Context, out io.Writer) error {
	now := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	service, err := newCRM()
	if err != nil {
		return err
	}
	defer service.Close()
	engine, err := newEngine(service.URL, clock)
	if err != nil {
		return err
	}

	say(out, "== Monday: the CRM is empty ==\n")
	if err := follow(ctx, out, engine, service); err != nil {
		return err
	}

	now = now.AddDate(0, 0, 1)
	say(out, `
== Tuesday: Bo is promoted, Ana has changed to Support before her first day, Cy is gone ==
`)
	if err := follow(ctx, out, engine, service); err != nil {
		return err
	}

	say(out, "\n== The same once more: nothing is written ==\n")
	return follow(ctx, out, engine, service)
}

// newEngine reads people from the export of the day and writes to a SCIM service.
func newEngine(address string, clock func() time.Time) (*provision.Engine, error) {
	hr, err := csvsource.New(csvsource.Config{
		Name: "hr",
		Open: func() (io.ReadCloser, error) { return exports.Open("data/" + clock().Format(time.DateOnly) + ".csv") },
	})
	if err != nil {
		return nil, err
	}
	crm, err := scimtarget.New(scimtarget.Config{
		Name:    "crm",
		BaseURL: address + "/scim/v2",
		Auth:    scimtarget.Bearer(token),
		Groups:  true,
		Private: true, // this one is on the local machine; leave it out for a service on the Internet
	})
	if err != nil {
		return nil, err
	}
	set, err := rules.Build(rules.File("rules.yaml", rulesFile))
	if err != nil {
		return nil, err
	}
	return provision.New(provision.Config{
		Source:  hr,
		Targets: []target.Target{crm},
		Rules:   set,
		Policy: reconcile.Policy{
			Adopt:              []string{"userName"}, // people who have an account already keep it
			CreateEntitlements: true,
		},
		Journal: &provision.MemoryJournal{},
		Clock:   clock,
		// One request at a time, so that the story counts the same in every run.
		Concurrency: 1,
	})
}

func follow(ctx context.Context, out io.Writer, engine *provision.Engine, service *crm) error {
	report, err := engine.Sync(ctx)
	if err != nil {
		return err
	}
	say(out, report.String())
	say(out, "asked the CRM: "+service.requests())
	if err := service.print(ctx, out); err != nil {
		return err
	}
	service.requests() // ours, not the engine's
	return report.Err()
}

func say(out io.Writer, text string) {
	_, _ = fmt.Fprintln(out, text) // nobody is left to be told
}
