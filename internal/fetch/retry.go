package fetch

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"time"
)

// check decides, after an attempt and after look, whether another one follows.
func (x *exchange) check(ctx context.Context, resp *http.Response, err error) (bool, error) {
	switch {
	case err == nil && success(resp.StatusCode):
		x.response = resp
		return false, nil // look comes next
	case x.foreign != nil:
		return false, x.foreign
	case x.failure != nil && errors.Is(err, x.failure):
		return false, err // decided before look was called
	}
	x.attempts++
	failure, final := x.understand(ctx, resp, err)
	x.failure, x.response = failure, nil
	if failure == nil {
		return false, x.foreign
	}
	failure.Attempts = x.attempts
	if !final && x.again(ctx) {
		return true, nil
	}
	return false, failure
}

// understand makes an error out of what became of an attempt, and says whether it
// is final whatever its kind is.
func (x *exchange) understand(ctx context.Context, resp *http.Response, err error) (*Error, bool) {
	if x.response != nil { // look was at it
		if e, ok := err.(*Error); ok { //nolint:errorlint // one of ours, not one that a caller's function wraps
			return e, x.begun
		}
		x.foreign = err
		return nil, true
	}
	if err != nil {
		e, final := x.transportError(ctx, err)
		if resp != nil { // a redirect that was not followed
			e.Status = resp.StatusCode
		}
		return x.finish(e), final
	}
	return x.statusError(resp), false
}

// again says whether another attempt follows the failure, and how long to wait
// before it.
func (x *exchange) again(ctx context.Context) bool {
	cfg := &x.client.cfg
	if !x.failure.Kind.retried() || x.attempts >= cfg.Attempts {
		return false
	}
	if wait := x.failure.RetryAfter; wait > 0 {
		// Not everybody comes back at the same moment.
		x.wait = wait + rand.N(min(wait/10, time.Second)+1) //nolint:gosec // it spreads load and keeps no secret
	} else {
		x.wait = rand.N(longest(x.attempts) + 1) //nolint:gosec // as above
	}
	if x.waited += x.wait; x.waited > cfg.MaxWait {
		return false
	}
	// A wait that the deadline would end only delays the error, and hides it.
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > x.wait
}

// longest is the longest wait after the n-th failure, counted from 1, if the
// system does not ask for one. Full jitter: any shorter one is as likely.
func longest(n int) time.Duration {
	const first, most = 500 * time.Millisecond, 30 * time.Second
	return min(first<<min(n-1, 10), most)
}

func success(status int) bool { return status >= 200 && status <= 299 }
