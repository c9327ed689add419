package provision

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// What an engine asks of a plan once more when it is applied: other runs may have
// done something since, be doing it right now, or know better.

// inFlight counts what runs under way are about to do, by target and account, so that
// many plans made side by side do not each take the whole limit.
type inFlight map[string]map[flying]map[target.Key]int

// flying is what is counted: an action, and the revokes of one entitlement from
// people who are employed.
type flying struct {
	action      reconcile.Action
	entitlement target.Entitlement
}

// judged is the plan with guards and budgets that count what was done since it was
// made, by itself or by others; the guards also what is under way. The caller holds
// e.mu.
func (r *targetRun) judged(now time.Time) *reconcile.Plan {
	t := r.engine.state.of(r.plan.Target)
	plan := *r.plan
	plan.Guards = r.rejudged(t, now)
	// The releases of today count; what was released and is done counts as that: see again.
	plan.Released = slices.DeleteFunc(slices.Clone(plan.Released), func(id string) bool { return t.spent[id] <= r.plan.Position })
	plan.Claims = slices.DeleteFunc(slices.Clone(plan.Claims), func(c reconcile.Claim) bool {
		return t.spent[c.Change] > r.plan.Position // it has its seat
	})
	plan.Budgets = slices.Clone(plan.Budgets)
	for i := range plan.Budgets {
		b := &plan.Budgets[i]
		b.Used += t.seatsTaken(b, r.plan.Position)
	}
	return &plan
}

// reserve counts a change as under way, or with -1 as no longer. The caller holds
// e.mu.
func (e *Engine) reserve(name string, c *reconcile.Change, sign int) {
	e.name(name, c, sign > 0)
	if !countsForGuards(c) {
		return
	}
	flown := e.inFlight[name]
	if flown == nil {
		flown = map[flying]map[target.Key]int{}
		e.inFlight[name] = flown
	}
	for _, f := range flyings(c) {
		counts := flown[f]
		if counts == nil {
			counts = map[target.Key]int{}
			flown[f] = counts
		}
		if counts[c.Key] += sign; counts[c.Key] <= 0 {
			delete(counts, c.Key)
		}
	}
}

// flyings are what a change counts as.
func flyings(c *reconcile.Change) []flying {
	out := []flying{{action: c.Action}}
	if c.Action == reconcile.Revoke {
		out = append(out, flying{action: c.Action, entitlement: c.Entitlement})
	}
	return out
}

// underWay counts the accounts to which runs under way are about to do something, but
// not those that the journal counts already. The caller holds mu.
func (e *Engine) underWay(name string, f flying, done *recentKeys, now time.Time) int {
	n := 0
	for key := range e.inFlight[name][f] {
		if done == nil || !done.has(key, now.Add(-window)) {
			n++
		}
	}
	return n
}

// free ends what reserve began.
func (r *targetRun) free(c *reconcile.Change) {
	r.engine.mu.Lock()
	defer r.engine.mu.Unlock()
	r.engine.reserve(r.plan.Target, c, -1)
}

// countsForGuards leaves out what goes with another change.
func countsForGuards(c *reconcile.Change) bool {
	switch c.Action {
	case reconcile.EndSessions, reconcile.Handover, reconcile.CreateEntitlement:
		return false
	case reconcile.Revoke:
		return c.Phase != target.Left
	case reconcile.Grant:
		return !slices.ContainsFunc(c.Needs, func(n reconcile.Need) bool { return n.Field == "" })
	default:
		return true
	}
}

var (
	errProtected = errors.New("the policy protects this person")
	errByRules   = errors.New("the rules protect this account")
	errOldUndo   = errors.New("a run for everybody was made since the undo was planned; plan it again")
	errLapsed    = errors.New("the approval that it was planned with is no longer in force")
	errUnsure    = errors.New("a create since the plan was made may have made this account, and the target cannot tell")
	errOldProof  = errors.New("the source was read as a whole since the plan was made")
	errReadSince = errors.New("the person was read since the plan was made; plan again")
)

// refuse parts what a plan may run from what it may no longer: removals from
// people who are protected by now, what was approved and is not any more, creates
// that may have happened since, removals that rest on a whole read of the source
// that is not the last one, or of a person whom a run has read since, and accounts under a name that was given to somebody
// else. The caller holds e.mu.
func (r *targetRun) refuse(run []reconcile.Change, now time.Time) ([]reconcile.Change, []Result) {
	e, name := r.engine, r.plan.Target
	protected := e.policy(name).Protect
	known := e.state.of(name)
	old := (r.plan.Whole || r.plan.Undo != "") && (known.readAfter(r.plan) || known.doubted > r.plan.Position)
	owned := e.owned[name]
	protects := len(protected)+len(owned.Protect)+len(e.protected)+len(e.protecting) > 0
	if !protects && len(owned.Unique)+len(r.plan.Approved) == 0 && !old && !r.mayDouble() && !r.anyOvertaken(run) {
		return run, nil
	}
	var kept []reconcile.Change
	var refused []Result
	for i := range run {
		c := &run[i]
		why := r.overtakenBy(c)
		switch {
		case why != nil:
		case r.lapsed(c, now):
			why = errLapsed
		case c.Action == reconcile.Create && r.unsure(c):
			why = errUnsure
		case c.Action == reconcile.Create && r.nameIsGiven(c, now):
			why = errNameGiven
		case r.plan.Undo != "" && old:
			why = errOldUndo
		case !c.Action.Removes():
		case slices.Contains(protected, c.Key.Identity):
			why = errProtected
		case slices.Contains(owned.Protect, c.Key.Identity) || e.protected[accountName{name, c.Key}] || r.keepsProtected(c):
			why = errByRules
		case old:
			why = errOldProof
		}
		if why == nil {
			kept = append(kept, *c)
			continue
		}
		refused = append(refused, r.each([]reconcile.Change{*c}, Stale, why)...)
	}
	return kept, refused
}

// noteProtected remembers which accounts the rules protect, as they said last, for
// plans that were made before. A forecast says nothing about now.
func (e *Engine) noteProtected(name string, desired []target.Desired, at time.Time, everybody bool) {
	if at.After(e.config.Clock()) {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if everybody && len(e.protected) > 0 {
		maps.DeleteFunc(e.protected, func(a accountName, _ bool) bool { return a.target == name })
	}
	for i := range desired {
		at := accountName{name, desired[i].Key}
		if desired[i].Protected {
			e.protected[at] = true
		} else if !everybody {
			delete(e.protected, at)
		}
	}
}

// lapsed reports whether a change stands in the plan as one to be run because
// somebody had approved it, and nobody has any more. The caller holds e.mu.
func (r *targetRun) lapsed(c *reconcile.Change, now time.Time) bool {
	if _, approved := slices.BinarySearch(r.plan.Approved, c.ID); !approved {
		return false
	}
	st := r.engine.state
	if st.of(r.plan.Target).spent[c.ID] > r.plan.Position {
		return false // done since
	}
	d, ok := st.decisions[c.ID]
	return !ok || d.Rejected || !d.Expires.IsZero() && !d.Expires.After(now)
}

// mayDouble reports whether unsure has to be asked at all. The caller holds e.mu.
func (r *targetRun) mayDouble() bool {
	can := r.engine.byName[r.plan.Target].Capabilities()
	return !can.Keys || !can.FindKey && len(r.engine.state.of(r.plan.Target).open) > 0
}

// unsure reports whether an earlier create may have made the account of a create, on
// a target that cannot tell, and the plan did not know. Where keys are stored the plan
// knows of what was before it, and afterwards one that finds no keys refuses a second
// account only for a unique value. The caller holds e.mu.
func (r *targetRun) unsure(c *reconcile.Change) bool {
	can, t := r.engine.byName[r.plan.Target].Capabilities(), r.engine.state.of(r.plan.Target)
	if can.Keys {
		unique := slices.ContainsFunc(c.Fields, func(f reconcile.FieldChange) bool {
			spec, _ := can.Attribute(f.Name)
			return spec.Unique && len(f.After) > 0
		})
		return !can.FindKey && !unique && t.createdSince(c.Key, r.plan.Position)
	}
	if !t.accounts[c.Key].Doubted {
		return false
	}
	_, approved := slices.BinarySearch(r.plan.Approved, c.ID)
	held := slices.ContainsFunc(r.plan.Holds, func(h reconcile.Hold) bool { return h.Change.ID == c.ID })
	return !approved && !held
}
