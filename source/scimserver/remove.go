package scimserver

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// remove answers DELETE /Users/ID. The resource stays in the store as a deleted one,
// for the source. It leaves all groups; their versions grow, since what they show
// changes.
func (x *exchange) remove(t *resources, id string, match []string) (reply, error) {
	release, err := x.writes.hold(x.r.Context(), x.client.Tenant, id)
	if err != nil {
		return reply{}, err
	}
	defer release()
	for range attempts {
		err := x.removeOnce(t, id, match)
		if !errors.Is(err, ErrConflict) {
			return reply{status: http.StatusNoContent}, err
		}
	}
	return reply{}, busy()
}

func (x *exchange) removeOnce(t *resources, id string, match []string) error {
	r, err := x.read(t, id)
	if err != nil {
		return err
	}
	if err := met(match, &r); err != nil {
		return err
	}
	now := x.now()
	c := Commit{Gone: []string{id}}
	gone := r
	gone.Deleted = now
	if err := x.put(&c, t, gone, now); err != nil {
		return err
	}
	groups, err := x.cfg.Store.MemberOf(x.r.Context(), x.client.Tenant, []string{id})
	if err != nil {
		return fmt.Errorf("read groups: %w", err)
	}
	for some := range slices.Chunk(groups[id], scanned) {
		page, err := x.cfg.Store.List(x.r.Context(), x.client.Tenant, Query{Type: Group, IDs: some, Limit: len(some)})
		if err != nil {
			return fmt.Errorf("read groups: %w", err)
		}
		for _, g := range page.Resources {
			if err := x.put(&c, x.kind(Group), g, now); err != nil {
				return err
			}
		}
	}
	told, err := x.affected(t, &r, nil, &c)
	if err != nil {
		return err
	}
	switch err := x.cfg.Store.Commit(x.r.Context(), x.client.Tenant, c); {
	case errors.Is(err, ErrConflict):
		return err
	case err != nil:
		return x.unwritten(t, err)
	}
	x.tellChanged(told)
	return nil
}

// put has a commit write a resource as it is, with a greater version.
func (x *exchange) put(c *Commit, t *resources, r Resource, now time.Time) error {
	o, err := x.restore(&r)
	if err != nil {
		return err
	}
	r.Terms, r.Modified = x.terms(t, o), now
	c.Put = append(c.Put, Put{Resource: r, Expect: r.Version})
	return nil
}
