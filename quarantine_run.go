package provision

import (
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// probes is how many changes are tried alone in a run on a target in quarantine:
// one may fail for a reason of its own.
const probes = 3

// execute has the changes made and returns one result for each, in plan order, and
// why the target got nothing more, nil if it got all. A target in quarantine gets
// one change alone: before its next try only one that ends the access of a leaver.
func (r *targetRun) execute(ctx context.Context, x *execution, sick *Quarantined, now time.Time) ([]Result, *stopError) {
	if sick == nil || len(x.changes) == 0 {
		results := x.do(ctx)
		return results, x.stopped
	}
	due := !now.Before(sick.Next)
	left := slices.Clone(x.changes)
	var results []Result
	var stopped *stopError
	tried := map[target.Key]bool{}
	works := false
	for range probes {
		i := r.probe(left, due, tried)
		if i < 0 || ctx.Err() != nil {
			break
		}
		alone := *x
		alone.changes = []reconcile.Change{left[i]}
		left = slices.Delete(left, i, i+1)
		tried[alone.changes[0].Key] = true
		got := alone.do(ctx)
		results = append(results, got...)
		if alone.stopped != nil {
			stopped = alone.stopped
		}
		if works = sick.ends(got[0].Outcome, got[0].Class); works || stopped != nil {
			break
		}
	}
	switch {
	case works:
		r.engine.remember(ctx)
		stopped = nil
		fallthrough
	case ctx.Err() != nil:
		rest := *x
		rest.changes = left
		results = append(results, rest.do(ctx)...)
		if rest.stopped != nil {
			stopped = rest.stopped
		}
	default:
		skipped := r.each(left, Skipped, quarantineError(sick))
		for i := range skipped {
			x.progress(&skipped[i])
		}
		results = append(results, skipped...)
	}
	slices.SortStableFunc(results, func(a, b Result) int { return a.Change.Compare(&b.Change) })
	return results, stopped
}

// probe picks a change to be tried alone: one that ends the access of a leaver, or
// if the time for a try has come, another. It needs nothing of this run, was not
// done by another, and is about an account that was not tried. -1: there is none.
func (r *targetRun) probe(changes []reconcile.Change, due bool, tried map[target.Key]bool) int {
	able := func(c *reconcile.Change) bool {
		if tried[c.Key] || r.spent(c.ID) {
			return false
		}
		return !slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return n.Field == "" && !r.spent(n.Change) })
	}
	other := -1
	for i := range changes {
		c := &changes[i]
		switch {
		case !able(c):
		case c.EndsAccess():
			return i
		case other < 0:
			other = i
		}
	}
	if !due {
		return -1
	}
	return other
}

// remember brings the state up to the journal's end; what it cannot read now it
// reads later.
func (e *Engine) remember(ctx context.Context) {
	if err := e.catchUp(context.WithoutCancel(ctx)); err != nil {
		e.config.Logger.ErrorContext(ctx, "journal not read", "error", err)
	}
}

// quarantined lists the targets in quarantine, in the order of Config.Targets.
func (e *Engine) quarantined() []Quarantined {
	e.mu.RLock()
	defer e.mu.RUnlock()
	var out []Quarantined
	for _, t := range e.config.Targets {
		if q := e.state.of(t.Name()).quarantined(); q != nil {
			q.Target = t.Name()
			out = append(out, *q)
		}
	}
	return out
}

// quarantinedAfter lists them as a run leaves them behind. A run that found no target in
// quarantine and put none into it has nothing to look up: what it wrote is read when
// somebody needs it.
func (e *Engine) quarantinedAfter(ctx context.Context, runs []*targetRun) []Quarantined {
	if !slices.ContainsFunc(runs, func(r *targetRun) bool { return r.unwell }) && len(e.quarantined()) == 0 {
		return nil
	}
	e.remember(ctx)
	return e.quarantined()
}
