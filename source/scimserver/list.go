package scimserver

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// A request for a list: of the address, or of the body of a .search (RFC 7644,
// sections 3.4.2 and 3.4.3).
type listRequest struct {
	attributes, excluded []string
	filter               string
	sortBy               string
	descending           bool
	start                int // from 1
	count                int
	cursor               *string // "" is the first page
}

// list answers GET /Users.
func (x *exchange) list(t *resources) (reply, error) {
	q, err := x.listQuery()
	if err != nil {
		return reply{}, err
	}
	return x.answerList([]*resources{t}, q)
}

// search answers POST /Users/.search.
func (x *exchange) search(t *resources) (reply, error) {
	return x.withBody(func(body scim.Object) (reply, error) {
		q, err := x.searchBody(body)
		if err != nil {
			return reply{}, err
		}
		return x.answerList([]*resources{t}, q)
	})
}

// searchAll answers GET / and POST /.search, which are about users and groups.
func (x *exchange) searchAll() (reply, error) {
	if x.r.Method == http.MethodPost {
		return x.withBody(func(body scim.Object) (reply, error) {
			q, err := x.searchBody(body)
			if err != nil {
				return reply{}, err
			}
			return x.answerList(x.types, q)
		})
	}
	q, err := x.listQuery()
	if err != nil {
		return reply{}, err
	}
	return x.answerList(x.types, q)
}

// listQuery reads the parameters of the address.
func (x *exchange) listQuery() (listRequest, error) {
	v, err := x.query()
	if err != nil {
		return listRequest{}, err
	}
	q := listRequest{
		attributes: v["attributes"], excluded: v["excludedAttributes"],
		filter: v.Get("filter"), sortBy: v.Get("sortBy"), start: 1, count: x.cfg.Limits.Page,
	}
	if v.Has("cursor") {
		cursor := v.Get("cursor")
		q.cursor = &cursor
	}
	err = q.order(v.Get("sortOrder"))
	for _, number := range []struct {
		name string
		into *int
	}{{"startIndex", &q.start}, {"count", &q.count}} {
		if text := strings.TrimSpace(v.Get(number.name)); text != "" && err == nil {
			*number.into, err = integer(number.name, text)
		}
	}
	return x.bounded(q), err
}

// searchBody reads the body of a .search.
func (x *exchange) searchBody(body scim.Object) (listRequest, error) {
	q := listRequest{start: 1, count: x.cfg.Limits.Page}
	var err error
	for name, value := range body {
		if err != nil {
			break
		}
		switch strings.ToLower(name) {
		case "attributes":
			q.attributes, err = texts(name, value)
		case "excludedattributes":
			q.excluded, err = texts(name, value)
		case "filter":
			q.filter, err = text(name, value)
		case "sortby":
			q.sortBy, err = text(name, value)
		case "sortorder":
			var order string
			if order, err = text(name, value); err == nil {
				err = q.order(order)
			}
		case "startindex":
			q.start, err = integer(name, fmt.Sprint(value))
		case "count":
			q.count, err = integer(name, fmt.Sprint(value))
		case "cursor":
			var cursor string
			if cursor, err = text(name, value); err == nil {
				q.cursor = &cursor
			}
		}
	}
	return x.bounded(q), err
}

// bounded keeps to what RFC 7644, section 3.4.2.4, says about values out of range, and
// to the largest page that there is.
func (x *exchange) bounded(q listRequest) listRequest {
	q.start = max(q.start, 1)
	q.count = min(max(q.count, 0), x.cfg.Limits.MaxPage)
	return q
}

func (q *listRequest) order(text string) error {
	switch strings.ToLower(text) {
	case "", "ascending":
	case "descending":
		q.descending = true
	default:
		return refuse(http.StatusBadRequest, scim.InvalidValue, "sortOrder is ascending or descending")
	}
	return nil
}

func integer(name, text string) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, refuse(http.StatusBadRequest, scim.InvalidValue, name+" is an integer")
	}
	return n, nil
}

func text(name string, value any) (string, error) {
	switch s := value.(type) {
	case nil:
		return "", nil
	case string:
		return s, nil
	}
	return "", refuse(http.StatusBadRequest, scim.InvalidSyntax, name+" is a string")
}

func texts(name string, value any) ([]string, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []any:
		list := make([]string, len(v))
		for n := range v {
			s, ok := v[n].(string)
			if !ok {
				return nil, refuse(http.StatusBadRequest, scim.InvalidSyntax, name+" is an array of strings")
			}
			list[n] = s
		}
		return list, nil
	}
	return nil, refuse(http.StatusBadRequest, scim.InvalidSyntax, name+" is an array of strings")
}

// answerList finds a page and writes it.
func (x *exchange) answerList(types []*resources, q listRequest) (reply, error) {
	found, err := x.find(types, q)
	if err != nil {
		return reply{}, err
	}
	shown, err := x.shown(types, found.page, q)
	if err != nil {
		return reply{}, err
	}
	size := 256
	for n := range found.page {
		size += len(found.page[n].r.Body) + 2*len(found.page[n].r.ID) + len(x.client.BaseURL) + 256
	}
	out := found.begin(make([]byte, 0, size), q)
	for n := range found.page {
		if n > 0 {
			out = append(out, ',')
		}
		hit := &found.page[n]
		how := shown[hit.t.kind]
		if out, err = x.encode(out, hit.t, hit.r, how.linked, &how.wanted); err != nil {
			return reply{}, err
		}
	}
	return reply{status: http.StatusOK, body: append(out, "]}"...)}, nil
}

// shown is how resources of a kind appear in a list.
type shown struct {
	wanted
	linked
}

// shown looks up what the resources of a page need.
func (x *exchange) shown(types []*resources, page []hit, q listRequest) (map[Type]shown, error) {
	out := make(map[Type]shown, len(types))
	for _, t := range types {
		view, err := x.projection(t, q.attributes, q.excluded)
		if err != nil {
			return nil, err
		}
		ids := make([]string, 0, len(page))
		for n := range page {
			if page[n].t == t {
				ids = append(ids, page[n].r.ID)
			}
		}
		l, err := x.link(t, ids, view.shows("groups") || view.shows("meta"), view.shows("members"))
		if err != nil {
			return nil, err
		}
		out[t.kind] = shown{wanted: view, linked: l}
	}
	return out, nil
}

// begin writes the message of RFC 7644, section 3.4.2, as far as the first resource,
// with the cursor of RFC 9865.
func (f *found) begin(out []byte, q listRequest) []byte {
	out = append(out, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":`...)
	out = strconv.AppendInt(out, int64(f.total), 10)
	out = append(out, `,"itemsPerPage":`...)
	out = strconv.AppendInt(out, int64(len(f.page)), 10)
	if q.cursor == nil {
		out = append(out, `,"startIndex":`...)
		out = strconv.AppendInt(out, int64(q.start), 10)
	}
	if f.next != "" {
		out = appendMember(out, `,"nextCursor":`, f.next)
	}
	return append(out, `,"Resources":[`...)
}
