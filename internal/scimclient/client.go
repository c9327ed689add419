package scimclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// A Client speaks to one service provider with one set of credentials. It is safe
// for concurrent use.
type Client struct {
	cfg    Config
	fetch  *fetch.Client
	host   string
	path   string // of Base, escaped
	header http.Header
	other  *scim.ResourceType // what all resources have
	// buffers are for answers to writes.
	buffers sync.Pool
}

// New returns a client. It connects to nothing. A configuration that cannot work is
// an error that names the field.
func New(cfg Config) (*Client, error) {
	cfg, err := cfg.filled()
	if err != nil {
		return nil, fmt.Errorf("scimclient: %w", err)
	}
	sender, err := fetch.New(cfg.fetching())
	if err != nil {
		return nil, fmt.Errorf("scimclient: %w", err)
	}
	base, err := url.Parse(cfg.Base)
	if err != nil {
		return nil, errors.New("scimclient: field Base: it is not a URL")
	}
	return &Client{
		cfg: cfg, fetch: sender, host: base.Host, path: strings.TrimRight(base.EscapedPath(), "/"), header: cfg.headers(), other: common(),
	}, nil
}

// Close closes the connections that nobody uses. The client may still be used.
func (c *Client) Close() { c.fetch.Close() }

// Format writes the system and the host for every verb.
func (c *Client) Format(s fmt.State, _ rune) {
	_, _ = fmt.Fprintf(s, "scimclient.Client(%s at %s)", c.cfg.System, c.host)
}

// A Query says what to read.
type Query struct {
	// Filter is a SCIM filter, or "" for everything.
	Filter string
	// Attributes are all that is wanted, Excluded what is not wanted. Many service
	// providers ignore both. The id comes in any case.
	Attributes, Excluded []string
	// PageSize defaults to that of the configuration.
	PageSize int
}

// parameters are those of a query without its page.
func (q Query) parameters() url.Values {
	v := url.Values{}
	if q.Filter != "" {
		v.Set("filter", q.Filter)
	}
	if len(q.Attributes) > 0 {
		v.Set("attributes", strings.Join(q.Attributes, ","))
	}
	if len(q.Excluded) > 0 {
		v.Set("excludedAttributes", strings.Join(q.Excluded, ","))
	}
	return v
}

// typeOf returns what resources below an endpoint consist of.
func (c *Client) typeOf(endpoint string) *scim.ResourceType {
	for _, t := range []*scim.ResourceType{c.cfg.Users, c.cfg.Groups} {
		if strings.EqualFold(strings.TrimRight(endpoint, "/"), t.Endpoint) {
			return t
		}
	}
	return c.other
}

// common is the type of resources of which nothing is known but what all have.
func common() *scim.ResourceType {
	core := *scim.GroupType().Core
	core.ID = ""
	core.Attributes = slices.DeleteFunc(slices.Clone(core.Attributes), func(a scim.Attribute) bool {
		return !slices.Contains([]string{"schemas", "id", "externalId", "meta"}, a.Name)
	})
	return &scim.ResourceType{Name: "Resource", Core: &core}
}

// Get reads one resource. One that does not exist is an [*Error] with status 404. An
// answer without an id, with the id of another resource or with an error in it is one
// of kind BadContent.
func (c *Client) Get(ctx context.Context, endpoint, id string, q Query) (Resource, error) {
	q.Filter = ""
	answer, err := c.fetch.Read(ctx, fetch.Request{Path: endpoint + "/{id}", Args: []string{id}, Query: q.parameters(), Header: c.header})
	if err != nil {
		return Resource{}, c.failure(err)
	}
	raw, err := c.decode(answer)
	if err != nil {
		return Resource{}, err
	}
	r := read(c.typeOf(endpoint), raw)
	switch {
	case isError(raw):
		return Resource{}, c.contradicts(answer)
	case r.ID == "":
		return Resource{}, c.wrong(answer, fetch.BadContent, errors.New("there is no id in the answer"))
	case r.ID != id: // case counts in ids (RFC 7643, section 3.1)
		return Resource{}, c.wrong(answer, fetch.BadContent, errors.New("the answer is another resource"))
	}
	r.tagged(answer.Header)
	return r, nil
}

// decode reads the object that an answer is.
func (c *Client) decode(a fetch.Answer) (scim.Object, error) {
	raw, err := scim.Decode(a.Body)
	if err != nil {
		return nil, c.wrong(a, fetch.BadContent, err)
	}
	return raw, nil
}
