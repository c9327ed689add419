package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// Once makes one attempt and returns the answer, whatever its status: for writes,
// and for all that must not be sent again without knowing more. Redirects are
// answers too, and are not followed.
//
// Two things send a request a second time, both when the first one certainly was
// not carried out: a 401 if there is a Config.Renew, and a kept connection that
// turns out to be closed before anything was written to it.
//
// An answer of 2xx may be empty; if it is not, it has to be what Request.Want says.
// One that breaks off is an [*Error] that has its status: what was asked for has
// been done then. Of other answers the first 64 KiB count. An error without a
// status means that no answer came; its chain has the error of the transport.
func (c *Client) Once(ctx context.Context, r Request) (Answer, error) {
	x, u, err := c.begin(r, c.cfg.MaxBody)
	if err != nil {
		return Answer{}, err
	}
	var body io.Reader
	if r.Body != nil {
		body = bytes.NewReader(r.Body)
	}
	req, err := http.NewRequestWithContext(context.WithValue(ctx, exchangeKey{}, x), x.method, "", body)
	if err != nil {
		return Answer{}, x.finish(&Error{Kind: Refused, Err: errors.New("it makes no HTTP request")})
	}
	req.URL, req.Host = u, u.Host
	c.describe(req.Header, r)
	unrepeatable(req.Header)
	x.attempts = 1
	resp, err := c.http.Transport.RoundTrip(req)
	if err != nil {
		e, _ := x.transportError(ctx, err)
		e.Attempts = 1
		return Answer{}, x.finish(e)
	}
	defer resp.Body.Close()
	x.response = resp
	return x.once()
}

// unrepeatable spells two headers so that net/http does not know them: it repeats
// requests that have them after they may have been carried out, and whether the
// system honours them only the caller knows. HTTP does not mind the spelling.
func unrepeatable(h http.Header) {
	for _, name := range []string{"Idempotency-Key", "X-Idempotency-Key"} {
		if values := h[name]; len(values) > 0 {
			delete(h, name)
			h[strings.ToLower(name)] = values
		}
	}
}

// once reads the answer.
func (x *exchange) once() (Answer, error) {
	if !success(x.response.StatusCode) {
		body, _ := io.ReadAll(io.LimitReader(x.response.Body, enough)) // what came is all that counts
		return x.answer(bytes.TrimPrefix(body, mark())), nil
	}
	content, err := x.readSome()
	if err != nil || len(bytes.TrimLeft(content, " \t\r\n")) == 0 {
		return x.answer(nil), err
	}
	if err := x.checkHeader(); err != nil {
		return x.answer(nil), err
	}
	return x.answer(content), x.expect(sniff(content))
}

// Err returns nil for a status of 2xx, and otherwise an [*Error] of which kind and
// wait are what the status says and Config.Fault makes of it.
func (a Answer) Err() error {
	switch {
	case success(a.Status):
		return nil
	case a.exchange == nil:
		return &Error{Status: a.Status, Kind: kindOfStatus(a.Status, false)}
	}
	e := a.exchange.refusal(a.Status, a.Header, a.Body)
	e.Attempts = a.exchange.attempts
	return e
}
