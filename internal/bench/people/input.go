package people

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Noon is when everything is planned.
func Noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// Input is what reconcile.Compute gets for a company in an engine that has run
// before: all capabilities, the default policy, a complete read.
func (c Company) Input(desired []target.Desired, actual target.Snapshot) reconcile.Input {
	return reconcile.Input{
		Target: App, Capabilities: Capabilities(), Owned: Owned(), Rules: "rules", At: Noon(),
		Scope:   reconcile.Whole(desired, proof.Complete{Source: "hr", People: c.Size, Read: true}, actual),
		History: reconcile.History{Runs: 1, People: c.Size, Managed: actual.Len()},
	}
}

// Sides makes both sides of a company, sorted by key as source.Collect and
// target.Collect leave them.
func (c Company) Sides(ctx context.Context) (reconcile.Input, error) {
	snapshot, err := target.Collect(ctx, c.Listing(c.Sorted()))
	return c.Input(c.Desired(c.Sorted()), snapshot), err
}

// Found is how many people of each kind there are to be found.
type Found struct{ Joiners, Leavers, Movers int }

// Found counts.
func (c Company) Found() *Found {
	var f Found
	for i := range c.Size {
		switch c.Kind(i) {
		case Joiner:
			f.Joiners++
		case Leaver:
			f.Leavers++
		case Mover:
			f.Movers++
		case Stayer:
		}
	}
	return &f
}

var errWrong = errors.New("the result is wrong")

// Check says whether a number of differences is right.
func (f *Found) Check(differences int) error {
	if want := f.Joiners + f.Leavers + f.Movers; differences != want {
		return fmt.Errorf("%w: %d people differ, not %d", errWrong, differences, want)
	}
	return nil
}

// Compute runs reconcile.Compute and checks that it found everybody.
func (f *Found) Compute(in reconcile.Input) error {
	plan, err := reconcile.Compute(in)
	if err != nil {
		return err
	}
	return f.CheckPlan(plan)
}

// CheckPlan says whether a plan has the changes that are to be found, and holds
// none of them.
func (f *Found) CheckPlan(plan *reconcile.Plan) error {
	if len(plan.Holds) > 0 {
		return fmt.Errorf("%w: %d changes are held", errWrong, len(plan.Holds))
	}
	counts := map[reconcile.Action]int{}
	for i := range plan.Changes {
		counts[plan.Changes[i].Action]++
	}
	if counts[reconcile.Create] != f.Joiners || counts[reconcile.Grant] != 3*f.Joiners ||
		counts[reconcile.Disable] != f.Leavers || counts[reconcile.Revoke] != 3*f.Leavers || counts[reconcile.Update] != f.Movers {
		return fmt.Errorf("%w: %v for %+v", errWrong, counts, *f)
	}
	return f.Check(plan.People - plan.Unchanged)
}
