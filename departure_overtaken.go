package provision

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// People leave, and come back, between a plan and its changes.

var (
	errTerminated = errors.New("the person was terminated since the plan was made")
	errReinstated = errors.New("the person was reinstated since the plan was made")
	errLeftSince  = errors.New("the person has left since the plan was made; plan again")
	errNotDue     = errors.New("the person's time of retention is not over any more, as the source has it now")
)

// overtakenBy says why a change must not run any more; nil if it may. The caller
// holds e.mu.
func (r *targetRun) overtakenBy(c *reconcile.Change) error {
	s, id := r.engine.state, c.Key.Identity
	_, terminated := s.terminated[id]
	switch {
	case id == "":
		return nil
	case terminated && givesSomebody(c):
		return errTerminated
	case !terminated && c.Urgent, c.Phase == target.Left && s.returned[id] > r.plan.Position:
		return errReinstated
	case r.hasLeft(c):
		return errLeftSince
	case c.Action.Removes() && !c.Urgent && r.plan.Undo == "" && s.of(r.plan.Target).readSince(id, r.plan):
		return errReadSince
	case c.Action == reconcile.Delete:
		return r.notYet[c.Key]
	}
	return nil
}

// anyOvertaken reports whether overtakenBy has to be asked at all. The caller holds
// e.mu.
func (r *targetRun) anyOvertaken(run []reconcile.Change) bool {
	for i := range run {
		if r.overtakenBy(&run[i]) != nil {
			return true
		}
	}
	return false
}

// overtaken is overtakenBy for a run under way.
func (r *targetRun) overtaken(c *reconcile.Change) error {
	r.engine.mu.RLock()
	defer r.engine.mu.RUnlock()
	return r.overtakenBy(c)
}

// tooLate ends an attempt at a change that was overtaken since it was planned: while it
// waited for its turn, or while its account was looked at.
func (x *execution) tooLate(a *attempt) bool {
	if x.overtaken == nil {
		return false
	}
	err := x.overtaken(a.change)
	if err == nil {
		return false
	}
	if a.unclear != nil {
		a.end(Unconfirmed, target.Unclear, errors.Join(err, a.unclear))
	} else {
		a.end(Stale, 0, err)
	}
	return true
}

// fewDeletes is up to how many people are read one by one.
const fewDeletes = 20

// reconsider asks the source once more about those whose accounts a stored plan is
// about to delete. A delete cannot be taken back, and a plan may lie for weeks while
// somebody puts right a last day with a wrong year. Whom the source no longer knows, and
// no longer lists, has not come back. If it cannot be read nothing is deleted.
func (r *targetRun) reconsider(ctx context.Context, now time.Time) {
	if r.fresh {
		return
	}
	keys := map[string][]target.Key{}
	note := func(c *reconcile.Change) {
		if c.Action == reconcile.Delete {
			keys[c.Key.Identity] = append(keys[c.Key.Identity], c.Key)
		}
	}
	for i := range r.plan.Changes {
		note(&r.plan.Changes[i])
	}
	for i := range r.plan.Holds {
		note(&r.plan.Holds[i].Change)
	}
	if len(keys) == 0 {
		return
	}
	r.notYet = map[target.Key]error{}
	read := func(id string) (source.Identity, error) {
		ctx, cancel := context.WithTimeout(ctx, r.engine.config.CallTimeout)
		defer cancel()
		return source.Read(ctx, r.engine.config.Source, id)
	}
	everybody := sync.OnceValues(func() (source.Snapshot, error) { return r.engine.readSource(ctx) })
	listed := func(id string) (source.Identity, error) {
		snap, err := everybody()
		i := snap.Find(id)
		switch {
		case err != nil:
			return source.Identity{}, err
		case i == nil && slices.Contains(snap.Contested(), id):
			return source.Identity{}, source.ErrContested
		case i == nil:
			return source.Identity{}, source.ErrNotFound
		}
		return *i, nil
	}
	if len(keys) > fewDeletes {
		read = listed
	}
	for _, id := range slices.Sorted(maps.Keys(keys)) {
		identity, err := read(id)
		if errors.Is(err, source.ErrNotFound) {
			identity, err = listed(id) // that one answer does not know somebody proves nothing
		}
		if errors.Is(err, source.ErrNotFound) {
			continue
		}
		for _, key := range keys[id] {
			if err != nil {
				r.notYet[key] = fmt.Errorf("ask the source once more before a delete: %w", err)
			} else if !r.stillDeleted(&identity, key, now) {
				r.notYet[key] = errNotDue
			}
		}
	}
}

// stillDeleted reports whether the rules still want an account gone.
func (r *targetRun) stillDeleted(i *source.Identity, key target.Key, now time.Time) bool {
	decided := r.engine.asDecided(*i)
	wanted := r.engine.config.Rules.Decide(rules.Person{Identity: &decided}, now).For(r.plan.Target)
	return slices.ContainsFunc(wanted, func(d target.Desired) bool { return d.Key == key && d.State == target.Deleted })
}
