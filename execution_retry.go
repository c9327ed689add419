package provision

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// What follows a failed call depends on its class and on the action. A write
// states absolute values, so repeating one that may have happened is harmless,
// but for a create.
//
//	class      create                            everything else
//	not-sent   repeat                            repeat
//	throttled  repeat                            repeat
//	transient  as unclear; repeat if idempotent  repeat
//	unclear    read back, then repeat            repeat
//	exists     ours: done already; else failed   failed
//	conflict   as exists                         read again, three times at most, then stale
//	not-found  failed                            account gone: removals are so already, others
//	                                             stale; still there: failed
//	permanent  failed                            failed
//	fatal      failed; the rest is skipped       failed; the rest is skipped

// attempts is how often a call is made in all.
func (r Retry) attempts() int {
	if r.Attempts > 0 {
		return r.Attempts
	}
	return 5
}

func (r Retry) base() time.Duration {
	if r.Base > 0 {
		return r.Base
	}
	return 500 * time.Millisecond
}

func (r Retry) maxWait() time.Duration {
	if r.MaxWait > 0 {
		return r.MaxWait
	}
	return 15 * time.Minute
}

// bound is the longest wait after the n-th failure, counted from 1.
func (r Retry) bound(n int) time.Duration {
	limit := r.Max
	if limit <= 0 {
		limit = 30 * time.Second
	}
	bound := r.base()
	for ; n > 1 && bound < limit; n-- {
		bound *= 2
	}
	return min(bound, limit)
}

// backoff is a wait with full jitter after the n-th failure of somebody.
func (r Retry) backoff(n int, of *reconcile.Change) time.Duration {
	return jitter(r.bound(n), n, of)
}

// spread is what is added to a stated wait, so that not everybody comes back at
// the same moment: up to a tenth of it and at most a second.
func spread(wait time.Duration, n int, of *reconcile.Change) time.Duration {
	return jitter(min(wait/10, time.Second), n, of)
}

// jitter is a wait up to a bound. It follows from the change, so that many spread as if it
// were drawn, and a run that is repeated goes the same way again.
func jitter(bound time.Duration, n int, of *reconcile.Change) time.Duration {
	h := fnv.New64a()
	_, _ = io.WriteString(h, of.Target)
	_, _ = h.Write(binary.LittleEndian.AppendUint64(nil, uint64(n)))
	_, _ = io.WriteString(h, of.ID)
	sum := h.Sum64()
	sum = (sum ^ sum>>32) * 0x9e3779b97f4a7c15 // FNV leaves its high bits alike
	return time.Duration((sum ^ sum>>29) % uint64(bound+1))
}

// repeat lets the attempt come again after a while, or ends it.
func (x *execution) repeat(a *attempt, err error) {
	a.failures++
	if x.park(a, err) {
		return
	}
	limit := x.config.Retry.attempts()
	if a.failures >= limit || a.stage == trying && a.result.Attempts >= limit {
		x.giveUp(a, err)
		return
	}
	a.come(x.pause(a, a.failures, err))
}

// pause is how long to wait after the n-th failure: what the target asks for, or
// a backoff.
func (x *execution) pause(a *attempt, n int, err error) time.Duration {
	if after := target.RetryAfter(err); after > 0 {
		return after + spread(after, n, a.change)
	}
	return x.config.Retry.backoff(n, a.change)
}

// park ends the attempt if the target asks for a wait that is too long for this
// run.
func (x *execution) park(a *attempt, err error) bool {
	after := target.RetryAfter(err)
	if after <= x.config.Retry.maxWait() {
		return false
	}
	a.parked = true
	a.failed = fmt.Errorf("parked: target asks for %s: %w", brief(after), err)
	x.giveUp(a, a.failed)
	return true
}

// giveUp ends the attempt with what its last call said.
func (x *execution) giveUp(a *attempt, err error) {
	switch {
	case a.unclear == nil && a.stage == clashing:
		a.end(Failed, target.ClassOf(a.clash), a.clash)
	case a.unclear == nil:
		a.end(Failed, target.ClassOf(err), err)
	case err == nil, errors.Is(err, a.unclear): // the same
		a.end(Unconfirmed, target.ClassOf(a.unclear), a.unclear)
	default:
		a.end(Unconfirmed, target.ClassOf(a.unclear), fmt.Errorf("%w; then: %w", a.unclear, err))
	}
}

// readFailed follows a failed read. Reads are repeated whenever that may help.
func (x *execution) readFailed(ctx context.Context, a *attempt, err error) {
	if ctx.Err() != nil {
		a.come(0) // not to be repeated: the dispatcher ends it
		return
	}
	switch target.ClassOf(err) {
	case target.NotSent, target.Throttled, target.Transient, target.Unclear:
		x.repeat(a, err)
	case target.Exists, target.Conflict, target.NotFound, target.Permanent, target.Fatal:
		x.giveUp(a, err)
	}
}

// brief writes a duration without its empty parts: "6h" rather than "6h0m0s".
func brief(d time.Duration) string {
	s := d.Round(time.Second).String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
