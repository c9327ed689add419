package scimclient

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
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

// Features are what a service provider says about itself (RFC 7644, section 4). They
// are hints: what it does may differ.
type Features struct {
	Patch, Bulk, Filter, Sort, ETag, Cursor, Index Support
	// MaxResults is the largest page, BulkOperations and BulkBytes bound a bulk
	// request; 0 if unsaid.
	MaxResults, BulkOperations, BulkBytes int64
	// Default is the paging of a request that names neither; Auto if unsaid.
	Default Paging
	// PageSize is the page of a request that does not say, MaxPageSize the largest
	// one; 0 if unsaid. CursorTimeout is how long a cursor lives.
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

// Discover reads what the service provider says about itself: the three documents of
// RFC 7644, section 4, each of which many do not have. Whatever cannot be read is left
// out; the error joins the reasons, and the features are good to use all the same.
func (c *Client) Discover(ctx context.Context) (Features, error) {
	var f Features
	err := errors.Join(c.discoverConfig(ctx, &f), c.discoverTypes(ctx, &f), c.discoverSchemas(ctx, &f))
	return f, err
}

func (c *Client) discoverConfig(ctx context.Context, f *Features) error {
	answer, err := c.fetch.Read(ctx, fetch.Request{Path: "/ServiceProviderConfig", Header: c.header})
	if err != nil {
		return c.failure(err)
	}
	o, err := c.decode(answer)
	if err != nil {
		return err
	}
	if isError(o) {
		return c.contradicts(answer)
	}
	if list, ok := member(o, "Resources").([]any); ok && len(list) == 1 {
		o = object(list[0]) // some answer with a list
	}
	bulk, filter, paging := object(member(o, "bulk")), object(member(o, "filter")), object(member(o, "pagination"))
	f.Patch, f.Sort, f.ETag = supported(o, "patch"), supported(o, "sort"), supported(o, "etag")
	f.Bulk, f.Filter = said(member(bulk, "supported")), said(member(filter, "supported"))
	f.BulkOperations, f.BulkBytes = number(bulk, "maxOperations"), number(bulk, "maxPayloadSize")
	f.MaxResults = number(filter, "maxResults")
	f.Cursor, f.Index = said(member(paging, "cursor")), said(member(paging, "index"))
	f.PageSize, f.MaxPageSize = number(paging, "defaultPageSize"), number(paging, "maxPageSize")
	f.CursorTimeout = time.Duration(min(number(paging, "cursorTimeout"), int64(365*24*time.Hour/time.Second))) * time.Second
	switch member(paging, "defaultPaginationMethod") {
	case "cursor":
		f.Default = ByCursor
	case "index":
		f.Default = ByIndex
	}
	return nil
}

func (c *Client) discoverTypes(ctx context.Context, f *Features) error {
	list, err := c.documents(ctx, "/ResourceTypes")
	for _, o := range list {
		t := Type{Name: text(o, "name"), Endpoint: text(o, "endpoint"), Schema: text(o, "schema")}
		extensions, _ := member(o, "schemaExtensions").([]any)
		for _, e := range extensions {
			if urn := text(object(e), "schema"); urn != "" {
				t.Extensions = append(t.Extensions, urn)
			}
		}
		f.Types = append(f.Types, t)
	}
	return err
}

func (c *Client) discoverSchemas(ctx context.Context, f *Features) error {
	list, err := c.documents(ctx, "/Schemas")
	wrong := []error{err}
	for _, o := range list {
		if describesDiscovery(o) {
			continue
		}
		document, err := encode(o)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		s, err := scim.ParseSchema(document)
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if f.Schemas == nil {
			f.Schemas = map[string]*scim.Schema{}
		}
		f.Schemas[s.ID] = s
	}
	return errors.Join(wrong...)
}

// describesDiscovery reports whether a schema is of the documents of discovery (RFC
// 7643, sections 5 to 7) rather than of resources. That of schemas is deeper than
// attributes of resources may be.
func describesDiscovery(o scim.Object) bool {
	id, _ := member(o, "id").(string)
	switch {
	case strings.EqualFold(id, scim.SchemaURN), strings.EqualFold(id, scim.ResourceTypeURN),
		strings.EqualFold(id, scim.ServiceProviderConfigURN):
		return true
	}
	return false
}

// documents reads a list that may also be a plain array.
func (c *Client) documents(ctx context.Context, path string) ([]scim.Object, error) {
	answer, err := c.fetch.Read(ctx, fetch.Request{Path: path, Header: c.header})
	if err != nil {
		return nil, c.failure(err)
	}
	if len(answer.Body) > 0 && answer.Body[0] == '[' {
		answer.Body = append(append([]byte(`{"Resources":`), answer.Body...), '}')
	}
	o, err := c.decode(answer)
	if err != nil {
		return nil, err
	}
	list, ok := member(o, "Resources").([]any)
	if !ok {
		return nil, c.wrong(answer, fetch.BadContent, errors.New("there is no list in the answer"))
	}
	out := make([]scim.Object, 0, len(list))
	for _, v := range list {
		out = append(out, object(v))
	}
	return out, nil
}

func supported(o scim.Object, name string) Support {
	return said(member(object(member(o, name)), "supported"))
}

// said reads a boolean, also one that is written as text.
func said(v any) Support {
	switch v {
	case true, "true", "True":
		return Yes
	case false, "false", "False":
		return No
	}
	return Unsaid
}

func object(v any) scim.Object {
	o, _ := v.(scim.Object)
	return o
}

func number(o scim.Object, name string) int64 {
	n, _ := count(member(o, name))
	return n
}

func text(o scim.Object, name string) string {
	s, _ := member(o, name).(string)
	return s
}
