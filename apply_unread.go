package provision

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// heard is what a plan knows of a target all the same that could not be read: that the
// source was, and who of those who were missing is in it.
type heard struct {
	at       time.Time
	position uint64 // of the journal, at planning
	found    []target.Key
}

// heardOfMissing says what a read of the source says about a target.
func (e *Engine) heardOfMissing(name string, at time.Time, there func(identityID string) bool) heard {
	e.mu.RLock()
	defer e.mu.RUnlock()
	h := heard{at: at, position: e.state.position}
	for _, k := range slices.SortedFunc(maps.Keys(e.state.of(name).missing), target.Key.Compare) {
		if there(k.Identity) {
			h.found = append(h.found, k)
		}
	}
	return h
}

// readings are what is to be remembered of the targets that a plan could not read, so
// that no older plan takes away what this read of the source would leave. The caller
// holds e.mu.
func (e *Engine) readings(plan *Plan, only []string, run string, now time.Time) []Entry {
	if !plan.fresh {
		return nil
	}
	var entries []Entry
	for i := range plan.Unread {
		u := &plan.Unread[i]
		t := e.state.targets[u.Target]
		if t == nil || u.heard.at.IsZero() || u.heard.at.After(now) || len(only) > 0 && !slices.Contains(only, u.Target) {
			continue
		}
		whole := plan.Identity == ""
		late := t.wholeEnd > u.heard.position || t.heard.position > u.heard.position
		if !whole {
			late = t.readSince(plan.Identity, &reconcile.Plan{At: u.heard.at, Position: u.heard.position})
		}
		if !late { // else a later run knows better
			entries = append(entries, Entry{
				At: now, Kind: Reading, Run: run, Target: u.Target,
				End: &RunTotal{PlannedAt: u.heard.at, Whole: whole, Identity: plan.Identity},
			})
		}
		for _, k := range u.heard.found {
			e := Entry{
				At: now, Kind: Seen, Run: run, Target: u.Target, Key: k,
				End: &RunTotal{PlannedAt: u.heard.at, Whole: whole},
			}
			if _, missing := t.missing[k]; missing && t.sighting(&e, late) {
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// noteUnread writes readings, as one of the runs of a lease.
func (e *Engine) noteUnread(ctx context.Context, lease *term, plan *Plan, only []string, run string) {
	ctx = context.WithoutCancel(ctx)
	e.mu.RLock()
	entries := e.readings(plan, only, run, e.config.Clock())
	e.mu.RUnlock()
	var err error
	if len(entries) > 0 {
		err = lease.append(ctx, entries...)
	}
	lease.leave(ctx, 1)
	if err != nil {
		e.config.Logger.ErrorContext(ctx, "what the source says is not in the journal", "run", run, "error", err)
	}
}
