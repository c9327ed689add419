package provision

import (
	"errors"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// errJournal says that it was the journal that failed, and nothing else.
var errJournal = errors.New("journal")

// learn adds to the end of a change what later runs have to know of it: how it
// failed and until when the target asked to wait, or what was written.
func (x *execution) learn(a *attempt, e *Entry) {
	switch a.result.Outcome {
	case Failed, Unconfirmed:
		e.Class = a.result.Class
		if a.parked {
			e.NotBefore = e.At.Add(min(target.RetryAfter(a.result.Err), day))
		}
	case Done:
		if a.change.Action != reconcile.Update {
			return
		}
		for i := range a.change.Fields {
			if f := &a.change.Fields[i]; !a.leaves(f.Name) {
				e.Written = append(e.Written, FieldMark{Field: f.Name, Imprint: x.masks.Imprint(a.change, f)})
			}
		}
	case AlreadySo, Held, Skipped, Stale, Cancelled:
	}
}

// failing says of changes that failed before a call was made what the journal does
// not know yet.
func (r *targetRun) failing(results []Result, at time.Time) []Entry {
	var entries []Entry
	for i := range results {
		x := &results[i]
		if x.Outcome != Failed || x.Attempts > 0 || errors.Is(x.Err, errJournal) {
			continue
		}
		e := Entry{
			At: at, Kind: Failing, Run: r.id, Target: r.plan.Target, Change: x.Change.ID, Action: x.Change.Action,
			Key: x.Change.Key, Account: x.Account, Entitlement: x.Change.Entitlement, Phase: x.Change.Phase,
			Outcome: Failed, Class: x.Class,
		}
		if x.Err != nil {
			masks := r.engine.masks[r.plan.Target]
			e.Text = forJournal(x.Err, &x.Change, &masks)
		}
		if wait := target.RetryAfter(x.Err); wait > r.engine.config.Retry.maxWait() {
			e.NotBefore = at.Add(min(wait, day))
		}
		entries = append(entries, e)
	}
	return entries
}
