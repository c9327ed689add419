package scimserver

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// scanned is how many resources are read at a time to look at each.
const scanned = 500

// sought is what a request asks of one kind of resource.
type sought struct {
	t      *resources
	filter *scim.Filter
	by     scim.Attr // Attribute nil: as they were created
	query  Query
	whole  bool // query says all that filter says
}

// find returns the page that a request asks for. A filter that an index serves, or
// none, is left to the store; else everything is looked at that the index leaves.
func (x *exchange) find(types []*resources, q listRequest) (*found, error) {
	var wants []sought
	var wrong error
	for _, t := range types {
		want, err := x.seek(t, &q)
		if err != nil {
			wrong = err // in a search over all kinds, an attribute may be of one only
			continue
		}
		wants = append(wants, want)
	}
	if len(wants) == 0 {
		return nil, wrong
	}
	from, err := q.position()
	if err != nil {
		return nil, err
	}
	if len(wants) == 1 && wants[0].whole && wants[0].by.Attribute == nil {
		return x.fetch(&wants[0], &q, from)
	}
	win := window{types: types, q: &q, from: from, sorted: wants[0].by.Attribute != nil}
	for n := range wants {
		if err := x.scan(&wants[n], &win); err != nil {
			return nil, err
		}
	}
	return win.found(wants), nil
}

// seek understands filter and order for one kind of resource.
func (x *exchange) seek(t *resources, q *listRequest) (sought, error) {
	want := sought{t: t, query: Query{Type: t.kind}, whole: true}
	if text := strings.TrimSpace(q.filter); text != "" {
		f, err := scim.ParseFilter(text, t.ResourceType, scim.Limits{})
		if err != nil {
			return want, err
		}
		want.filter = f
		want.whole = narrow(t, f, &want.query)
	}
	if q.sortBy != "" {
		by, err := scim.ParseAttribute(strings.TrimSpace(q.sortBy), t.ResourceType)
		if err != nil || by.Attribute == nil {
			return want, refuse(http.StatusBadRequest, scim.InvalidValue, "sortBy names no attribute of "+t.Name)
		}
		want.by = by.Attr
	}
	return want, nil
}

// fetch has the store find the page.
func (x *exchange) fetch(want *sought, q *listRequest, from position) (*found, error) {
	query := want.query
	query.Total = true
	query.Limit = q.count
	if q.cursor == nil {
		query.Offset = q.start - 1
	} else {
		query.After = from.after
		if q.count > 0 {
			query.Limit++ // one more says whether there is a next page
		}
	}
	page, err := x.cfg.Store.List(x.r.Context(), x.client.Tenant, query)
	if err != nil {
		return nil, fmt.Errorf("list: %w", err)
	}
	list := page.Resources
	out := &found{total: page.Total}
	if len(list) > q.count {
		list = list[:q.count]
		if q.count > 0 {
			out.next = q.cursorAt(position{after: list[q.count-1].Sequence})
		}
	}
	out.page = make([]hit, len(list))
	for n := range list {
		out.page[n] = hit{t: want.t, r: &list[n]}
	}
	return out, nil
}

// scan looks at all resources of a kind that the index leaves.
func (x *exchange) scan(want *sought, win *window) error {
	query := want.query
	query.Limit = scanned
	for {
		page, err := x.cfg.Store.List(x.r.Context(), x.client.Tenant, query)
		if err != nil {
			return fmt.Errorf("list: %w", err)
		}
		if win.looked += len(page.Resources); win.looked > x.cfg.Limits.Scan {
			return refuse(http.StatusBadRequest, scim.TooMany, "no index serves this, and there are too many resources to look at each; filter by userName, externalId or emails")
		}
		if err := x.match(want, page.Resources, win); err != nil {
			return err
		}
		if len(page.Resources) < scanned {
			return nil
		}
		query.After = page.Resources[len(page.Resources)-1].Sequence
	}
}

// match shows the window those resources that a filter matches.
func (x *exchange) match(want *sought, list []Resource, win *window) error {
	if want.filter == nil && !win.sorted {
		for n := range list {
			win.add(hit{t: want.t, r: &list[n]})
		}
		return nil
	}
	// meta.version depends on groups.
	meta := mentions(want, "meta")
	groups := meta || mentions(want, "groups")
	ids := make([]string, len(list))
	for n := range list {
		ids[n] = list[n].ID
	}
	l, err := x.link(want.t, ids, groups, mentions(want, "members"))
	if err != nil {
		return err
	}
	for n := range list {
		o, err := x.object(&list[n], l)
		if err != nil {
			return err
		}
		if meta {
			x.withMeta(want.t, &list[n], l, o)
		}
		if want.filter == nil || scim.Matches(want.filter, o) {
			r := list[n] // not the whole list for one of it
			win.add(hit{t: want.t, r: &r, o: o})
		}
	}
	return nil
}

// mentions reports whether a filter or an order is about an attribute.
func mentions(want *sought, name string) bool {
	var in func(f *scim.Filter) bool
	in = func(f *scim.Filter) bool {
		return f != nil && (f.Attr.Attribute != nil && f.Attr.Attribute.Name == name || slices.ContainsFunc(f.Terms, in))
	}
	return in(want.filter) || want.by.Attribute != nil && want.by.Attribute.Name == name
}
