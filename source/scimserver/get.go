package scimserver

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/scim"
)

// read returns a resource as it is stored.
func (x *exchange) read(t *resources, id string) (Resource, error) {
	r, err := x.cfg.Store.Get(x.r.Context(), x.client.Tenant, t.kind, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return r, noResource()
	case err != nil:
		return r, fmt.Errorf("read %s %s: %w", t.Name, id, err)
	}
	return r, nil
}

// get answers GET /Users/ID.
func (x *exchange) get(t *resources, id string) (reply, error) {
	view, err := x.queryProjection(t)
	if err != nil {
		return reply{}, err
	}
	r, err := x.read(t, id)
	if err != nil {
		return reply{}, err
	}
	l, err := x.link(t, []string{id}, true, view.shows("members"))
	if err != nil {
		return reply{}, err
	}
	tag := etag(&r, l)
	if unchanged(precondition(x.r.Header.Values("If-None-Match")), tag) {
		return reply{status: http.StatusNotModified, etag: tag}, nil
	}
	body, err := x.encode(nil, t, &r, l, &view)
	return reply{status: http.StatusOK, etag: tag, location: x.location(t, id), body: body}, err
}

// show answers a write with the resource as it is now.
func (x *exchange) show(t *resources, status int, r *Resource, view *wanted) (reply, error) {
	var l linked
	if t.kind != User || status != http.StatusCreated { // who is new is in no group yet
		var err error
		if l, err = x.link(t, []string{r.ID}, true, view.shows("members")); err != nil {
			return reply{}, err
		}
	}
	out := reply{status: status, etag: etag(r, l), location: x.location(t, r.ID)}
	if status == http.StatusNoContent {
		if view.all() {
			return out, nil
		}
		out.status = http.StatusOK
	}
	body, err := x.encode(nil, t, r, l, view)
	out.body = body
	return out, err
}

// current returns a resource as a PUT or PATCH sees it: with the members of a group,
// without what only the server writes.
func (x *exchange) current(t *resources, r *Resource) (scim.Object, []Member, error) {
	l, err := x.link(t, []string{r.ID}, false, true)
	if err != nil {
		return nil, nil, err
	}
	o, err := x.object(r, l)
	return o, l.members[r.ID], err
}
