package provision

import (
	"context"
	"slices"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// leavesTrace reports whether it can be read back that an action took something
// away.
func leavesTrace(a reconcile.Action) bool {
	return a == reconcile.Disable || a == reconcile.Revoke || a == reconcile.Delete
}

// lastRemovals gathers the removals of each account that can be read back, under
// the place of the last one.
func lastRemovals(changes []reconcile.Change) map[int32][]int32 {
	type name struct {
		key target.Key
		id  string
	}
	last := map[name]int32{}
	out := map[int32][]int32{}
	for n := range changes {
		c := &changes[n]
		if !leavesTrace(c.Action) {
			continue
		}
		i := int32(n)
		of := name{id: c.Account}
		if of.id == "" {
			of.key = c.Key
		}
		list := []int32{i}
		if before, ok := last[of]; ok {
			list = slices.Concat(out[before], list)
			delete(out, before)
		}
		last[of] = i
		out[i] = list
	}
	return out
}

// toVerify returns the attempt that reads back the removals of an account, if
// this was the last one and any took effect; else nil.
func (d *dispatch) toVerify(i int32) *attempt {
	for _, j := range d.last[i] {
		if r := &d.results[j]; r.Outcome == Done && r.Verified == NotRead && r.Account != "" {
			return &attempt{change: &d.changes[i], index: i, account: r.Account, stage: verifying}
		}
	}
	return nil
}

// verify reads an account back. What contradicts a removal is looked at a second
// time a little later: some systems show what was written only after a while.
func (x *execution) verify(ctx context.Context, a *attempt) {
	found, err := x.find(ctx, a, target.Find{ID: a.account})
	if err != nil {
		a.parked = target.RetryAfter(err) > x.config.Retry.maxWait() // not worth the wait of a whole target
		return
	}
	a.read, a.found = true, found
}

// verified notes what reading back has shown. It returns false if it should be
// read once more.
func (d *dispatch) verified(a *attempt) bool {
	if !a.read {
		return true
	}
	list := d.last[a.index]
	if a.absent == 0 {
		for _, j := range list {
			if d.results[j].Outcome == Done && !isSo(&d.changes[j], a.found) {
				a.absent++
				a.come(d.x.config.Retry.base())
				return false
			}
		}
	}
	for _, j := range list {
		r := &d.results[j]
		if r.Outcome != Done {
			continue
		}
		r.Verified = Confirmed
		if !isSo(&r.Change, a.found) {
			r.Verified = Contradicted
		}
	}
	return true
}

// isSo reports whether an account, if it is there at all, is as it is after a
// removal.
func isSo(c *reconcile.Change, found []target.Account) bool {
	for i := range found {
		switch c.Action {
		case reconcile.Disable:
			if found[i].State != target.Disabled {
				return false
			}
		case reconcile.Revoke:
			if holds(found[i], c.Entitlement) {
				return false
			}
		default:
			return false
		}
	}
	return true
}
