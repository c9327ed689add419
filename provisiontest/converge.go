// Package provisiontest is a test kit for users of provision: it puts their own
// targets, rules and sources through what the library promises.
package provisiontest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

// A Day is what the source says at one instant.
type Day struct {
	At     time.Time
	People []source.Identity
}

// Converge checks that a configuration settles: on every day, in order, it
// plans, applies, and plans again, and the second plan must have nothing to do.
// It also checks that there is one result for each planned change, that
// [provision.Report.Err] finds nothing, and that applying the same plan again does
// no change a second time.
//
// Targets and Rules of config must be set. Days replace config.Source and
// config.Clock; without days, the config's own are used for one round. What a
// plan holds may stay held: a hold is not an unfinished change. Seats that a day's
// plan frees may be given by the second one: then the third has nothing to do. It returns the
// plan of each day, so that a test can look closer. Without config.Journal a new
// MemoryJournal is used.
func Converge(t testing.TB, config provision.Config, days ...Day) []*provision.Plan {
	t.Helper()
	people := memsource.New("people")
	now := time.Time{}
	if len(days) > 0 {
		config.Source = people
		config.Clock = func() time.Time { return now }
	} else {
		days = []Day{{}}
	}
	if config.Journal == nil {
		config.Journal = &provision.MemoryJournal{}
	}
	engine, err := provision.New(config)
	if err != nil {
		t.Fatalf("converge: %v", err)
	}
	plans := make([]*provision.Plan, 0, len(days))
	for i, day := range days {
		if config.Source == people {
			now = day.At
			people.Set(day.People...)
		}
		plans = append(plans, settle(t, engine, i+1))
	}
	return plans
}

func settle(t testing.TB, engine *provision.Engine, day int) *provision.Plan {
	t.Helper()
	ctx := context.Background()
	first, err := engine.Plan(ctx)
	if err != nil {
		t.Fatalf("day %d: plan: %v", day, err)
	}
	report, err := engine.Apply(ctx, first, nil)
	if err != nil {
		t.Fatalf("day %d: apply: %v", day, err)
	}
	if err := report.Err(); err != nil {
		t.Errorf("day %d: not everything was done: %v", day, err)
	}
	planned := 0
	for _, p := range first.Targets {
		planned += len(p.Changes) + len(p.Holds)
	}
	if planned != len(report.Results) {
		t.Errorf("day %d: %d changes planned, %d results", day, planned, len(report.Results))
	}
	again, err := engine.Apply(ctx, first, nil)
	if err != nil {
		t.Fatalf("day %d: apply the same plan again: %v", day, err)
	}
	for _, r := range again.Results {
		if r.Outcome == provision.Done {
			t.Errorf("day %d: %s %s was done twice by one plan", day, r.Change.Action, r.Change.Key)
		}
	}
	second, err := engine.Plan(ctx)
	if err == nil && givesSeats(second) {
		if _, err = engine.Apply(ctx, second, nil); err == nil {
			second, err = engine.Plan(ctx)
		}
	}
	if err != nil {
		t.Fatalf("day %d: plan again: %v", day, err)
	}
	for _, p := range second.Targets {
		if len(p.Changes) > 0 {
			t.Errorf("day %d: %s does not converge; planned again:\n%s", day, p.Target, list(p.Changes))
		}
	}
	for _, u := range second.Unread {
		t.Errorf("day %d: %s could not be read: %v", day, u.Target, u.Err)
	}
	return first
}

// givesSeats reports whether a plan does nothing but give seats.
func givesSeats(plan *provision.Plan) bool {
	changes := 0
	for _, p := range plan.Targets {
		claims := map[string]bool{}
		for _, c := range p.Claims {
			claims[c.Change] = true
		}
		for i := range p.Changes {
			if !claims[p.Changes[i].ID] {
				return false
			}
			changes++
		}
	}
	return changes > 0
}

// list writes the first changes, with the fields that keep differing: they show
// what a target does not keep as it was written.
func list(changes []reconcile.Change) string {
	var b strings.Builder
	for i := range changes {
		if i == 10 {
			b.WriteString("  …\n")
			break
		}
		c := &changes[i]
		b.WriteString("  " + c.Action.String() + " " + c.Key.String())
		for _, f := range c.Fields {
			b.WriteString(" " + f.Name)
			if !f.Sensitive {
				b.WriteString(" [" + strings.Join(f.Before, " ") + "] to [" + strings.Join(f.After, " ") + "]")
			}
		}
		b.WriteString(" " + c.Entitlement.String() + "\n")
	}
	return b.String()
}
