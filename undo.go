package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// UndoOptions narrow an Undo. The zero value undoes all that the run did.
type UndoOptions struct {
	// Targets limits it to the named targets. Defaults to all that the run wrote to. Of a
	// run that a compaction of the journal has cut in two they must be named.
	Targets []string
	// Identities limits it to these people, and Keys to these accounts; who is in
	// either is undone. Defaults to everybody.
	Identities []string
	Keys       []target.Key
	// Died says that the process that made the run is gone, so that a run without an
	// end in the journal is over. A run that this engine is making is refused all the
	// same. Defaults to false.
	Died bool
}

var errNotConfigured = errors.New("the run wrote to it, and it is not in Config.Targets")

// Undo plans to take back what a run did. It reads the journal, the source and the
// accounts as they are now, and writes nothing; apply the plan with [Engine.Apply],
// which treats it like any other: guards, approvals, modes and protection hold it or
// parts of it. [Desk.Runs] lists the runs.
//
// Only what the run did, or may have done, is taken back, and only where the account
// is still as the run left it; what somebody did later is never overwritten.
// [reconcile.Undo] lists what is the inverse of what. What cannot be taken back is in
// the plan's findings, which say what a person has to do: deletes, ended sessions,
// handovers, and values of attributes unless Config.KeepValues kept them
// (Config.Masking keeps only hashes). Somebody who
// has left meanwhile, or whom the source does not list, gets nothing back without an
// approval; if the source cannot be read, that is everybody, and a finding says so.
//
// What was undone is held when the next plan wants it again, until somebody approves
// it, or the rules or the data have changed. Undoing a run twice does nothing; an undo is a
// run and can be undone. To go on after a crash, plan the undo again. A plan of an undo
// is good until the next run for everybody: what is left of it then ends as Stale.
//
// Errors wrap ErrUnknownRun, ErrForgottenRun, ErrRunning or ErrUnknownTarget, or are
// those of reading the journal.
func (e *Engine) Undo(ctx context.Context, runID string, options UndoOptions) (*Plan, error) {
	plan, err := e.planUndo(ctx, runID, &options)
	if err != nil {
		return nil, fmt.Errorf("undo run %q: %w", runID, err)
	}
	return plan, nil
}

func (e *Engine) planUndo(ctx context.Context, runID string, options *UndoOptions) (*Plan, error) {
	if err := e.catchUp(ctx); err != nil {
		return nil, err
	}
	run, err := readRun(ctx, e.config.Journal, runID)
	if err != nil {
		return nil, err
	}
	names, err := e.undoTargets(run, options)
	if err != nil {
		return nil, err
	}
	deeds := map[string][]reconcile.Deed{}
	people := map[string]bool{}
	for _, name := range names {
		deeds[name] = run.deeds(name, options.concerns)
		for i := range deeds[name] {
			people[deeds[name][i].Key.Identity] = true
		}
	}
	plan := &Plan{}
	at := e.config.Clock()
	wanted, err := e.wantedNow(ctx, plan, people, at)
	if err != nil {
		return nil, err
	}
	readings := e.readNamed(ctx, names)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for _, t := range e.config.Targets {
		name := t.Name()
		r, concerned := readings[name]
		switch {
		case !concerned:
		case r.err != nil:
			plan.Unread = append(plan.Unread, Unread{Target: name, Err: r.err})
		default:
			e.keepCatalogue(name, r.snapshot.Catalogue())
			tp, err := e.undoOn(t, reconcile.Whole(wanted[name], source.Snapshot{}.Proof(), r.snapshot), at, reconcile.Undoing{
				Run: runID, Words: runWords(runID, run.actor, run.begun), Deeds: deeds[name],
			})
			if err != nil {
				return nil, err
			}
			plan.add(tp, nil)
		}
	}
	for _, name := range names {
		if e.byName[name] == nil {
			plan.Unread = append(plan.Unread, Unread{Target: name, Err: errNotConfigured})
		}
	}
	return plan, nil
}

// concerns reports whether the changes of a key are to be undone.
func (o *UndoOptions) concerns(key target.Key) bool {
	return len(o.Identities)+len(o.Keys) == 0 || slices.Contains(o.Identities, key.Identity) || slices.Contains(o.Keys, key)
}

// undoTargets are the targets on which a run is to be undone, in the order of the run.
func (e *Engine) undoTargets(run *runRecord, options *UndoOptions) ([]string, error) {
	if e.isRunning(run.id) {
		return nil, fmt.Errorf("%w: wait for it", ErrRunning)
	}
	if len(options.Targets) == 0 && run.cut() {
		return nil, fmt.Errorf("%w: it was compacted in the middle of it; UndoOptions.Targets may name some of %q", ErrForgottenRun, run.names)
	}
	for _, name := range options.Targets {
		if run.targets[name] == nil && run.cut() {
			return nil, fmt.Errorf("%w: it was compacted in the middle of it, and what is left is about %q", ErrForgottenRun, run.names)
		}
		if run.targets[name] == nil {
			return nil, fmt.Errorf("%w: the run did nothing on %q, but on %q", ErrUnknownTarget, name, run.names)
		}
	}
	var names []string
	for _, name := range run.names {
		if len(options.Targets) > 0 && !slices.Contains(options.Targets, name) {
			continue
		}
		if err := run.over(name, options.Died); err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// wantedNow asks the rules about some people as the source has them now. One that
// cannot be read says nothing of anybody, and the plan says so.
func (e *Engine) wantedNow(
	ctx context.Context, plan *Plan, people map[string]bool, at time.Time,
) (map[string][]target.Desired, error) {
	snap, err := e.readSource(ctx)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err != nil {
		plan.Findings = append(plan.Findings, Finding{
			Origin: fromSource + e.config.Source.Name(), Code: reconcile.CodeSource,
			Message: "the source cannot be read, so nobody knows who has left: " + err.Error(),
		})
		e.record(plan, nil, nil)
		return nil, nil //nolint:nilerr // the plan says it
	}
	all := e.populationOf(snap)
	list := slices.DeleteFunc(all.people, func(i *source.Identity) bool { return !people[i.ID] })
	e.record(plan, list, func(id string) bool { return all.unlisted[id] })
	wanted := e.decideAll(list, at)
	for name, desired := range wanted {
		all.correct(e, name, desired)
		wanted[name] = e.withContested(name, desired, all.contested)
	}
	return wanted, nil
}

// readNamed reads some targets at once. Those that are not configured are left out.
func (e *Engine) readNamed(ctx context.Context, names []string) map[string]reading {
	list := make([]reading, len(names))
	var all errgroup.Group
	for i, name := range names {
		t := e.byName[name]
		if t == nil {
			continue
		}
		all.Go(func() error {
			list[i] = e.readTarget(ctx, t)
			return nil
		})
	}
	_ = all.Wait() // the errors are in list
	out := make(map[string]reading, len(names))
	for i, name := range names {
		if e.byName[name] != nil {
			out[name] = list[i]
		}
	}
	return out
}

func (e *Engine) undoOn(
	t target.Target, scope reconcile.Scope, at time.Time, what reconcile.Undoing,
) (*reconcile.Plan, error) {
	e.mu.RLock()
	defer e.mu.RUnlock()
	plan, err := reconcile.Undo(e.input(t, scope, at), what)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", t.Name(), err)
	}
	return plan, nil
}

// isRunning reports whether this engine is making a run.
func (e *Engine) isRunning(run string) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	return e.running[run]
}

// runs notes that a run begins or, with false, ends.
func (e *Engine) runs(run string, now bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if now {
		e.running[run] = true
	} else {
		delete(e.running, run)
	}
}
