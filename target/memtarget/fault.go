package memtarget

import (
	"context"
	"errors"
	"slices"

	"github.com/provision-go/provision/target"
)

// Call is one call that was made. Request is the request struct, without the
// values of secrets.
type Call struct {
	Method  string // name of the method, such as "Grant"
	Ref     target.Ref
	Request any
	Err     error
}

// A Fault makes calls fail.
type Fault struct {
	Method string     // name of the method; "" = every one
	Key    target.Key // only calls about the account with this key; zero = all
	Err    error
	// Times is how many calls fail; 0 = all from now on.
	Times int
	// AfterCommit does the work first and then returns Err: a timeout after the
	// target has committed. Err defaults to an error of class Unclear.
	AfterCommit bool
	// After is, for Accounts and Entitlements, how many are yielded before Err.
	// With a nil Err the listing just ends: a connector that loses a page.
	After int
}

var errTimeout = errors.New("no answer within the time")

// Inject adds a fault. Of several that fit a call, the first counts.
func (t *Target) Inject(f Fault) {
	if f.AfterCommit && f.Err == nil {
		f.Err = target.Fail(target.Unclear, errTimeout)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = append(t.faults, &f)
}

// FailNext makes the next call of a method fail without effect.
func (t *Target) FailNext(method string, err error) {
	t.Inject(Fault{Method: method, Err: err, Times: 1})
}

// FailAlways makes every call of a method fail without effect.
func (t *Target) FailAlways(method string, err error) {
	t.Inject(Fault{Method: method, Err: err})
}

// Repair removes all faults.
func (t *Target) Repair() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.faults = nil
}

// LagReads makes lists and searches show what is there now, whatever happens
// afterwards, until [Target.SettleReads]. Reading by native id does not lag.
func (t *Target) LagReads() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lagging = t.store.clone()
}

// SettleReads ends what [Target.LagReads] began.
func (t *Target) SettleReads() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.lagging = nil
}

// Calls returns the calls that have ended, in that order.
func (t *Target) Calls() []Call {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.calls)
}

// Writes returns those of [Target.Calls] that were neither lists nor searches.
func (t *Target) Writes() []Call {
	return slices.DeleteFunc(t.Calls(), func(c Call) bool {
		return c.Method == "Accounts" || c.Method == "Entitlements" || c.Method == "Find"
	})
}

// ForgetCalls empties the list of calls.
func (t *Target) ForgetCalls() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls = nil
}

// fault returns the fault for a call, if any, and uses it up. Callers hold mu.
func (t *Target) fault(c Call) *Fault {
	for i, f := range t.faults {
		if f.Method != "" && f.Method != c.Method || !f.Key.IsZero() && f.Key != t.keyOf(c.Ref) {
			continue
		}
		if f.Times > 0 {
			if f.Times--; f.Times == 0 {
				t.faults = slices.Delete(t.faults, i, i+1)
			}
		}
		return f
	}
	return nil
}

func (t *Target) keyOf(r target.Ref) target.Key {
	if st := t.store.accounts[r.ID]; st != nil && !st.account.Key.IsZero() {
		return st.account.Key
	}
	return r.Key
}

// run makes one call: hook, fault, the work under the lock, the log.
func run[T any](ctx context.Context, t *Target, call Call, do func() (T, error)) (T, error) {
	if t.cfg.OnCall != nil {
		t.cfg.OnCall(ctx, call)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	result, err := attempt(ctx, t, call, do)
	if err != nil {
		var none T
		result = none
	}
	call.Err = err
	t.calls = append(t.calls, call)
	return result, err
}

func attempt[T any](ctx context.Context, t *Target, call Call, do func() (T, error)) (T, error) {
	var none T
	if err := ctx.Err(); err != nil {
		// Nothing was done, and the caller may as well know it.
		return none, target.Fail(target.NotSent, err)
	}
	f := t.fault(call)
	if f != nil && !f.AfterCommit {
		return none, f.Err
	}
	result, err := do()
	if err == nil && f != nil {
		err = f.Err
	}
	return result, err
}
