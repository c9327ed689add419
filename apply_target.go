package provision

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// targetRun applies the plan of one target: it decides what may run now, records
// what must be known before the first call, has an execution make the calls, and
// records what the next run has to know.
type targetRun struct {
	engine   *Engine
	plan     *reconcile.Plan
	identity string // the only person the plan is about; "" is everybody
	id       string // of the run, in the journal
	actor    string
	from     uint64 // the journal's first position after the run began
	lease    *term
	fresh    bool // see execution
	// notYet says of deletes of a stored plan why they are not due any more.
	notYet map[target.Key]error
	// unwell says, at the end, that the target goes into quarantine.
	unwell bool
}

// do returns one result per planned change, in plan order. Progress keeps the
// callbacks of all targets one at a time.
func (r *targetRun) do(ctx context.Context, progress *sync.Mutex) []Result {
	e := r.engine
	e.config.Logger.DebugContext(ctx, "run begins", "run", r.id, "target", r.plan.Target, "changes", len(r.plan.Changes))
	now := e.config.Clock()
	r.reconsider(ctx, now)
	if err := e.heed(ctx); err != nil {
		r.lease.leave(context.WithoutCancel(ctx), 1)
		return r.results(r.each(r.plan.Changes, Skipped, err), nil, r.plan.Holds)
	}
	settled := r.settle(ctx, now)
	e.mu.Lock()
	run, held := r.judged(now).Lift(now, e.state.approvals(), e.state.releasesOf(r.plan.Target))
	held, spent := r.unspent(held)
	run, refused := r.refuse(run, now)
	held, left := r.withdraw(held)
	spent = slices.Concat(spent, refused, left)
	entries := slices.Concat(settled, r.opening(run, held, now))
	fresh := e.newlyHeld(r.plan.Target, entries)
	sick := e.state.of(r.plan.Target).quarantined()
	for i := range run {
		e.reserve(r.plan.Target, &run[i], 1)
	}
	e.mu.Unlock()

	// What is recorded must be all or nothing, also when ctx ends just now.
	if err := r.append(context.WithoutCancel(ctx), entries...); err != nil {
		e.neverHeld(fresh)
		for i := range run {
			r.free(&run[i])
		}
		r.lease.leave(context.WithoutCancel(ctx), 1)
		if errors.Is(err, ErrFenced) {
			err = fmt.Errorf("%w: %w", ErrBusy, err) // it was quicker
		}
		return r.results(r.each(run, Skipped, err), spent, held)
	}
	if err := e.heed(ctx); err != nil { // whoever writes next is told
		e.config.Logger.ErrorContext(ctx, "journal not read", "target", r.plan.Target, "error", err)
	}
	e.tellHeld(ctx, fresh, progress)
	done := 0
	x := &execution{
		target: e.byName[r.plan.Target], config: e.config, run: r.id, changes: run, fresh: r.fresh,
		undo: r.plan.Undo, actor: r.actor, masks: e.masks[r.plan.Target],
		record: r.record, within: r.lease.within,
		spent: r.spent, overtaken: r.overtaken,
		known:   func(k target.Key) (string, bool) { return e.knownID(r.plan.Target, k) },
		heardOf: func(k target.Key) bool { return e.heardOf(r.plan.Target, k) },
		touched: r.touched,
		owner:   func(id string) target.Key { return e.keyOf(r.plan.Target, id) },
		names:   func(c *reconcile.Change) []reconcile.Name { return e.namesIn(r.plan.Target, c) },
		lock:    func(k target.Key) func() { return e.locks.lock(r.plan.Target, k) },
		tryLock: func(k target.Key) (func(), bool) { return e.locks.tryLock(r.plan.Target, k) },
		progress: func(result *Result) {
			r.free(&result.Change)
			if e.config.OnProgress == nil {
				return
			}
			progress.Lock()
			defer progress.Unlock()
			done++
			e.tellProgress(ctx, Progress{Target: r.plan.Target, Done: done, Total: len(run), Result: *result})
		},
	}
	results, stopped := r.execute(ctx, x, sick, now)
	closing := Entry{At: e.config.Clock(), Kind: RunEnd, Run: r.id, Target: r.plan.Target, End: &RunTotal{
		PlannedAt: r.plan.At, Whole: r.plan.Whole, People: r.plan.People, Proved: r.plan.Proved,
		Missing: r.plan.Missing, Managed: r.plan.Managed + gained(results), Identity: r.identity,
		Broken: brokenOff(results), Filled: r.plan.Filled, Members: r.plan.Members, Alarms: alarmsIn(r.plan),
	}}
	// A run that read nobody has tried no rules, unless there are no accounts either.
	if r.plan.Mode == reconcile.Full && (r.plan.People > 0 || r.plan.Managed+r.plan.Orphans == 0) {
		closing.End.Rules = rulesUnder(r.plan.Rules, e.maskedBy())
	}
	closing.End.health(results, stopped, closing.At)
	r.unwell = closing.End.cause() != ""
	ending := append(r.failing(results, closing.At), closing)
	// What was read and done stays true after a cancellation.
	if err := r.lease.close(context.WithoutCancel(ctx), ending...); err != nil {
		e.config.Logger.ErrorContext(ctx, "run not closed in the journal", "target", r.plan.Target, "error", err)
	}
	return r.results(results, spent, held)
}

// heed has runs that are under way at the same time know of each other what each has
// written: when one has read the source, and what it is about to do.
func (e *Engine) heed(ctx context.Context) error {
	if e.active.Load() <= 1 {
		return nil
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.state.catchUp(context.WithoutCancel(ctx), e.config.Journal)
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
	entries := []Entry{{
		At: now, Kind: RunBegin, Run: r.id, Target: r.plan.Target, Text: r.actor, Undo: r.takesBack(),
		MaskedBy: r.engine.maskedBy(), From: r.from, End: r.reading(t),
	}}
	entries = append(entries, r.settled(t, now)...)
	onDesk := holdEntries(t, r.plan, held, run, r.identity, r.id, now)
	entries = append(append(entries, onDesk...), r.engine.state.unwanted(r.plan, onDesk)...)
	entries = append(entries, alarmEntries(t, r.plan, r.id, now)...)
	entries = append(entries, r.unplanned(t, now)...)
	entries = append(entries, r.seen(t, now)...)
	entries = append(entries, r.back(t, now)...)
	entries = append(entries, r.dropped(t, now)...)
	entries = append(entries, r.protecting(t, now)...)
	entries = append(entries, r.departing(t, now)...)
	return append(entries, r.owing(t, run, held, now)...)
}

// late reports whether a later read of the source is known by now, of everybody or of the
// one whom the plan is about: what the plan says of the source is not so any more.
func (r *targetRun) late(t *targetState) bool {
	if r.plan.Whole {
		return t.readAfter(r.plan)
	}
	return t.readSince(r.identity, r.plan)
}

// reading is what the run has read of the source, unless more is known by now. It may not
// come to its end, and older plans are out of date all the same.
func (r *targetRun) reading(t *targetState) *RunTotal {
	if p := r.plan; p.Undo == "" && (p.Whole || r.identity != "") && !r.late(t) {
		return &RunTotal{PlannedAt: p.At, Whole: p.Whole, Identity: r.identity, Retained: p.Retained, Unretained: p.Unretained}
	}
	return nil
}

// seen are those who were missing and are not, as far as the plan is about them. An
// older plan knows who was there when it was made.
func (r *targetRun) seen(t *targetState, now time.Time) []Entry {
	if len(t.missing) == 0 {
		return nil
	}
	late := r.late(t)
	still := map[target.Key]bool{}
	for _, k := range r.plan.Missing {
		still[k] = true
	}
	var entries []Entry
	for _, k := range slices.SortedFunc(maps.Keys(t.missing), target.Key.Compare) {
		if r.plan.Whole && !still[k] || !r.plan.Whole && k.Identity == r.identity {
			if e := r.seenAs(target.PhaseUnknown, k, now); t.sighting(&e, late) {
				entries = append(entries, e)
			}
		}
	}
	return entries
}

func (r *targetRun) seenAs(phase target.Phase, key target.Key, now time.Time) Entry {
	return Entry{
		At: now, Kind: Seen, Run: r.id, Target: r.plan.Target, Key: key, Phase: phase,
		End: &RunTotal{PlannedAt: r.plan.At, Whole: r.plan.Whole},
	}
}

// dropped are the obligations that no longer apply, as the plan says. An older plan does
// not know: who was back then may have left again.
func (r *targetRun) dropped(t *targetState, now time.Time) []Entry {
	if r.late(t) {
		return nil
	}
	var entries []Entry
	for i := range r.plan.Findings {
		f := &r.plan.Findings[i]
		if f.Code != reconcile.CodeObligation {
			continue
		}
		for _, o := range t.owed {
			if o.Since.After(r.plan.At) {
				continue // owed since: the plan does not know of it
			}
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
	disables, departs := map[string]bool{}, map[string]bool{}
	closes := r.engine.byName[r.plan.Target].Capabilities().Disable
	for i := range run {
		switch run[i].Action {
		case reconcile.Disable:
			disables[run[i].ID] = true
		case reconcile.EndSessions, reconcile.Handover:
			departs[run[i].Account] = true // afterwards the account counts as a leaver's
		default:
			if _, known := t.accounts[run[i].Key]; !known && !closes && run[i].Phase == target.Left {
				departs[run[i].Account] = true // the same, of one that nobody knew
			}
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
			Key: c.Key, Account: c.Account, To: c.HandoverTo, Phase: c.Phase,
		})
	}
	for i := range run {
		owe(&run[i])
	}
	for i := range held {
		c := &held[i].Change
		if departs[c.Account] || slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return disables[n.Change] }) {
			owe(c)
		}
	}
	return entries
}

func (r *targetRun) append(ctx context.Context, entries ...Entry) error {
	if err := r.lease.append(ctx, entries...); err != nil {
		return fmt.Errorf("%w: %w", errJournal, err)
	}
	return nil
}

// spent reports whether a change was done after the plan was made.
func (r *targetRun) spent(change string) bool {
	e := r.engine
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.state.of(r.plan.Target).spent[change] > r.plan.Position
}

// touched reports whether another run may have written to an account since the
// plan was made, so that the plan may be out of date for it.
func (r *targetRun) touched(key target.Key) bool {
	e := r.engine
	e.mu.RLock()
	defer e.mu.RUnlock()
	when, ok := e.touched[accountName{r.plan.Target, key}]
	return ok && !when.Before(r.plan.At)
}

// record appends what the execution says. It notes what a run for one person
// wrote, for the whole plan that may be waiting meanwhile; and while several runs
// are under way, each sees at once what the others have done, also if a journal has
// written what it could not confirm.
func (r *targetRun) record(ctx context.Context, entries ...Entry) error {
	failed := r.append(ctx, entries...)
	e := r.engine
	alone := e.active.Load() <= 1
	if alone && (r.identity == "" || failed != nil) {
		return failed
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for i := range entries {
		// A create may have made an account as soon as it is about to be called.
		if en := &entries[i]; en.Kind == Happened && en.Outcome == Done || en.Kind == Intent && en.Action == reconcile.Create {
			e.touched[accountName{r.plan.Target, en.Key}] = en.At
		}
	}
	if alone {
		return nil
	}
	unread := e.state.catchUp(ctx, e.config.Journal)
	return cmp.Or(failed, unread)
}

// results joins what ran, what was done before and what is held, in plan order.
func (r *targetRun) results(ran, spent []Result, held []reconcile.Hold) []Result {
	if len(spent)+len(held) == 0 {
		return ran // in plan order
	}
	out := make([]Result, 0, len(ran)+len(spent)+len(held))
	out = append(append(out, ran...), spent...)
	for i := range held {
		out = append(out, Result{
			Target: r.plan.Target, Change: held[i].Change, Outcome: Held, Account: held[i].Change.Account,
			Reasons: held[i].Reasons,
		})
	}
	sorted := func(i, j int) int { return out[i].Change.Compare(&out[j].Change) }
	places := make([]int, len(out))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, sorted)
	inOrder := make([]Result, len(out))
	for i, at := range places {
		inOrder[i] = out[at]
	}
	return inOrder
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
