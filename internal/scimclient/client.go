package scimclient

import (
	"context"
	"errors"
	"iter"

	"github.com/provision-go/provision/internal/scim"
)

// A Client speaks to one service provider with one set of credentials. It is safe
// for concurrent use.
type Client struct{ cfg Config }

// New returns a client. It connects to nothing. A configuration that cannot work is
// an error that names the field.
func New(cfg Config) (*Client, error) { return &Client{cfg: cfg}, nil }

// Close closes the connections that nobody uses.
func (c *Client) Close() {}

// A Resource is a user, a group or the like, as the service provider sent it.
type Resource struct {
	ID         string
	ExternalID string
	// Version is the ETag header, or meta.version, or "".
	Version string
	// Object has canonical names and values where the resource type knows the
	// attribute; what it does not know is kept as it came.
	Object scim.Object
	// Odd names the attributes whose values are not what the schema says, such as
	// "active" for {"active": "perhaps"}. They are not in Object.
	Odd []string
}

// A Query says what to read.
type Query struct {
	// Filter is a SCIM filter, or "" for everything.
	Filter string
	// Attributes are all that is wanted, Excluded what is not wanted.
	Attributes, Excluded []string
	// PageSize defaults to that of the configuration.
	PageSize int
}

var errUnbuilt = errors.New("not built yet")

// List yields all resources below an endpoint, such as "/Users". The sequence is
// complete or ends with an error, once and last.
func (c *Client) List(_ context.Context, _ string, _ Query) iter.Seq2[Resource, error] {
	return func(yield func(Resource, error) bool) { yield(Resource{}, errUnbuilt) }
}

// Find returns the resources that satisfy a filter. Those that the service provider
// returns and that do not satisfy it are left out.
func (c *Client) Find(_ context.Context, _ string, _ Query) ([]Resource, error) {
	return nil, errUnbuilt
}

// Get reads one resource. One that does not exist is an [*Error] with status 404.
func (c *Client) Get(_ context.Context, _, _ string, _ Query) (Resource, error) {
	return Resource{}, errUnbuilt
}
