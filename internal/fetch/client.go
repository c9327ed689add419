package fetch

import (
	"bytes"
	"context"
	"encoding"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/time/rate"
)

// A Client reads from one system with one set of credentials. It is safe for
// concurrent use.
type Client struct {
	cfg  Config
	base *url.URL
	http *http.Client
	// transport is what connections belong to. It is reached through http too, but
	// there the client that repeats requests cannot close what others still use.
	transport http.RoundTripper
}

// New returns a client. It connects to nothing. A configuration that cannot work
// is an error that names the field.
func New(cfg Config) (*Client, error) {
	cfg, base, err := cfg.filled()
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	c := &Client{cfg: cfg, base: base, transport: cfg.Transport}
	if c.transport == nil {
		c.transport = transport(cfg)
	}
	sender := &sender{cfg: cfg, next: c.transport}
	if cfg.Rate > 0 {
		sender.rate = rate.NewLimiter(rate.Limit(cfg.Rate), cfg.Burst)
	}
	c.http = &http.Client{Transport: sender, CheckRedirect: c.redirect}
	return c, nil
}

// Close closes the connections that nobody uses. The client may still be used.
func (c *Client) Close() {
	if closer, ok := c.transport.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// A Request asks for something. Whatever its method, it only reads: it may be
// sent more than once, unless it is for [Client.Once].
type Request struct {
	// Method defaults to GET, and to POST with a Body.
	Method string
	// Path lies below Base and begins with a slash. Names in braces are places for
	// Args, one each and in order: "/employees/{id}". It is not escaped.
	Path string
	// Args fill the places of Path. They are escaped, and none is empty, "." or "..":
	// that would ask for something else.
	Args []string
	// Query holds no credentials; those are for Authorize.
	Query url.Values
	// Next is the address of the next page as the system gave it, instead of Path,
	// Args and Query. It may be relative to the address that these make. An address
	// on another scheme, host or port than Base, or not below Config.Below, is an
	// error of kind Refused: credentials would go there.
	Next string
	// Header adds to what is sent: it wins over what this package would set. It holds
	// no credentials.
	Header http.Header
	// Body is sent as ContentType, which defaults to "application/json".
	Body        []byte
	ContentType string
	// Want is what the answer has to be. Defaults to JSON.
	Want Format
	// Into is what the body of an answer of 2xx is read into, with [Client.Once]; it is
	// empty. Answer.Body is good for as long as nobody writes to it. Defaults to memory of
	// its own.
	Into *bytes.Buffer
}

// An Answer has a status of 2xx, and a body that is not empty, unless it is from
// [Client.Once].
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // decompressed, without a byte order mark

	exchange *exchange
}

// Served returns the instant of the answer by the system's clock, which is the one that
// instants in it go by, or ours if it does not say.
func (a Answer) Served(ours time.Time) time.Time {
	if t, err := http.ParseTime(a.Header.Get("Date")); err == nil {
		return t
	}
	return ours
}

// Fail returns an [*Error] about an answer that has a status of success and says
// otherwise, or that cannot be understood. Nothing is repeated because of it.
func (a Answer) Fail(kind Kind, err error) error {
	if a.exchange == nil {
		return &Error{Status: a.Status, Kind: kind, Err: err}
	}
	return a.exchange.finish(&Error{Status: a.Status, Kind: kind, Err: err})
}

// Read asks and returns the whole answer. It repeats what may pass, as Config
// says. Every error that the system or the way to it causes is an [*Error]; an
// answer that breaks off, is empty, too large or in another format is one too.
func (c *Client) Read(ctx context.Context, r Request) (Answer, error) {
	var answer Answer
	err := c.do(ctx, r, c.cfg.MaxBody, func(e *exchange) error {
		body, err := e.readAll()
		if err != nil {
			return err
		}
		answer = e.answer(body)
		return nil
	})
	return answer, err
}

// JSON reads the whole answer and decodes it into a value as [json.Unmarshal]
// does. The answer that it returns has no body any more. What cannot be decoded is
// an error of kind BadContent, and so is null: it would read as "nobody".
func (c *Client) JSON(ctx context.Context, r Request, into any) (Answer, error) {
	var answer Answer
	err := c.do(ctx, r, c.cfg.MaxBody, func(e *exchange) error {
		body, err := e.readAll()
		if err != nil {
			return err
		}
		answer = e.answer(nil)
		return e.unmarshal(body, into)
	})
	return answer, err
}

func (x *exchange) answer(body []byte) Answer {
	return Answer{Status: x.response.StatusCode, Header: x.response.Header, Body: body, exchange: x}
}

var (
	_ fmt.Formatter          = (*Client)(nil)
	_ encoding.TextMarshaler = (*Client)(nil)
)

// Format writes the system and the host for every verb.
func (c *Client) Format(s fmt.State, _ rune) { _, _ = s.Write(c.text()) }

// MarshalText returns the same text; log/slog and encoding/json ask for it.
func (c *Client) MarshalText() ([]byte, error) { return c.text(), nil }

func (c *Client) text() []byte {
	return fmt.Appendf(nil, "fetch.Client(%s at %s)", oneLine(c.cfg.System), c.base.Host)
}
