package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptrace"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"
)

// sender is what every request goes through, repeated and redirected ones too: it
// waits for the rate, adds credentials, renews them once, and ends what makes no
// progress.
type sender struct {
	cfg  Config
	next http.RoundTripper
	rate *rate.Limiter

	renewals singleflight.Group
	renewed  atomic.Int64 // how often
}

// localError is an error that no repetition cures: it came from the caller's
// functions or from what they did.
type localError struct {
	kind Kind
	err  error
}

func (e *localError) Error() string { return e.err.Error() }
func (e *localError) Unwrap() error { return e.err }

func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchangeOf(req.Context())
	renewals := s.renewed.Load()
	resp, err := s.send(x, req)
	if err != nil || resp.StatusCode != http.StatusUnauthorized || s.cfg.Renew == nil || x.renewed {
		return resp, err
	}
	x.renewed = true
	_ = resp.Body.Close() // nothing is lost
	if err := s.renew(req.Context(), renewals); err != nil {
		kind := Unauthorized
		if k := KindOf(err); k.retried() {
			kind = k
		}
		return nil, &localError{kind, fmt.Errorf("renew credentials: %w", err)}
	}
	if req.GetBody != nil {
		again := *req
		if again.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
		req = &again
	}
	return s.send(x, req)
}

// renew gets new credentials unless somebody did since they had been renewed so
// many times.
func (s *sender) renew(ctx context.Context, renewals int64) error {
	done := s.renewals.DoChan(strconv.FormatInt(renewals, 10), func() (any, error) {
		if s.renewed.Load() != renewals {
			return nil, nil
		}
		// Others may be waiting for it too: that one gives up is no reason to stop.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.cfg.Timeouts.Answer)
		defer cancel()
		if err := s.cfg.Renew(ctx); err != nil {
			return nil, err
		}
		s.renewed.Add(1)
		return nil, nil
	})
	select {
	case result := <-done:
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// send makes one attempt. The answer's body ends when it makes no progress.
func (s *sender) send(x *exchange, req *http.Request) (*http.Response, error) {
	if err := s.pace(req.Context()); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	var untrusted atomic.Bool // the handshake may go on when nobody waits for it any more
	out, err := s.authorized(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		TLSHandshakeDone: func(_ tls.ConnectionState, err error) { untrusted.Store(err != nil && !lost(err)) },
	}), x, req)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	timer := time.AfterFunc(s.cfg.Timeouts.Answer, func() { cancel(fmt.Errorf("no answer within %s", s.cfg.Timeouts.Answer)) })
	resp, err := s.next.RoundTrip(out)
	timer.Stop()
	if err == nil && (resp == nil || resp.Body == nil) {
		err = &localError{Other, errors.New("the Transport returned no response")}
	}
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		cancel(nil)
		if untrusted.Load() {
			err = &localError{Refused, err}
		}
		return nil, err
	}
	if resp.StatusCode/100 == 3 {
		if _, err := resp.Location(); err != nil {
			// net/http would put the address into an error, with what is in its query.
			resp.Header.Del("Location")
		}
	}
	resp.Body = &body{
		ReadCloser: resp.Body, caller: req.Context(), ctx: ctx, cancel: cancel,
		idle: s.cfg.Timeouts.Idle, left: s.cfg.Timeouts.Body,
	}
	return resp, nil
}

// pace waits until another request may begin.
func (s *sender) pace(ctx context.Context) error {
	if s.rate == nil {
		return nil
	}
	if err := s.rate.Wait(ctx); err != nil {
		// The deadline of the context is too near, or it has ended.
		return &localError{Other, fmt.Errorf("rate limit: %w", cmp.Or(ctx.Err(), context.DeadlineExceeded))}
	}
	return nil
}

// authorized is a request to be sent with a context, with credentials if there are any.
func (s *sender) authorized(ctx context.Context, x *exchange, req *http.Request) (*http.Request, error) {
	if s.cfg.Authorize == nil {
		return req.WithContext(ctx), nil // nobody alters it
	}
	out := req.Clone(ctx)
	return out, s.authorize(x, req, out)
}

// authorize adds credentials to a copy of a request.
func (s *sender) authorize(x *exchange, req, out *http.Request) error {
	if err := s.cfg.Authorize(req.Context(), out); err != nil {
		return &localError{KindOf(err), fmt.Errorf("authorize: %w", err)}
	}
	x.secrets = append(x.secrets, credentials(req, out)...)
	if out.URL.Scheme != req.URL.Scheme || out.URL.Host != req.URL.Host || out.URL.User != nil {
		return &localError{Other, errors.New("authorize: it changed the address of the request")}
	}
	for name, values := range out.Header {
		for _, v := range values {
			if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }) {
				// A key that was read from a file often ends with a line break.
				return &localError{Other, fmt.Errorf("authorize: header %s has a line break or control character in it", name)}
			}
		}
	}
	return nil
}
