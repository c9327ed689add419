package provisiontest

import (
	"context"
	"slices"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// join hires somebody.
func (w *stormWorld) join() *source.Identity {
	p := w.config.Person(w.draw, personID(len(w.record.truth)))
	p.Department = source.Named(w.config.Departments[w.draw.IntN(len(w.config.Departments))])
	if w.tenant != firstTenant {
		p.WorkEmail, p.Name.Given = w.address(p.ID), w.given(p.Name.Given)
	}
	w.record.truth = append(w.record.truth, &p)
	return &p
}

// event changes what is true of people.
func (w *stormWorld) event(a stormAtom) {
	r := w.record
	p := r.truth[a.n%len(r.truth)]
	day := source.DateOf(time.Now().UTC())
	switch a.kind {
	case "joins":
		if len(r.truth) < 2*w.people {
			w.join().HireDate = day
		}
	case "will-join":
		if len(r.truth) < 2*w.people {
			p := w.join()
			p.Status, p.HireDate = source.PreHire, day.AddDays(a.m%20)
		}
	case "leaves":
		p.Status, p.LastDay = source.Terminated, day.AddDays(-1)
	case "leaves-later":
		p.LastDay = day.AddDays(a.m % 5)
	case "returns":
		p.Status, p.HireDate, p.LastDay = source.Active, day, source.Date{}
	case "moves":
		p.Department = source.Named(w.config.Departments[a.m%len(w.config.Departments)])
	case "promoted":
		p.JobTitle = w.config.Titles[a.m%len(w.config.Titles)]
	case "department-unknown":
		p.Department = source.Ref{}
	case "on-leave":
		if p.Status == source.Active {
			p.Status = source.OnLeave
		}
	case "suspended":
		if p.Status == source.Active {
			p.Status = source.Suspended
		}
	case "back-from-leave":
		if p.Status == source.OnLeave || p.Status == source.Suspended {
			p.Status = source.Active
		}
	case "unlisted":
		r.gone[p.ID] = true
	case "listed":
		clear(r.gone)
	case "manager": // also of themselves, and in circles
		p.Manager = source.Manager{ID: r.truth[a.m%len(r.truth)].ID}
	case "shares-address":
		if other := r.truth[a.m%len(r.truth)]; !w.oracle.has(p.ID) {
			p.WorkEmail = other.WorkEmail
		}
	case "own-address":
		p.WorkEmail = w.address(p.ID)
	case "married":
		p.Name.Given = w.given("Zoe")
	}
}

// classes are those that an error before the effect may have, and those that one
// after it may have: to say of what was done that it was not would be a lie.
func classes(after bool) []target.Class {
	if after {
		return []target.Class{target.Unclear, target.Transient}
	}
	return []target.Class{
		target.Unclear, target.NotSent, target.Throttled, target.Transient, target.Exists, target.Conflict,
		target.NotFound, target.Permanent, target.Fatal,
	}
}

// fault breaks something for one step.
func (w *stormWorld) fault(ctx context.Context, a stormAtom) {
	if !w.sourceFault(a) {
		w.targetFault(ctx, a)
	}
}

func (w *stormWorld) targetFault(ctx context.Context, a stormAtom) {
	t := w.targets[a.n%len(w.targets)]
	methods := []string{
		"Create", "Update", "Disable", "Enable", "Grant", "Revoke", "EndSessions", "Delete", "Find", "Accounts", "",
	}
	f := callFault{method: methods[a.n%len(methods)], times: a.m%4 + 1}
	class := func(after bool) error {
		list := classes(after)
		c := list[a.m/4%len(list)]
		if (f.method == "Find" || f.method == "") && c == target.NotFound { // there it is an answer
			c = target.Transient
		}
		return target.Fail(c, errStorm)
	}
	silent := !w.guessing(t)
	switch a.kind {
	case "fail":
		f.err = class(false)
	case "fail-after-commit":
		f.after, f.err = true, class(true)
	case "timeout":
		f.slow = true
	case "timeout-after-commit":
		f.after, f.slow = true, true
	case "throttle":
		f.err = target.ThrottledError(30*time.Second, errStorm)
	case "throttle-for-hours":
		f.err = target.ThrottledError(2*time.Hour, errStorm)
	case "panic":
		f.panics = true
	case "panic-after-commit":
		f.after, f.panics = true, true
	case "random-errors":
		f.method, f.every, f.draw, f.err = "", 2+a.m%3, a.m, class(a.n%2 == 0)
		f.after = a.n%2 == 0
		if target.ClassOf(f.err) == target.NotFound { // as above
			f.err = target.Fail(target.Transient, errStorm)
		}
	case "down":
		f.method, f.times, f.err = "", 1000, target.Fail(target.Transient, errStorm)
	case "list-fails":
		t.list = listFault{after: a.m % 6, err: errStorm}
		return
	case "list-repeats":
		t.list = listFault{after: a.m, repeats: true}
		return
	case "catalogue-fails":
		t.list = listFault{after: a.m % 3, err: errStorm, catalogue: true}
		return
	case "catalogue-empty":
		t.list = listFault{catalogue: true}
		return
	case "list-cut", "list-loses", "list-empty":
		if silent {
			t.list = listFault{after: a.m % 6, cut: a.kind != "list-loses", loses: a.kind == "list-loses"}
			if a.kind == "list-empty" {
				t.list.after = 0
			}
		}
		return
	case "lag":
		if silent {
			t.lag, _ = accountsOf(ctx, t.inner)
		}
		return
	case "values-normalised":
		t.title = shout
		return
	case "values-dropped":
		t.dropTitle = true
		return
	default:
		w.drift(ctx, t, a)
		return
	}
	t.faults = append(t.faults, f)
}

// guessing reports whether nothing but listing and searching tells that an account
// is there. Where those do not show what is there, an account made twice is a known
// limit.
func (w *stormWorld) guessing(t *stormCore) bool {
	return !slices.ContainsFunc(t.can.Attributes, func(a target.AttributeSpec) bool { return a.Unique })
}

// lags reports whether a target does not show what was written.
func (w *stormWorld) lags(name string) bool {
	return slices.ContainsFunc(w.targets, func(t *stormCore) bool { return t.name == name && t.lag != nil })
}

// drift is what somebody else does to an account.
func (w *stormWorld) drift(ctx context.Context, t *stormCore, a stormAtom) {
	all, err := accountsOf(ctx, t.inner)
	if err != nil || len(all) == 0 {
		return
	}
	one := all[a.m%len(all)]
	ref := target.Ref{ID: one.ID, Key: one.Key}
	switch a.kind {
	case "title-drifts":
		_, _ = t.inner.Update(ctx, target.UpdateRequest{Ref: ref, Set: target.Attrs(map[string]string{"title": "Drifted"})})
		t.drifts(one.ID)
	case "group-drifts":
		for _, e := range one.Entitlements {
			_ = t.inner.Revoke(ctx, target.GrantRequest{Ref: ref, Entitlement: e})
		}
	case "closed-by-hand":
		if _, err := t.inner.Disable(ctx, target.StateRequest{Ref: ref}); err == nil {
			if known := w.oracle.accounts[t.name][one.ID]; known != nil {
				known.open = false
			}
		}
	}
}

// sourceFault breaks the source, the journal or the clock; false if the fault is of
// another kind.
func (w *stormWorld) sourceFault(a stormAtom) bool {
	f := &w.record.fault
	id := personID(a.n % len(w.record.truth))
	switch a.kind {
	case "source-fails":
		f.after, f.err = a.m%8, errStorm
	case "source-cut":
		f.after, f.cut = a.m%8, true
	case "source-empty":
		f.empty = true
	case "source-shrinks":
		f.after, f.shrinks = a.m%8, true
	case "row-twice":
		f.twice = id
	case "row-contested":
		f.contest = id
	case "row-without-id":
		f.lost = true
	case "department-vanishes":
		f.vanish = "department"
	case "status-vanishes":
		f.vanish = "status"
	case "title-vanishes":
		f.vanish = "title"
	case "read-fails":
		f.readErr = errStorm
	case "read-stale":
		f.stale = true
	case "read-not-found":
		f.notFound = true
	case "append-fails":
		w.log.failBefore = a.n % 20
	case "append-fails-after":
		w.log.failAfter = a.n % 20
	case "journal-unreadable":
		w.log.unreadable = true
	case "clock-ahead":
		w.ahead = time.Duration(a.n%48) * time.Hour
	case "clock-behind":
		w.ahead = -time.Duration(a.n%26) * time.Hour
	default:
		return false
	}
	return true
}

// desk is where people decide. It is in none of the processes that die; after a restart it is a new one.
func (w *stormWorld) desk() *provision.Desk {
	if w.decides == nil {
		w.decides = provision.NewDesk(stormJournal{w.log, nil})
		w.decides.Clock, w.decides.MaskKey = w.now, []byte(stormMaskKey)
	}
	return w.decides
}

// decide has somebody decide about one thing that waits.
func (w *stormWorld) decide(ctx context.Context, a stormAtom) {
	if len(w.oracle.pending) == 0 {
		return
	}
	desk := w.desk()
	pending, err := desk.Pending(ctx)
	if err != nil || len(pending) == 0 {
		return
	}
	one := pending[a.n%len(pending)]
	by := provision.Decision{Actor: "the CFO", Expires: w.now().Add(time.Duration(1+a.m%72) * time.Hour)}
	switch a.kind {
	case "approve":
		if w.doubted(&one) {
			return // whoever approves a second account has looked for the first one
		}
		_ = desk.Approve(ctx, one.Hold.Change.ID, by)
	case "reject":
		_ = desk.Reject(ctx, one.Hold.Change.ID, by)
	case "release":
		if one.Guarded != "" {
			_ = desk.Release(ctx, one.Guarded, by)
		}
	}
}
