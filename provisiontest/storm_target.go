package provisiontest

import (
	"context"
	"errors"
	"iter"
	"strings"
	"sync/atomic"
	"time"

	"github.com/provision-go/provision/target"
)

var (
	errStorm   = errors.New("storm")
	errDead    = target.Fail(target.NotSent, errors.New("the process is dead"))
	errTimeout = errors.New("no answer within the time")
)

// stormCore is a target of a storm with what is wrong with it now, whoever calls.
type stormCore struct {
	w      *stormWorld
	inner  target.Target
	name   string
	can    target.Capabilities
	faults []callFault
	list   listFault
	// lag is what lists and searches still show; nil if they do not lag.
	lag       []target.Account
	title     func(string) string // what becomes of titles that are written
	dropTitle bool
	drifted   map[string]int // how often a title was not what was written for long, by native id
	counts    map[string]int // calls in this step, by method and account
	writes    int            // calls that write, in the whole storm
	failures  atomic.Int64   // calls that failed, in the whole storm
}

// A callFault spoils calls.
type callFault struct {
	method string // "" is any
	times  int    // how many calls more
	every  int    // if not 0: one call in so many, drawn
	draw   int
	after  bool // the target has done it
	panics bool
	slow   bool // it answers when the caller has given up
	err    error
}

// A listFault spoils listings.
type listFault struct {
	after     int // how many come before the fault
	err       error
	cut       bool
	repeats   bool
	loses     bool
	catalogue bool // it is the list of entitlements that is spoiled
}

// calm ends all faults of a step.
func (c *stormCore) calm() {
	c.faults, c.list, c.lag, c.title, c.dropTitle = c.faults[:0], listFault{}, nil, nil, false
	clear(c.counts)
}

// drifts counts that the title of an account does not stay as it was written.
func (c *stormCore) drifts(id string) {
	if c.drifted == nil {
		c.drifted = map[string]int{}
	}
	c.drifted[id]++
}

// fault returns what is wrong with a call, and uses it up.
func (c *stormCore) fault(method string, key target.Key) *callFault {
	name := method + " " + key.Identity
	c.counts[name]++
	for i := range c.faults {
		f := &c.faults[i]
		if f.method != "" && f.method != method {
			continue
		}
		if f.every > 0 {
			if mix(f.draw, name, c.counts[name])%uint64(f.every) == 0 {
				return f
			}
			continue
		}
		if f.times > 0 {
			f.times--
			return f
		}
	}
	return nil
}

// mix draws a number that depends on nothing but its arguments, so that one call
// more elsewhere changes nothing here.
func mix(draw int, name string, n int) uint64 {
	h := uint64(draw)*0x9e3779b97f4a7c15 + uint64(n)
	for i := range len(name) {
		h = (h ^ uint64(name[i])) * 0x100000001b3
	}
	return (h ^ h>>29) * 0xbf58476d1ce4e5b9 >> 17
}

// stormTarget is a target as one process sees it.
type stormTarget struct {
	*stormCore
	p *stormProcess
}

var _ target.Target = (*stormTarget)(nil)

func (t *stormTarget) Name() string                      { return t.name }
func (t *stormTarget) Capabilities() target.Capabilities { return t.can }

// call makes one call, or what the storm makes of it.
func (t *stormTarget) call(ctx context.Context, method string, key target.Key, do func() error) error {
	err := t.spoiled(ctx, method, key, do)
	if err != nil {
		t.failures.Add(1)
	}
	return err
}

func (t *stormTarget) spoiled(ctx context.Context, method string, key target.Key, do func() error) error {
	if t.p.dead.Load() {
		return errDead
	}
	if err := ctx.Err(); err != nil {
		return target.Fail(target.NotSent, err)
	}
	t.w.town.order.wait(t.w.tenant + " " + t.name + " " + method + " " + key.String())
	t.p.tick()
	if t.p.dead.Load() {
		return errDead
	}
	unlock := t.w.gate.lock()
	f := t.fault(method, key)
	var fault callFault
	if f != nil {
		fault = *f
	}
	unlock()
	if f != nil && !fault.after {
		return t.spoil(ctx, &fault)
	}
	err := func() error {
		defer t.w.gate.lock()()
		return do()
	}()
	t.p.tick()
	if t.p.dead.Load() {
		return errDead // it was done, and nobody is there to hear it
	}
	if err == nil && f != nil {
		return t.spoil(ctx, &fault)
	}
	return err
}

func (t *stormTarget) spoil(ctx context.Context, f *callFault) error {
	switch {
	case f.panics:
		t.failures.Add(1)
		panic("storm") //nolint:forbidigo // it plays a target that does
	case f.slow:
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Hour):
			return errTimeout
		}
	}
	return f.err
}

// write makes a call that writes, which the oracle is told before and after.
func (t *stormTarget) write(ctx context.Context, c *stormCall, do func() error) error {
	c.target = t.name
	return t.call(ctx, c.method, c.key, func() error {
		t.writes++
		t.w.oracle.before(c)
		err := do()
		if err == nil {
			t.w.oracle.after(c)
		}
		return err
	})
}

func (t *stormTarget) Accounts(ctx context.Context) iter.Seq2[target.Account, error] {
	return func(yield func(target.Account, error) bool) {
		var all []target.Account
		err := t.call(ctx, "Accounts", target.Key{}, func() error {
			var err error
			all, err = t.shown(ctx)
			return err
		})
		if err != nil {
			yield(target.Account{}, err)
			return
		}
		f := t.list
		if f.catalogue {
			f = listFault{}
		}
		for n, a := range all {
			switch {
			case f.err != nil && n >= f.after:
				yield(target.Account{}, f.err)
				return
			case f.cut && n >= f.after:
				return
			case f.loses && n == f.after%len(all):
				continue
			}
			if !yield(a, nil) || f.repeats && n == f.after%len(all) && !yield(a, nil) {
				return
			}
		}
		if f.err != nil {
			yield(target.Account{}, f.err)
		}
	}
}

// shown is what lists and searches see.
func (t *stormTarget) shown(ctx context.Context) ([]target.Account, error) {
	if t.lag != nil {
		return t.lag, nil
	}
	return accountsOf(ctx, t.inner)
}

func accountsOf(ctx context.Context, t target.Target) ([]target.Account, error) {
	all := []target.Account{}
	for a, err := range t.Accounts(ctx) {
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

func (t *stormTarget) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	var found []target.Account
	err := t.call(ctx, "Find", by.Key, func() error {
		var err error
		found, err = t.inner.Find(ctx, by)
		if err != nil || t.lag == nil || by.ID != "" {
			return err
		}
		known := found[:0:0]
		for _, old := range t.lag {
			for _, now := range found {
				if old.ID == now.ID {
					known = append(known, old)
				}
			}
		}
		found = known
		return nil
	})
	if err != nil {
		return nil, err
	}
	return found, nil
}

// kept is what the target makes of attributes today.
func (t *stormTarget) kept(set target.Attributes) target.Attributes {
	switch {
	case !set.Has("title"):
	case t.dropTitle:
		set = set.Without("title")
	case t.title != nil:
		set = set.With("title", t.title(set.Get("title")))
	}
	return set
}

func (t *stormTarget) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	var made target.Account
	c := &stormCall{method: "Create", key: req.Key, state: req.State, set: req.Attributes}
	err := t.write(ctx, c, func() error {
		req.Attributes = t.kept(req.Attributes)
		var err error
		made, err = t.inner.Create(ctx, req)
		c.id = made.ID
		if err == nil {
			c.state = made.State // of an account that a repeated create found
		}
		return err
	})
	return answer(made, err)
}

func answer(a target.Account, err error) (target.Account, error) {
	if err != nil {
		return target.Account{}, err
	}
	return a, nil
}

func (t *stormTarget) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	var made target.Account
	c := &stormCall{method: "Update", key: req.Ref.Key, id: req.Ref.ID, set: req.Set}
	if !req.SetKey.IsZero() {
		c.method, c.key = "Adopt", req.SetKey
	}
	err := t.write(ctx, c, func() error {
		kept := t.kept(req.Set)
		if kept.Get("title") != req.Set.Get("title") {
			t.drifts(req.Ref.ID)
		}
		req.Set = kept
		var err error
		made, err = t.inner.Update(ctx, req)
		return err
	})
	return answer(made, err)
}

func (t *stormTarget) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	var made target.Account
	err := t.write(ctx, &stormCall{method: "Disable", key: req.Ref.Key, id: req.Ref.ID}, func() error {
		var err error
		made, err = t.inner.Disable(ctx, req)
		return err
	})
	return answer(made, err)
}

func (t *stormTarget) Enable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	var made target.Account
	err := t.write(ctx, &stormCall{method: "Enable", key: req.Ref.Key, id: req.Ref.ID}, func() error {
		var err error
		made, err = t.inner.Enable(ctx, req)
		return err
	})
	return answer(made, err)
}

func (t *stormTarget) Delete(ctx context.Context, req target.StateRequest) error {
	return t.write(ctx, &stormCall{method: "Delete", key: req.Ref.Key, id: req.Ref.ID}, func() error {
		return t.inner.Delete(ctx, req)
	})
}

func (t *stormTarget) Entitlements(ctx context.Context) iter.Seq2[target.Held, error] {
	return func(yield func(target.Held, error) bool) {
		if err := t.call(ctx, "Entitlements", target.Key{}, func() error { return nil }); err != nil {
			yield(target.Held{}, err)
			return
		}
		f := t.list
		n := 0
		for h, err := range t.inner.Entitlements(ctx) {
			if f.catalogue && n >= f.after {
				if f.err != nil {
					yield(target.Held{}, f.err)
				}
				return
			}
			if !yield(h, err) {
				return
			}
			n++
		}
	}
}

func (t *stormTarget) EnsureEntitlement(ctx context.Context, req target.EnsureRequest) (target.Held, error) {
	var held target.Held
	c := &stormCall{method: "CreateEntitlement", entitlement: req.Entitlement}
	err := t.write(ctx, c, func() error {
		var err error
		held, err = t.inner.EnsureEntitlement(ctx, req)
		return err
	})
	if err != nil {
		return target.Held{}, err
	}
	return held, nil
}

func (t *stormTarget) Grant(ctx context.Context, req target.GrantRequest) error {
	c := &stormCall{method: "Grant", key: req.Ref.Key, id: req.Ref.ID, entitlement: req.Entitlement}
	return t.write(ctx, c, func() error { return t.inner.Grant(ctx, req) })
}

func (t *stormTarget) Revoke(ctx context.Context, req target.GrantRequest) error {
	c := &stormCall{method: "Revoke", key: req.Ref.Key, id: req.Ref.ID, entitlement: req.Entitlement}
	return t.write(ctx, c, func() error { return t.inner.Revoke(ctx, req) })
}

func (t *stormTarget) EndSessions(ctx context.Context, req target.SessionsRequest) error {
	c := &stormCall{method: "EndSessions", key: req.Ref.Key, id: req.Ref.ID}
	return t.write(ctx, c, func() error { return t.inner.EndSessions(ctx, req) })
}

func (t *stormTarget) Handover(ctx context.Context, req target.HandoverRequest) error {
	c := &stormCall{method: "Handover", key: req.From.Key, id: req.From.ID}
	return t.write(ctx, c, func() error { return t.inner.Handover(ctx, req) })
}

// shout is what a target may do to a value.
func shout(s string) string { return strings.ToUpper(s) }
