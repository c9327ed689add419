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
	v := x.r.URL.Query()
	q := listRequest{
		attributes: v["attributes"], excluded: v["excludedAttributes"],
		filter: v.Get("filter"), sortBy: v.Get("sortBy"), start: 1, count: x.cfg.Limits.Page,
	}
	if v.Has("cursor") {
		cursor := v.Get("cursor")
		q.cursor = &cursor
	}
	err := q.order(v.Get("sortOrder"))
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
	texts, err := x.encodeAll(types, found.page, q)
	if err != nil {
		return reply{}, err
	}
	return reply{status: http.StatusOK, body: found.encode(q, texts)}, nil
}

// encodeAll writes the resources of a page, in their order.
func (x *exchange) encodeAll(types []*resources, page []hit, q listRequest) ([][]byte, error) {
	texts := make([][]byte, len(page))
	for _, t := range types {
		view, err := x.projection(t, q.attributes, q.excluded)
		if err != nil {
			return nil, err
		}
		var list []Resource
		for n := range page {
			if page[n].t == t {
				list = append(list, page[n].r)
			}
		}
		l, err := x.link(t, list, view.shows("groups") || view.shows("meta"), view.shows("members"))
		if err != nil {
			return nil, err
		}
		for n := range page {
			if page[n].t != t {
				continue
			}
			if texts[n], err = x.encode(t, &page[n].r, l, &view); err != nil {
				return nil, err
			}
		}
	}
	return texts, nil
}

// encode writes the message of RFC 7644, section 3.4.2, with the cursor of RFC 9865.
func (f *found) encode(q listRequest, resources [][]byte) []byte {
	size := 256
	for _, text := range resources {
		size += len(text) + 1
	}
	out := make([]byte, 0, size)
	out = append(out, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":`...)
	out = strconv.AppendInt(out, int64(f.total), 10)
	out = append(out, `,"itemsPerPage":`...)
	out = strconv.AppendInt(out, int64(len(resources)), 10)
	if q.cursor == nil {
		out = append(out, `,"startIndex":`...)
		out = strconv.AppendInt(out, int64(q.start), 10)
	}
	if f.next != "" {
		out = appendMember(out, `,"nextCursor":`, f.next)
	}
	out = append(out, `,"Resources":[`...)
	for n, text := range resources {
		if n > 0 {
			out = append(out, ',')
		}
		out = append(out, text...)
	}
	return append(out, "]}"...)
}
