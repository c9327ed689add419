package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/provision-go/provision/internal/retryafter"
)

// An exchange is one read with all its attempts. It belongs to one goroutine.
type exchange struct {
	client *Client
	want   Format
	method string
	path   string // escaped, without the query
	limit  int64  // of the body
	handle func(*exchange) error

	attempts int           // that have failed
	waited   time.Duration // between them, the next wait included
	wait     time.Duration // the next one
	renewed  bool          // new credentials were asked for
	secrets  []string      // what Authorize put into the requests

	response *http.Response // with a status of 2xx; handle is looking at it
	begun    bool           // somebody has seen a part of it
	failure  *Error         // the last one
	foreign  error          // what a caller's function returned
}

type exchangeKey struct{}

func exchangeOf(ctx context.Context) *exchange {
	x, _ := ctx.Value(exchangeKey{}).(*exchange)
	return x
}

// do sends a request, several times if need be, and has handle look at the
// answer.
func (c *Client) do(ctx context.Context, r Request, limit int64, handle func(*exchange) error) error {
	x := &exchange{client: c, want: r.Want, limit: limit, handle: handle, path: oneLine(r.Path)}
	if x.method = r.Method; x.method == "" {
		x.method = http.MethodGet
		if r.Body != nil {
			x.method = http.MethodPost
		}
	}
	u, err := c.address(r)
	if err != nil {
		return x.finish(&Error{Kind: Refused, Err: err})
	}
	x.path = u.EscapedPath()
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	var body any
	if r.Body != nil {
		body = r.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, x.method, u.String(), body)
	if err != nil {
		return x.finish(&Error{Kind: Refused, Err: errors.New("it makes no HTTP request")})
	}
	req.Header.Set("User-Agent", c.cfg.UserAgent)
	req.Header.Set("Accept", r.Want.accept())
	if r.Body != nil {
		req.Header.Set("Content-Type", or(r.ContentType, "application/json"))
	}
	for name, values := range r.Header {
		req.Header[http.CanonicalHeaderKey(name)] = values
	}
	req.SetResponseHandler(x.look)

	repeating := retryablehttp.Client{
		HTTPClient: c.http,
		Logger:     nil, // it would write addresses with their queries
		RetryMax:   c.cfg.Attempts - 1,
		CheckRetry: x.check,
		Backoff:    func(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return x.wait },
		// What goes wrong is kept in the exchange: the client's own error has the
		// whole address in it.
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
	resp, err := repeating.Do(req)
	if resp != nil {
		_ = resp.Body.Close() // for the second time, mostly, which does no harm
	}
	switch {
	case err == nil:
		return nil
	case x.foreign != nil:
		return x.foreign
	case ctx.Err() != nil:
		return x.finish(&Error{Err: ctx.Err(), Status: x.status(), Attempts: x.attempts})
	case x.failure != nil:
		return x.failure
	}
	return x.finish(&Error{Err: errors.New("it could not be sent")})
}

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

// look hands an answer over and closes it.
func (x *exchange) look(resp *http.Response) error {
	defer resp.Body.Close()
	if x.response == nil {
		return x.failure // a status that is an error, and is not repeated
	}
	if err := x.checkHeader(); err != nil {
		return err
	}
	return x.handle(x)
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

// statusError reads the beginning of an answer and closes it.
func (x *exchange) statusError(resp *http.Response) *Error {
	const enough = 64 << 10
	body, _ := io.ReadAll(io.LimitReader(resp.Body, enough)) // what came is all that counts
	_ = resp.Body.Close()                                    // nothing is lost
	wait, stated := retryafter.Parse(resp.Header)
	e := &Error{
		Status:  resp.StatusCode,
		Kind:    kindOfStatus(resp.StatusCode, stated),
		Message: message(resp.Header, body),
		// Fault may find that the wait counts.
		RetryAfter: wait,
	}
	e.System, e.Method, e.Path = x.client.cfg.System, x.method, x.path
	if x.client.cfg.Fault != nil {
		x.client.cfg.Fault(e, resp.Header, body)
	}
	e.RetryAfter = min(max(e.RetryAfter, 0), retryafter.Max)
	if !e.Kind.retried() {
		e.RetryAfter = 0
	}
	e.Message = oneLine(e.Message)
	return x.finish(e)
}

// finish completes an error and takes out of it what must not be shown.
func (x *exchange) finish(e *Error) *Error {
	e.System, e.Method, e.Path = x.client.cfg.System, x.method, x.path
	if x.leaks(e.Message) {
		e.Message = ""
	}
	if e.Err == nil {
		return e
	}
	switch text := e.Err.Error(); {
	case x.leaks(text):
		e.Err = errors.New("not shown: a credential is in it")
	case oneLine(text) != text:
		e.Err = &shown{oneLine(text), e.Err}
	}
	return e
}

// shown is an error with a text that is fit to be shown.
type shown struct {
	text string
	err  error
}

func (e *shown) Error() string { return e.text }
func (e *shown) Unwrap() error { return e.err }

func (x *exchange) fail(kind Kind, format string, args ...any) *Error {
	return x.finish(&Error{Kind: kind, Status: x.status(), Err: fmt.Errorf(format, args...)})
}

func (x *exchange) status() int {
	switch {
	case x.response != nil:
		return x.response.StatusCode
	case x.failure != nil:
		return x.failure.Status
	}
	return 0
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
