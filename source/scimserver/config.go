package scimserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
)

// Config says what a server serves, and to whom.
type Config struct {
	// Name is the name of the sources, in plans and findings. Defaults to "scim".
	Name string
	// BaseURL is the address of the service as its clients see it, such as
	// "https://app.example/scim/v2". All locations are made from it, never from the
	// Host of a request. It is required. Requests are taken with its path and, as
	// after [http.StripPrefix], without it.
	BaseURL string
	// Authorize says who sends a request. It is called once for each, and is required.
	// Its error is answered with 401, one that wraps [ErrForbidden] with 403, and one
	// that wraps [ErrUnavailable] with 503; its text is not shown. It may be called by
	// several goroutines at once.
	Authorize func(r *http.Request) (Client, error)
	// Store keeps users and groups. Defaults to [NewMemory].
	Store Store

	// Profile is how identity providers are met. Defaults to Lenient.
	Profile Profile
	// PatchReply is the status after a PATCH: 200 with the resource, or 204. Defaults
	// to that of the profile. A client that names attributes gets 200 (RFC 7644,
	// section 3.5.2).
	PatchReply int
	// Extensions are further schemas of users, each a JSON document in the form of RFC
	// 7643, section 7, beside the enterprise extension, which is always there.
	Extensions [][]byte
	// IdentityID is what the source takes for the ID of an identity. Defaults to
	// ByID.
	IdentityID IdentityID
	// Inactive is the status of a user who is not active. Defaults to
	// source.Suspended: access ends at once, and what they have is kept. With
	// source.Terminated they are leavers; some identity providers, Okta among them,
	// deactivate who leaves and never delete.
	Inactive source.Status
	// Custom names attributes that go into Identity.Custom, by the name that they get
	// there: {"badge": "urn:acme:params:scim:schemas:2.0:User:badge"}.
	Custom map[string]string

	// Changed is told after a user was written whom to look at again: once for each
	// user whose attributes or groups changed. The response waits for it, so it should
	// do no more than note the ID. It may be called by several goroutines at once.
	// Defaults to nothing.
	Changed func(ctx context.Context, c Change)
	// Failed is told about errors of the store and of Authorize, which the client sees
	// as a 500, 503 or 401 without their text. Defaults to nothing.
	Failed func(r *http.Request, err error)

	// Limits bound what one request may cost.
	Limits Limits
	// DocumentationURL is where people read about the service. It appears in the
	// discovery documents. Defaults to none.
	DocumentationURL string
	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time
}

// Limits bound what one request may cost. A limit of 0 is its default.
type Limits struct {
	// Body is the size of a request in bytes, after decompression. Defaults to 4 MiB.
	Body int64
	// Page is how many resources are returned when a client does not say, and MaxPage
	// how many at most. Default to 100 and 200.
	Page, MaxPage int
	// Operations is how many a PATCH may have, and Bulk how many a bulk request may
	// have. Default to 5,000 and 1,000.
	Operations, Bulk int
	// Scan is how many resources are looked at for a filter or an order that no index
	// serves. Defaults to 1,000,000; more is 400 tooMany.
	Scan int
	// Receive is how long a client may take to send a body, and Send how long to take
	// the answer. Default to 30 seconds and a minute. They are set on the connection,
	// unless the [http.Server] has a ReadTimeout or WriteTimeout, which then holds. How
	// long a client may take to send its header no handler can say: see ReadHeaderTimeout
	// of [http.Server], which is unlimited by default.
	Receive, Send time.Duration
}

// Client is who sends a request.
type Client struct {
	// Tenant is the customer whose users and groups these are. It is required.
	Tenant string
	// Profile is how this client is met. Defaults to that of the Config.
	Profile Profile
	// BaseURL replaces Config.BaseURL, for services with an address for each tenant.
	BaseURL string
	// User is the ID of the user that /Me is about. Defaults to none: /Me is 501.
	User string
}

// Errors for [Config.Authorize].
var (
	// ErrForbidden: the credentials are right, and do not permit this.
	ErrForbidden = errors.New("forbidden")
	// ErrUnavailable: whether the credentials are right cannot be told now.
	ErrUnavailable = errors.New("cannot be told now")
)

// Change says whom to look at again.
type Change struct {
	Tenant string
	// IdentityID is the ID that the identity has in the source, for Engine.SyncOne.
	IdentityID string
	// ID is the ID of the user in SCIM.
	ID string
}

// IdentityID is what the source takes for the ID of an identity.
type IdentityID uint8

const (
	// ByID takes the id that the server gave to the user. It is always there and never used
	// again. Somebody who was deleted and created again is somebody else.
	ByID IdentityID = iota
	// ByExternalID takes the externalId, as long as the identity provider keeps it stable.
	// It is required then, and unique. Somebody who was deleted and created again with
	// the same externalId is the same person.
	ByExternalID
)

// field says what is wrong with a field of the configuration.
func field(name, format string, args ...any) error {
	return fmt.Errorf("%s: %w", name, fmt.Errorf(format, args...))
}

// filled returns the configuration with its defaults, or everything that is wrong.
func (c Config) filled() (Config, error) {
	var wrong []error
	if c.Name == "" {
		c.Name = "scim"
	}
	base, err := checkBase(c.BaseURL)
	if err != nil {
		wrong = append(wrong, field("BaseURL", "%w", err))
	}
	c.BaseURL = base
	if c.Authorize == nil {
		wrong = append(wrong, field("Authorize", "is required"))
	}
	if c.Store == nil {
		c.Store = NewMemory()
	}
	if c.Profile > Okta {
		wrong = append(wrong, field("Profile", "%d is none", c.Profile))
	}
	if c.PatchReply != 0 && c.PatchReply != http.StatusOK && c.PatchReply != http.StatusNoContent {
		wrong = append(wrong, field("PatchReply", "is 200 or 204, not %d", c.PatchReply))
	}
	if c.IdentityID > ByExternalID {
		wrong = append(wrong, field("IdentityID", "%d is none", c.IdentityID))
	}
	switch c.Inactive {
	case source.Unknown:
		c.Inactive = source.Suspended
	case source.Suspended, source.OnLeave, source.Terminated:
	default:
		wrong = append(wrong, field("Inactive", "is Suspended, OnLeave or Terminated, not %s", c.Inactive))
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	limits, err := c.Limits.filled()
	c.Limits = limits
	return c, errors.Join(append(wrong, err)...)
}

func (l Limits) filled() (Limits, error) {
	var wrong []error
	fill := func(name string, n *int, value int) {
		switch {
		case *n < 0:
			wrong = append(wrong, field("Limits."+name, "is negative"))
		case *n == 0:
			*n = value
		}
	}
	fill("MaxPage", &l.MaxPage, 200)
	fill("Page", &l.Page, min(100, l.MaxPage))
	fill("Operations", &l.Operations, 5000)
	fill("Bulk", &l.Bulk, 1000)
	fill("Scan", &l.Scan, 1_000_000)
	for name, wait := range map[string]*time.Duration{"Receive": &l.Receive, "Send": &l.Send} {
		if *wait < 0 {
			wrong = append(wrong, field("Limits."+name, "is negative"))
		}
	}
	if l.Receive == 0 {
		l.Receive = 30 * time.Second
	}
	if l.Send == 0 {
		l.Send = time.Minute
	}
	switch {
	case l.Body < 0:
		wrong = append(wrong, field("Limits.Body", "is negative"))
	case l.Body == 0:
		l.Body = 4 << 20
	}
	if l.Page > l.MaxPage {
		wrong = append(wrong, field("Limits.Page", "is greater than MaxPage"))
	}
	return l, errors.Join(wrong...)
}

// checkBase returns an address without the slash at its end.
func checkBase(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case text == "":
		return "", errors.New("is required")
	case err != nil:
		return "", errors.New("cannot be read as an address")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return "", errors.New("has to begin with https:// and a host")
	case u.RawQuery != "", u.Fragment != "", u.User != nil, u.ForceQuery:
		return "", errors.New("has no query, fragment or user information")
	}
	return strings.TrimRight(text, "/"), nil
}

// extensions reads the schemas of the configuration.
func (c Config) extensions(user *scim.ResourceType) error {
	var wrong []error
	for n, document := range c.Extensions {
		s, err := scim.ParseSchema(document)
		switch {
		case err != nil:
			wrong = append(wrong, field(fmt.Sprintf("Extensions[%d]", n), "%w", err))
		case user.Schema(s.ID) != nil:
			wrong = append(wrong, field(fmt.Sprintf("Extensions[%d]", n), "schema %s is there already", s.ID))
		default:
			user.Extensions = append(user.Extensions, scim.Extension{Schema: s})
		}
	}
	return errors.Join(wrong...)
}
