package scimserver

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/provision-go/provision/source"
)

// Source returns what one tenant's identity provider has pushed, as a source of
// identities. It reads the store at each call. Users who were deleted are in it as
// identities with the status Deleted, until [Server.Purge].
func (s *Server) Source(tenant string) source.Source { return &tenantSource{server: s, tenant: tenant} }

// tenantSource is the users of a tenant.
type tenantSource struct {
	server *Server
	tenant string
}

func (t *tenantSource) Name() string { return t.server.cfg.Name }

// Identities yields all users in the order in which they were created. Whoever is
// created, changed or deleted meanwhile is yielded as before or as after.
func (t *tenantSource) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		q := Query{Type: User, Deleted: true, Limit: scanned}
		for {
			list, err := t.page(ctx, q)
			if err != nil {
				yield(source.Identity{}, fmt.Errorf("list users of %s: %w", t.tenant, err))
				return
			}
			for n := range list.identities {
				if !yield(list.identities[n], nil) {
					return
				}
			}
			if list.last {
				return
			}
			q.After = list.after
		}
	}
}

// identityPage is a page of users as identities.
type identityPage struct {
	identities []source.Identity
	after      int64
	last       bool
}

func (t *tenantSource) page(ctx context.Context, q Query) (identityPage, error) {
	var out identityPage
	page, err := t.server.cfg.Store.List(ctx, t.tenant, q)
	if err != nil {
		return out, err
	}
	out.last = len(page.Resources) < q.Limit
	if len(page.Resources) == 0 {
		return out, nil
	}
	out.after = page.Resources[len(page.Resources)-1].Sequence
	list := page.Resources
	if t.server.cfg.IdentityID == ByExternalID {
		if list, err = t.present(ctx, list); err != nil {
			return out, err
		}
	}
	out.identities, err = t.identities(ctx, list)
	return out, err
}

// present leaves out the deleted users who exist again under the same externalId.
func (t *tenantSource) present(ctx context.Context, list []Resource) ([]Resource, error) {
	var kept []Resource
	for n := range list {
		if !list[n].Deleted.IsZero() {
			newest, err := t.newest(ctx, &list[n])
			if err != nil {
				return nil, err
			}
			if newest.ID != list[n].ID {
				continue
			}
		}
		kept = append(kept, list[n])
	}
	return kept, nil
}

// newest returns the user who has an externalId now, or had it last.
func (t *tenantSource) newest(ctx context.Context, r *Resource) (Resource, error) {
	o, err := t.server.restore(r)
	if err != nil {
		return *r, err
	}
	id, _ := o["externalId"].(string)
	return t.byExternalID(ctx, id)
}

func (t *tenantSource) byExternalID(ctx context.Context, id string) (Resource, error) {
	var newest Resource
	q := Query{Type: User, Terms: []Term{{Name: termName("externalId", ""), Value: id}}, Deleted: true, Limit: scanned}
	for {
		page, err := t.server.cfg.Store.List(ctx, t.tenant, q)
		if err != nil {
			return newest, err
		}
		for _, r := range page.Resources {
			if newest.ID == "" || newest.Deleted.Before(r.Deleted) && !newest.Deleted.IsZero() || r.Deleted.IsZero() {
				newest = r
			}
		}
		if len(page.Resources) < scanned {
			if newest.ID == "" {
				return newest, source.ErrNotFound
			}
			return newest, nil
		}
		q.After = page.Resources[len(page.Resources)-1].Sequence
	}
}

// Identity reads one user.
func (t *tenantSource) Identity(ctx context.Context, id string) (source.Identity, error) {
	r, err := t.user(ctx, id)
	if err != nil {
		return source.Identity{}, fmt.Errorf("read user %s of %s: %w", id, t.tenant, err)
	}
	list, err := t.identities(ctx, []Resource{r})
	if err != nil {
		return source.Identity{}, fmt.Errorf("read user %s of %s: %w", id, t.tenant, err)
	}
	return list[0], nil
}

func (t *tenantSource) user(ctx context.Context, id string) (Resource, error) {
	if id == "" {
		return Resource{}, source.ErrNotFound
	}
	if t.server.cfg.IdentityID == ByExternalID {
		return t.byExternalID(ctx, id)
	}
	page, err := t.server.cfg.Store.List(ctx, t.tenant, Query{Type: User, IDs: []string{id}, Deleted: true, Limit: 1})
	switch {
	case errors.Is(err, ErrNotFound) || err == nil && len(page.Resources) == 0:
		return Resource{}, source.ErrNotFound
	case err != nil:
		return Resource{}, err
	}
	return page.Resources[0], nil
}
