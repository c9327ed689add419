// Product-db keeps the tables of a product in step with an HR export.
package main

import (
	"context"
	"database/sql"
	"errors"
	"flag"
	"log"
	"os"
	"path/filepath"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

func main() {
	log.SetFlags(0)
	dir := flag.String("dir", "", "where the database and the journal are kept; a folder that is thrown away by default")
	flag.Parse()
	if err := run(context.Background(), newTerminal(os.Stdout), *dir); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context, out terminal, dir string) error {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		return play(ctx, out, dir)
	}
	dir, err := os.MkdirTemp("", "product-db-")
	if err != nil {
		return err
	}
	return errors.Join(play(ctx, out, dir), os.RemoveAll(dir))
}

// play tells the story. Its clock is set by hand, so it always tells the same. A
// database that is there already has seen both mornings: then only the end is told.
func play(ctx context.Context, out terminal, dir string) (err error) {
	db, isNew, err := openProduct(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()

	monday := time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	tuesday := monday.AddDate(0, 0, 1)
	if isNew {
		out.heading("Monday, 2 March 2026: 200 people, and tables with two accounts")
		out.say("Of each kind of change the first two are shown:")
		if err := sync(ctx, out, db, dir, monday, 2); err != nil {
			return err
		}
		if err := aDayGoesBy(ctx, db); err != nil {
			return err
		}

		out.heading("Tuesday, 3 March 2026: the next export")
		out.say("Ana joins, Priya moves to another department, and Cy has had his last day.")
		if err := sync(ctx, out, db, dir, tuesday, 0); err != nil {
			return err
		}
		out.say(`What the tables hold now. Cy cannot sign in and is signed out. Themes are the
product's business, and stay as they are.`)
		if err := showTables(ctx, out, db); err != nil {
			return err
		}
	}

	out.heading("Tuesday, an hour later: started again")
	out.say("Another process, with the same database and the same journal:")
	return sync(ctx, out, db, dir, tuesday.Add(time.Hour), 0)
}

// sync does what one run of a scheduled program would do: it opens the journal,
// reads, plans and applies. Of each kind of change it prints limit, or all if
// limit is 0.
func sync(ctx context.Context, out terminal, db *sql.DB, dir string, now time.Time, limit int) (err error) {
	journal, err := provision.OpenFileJournal(filepath.Join(dir, "journal.jsonl"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, journal.Close()) }()
	hr, err := hrExport(now.Format(time.DateOnly))
	if err != nil {
		return err
	}
	set, err := companyRules()
	if err != nil {
		return err
	}
	app, err := newApp(ctx, db)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, app.Close()) }()
	engine, err := provision.New(provision.Config{
		Source:     hr,
		Targets:    []target.Target{app},
		Rules:      set,
		Policy:     reconcile.Policy{Adopt: []string{"userName"}, CreateEntitlements: true},
		Journal:    journal,
		Clock:      func() time.Time { return now },
		OnProgress: out.progress(),
	})
	if err != nil {
		return err
	}

	plan, err := engine.Plan(ctx)
	if err != nil {
		return err
	}
	if err := plan.Format(out, &provision.FormatOptions{Color: out.color, Limit: limit}); err != nil {
		return err
	}
	if plan.NothingToDo() {
		return nil
	}
	out.say("Now it is applied.")
	report, err := engine.Apply(ctx, plan, nil)
	if err != nil {
		return err
	}
	if err := report.Format(out, &provision.FormatOptions{Color: out.color}); err != nil {
		return err
	}
	return report.Err()
}
