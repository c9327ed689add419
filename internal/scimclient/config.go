package scimclient

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// Config says which service provider to speak to, and how.
type Config struct {
	// System names the service provider in errors, such as "acme". It is required.
	System string
	// Base is the address of the service, such as "https://app.example/scim/v2". It
	// is required.
	Base string
	// Auth adds credentials to each request. Defaults to none: a Transport may do so.
	Auth Auth
	// Header is sent with each request; it holds no credentials.
	Header http.Header
	// Users and Groups are what resources below /Users and /Groups consist of.
	// Default to [scim.UserType] and [scim.GroupType].
	Users, Groups *scim.ResourceType

	// Paging is how lists are read. Defaults to Auto.
	Paging Paging
	// PageSize is how many resources a page is asked for. Defaults to 100.
	PageSize int
	// Careful has pages by index begin with the last resource of the page before, so
	// that deletions meanwhile are noticed wherever they happen, and asks once more
	// after a list that says it fits on one page. It costs a request in a hundred, and
	// one for a short list. Without it a list is complete if totalResults is true and
	// does not stay the same while as many are deleted as are created. See
	// [Client.List].
	Careful bool

	// Attempts is how often a read is tried in all, and MaxWait the sum of the waits
	// between. Default as in package fetch. Writes are never repeated.
	Attempts int
	MaxWait  time.Duration
	// Rate is how many requests begin per second, and Burst how many at once. Defaults
	// to no limit.
	Rate  float64
	Burst int
	// Timeouts of one attempt.
	Timeouts fetch.Timeouts
	// MaxBody bounds an answer, in bytes. Defaults to 64 MiB.
	MaxBody int64
	// Connections is how many idle connections are kept. Defaults to 16.
	Connections int

	// Private permits loopback addresses, private networks and plain http.
	Private bool
	// Transport replaces the transport with its check of addresses.
	Transport http.RoundTripper
}

// Paging is how lists are read.
type Paging uint8

// The ways to read lists.
const (
	// Auto asks by index. It goes on by cursor when the first answer names one, and
	// tries a cursor when the service provider does not know indexes.
	Auto Paging = iota
	// ByIndex asks with startIndex and count (RFC 7644, section 3.4.2.4).
	ByIndex
	// ByCursor asks with cursor and count (RFC 9865, section 2).
	ByCursor
	// Unpaged asks once, without either, and takes the answer for the whole list if
	// totalResults is not greater.
	Unpaged
)

// pageSize is how many resources a page is asked for if nobody says.
const pageSize = 100

func (c Config) filled() (Config, error) {
	switch {
	case c.System == "":
		return c, errors.New("field System: empty")
	case c.Auth.err != nil:
		return c, fmt.Errorf("field Auth: %w", c.Auth.err)
	case c.Paging > Unpaged:
		return c, fmt.Errorf("field Paging: %d is none", c.Paging)
	case c.PageSize < 0:
		return c, errors.New("field PageSize: negative")
	}
	for name := range c.Header {
		switch name = http.CanonicalHeaderKey(name); name {
		case "Authorization", "Cookie", "Proxy-Authorization":
			return c, fmt.Errorf("field Header: %s belongs into Auth", name)
		}
	}
	if c.Users == nil {
		c.Users = scim.UserType()
	}
	if c.Groups == nil {
		c.Groups = scim.GroupType()
	}
	if c.PageSize == 0 {
		c.PageSize = pageSize
	}
	if c.MaxBody == 0 {
		c.MaxBody = 64 << 20
	}
	return c, nil
}

// headers are sent with each request. Service providers exist that want their own
// type to be accepted, and others that do not know it.
func (c Config) headers() http.Header {
	h := http.Header{"Accept": {"application/scim+json, application/json"}}
	for name, values := range c.Header {
		h[http.CanonicalHeaderKey(name)] = values
	}
	return h
}

// fetching is the configuration of what sends.
func (c Config) fetching() fetch.Config {
	return fetch.Config{
		System: c.System, Base: c.Base, Authorize: c.Auth.authorize, Renew: c.Auth.renew, Fault: understand,
		Attempts: c.Attempts, MaxWait: c.MaxWait, Rate: c.Rate, Burst: c.Burst, Timeouts: c.Timeouts,
		MaxBody: c.MaxBody, Connections: c.Connections, Private: c.Private, Transport: c.Transport,
	}
}
