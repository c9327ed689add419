package provision

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
)

// ApplyOptions narrow an Apply. The zero value, and nil, apply everything.
type ApplyOptions struct {
	// Targets limits the run to the named targets. Defaults to all in the plan.
	Targets []string
	// Actor is who starts the run, for the journal and [Desk.Runs]. Defaults to "", as
	// with Sync and SyncOne: to name somebody, Plan or PlanOne, and Apply.
	Actor string
}

// Apply runs what a plan may do now: its changes, and what was held in it and
// has been approved or released since. It returns one result per planned change;
// see [Report.Err] for what went wrong with single changes. Its own error means
// that nothing was tried: it wraps ErrMasked, ErrReplayed, ErrOtherRules, ErrOtherPolicy,
// ErrMaskKey, ErrForecast or ErrUnknownTarget, or ErrBusy, ctx had ended, or the journal could not be
// read.
//
// A change runs once: a plan that is applied again does only what is still open.
// Plans for everybody are applied one after the other.
// Engines of one tenant apply one after the other: see Config.Lease. If another one
// takes over all the same, what has not begun is Skipped, with an error that wraps
// ErrFenced.
// When ctx ends no further change is started, those under way are waited for,
// and the rest is reported as Cancelled.
func (e *Engine) Apply(ctx context.Context, plan *Plan, options *ApplyOptions) (*Report, error) {
	if options == nil {
		options = &ApplyOptions{}
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	started := e.config.Clock()
	targets, err := e.applicable(plan, options, started)
	if err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	if plan.Identity == "" {
		// One whole run at a time: the second sees what the first has done.
		select {
		case e.turn <- struct{}{}:
			defer func() { <-e.turn }()
		case <-ctx.Done():
			return nil, fmt.Errorf("apply: %w", ctx.Err())
		}
		e.whole.Add(1)
		defer e.whole.Add(-1)
	}
	e.active.Add(1)
	defer e.active.Add(-1)
	lease, err := e.enter(ctx, len(targets)+min(len(plan.Unread), 1))
	if err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	report := &Report{
		Run: rand.Text(), Started: started, masks: e.masks, Plan: plan, Findings: plan.Findings, Unread: plan.Unread,
	}
	e.runs(report.Run, true)
	defer e.runs(report.Run, false)
	if len(plan.Unread) > 0 {
		e.noteUnread(ctx, lease, plan, options.Targets, report.Run)
	}
	from := e.readFrom()
	runs := make([]*targetRun, len(targets))
	results := make([][]Result, len(targets))
	var all errgroup.Group
	var progress sync.Mutex
	for i, tp := range targets {
		runs[i] = &targetRun{
			engine: e, plan: tp, identity: plan.Identity, id: report.Run, actor: options.Actor, lease: lease, from: from,
		}
		all.Go(func() error {
			runs[i].fresh = plan.fresh && e.upToDate(tp)
			results[i] = runs[i].do(ctx, &progress)
			return nil
		})
	}
	_ = all.Wait() // the errors are in the results
	if len(results) == 1 {
		report.Results = results[0]
	} else {
		report.Results = slices.Concat(results...)
	}
	report.Quarantined = e.quarantinedAfter(ctx, runs)
	report.Finished = e.config.Clock()
	return report, nil
}

// upToDate reports whether nothing was written that the plan does not know of.
// For a whole plan only whole runs count: what runs for one person write is noted
// for each account. While a whole run is writing, what was read for one person may
// be out of date at once.
func (e *Engine) upToDate(p *reconcile.Plan) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	if p.Whole {
		return e.state.of(p.Target).wholeEnd <= p.Position
	}
	return e.state.position == p.Position && e.whole.Load() == 0
}

// applicable checks a plan against the engine and returns the targets to run.
func (e *Engine) applicable(plan *Plan, options *ApplyOptions, now time.Time) ([]*reconcile.Plan, error) {
	if plan.replayed {
		return nil, ErrReplayed
	}
	for _, name := range options.Targets {
		if e.byName[name] == nil {
			return nil, fmt.Errorf("%w: %q", ErrUnknownTarget, name)
		}
	}
	var out []*reconcile.Plan
	seen := map[string]bool{}
	for _, tp := range plan.Targets {
		if seen[tp.Target] {
			return nil, fmt.Errorf("%w: %q stands in the plan twice", ErrUnknownTarget, tp.Target)
		}
		seen[tp.Target] = true
		if len(options.Targets) > 0 && !slices.Contains(options.Targets, tp.Target) {
			continue
		}
		switch {
		case e.byName[tp.Target] == nil:
			return nil, fmt.Errorf("%w: %q", ErrUnknownTarget, tp.Target)
		case tp.Masked:
			return nil, fmt.Errorf("%w: %s", ErrMasked, tp.Target)
		case tp.Rules != e.config.Rules.Hash():
			return nil, fmt.Errorf("%w: %s", ErrOtherRules, tp.Target)
		case tp.Mode != e.policy(tp.Target).Mode:
			return nil, fmt.Errorf("%w: %s", ErrOtherPolicy, tp.Target)
		case tp.Masks.ID != e.masks[tp.Target].ID:
			return nil, fmt.Errorf("%w: %s; plan it anew", ErrMaskKey, tp.Target)
		case tp.At.After(now):
			return nil, fmt.Errorf("%w: %s is planned for %s", ErrForecast, tp.Target, tp.At.Format(time.RFC3339))
		}
		tp, err := tp.Unlock(e.masks[tp.Target])
		if err != nil {
			return nil, err
		}
		out = append(out, tp)
	}
	return out, nil
}
