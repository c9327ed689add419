package fetch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// An exchange is one read with all its attempts. It belongs to one goroutine.
type exchange struct {
	client *Client
	want   Format
	method string
	path   string // escaped, without the query
	limit  int64  // of the body
	into   *bytes.Buffer
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
	x, u, err := c.begin(r, limit)
	if err != nil {
		return err
	}
	x.handle = handle
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	var body any
	if r.Body != nil {
		body = r.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, x.method, u.String(), body)
	if err != nil {
		return x.finish(&Error{Kind: Refused, Err: errors.New("it makes no HTTP request")})
	}
	c.describe(req.Header, r)
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
	case x.failure != nil && errors.Is(err, x.failure):
		return x.failure
	case ctx.Err() != nil: // while waiting
		return x.finish(&Error{Err: ctx.Err(), Status: x.status(), Attempts: x.attempts})
	}
	return x.finish(&Error{Err: errors.New("it could not be sent")})
}

// begin checks a request and returns the exchange that it is going to be, and its
// address.
func (c *Client) begin(r Request, limit int64) (*exchange, *url.URL, error) {
	x := &exchange{client: c, want: r.Want, limit: limit, into: r.Into}
	if x.method = r.Method; x.method == "" {
		x.method = http.MethodGet
		if r.Body != nil {
			x.method = http.MethodPost
		}
	}
	u, err := c.address(r)
	if err != nil {
		x.path = oneLine(r.Path)
		return nil, nil, x.finish(&Error{Kind: Refused, Err: err})
	}
	x.path = u.EscapedPath()
	return x, u, nil
}

// describe fills the header of a request.
func (c *Client) describe(h http.Header, r Request) {
	h.Set("User-Agent", c.cfg.UserAgent)
	h.Set("Accept", r.Want.accept())
	if r.Body != nil {
		h.Set("Content-Type", cmp.Or(r.ContentType, "application/json"))
	}
	for name, values := range r.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
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
