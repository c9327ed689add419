package scimclient

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// Find returns the resources that satisfy q.Filter, which is required. Each one that
// the service provider returns is checked: some return everything when they do not
// understand a filter. One whose values of the filter's attributes cannot be
// understood is an error of kind BadContent: nobody knows whether it is one.
//
// Nothing found proves nothing where the service provider does not know the
// attribute: some answer with an empty list then.
func (c *Client) Find(ctx context.Context, endpoint string, q Query) ([]Resource, error) {
	f, err := scim.ParseFilter(q.Filter, c.typeOf(endpoint), scim.Limits{})
	if err != nil {
		return nil, fmt.Errorf("%s: filter: %w", c.cfg.System, err)
	}
	names := f.Names()
	if len(q.Attributes) > 0 {
		q.Attributes = union(q.Attributes, names)
	}
	q.Excluded = slices.DeleteFunc(slices.Clone(q.Excluded), func(name string) bool { return slices.Contains(names, name) })
	var found []Resource
	for r, err := range c.list(ctx, endpoint, q, false) {
		switch {
		case err != nil:
			return nil, err
		case scim.Matches(f, r.Object):
			found = append(found, r)
		case slices.ContainsFunc(r.Odd, func(odd string) bool {
			return slices.ContainsFunc(names, func(n string) bool { return within(odd, n) })
		}):
			return nil, &Error{
				System: c.cfg.System, Method: "GET", Host: c.host, Path: c.path + endpoint, Kind: fetch.BadContent, Status: 200,
				Err: errors.New("a resource has values that cannot be understood where the filter looks"),
			}
		}
	}
	return found, nil
}

// Quote returns a text as filters have it (RFC 7644, section 3.4.2.2).
func Quote(text string) string {
	quoted, err := encode(text)
	if err != nil {
		return `""` // there is no text that cannot be encoded
	}
	return string(quoted)
}

// within reports whether a path is that of an attribute or of a part of it.
func within(path, attribute string) bool {
	return path == attribute || len(path) > len(attribute) && path[:len(attribute)] == attribute && path[len(attribute)] == '.'
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, name := range b {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}
