package scimclient

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
)

// unstated is the total of a page that states none.
const unstated = -1

// page is one answer to a listing (RFC 7644, section 3.4.2).
type page struct {
	rows  []Resource
	total int64  // totalResults, or unstated
	next  string // nextCursor
	// fail makes an error about the answer.
	fail func(fetch.Kind, error) error
}

// page asks for one page. at is its place in the list, for errors: how many
// resources come before.
func (c *Client) page(ctx context.Context, endpoint string, v url.Values, at int) (page, error) {
	request := fetch.Request{Path: endpoint, Query: v, Header: c.header}
	if v.Has("cursor") && v.Get("cursor") == "" {
		// The first page is asked for with a bare name (RFC 9865, section 2), and not
		// everybody takes an empty value for one.
		v.Del("cursor")
		request.Next, request.Query = "?cursor&"+v.Encode(), nil
	}
	answer, err := c.fetch.Read(ctx, request)
	if err != nil {
		return page{}, c.failure(err)
	}
	raw, err := c.decode(answer)
	if err != nil {
		return page{}, err
	}
	if isError(raw) {
		return page{}, c.contradicts(answer)
	}
	p, err := readPage(c.typeOf(endpoint), raw, at)
	if err != nil {
		return page{}, c.wrong(answer, fetch.BadContent, err)
	}
	p.fail = func(kind fetch.Kind, err error) error { return c.wrong(answer, kind, err) }
	return p, nil
}

// readPage reads a list answer.
func readPage(t *scim.ResourceType, raw scim.Object, at int) (page, error) {
	p := page{total: unstated}
	stated := member(raw, "totalResults")
	if n, ok := count(stated); ok {
		p.total = n
	} else if stated != nil {
		return p, errors.New("totalResults is not a number")
	}
	rows := member(raw, "Resources")
	if rows == nil {
		// It may be left out if there is nothing in it.
		if p.total == unstated {
			return p, errors.New("there are neither Resources nor totalResults in the answer")
		}
		rows = []any{}
	}
	list, ok := rows.([]any)
	if !ok {
		return p, errors.New("member Resources is not an array")
	}
	switch next := member(raw, "nextCursor").(type) {
	case nil:
	case string:
		p.next = next
	case int64:
		p.next = strconv.FormatInt(next, 10)
	default:
		return p, errors.New("nextCursor is not a string")
	}
	p.rows = make([]Resource, len(list))
	for n, row := range list {
		o, ok := row.(scim.Object)
		if !ok {
			return p, fmt.Errorf("resource %d of the list is not an object", at+n+1)
		}
		if p.rows[n] = read(t, o); p.rows[n].ID == "" {
			return p, fmt.Errorf("resource %d of the list has no id", at+n+1)
		}
	}
	return p, nil
}

// count reads a number that is written as a number or as text.
func count(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, n >= 0
	case float64:
		return int64(n), n >= 0 && n == math.Trunc(n) && n < 1<<53
	case string:
		i, err := strconv.ParseInt(n, 10, 64)
		return i, err == nil && i >= 0
	case json.Number:
	}
	return 0, false
}
