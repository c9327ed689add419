package fetch

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config says which system to read, and how.
type Config struct {
	// System names the system in errors, such as "bamboohr". It is required.
	System string
	// Base is the address below which everything is read, such as
	// "https://acme.bamboohr.com/api". It is required, has no query, fragment or
	// user information, and its scheme is https; http needs Private.
	Base string
	// Below is the path below which the addresses of next pages and redirects must
	// lie, on the scheme, host and port of Base, escaped as there. Defaults to the
	// path of Base; "/" permits the whole host.
	Below string
	// Authorize adds credentials to a request; it may change headers and the query
	// and must leave the rest alone. It is called before every attempt, at the same
	// time by several goroutines, and never for another host. Its error ends the
	// read and must hold no secrets. Defaults to no credentials.
	Authorize func(ctx context.Context, r *http.Request) error
	// Renew gets new credentials after a 401. The read is then repeated once, and
	// Authorize is expected to use them. Requests that fail at the same time share
	// one call, which goes on when one of them is cancelled, but ends after
	// Timeouts.Answer. Its error ends their reads. Defaults to nil: a 401 is final.
	Renew func(ctx context.Context) error
	// Fault lets a connector correct what was understood of an answer whose status
	// is an error: Kind (Transient and Throttled are repeated, the others are not),
	// RetryAfter and Message. body is the beginning of the answer. It must not keep
	// its arguments. Defaults to nil: what Kind says.
	Fault func(e *Error, h http.Header, body []byte)
	// UserAgent defaults to "provision-go".
	UserAgent string

	// Attempts is how often a read is tried in all. Defaults to 5.
	Attempts int
	// MaxWait bounds the sum of the waits between the attempts of one read. A wait
	// that a system asks for and that does not fit is not begun: the read fails at
	// once, and the error says how long. Defaults to 15 minutes.
	MaxWait time.Duration
	// Rate is how many requests begin per second, and Burst how many may begin at
	// once. Defaults to no limit, and to a Burst of 1.
	Rate  float64
	Burst int
	// Timeouts of one attempt.
	Timeouts Timeouts

	// MaxBody bounds, in bytes after decompression, an answer that is held in
	// memory, and one value of a stream. Defaults to 32 MiB.
	MaxBody int64
	// MaxStream bounds a stream in the same way. Defaults to 2 GiB.
	MaxStream int64

	// Private permits loopback addresses, private networks and plain http: for a
	// system that the operator runs, never for a host that a customer names.
	// Link-local addresses, where clouds hand out credentials, stay forbidden.
	Private bool
	// TLS adds client certificates or an authority of one's own. Defaults to the
	// system's authorities, TLS 1.2 or later. It is not changed.
	TLS *tls.Config
	// Resolver defaults to [net.DefaultResolver]. Whatever it answers is checked.
	Resolver *net.Resolver
	// Connections is how many idle connections are kept. Defaults to 16.
	Connections int
	// Transport replaces the transport that the four fields above describe, with its
	// check of addresses: for tests and for programs with rules of their own.
	Transport http.RoundTripper
}

// Timeouts end an attempt that makes no progress. An attempt that was ended is
// repeated like one that failed.
type Timeouts struct {
	// Connect bounds the connection, and then the TLS handshake. Defaults to 10 s each.
	Connect time.Duration
	// Answer bounds the time from the beginning of an attempt, connection included,
	// to the header of the answer: some systems compute a report of everybody before
	// they say a word. Defaults to 2 minutes.
	Answer time.Duration
	// Idle bounds the wait for the next byte of a body. Defaults to 30 s.
	Idle time.Duration
	// Body bounds the waits for a whole body together, so that one that trickles
	// ends as well. The time that the reader spends between does not count.
	// Defaults to 15 minutes.
	Body time.Duration
}

func (t Timeouts) filled() Timeouts {
	return Timeouts{
		Connect: cmp.Or(t.Connect, 10*time.Second),
		Answer:  cmp.Or(t.Answer, 2*time.Minute),
		Idle:    cmp.Or(t.Idle, 30*time.Second),
		Body:    cmp.Or(t.Body, 15*time.Minute),
	}
}

// filled checks a configuration and fills in the defaults. Errors name the field
// and show no address: somebody may have put a password into it.
func (c Config) filled() (Config, *url.URL, error) {
	if c.System == "" {
		return c, nil, errors.New("field System: empty")
	}
	base, err := c.parseBase()
	if err != nil {
		return c, nil, fmt.Errorf("field Base: %w", err)
	}
	if c.Below == "" {
		c.Below = base.EscapedPath()
	}
	if _, err := url.PathUnescape(c.Below); err != nil || c.Below != "" && c.Below[0] != '/' {
		return c, nil, errors.New("field Below: wanted an escaped path that begins with a slash")
	}
	for _, field := range []struct {
		name  string
		value float64
	}{
		{"Attempts", float64(c.Attempts)},
		{"MaxWait", float64(c.MaxWait)},
		{"Rate", c.Rate},
		{"Burst", float64(c.Burst)},
		{"Timeouts", float64(min(c.Timeouts.Connect, c.Timeouts.Answer, c.Timeouts.Idle, c.Timeouts.Body))},
		{"MaxBody", float64(c.MaxBody)},
		{"MaxStream", float64(c.MaxStream)},
		{"Connections", float64(c.Connections)},
	} {
		if field.value < 0 || math.IsNaN(field.value) {
			return c, nil, fmt.Errorf("field %s: wanted a number from 0", field.name)
		}
	}
	c.UserAgent = cmp.Or(c.UserAgent, "provision-go")
	c.Attempts = cmp.Or(c.Attempts, 5)
	c.MaxWait = cmp.Or(c.MaxWait, 15*time.Minute)
	c.Burst = cmp.Or(c.Burst, 1)
	c.Timeouts = c.Timeouts.filled()
	c.MaxBody = cmp.Or(c.MaxBody, 32<<20)
	c.MaxStream = cmp.Or(c.MaxStream, 2<<30)
	c.Connections = cmp.Or(c.Connections, 16)
	return c, base, nil
}

func (c Config) parseBase() (*url.URL, error) {
	base, err := url.Parse(c.Base)
	switch {
	case err != nil:
		return nil, errors.New("it is not a URL")
	case base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("wanted an address that begins with https://")
	case base.Scheme == "http" && !c.Private:
		return nil, errors.New("wanted https; http needs Private")
	case base.Hostname() == "":
		return nil, errors.New("no host")
	case base.User != nil:
		return nil, errors.New("credentials do not belong into an address")
	case base.RawQuery != "" || base.ForceQuery || base.Fragment != "":
		return nil, errors.New("wanted neither query nor fragment")
	case hasDots(base.Path):
		return nil, errors.New("wanted no . or .. in the path")
	}
	base.Path = strings.TrimRight(base.Path, "/")
	base.RawPath = strings.TrimRight(base.RawPath, "/")
	return base, nil
}

// A configuration is printed as its system and host, whatever the verb: what its
// functions hold, and what somebody put into Base, does not belong into a log.
var (
	_ fmt.Formatter          = Config{}
	_ encoding.TextMarshaler = Config{}
)

// Format writes the system and the host for every verb.
func (c Config) Format(s fmt.State, _ rune) { _, _ = s.Write(c.text()) }

// MarshalText returns the same text; log/slog and encoding/json ask for it.
func (c Config) MarshalText() ([]byte, error) { return c.text(), nil }

func (c Config) text() []byte {
	host := "no host"
	if base, err := url.Parse(c.Base); err == nil && base.Host != "" {
		host = base.Host
	}
	return fmt.Appendf(nil, "fetch.Config(%s at %s)", oneLine(c.System), oneLine(host))
}
