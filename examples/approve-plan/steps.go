package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/provision-go/provision"
)

// withJournal opens the journal in dir for one step. Processes use it one after
// the other.
func withJournal(dir *os.Root, step func(*provision.FileJournal) error) error {
	journal, err := provision.OpenFileJournal(filepath.Join(dir.Name(), "journal.jsonl"))
	if err != nil {
		return err
	}
	return errors.Join(step(journal), journal.Close())
}

// plan computes what would be done, stores it, and puts what has to be approved
// on the desk. It writes to no target.
func plan(ctx context.Context, dir *os.Root) error {
	return withJournal(dir, func(journal *provision.FileJournal) error {
		engine, err := newEngine(dir, journal)
		if err != nil {
			return err
		}
		plan, err := engine.Plan(ctx)
		if err != nil {
			return err
		}
		fmt.Print(plan)
		text, err := json.MarshalIndent(plan, "", "  ")
		if err != nil {
			return err
		}
		if err := dir.WriteFile("plan.json", text, 0o600); err != nil {
			return err
		}
		return provision.NewDesk(journal).Submit(ctx, plan)
	})
}

// approve shows what waits and approves what is asked of the security lead. It
// needs the journal, and neither source nor target nor credentials.
func approve(ctx context.Context, dir *os.Root, by provision.Decision) error {
	return withJournal(dir, func(journal *provision.FileJournal) error {
		desk := provision.NewDesk(journal)
		pending, err := desk.Pending(ctx)
		if err != nil {
			return err
		}
		fmt.Printf("%d pending\n", len(pending))
		for _, p := range pending {
			change := p.Hold.Change
			for _, reason := range p.Hold.Reasons {
				fmt.Printf("  %s %s %s on %s: %s\n", change.Action, change.Entitlement, change.Label, p.Target, reason.Text)
				if reason.By != securityLead {
					continue
				}
				if err := desk.Approve(ctx, reason.Change, by); err != nil {
					return err
				}
				fmt.Printf("  approved by %s: %s\n", by.Actor, by.Reason)
			}
		}
		return nil
	})
}

// apply reads the stored plan and does what is still open in it.
func apply(ctx context.Context, dir *os.Root) error {
	text, err := dir.ReadFile("plan.json")
	if err != nil {
		return err
	}
	plan := &provision.Plan{}
	if err := json.Unmarshal(text, plan); err != nil {
		return err
	}
	return withJournal(dir, func(journal *provision.FileJournal) error {
		engine, err := newEngine(dir, journal)
		if err != nil {
			return err
		}
		report, err := engine.Apply(ctx, plan, &provision.ApplyOptions{Actor: "approve-plan"})
		if err != nil {
			return err
		}
		fmt.Print(report)
		return report.Err()
	})
}
