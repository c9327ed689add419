package provision

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// ApplyOptions narrow an Apply. The zero value applies everything.
type ApplyOptions struct {
	// Targets limits the run to the named targets. Defaults to all in the plan.
	Targets []string
	// Actor is who starts the run, for the journal. Defaults to "".
	Actor string
}

// Apply runs what a plan may do now: its changes, and what was held in it and
// has been approved or released since. It returns one result per planned change;
// see [Report.Err] for what went wrong with single changes. Its own error means
// that nothing was tried: it wraps ErrMasked, ErrOtherRules, ErrForecast or
// ErrUnknownTarget, ctx had ended, or the journal could not be read.
//
// A change runs once: a plan that is applied again does only what is still open.
// Plans for everybody are applied one after the other.
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
	if err := e.catchUp(ctx); err != nil {
		return nil, fmt.Errorf("apply: %w", err)
	}
	report := &Report{
		Run: rand.Text(), Started: started, Plan: plan, Findings: plan.Findings, Unread: plan.Unread,
	}
	results := make([][]Result, len(targets))
	var all errgroup.Group
	var progress sync.Mutex
	for i, tp := range targets {
		all.Go(func() error {
			r := &targetRun{
				engine: e, plan: tp, identity: plan.Identity, id: report.Run, actor: options.Actor,
				// While a whole run is writing, what was read for one person may be
				// out of date at once.
				fresh: plan.fresh && (plan.Identity == "" || e.whole.Load() == 0),
			}
			results[i] = r.do(ctx, &progress)
			return nil
		})
	}
	_ = all.Wait() // the errors are in the results
	report.Results = slices.Concat(results...)
	report.Finished = e.config.Clock()
	return report, nil
}

// applicable checks a plan against the engine and returns the targets to run.
func (e *Engine) applicable(plan *Plan, options *ApplyOptions, now time.Time) ([]*reconcile.Plan, error) {
	for _, name := range options.Targets {
		if e.byName[name] == nil {
			return nil, fmt.Errorf("%w: %q", ErrUnknownTarget, name)
		}
	}
	var out []*reconcile.Plan
	for _, tp := range plan.Targets {
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
		case tp.At.After(now):
			return nil, fmt.Errorf("%w: %s is planned for %s", ErrForecast, tp.Target, tp.At.Format(time.RFC3339))
		}
		out = append(out, tp)
	}
	return out, nil
}

// targetRun applies the plan of one target.
type targetRun struct {
	engine   *Engine
	plan     *reconcile.Plan
	identity string
	id       string
	actor    string
	fresh    bool
}

func (r *targetRun) do(ctx context.Context, progress *sync.Mutex) []Result {
	e := r.engine
	now := e.config.Clock()
	e.mu.Lock()
	run, held := r.plan.Lift(now, e.state.approvals(), e.state.releases)
	held, spent := r.unspent(held)
	entries := r.opening(run, held, now)
	e.mu.Unlock()

	// What is recorded must be all or nothing, also when ctx ends just now.
	if err := r.append(context.WithoutCancel(ctx), entries...); err != nil {
		return r.results(r.each(run, Skipped, err), spent, held)
	}
	done := 0
	x := &execution{
		target: e.byName[r.plan.Target], config: e.config, run: r.id, changes: run, fresh: r.fresh,
		record:  r.record,
		spent:   r.spent,
		known:   func(k target.Key) (string, bool) { return e.knownID(r.plan.Target, k) },
		touched: r.touched,
		lock:    func(k target.Key) func() { return e.locks.lock(r.plan.Target, k) },
		progress: func(result Result) {
			progress.Lock()
			defer progress.Unlock()
			done++
			if e.config.OnProgress != nil {
				e.config.OnProgress(Progress{Target: r.plan.Target, Done: done, Total: len(run), Result: result})
			}
		},
	}
	results := x.do(ctx)
	closing := Entry{At: e.config.Clock(), Kind: RunEnd, Run: r.id, Target: r.plan.Target, End: &RunTotal{
		PlannedAt: r.plan.At, Whole: r.plan.Whole, People: r.plan.People, Proved: r.plan.Proved,
		Missing: r.plan.Missing, Managed: r.plan.Managed + gained(results), Identity: r.identity,
		Broken: brokenOff(results),
	}}
	// What was read and done stays true after a cancellation.
	if err := r.append(context.WithoutCancel(ctx), closing); err != nil {
		e.config.Logger.ErrorContext(ctx, "run not closed in the journal", "target", r.plan.Target, "error", err)
	}
	return r.results(results, spent, held)
}

// unspent parts what is still held from what was held, approved and done since
// the plan was made: an approval is used up by then. The caller holds e.mu.
func (r *targetRun) unspent(holds []reconcile.Hold) (held []reconcile.Hold, spent []Result) {
	t := r.engine.state.of(r.plan.Target)
	var done []reconcile.Change
	for i := range holds {
		if t.spent[holds[i].Change.ID] > r.plan.Position {
			done = append(done, holds[i].Change)
		} else {
			held = append(held, holds[i])
		}
	}
	return held, r.each(done, AlreadySo, nil)
}

// opening is what must be durable before the first call: what is held, and what
// a disable will leave undone if the process dies after it.
func (r *targetRun) opening(run []reconcile.Change, held []reconcile.Hold, now time.Time) []Entry {
	t := r.engine.state.of(r.plan.Target)
	entries := []Entry{{At: now, Kind: RunBegin, Run: r.id, Target: r.plan.Target, Text: r.actor}}
	entries = append(entries, holdEntries(t, r.plan, held, r.identity, r.id, now)...)
	entries = append(entries, r.dropped(t, now)...)
	return append(entries, r.owing(t, run, held, now)...)
}

// dropped are the obligations that no longer apply, as the plan says.
func (r *targetRun) dropped(t *targetState, now time.Time) []Entry {
	var entries []Entry
	for i := range r.plan.Findings {
		f := &r.plan.Findings[i]
		if f.Code != reconcile.CodeObligation {
			continue
		}
		for _, o := range t.owed {
			if o.Key == f.Key && o.Account == f.Account && o.Action.String() == f.Field {
				entries = append(entries, Entry{
					At: now, Kind: Dropped, Run: r.id, Target: r.plan.Target, Key: o.Key, Account: o.Account, Action: o.Action,
				})
			}
		}
	}
	return entries
}

// owing are the steps that a disable in this run leaves undone if they fail, or
// if they are held while the disable is not. Nothing on the target would show
// later that they are missing.
func (r *targetRun) owing(t *targetState, run []reconcile.Change, held []reconcile.Hold, now time.Time) []Entry {
	disables := map[string]bool{}
	for i := range run {
		if run[i].Action == reconcile.Disable {
			disables[run[i].ID] = true
		}
	}
	var entries []Entry
	owe := func(c *reconcile.Change) {
		if c.Action != reconcile.EndSessions && c.Action != reconcile.Handover {
			return
		}
		if t.spent[c.ID] > r.plan.Position || t.owes(c.Key, c.Account, c.Action) {
			return
		}
		entries = append(entries, Entry{
			At: now, Kind: Owing, Run: r.id, Target: r.plan.Target, Change: c.ID, Action: c.Action,
			Key: c.Key, Account: c.Account, To: c.HandoverTo,
		})
	}
	for i := range run {
		owe(&run[i])
	}
	for i := range held {
		c := &held[i].Change
		if slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return disables[n.Change] }) {
			owe(c)
		}
	}
	return entries
}

func (r *targetRun) append(ctx context.Context, entries ...Entry) error {
	if err := r.engine.config.Journal.Append(ctx, entries...); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// spent reports whether a change was done after the plan was made.
func (r *targetRun) spent(change string) bool {
	e := r.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.of(r.plan.Target).spent[change] > r.plan.Position
}

// touched reports whether a run for one person wrote to an account since the
// plan was made, so that the plan may be out of date for it.
func (r *targetRun) touched(key target.Key) bool {
	e := r.engine
	e.mu.RLock()
	defer e.mu.RUnlock()
	when, ok := e.touched[accountName{r.plan.Target, key}]
	return ok && !when.Before(r.plan.At)
}

// record appends what the execution says, and notes what a run for one person
// wrote.
func (r *targetRun) record(ctx context.Context, entries ...Entry) error {
	if err := r.append(ctx, entries...); err != nil {
		return err
	}
	if r.identity == "" {
		return nil
	}
	e := r.engine
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range entries {
		if entries[i].Kind == Happened && entries[i].Outcome == Done {
			e.touched[accountName{r.plan.Target, entries[i].Key}] = entries[i].At
		}
	}
	return nil
}

// results joins what ran, what was done before and what is held, in plan order.
func (r *targetRun) results(ran, spent []Result, held []reconcile.Hold) []Result {
	out := make([]Result, 0, len(ran)+len(spent)+len(held))
	out = append(append(out, ran...), spent...)
	for i := range held {
		out = append(out, Result{
			Target: r.plan.Target, Change: held[i].Change, Outcome: Held, Account: held[i].Change.Account,
			Reasons: held[i].Reasons,
		})
	}
	slices.SortStableFunc(out, func(a, b Result) int {
		return cmp.Or(cmp.Compare(a.Change.Action, b.Change.Action), a.Change.Key.Compare(b.Change.Key),
			a.Change.Entitlement.Compare(b.Change.Entitlement))
	})
	return out
}

// each gives all changes one outcome.
func (r *targetRun) each(changes []reconcile.Change, outcome Outcome, err error) []Result {
	out := make([]Result, len(changes))
	for i := range changes {
		out[i] = Result{
			Target: r.plan.Target, Change: changes[i], Outcome: outcome, Account: changes[i].Account, Err: err,
		}
	}
	return out
}

// gained is by how many managed accounts a run changed the target.
func gained(results []Result) int {
	n := 0
	for i := range results {
		if results[i].Outcome != Done {
			continue
		}
		switch results[i].Change.Action {
		case reconcile.Create, reconcile.Adopt:
			n++
		case reconcile.Delete:
			n--
		default:
		}
	}
	return n
}

// brokenOff reports whether a run ended before its end: more than a tenth of its
// changes were not even tried.
func brokenOff(results []Result) bool {
	untried := 0
	for i := range results {
		if o := results[i].Outcome; o == Skipped || o == Cancelled {
			untried++
		}
	}
	return untried*10 > len(results)
}
