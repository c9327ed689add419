package provision

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// inDoubt is an open call and what it may have written.
type inDoubt struct {
	matter
	openCall
}

// settle finds out how calls ended whose process died, or of which nobody could tell. What a
// plan that was made since still holds is for the execution to find out. Of the rest
// the account tells: it is as the call was to make it, or nothing came of the call and
// nobody wants it any more. What cannot be learned in the time of one call is left to the
// next run. What an update has left cannot be compared, because values are not kept: the
// plan that no longer has it has.
func (r *targetRun) settle(ctx context.Context, now time.Time) []Entry {
	doubts := r.inDoubt()
	if len(doubts) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.engine.config.CallTimeout) // for all of them
	defer cancel()
	var entries []Entry
	for i := range doubts {
		d, outcome, err := &doubts[i], Done, error(nil)
		if d.Action != reconcile.Update {
			outcome, err = r.endOf(ctx, d)
		}
		if err == nil {
			entries = append(entries, d.ended(d.matter, r.plan.Target, now, outcome))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return entries
}

// inDoubt are the open calls of which the run can find out how they ended, oldest first.
func (r *targetRun) inDoubt() []inDoubt {
	e := r.engine
	e.mu.RLock()
	defer e.mu.RUnlock()
	t := e.state.of(r.plan.Target)
	if len(t.open) == 0 || r.plan.Undo != "" || r.lease.epoch == 0 || t.quarantined() != nil {
		return nil
	}
	can := e.byName[r.plan.Target].Capabilities()
	planned := planned(r.plan)
	var out []inDoubt
	for m, c := range t.open {
		about := r.plan.Whole || r.identity != "" && m.Key.Identity == r.identity
		unknown := c.Position > r.plan.Position || planned[c.Change] || e.running[c.Run]
		if about && !unknown && tells(&can, &c) {
			out = append(out, inDoubt{m, c})
		}
	}
	slices.SortFunc(out, func(a, b inDoubt) int { return cmp.Compare(a.Position, b.Position) })
	return out
}

// tells reports whether a target, or a plan, can tell how a call ended. An ordinary plan
// says nothing of what an undo wrote.
func tells(can *target.Capabilities, c *openCall) bool {
	switch c.Action {
	case reconcile.Create:
		return can.Keys && can.FindKey
	case reconcile.Adopt:
		return can.Keys
	case reconcile.Update:
		return c.Undo == nil
	default:
		return c.Account != ""
	}
}

// endOf looks at the account of an open call.
func (r *targetRun) endOf(ctx context.Context, d *inDoubt) (Outcome, error) {
	e := r.engine
	t := e.byName[r.plan.Target]
	by := target.Find{ID: d.Account}
	if d.Action == reconcile.Create {
		by = target.Find{Key: d.Key}
	}
	found, err := e.find(ctx, t, by)
	if err != nil {
		return 0, err
	}
	c := reconcile.Change{Action: d.Action, Key: d.Key, Account: d.Account, Entitlement: d.Entitlement, From: target.Disabled, To: target.Enabled}
	if d.Action == reconcile.Disable {
		c.From, c.To = c.To, c.From
	}
	var now *target.Account
	if len(found) > 0 {
		now = &found[0]
		if !t.Capabilities().Keys {
			now.Key = d.Key
		}
	}
	if c.Standing(now) != reconcile.AlreadySo {
		return Cancelled, nil
	}
	if now != nil {
		d.Account = now.ID
	}
	return Done, nil
}
