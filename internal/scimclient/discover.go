package scimclient

import (
	"context"
	"time"

	"github.com/provision-go/provision/internal/scim"
)

// Support is what a service provider says about a feature.
type Support uint8

// What it says. The zero value is that it says nothing.
const (
	Unsaid Support = iota
	Yes
	No
)

// Features are what a service provider says about itself. They are hints: what it
// does may differ.
type Features struct {
	Patch, Bulk, Filter, Sort, ETag, Cursor, Index Support
	// MaxResults is the largest page, BulkOperations and BulkBytes bound a bulk
	// request; 0 if unsaid.
	MaxResults, BulkOperations, BulkBytes int64
	// Default is the paging of a request that names neither; Auto if unsaid.
	Default Paging
	// PageSize is the page of a request that does not say, MaxPageSize the largest
	// one; 0 if unsaid.
	PageSize, MaxPageSize int64
	CursorTimeout         time.Duration
	// Types are the resource types, Schemas the schemas by URN.
	Types   []Type
	Schemas map[string]*scim.Schema
}

// Type is a resource type that a service provider has.
type Type struct {
	Name, Endpoint, Schema string
	Extensions             []string // URNs
}

// Discover reads what the service provider says about itself. Whatever cannot be
// read is left out; the error joins the reasons, and the features are good to use
// all the same.
func (c *Client) Discover(_ context.Context) (Features, error) { return Features{}, errUnbuilt }
