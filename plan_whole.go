package provision

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// readSource reads everybody.
func (e *Engine) readSource(ctx context.Context) (source.Snapshot, error) {
	snap, err := source.Collect(ctx, e.config.Source)
	if err != nil {
		return source.Snapshot{}, err
	}
	e.config.Logger.InfoContext(ctx, "source read", "source", snap.Source(), "people", snap.Len(),
		"findings", len(snap.Findings()))
	return snap, nil
}

// reading is what came of reading one target.
type reading struct {
	snapshot target.Snapshot
	err      error
}

// collect reads a target. A connector that panics is one that cannot be read, and
// so is one that goes on after ctx has ended.
func collect(ctx context.Context, t target.Target) (target.Snapshot, error) {
	snap, err := bounded(ctx, 0, func(ctx context.Context) (target.Snapshot, error) { return target.Collect(ctx, t) })
	if errors.Is(err, errHangs) || isPanic(err) {
		err = fmt.Errorf("read %s: %w", t.Name(), err)
	}
	return snap, err
}

func isPanic(err error) bool {
	_, ok := errors.AsType[*panicError](err)
	return ok
}

// readTargets reads every target at once. One that cannot be read does not stop
// the others.
func (e *Engine) readTargets(ctx context.Context) []reading {
	out := make([]reading, len(e.config.Targets))
	var all errgroup.Group
	for i, t := range e.config.Targets {
		all.Go(func() error {
			out[i] = e.readTarget(ctx, t)
			return nil
		})
	}
	_ = all.Wait() // the errors are in out
	return out
}

func (e *Engine) readTarget(ctx context.Context, t target.Target) reading {
	snap, err := collect(ctx, t)
	if err == nil && !t.Capabilities().Keys {
		snap = snap.Link(e.links(t.Name()))
	}
	return reading{snap, err}
}

// links returns native id → key as the journal remembers it.
func (e *Engine) links(name string) map[string]target.Key {
	e.mu.RLock()
	defer e.mu.RUnlock()
	ids := e.state.of(name).ids
	out := make(map[string]target.Key, len(ids))
	for k, id := range ids {
		out[id] = k
	}
	return out
}

// planWhole plans every target for everybody.
func (e *Engine) planWhole(ctx context.Context, snap source.Snapshot, at time.Time, from uint64) (*Plan, error) {
	return e.planRead(ctx, snap, e.populationOf(snap), e.readTargets(ctx), at, from)
}

// planRead plans every target with what was read of it.
func (e *Engine) planRead(
	ctx context.Context, snap source.Snapshot, all population, readings []reading, at time.Time, from uint64,
) (*Plan, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	wanted := e.decideAll(all.people, at)
	filled := snap.Filled()
	plan := &Plan{fresh: true, Findings: sourceFindings(snap.Findings())}
	e.record(plan, all.people, func(id string) bool { return all.unlisted[id] })
	for i, t := range e.config.Targets {
		if err := readings[i].err; err != nil {
			plan.Unread = append(plan.Unread, Unread{Target: t.Name(), Err: err, heard: e.heardOfMissing(t.Name(), at, all.lists)})
			continue
		}
		actual := readings[i].snapshot
		e.keepCatalogue(t.Name(), actual.Catalogue())
		desired := wanted[t.Name()]
		all.correct(e, t.Name(), desired)
		e.noteProtected(t.Name(), desired, at, true)
		e.noteLeaving(desired, at)
		desired = e.withContested(t.Name(), desired, all.contested)
		tp, err := e.compute(t, reconcile.Whole(desired, snap.Proof(), actual), desired, nil, at, from, all.find, filled)
		if err != nil {
			return nil, err
		}
		plan.add(tp, actual.Findings())
	}
	plan.Quarantined = e.quarantined()
	return plan, nil
}

// withContested adds what is desired for people about whom the source contradicts itself.
func (e *Engine) withContested(name string, desired []target.Desired, people []string) []target.Desired {
	for _, id := range people {
		for _, slot := range e.owned[name].Slots {
			desired = append(desired, e.contested(name, target.Key{Identity: id, Slot: slot}))
		}
	}
	return desired
}

// contested is what is desired for somebody about whom the source contradicts itself:
// nothing is decided, so that nothing changes, nor who is protected.
func (e *Engine) contested(name string, key target.Key) target.Desired {
	e.mu.RLock()
	defer e.mu.RUnlock()
	d := target.Desired{Key: key, State: target.Undecided}
	if p := e.state.of(name).protected[key]; len(p.rules) > 0 {
		d.Protected, d.Extra = true, &target.Extra{ProtectedBy: p.rules}
	}
	return d
}

// compute plans one target. Taken are the names that were looked up for one person;
// from is readFrom before the source was read, filled is what it fills, in a whole plan.
func (e *Engine) compute(
	t target.Target, scope reconcile.Scope, desired []target.Desired, taken map[reconcile.Name]bool, at time.Time, from uint64,
	find func(id string) *source.Identity, filled map[string]int,
) (*reconcile.Plan, error) {
	name := t.Name()
	e.mu.RLock()
	defer e.mu.RUnlock()
	in := e.input(t, scope, at)
	in.History.ReadFrom = from
	e.owedLate(name, desired, &in.History)
	if scope.Parts().Whole {
		e.everLeft(name, &in.History)
	}
	in.Taken, in.Filled = taken, filled
	in.Because = func(c *reconcile.Change) []string {
		identity := find(c.Key.Identity)
		if identity == nil {
			return nil
		}
		return append(terminationWords(in.History.Terminated, c), because(e.config.Rules, identity, at, c)...)
	}
	in.Candidates = func(key target.Key, attribute string) []string {
		return e.candidates(find(key.Identity), name, key, attribute, at)
	}
	plan, err := reconcile.Compute(in)
	if err != nil {
		return nil, fmt.Errorf("plan %s: %w", name, err)
	}
	return plan, nil
}

// input is what every plan for a target depends on, and what it may keep. The caller holds
// e.mu as long as it uses it, as with shared.
func (e *Engine) input(t target.Target, scope reconcile.Scope, at time.Time) reconcile.Input {
	in := e.shared(t, scope, at)
	if e.config.Record {
		in.Keep, in.History = true, ownHistory(in.History)
	}
	return in
}

// shared is the input of a plan that nobody keeps. The caller holds e.mu as long as it
// uses it: the history shares its maps with the state.
func (e *Engine) shared(t target.Target, scope reconcile.Scope, at time.Time) reconcile.Input {
	name := t.Name()
	history := e.history(name, at)
	history.Protected = e.state.of(name).protectedBy(e.protecting)
	return reconcile.Input{
		Target:       name,
		Capabilities: t.Capabilities(),
		Scope:        scope,
		Owned:        e.owned[name],
		Rules:        e.config.Rules.Hash(),
		Masks:        e.masks[name],
		Policy:       e.policy(name),
		History:      history,
		Approvals:    e.state.approvals(),
		Releases:     e.state.releasesOf(name),
		At:           at,
	}
}

// history is what a plan depends on. In a forecast the time is no clock's, so there
// is nothing to compare it with.
func (e *Engine) history(name string, at time.Time) reconcile.History {
	h := e.state.history(name, at)
	h.Rules = rulesWithout(h.Rules, e.maskedBy())
	if at.After(e.config.Clock()) {
		h.Last, h.LastAlone = time.Time{}, time.Time{}
	}
	return h
}

// decideAll applies the rules to everybody, in parallel, and returns what is
// wanted by target: for each person, in their order, one entry per slot.
func (e *Engine) decideAll(people []*source.Identity, at time.Time) map[string][]target.Desired {
	set := e.config.Rules
	out := make(map[string][]target.Desired, len(e.config.Targets))
	slots := make(map[string]int, len(e.config.Targets))
	for _, name := range set.Targets() {
		slots[name] = len(e.owned[name].Slots)
		out[name] = make([]target.Desired, len(people)*slots[name])
	}
	workers := min(runtime.GOMAXPROCS(0), len(people)/1000+1)
	var all errgroup.Group
	for w := range workers {
		all.Go(func() error {
			decider := set.Decider()
			next := make(map[string]int, len(slots))
			for i := len(people) * w / workers; i < len(people)*(w+1)/workers; i++ {
				clear(next)
				for _, a := range decider.Decide(rules.Person{Identity: people[i]}, at).Accounts {
					out[a.Target][i*slots[a.Target]+next[a.Target]] = a.Desired
					next[a.Target]++
				}
			}
			return nil
		})
	}
	_ = all.Wait() // nothing in it fails
	return out
}
