package scimserver

import (
	"context"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// identities turns users into identities.
func (t *tenantSource) identities(ctx context.Context, list []Resource) ([]source.Identity, error) {
	ids := make([]string, 0, len(list))
	for n := range list {
		if list[n].Deleted.IsZero() {
			ids = append(ids, list[n].ID)
		}
	}
	groups, err := t.server.above(ctx, t.tenant, ids)
	if err != nil {
		return nil, err
	}
	objects := make([]scim.Object, len(list))
	for n := range list {
		if objects[n], err = t.server.restore(&list[n]); err != nil {
			return nil, err
		}
	}
	managers, err := t.managers(ctx, objects)
	if err != nil {
		return nil, err
	}
	out := make([]source.Identity, len(list))
	for n := range list {
		out[n] = t.server.identity(&list[n], objects[n], groups[list[n].ID], managers)
	}
	return out, nil
}

// managers returns the IDs of identities by those of SCIM, for all managers.
func (t *tenantSource) managers(ctx context.Context, users []scim.Object) (map[string]string, error) {
	if t.server.cfg.IdentityID == ByID {
		return nil, nil
	}
	var ids []string
	for _, o := range users {
		if id := scimidentity.Text(o, scim.EnterpriseURN, "manager", "value"); id != "" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	known := map[string]string{}
	if len(ids) == 0 {
		return known, nil
	}
	page, err := t.server.cfg.Store.List(ctx, t.tenant, Query{Type: User, IDs: ids, Deleted: true, Limit: len(ids)})
	if err != nil {
		return nil, fmt.Errorf("read managers: %w", err)
	}
	for n := range page.Resources {
		o, err := t.server.restore(&page.Resources[n])
		if err != nil {
			return nil, err
		}
		known[page.Resources[n].ID] = scimidentity.Text(o, "externalId")
	}
	return known, nil
}

// identity turns a user into an identity.
func (s *Server) identity(r *Resource, o scim.Object, groups []within, managers map[string]string) source.Identity {
	externalID := scimidentity.Text(o, "externalId")
	i := scimidentity.Of(o)
	i.ID, i.UpdatedAt = r.ID, r.Modified
	if externalID != "" {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "scim:externalId", Value: externalID})
	}
	if s.cfg.IdentityID == ByExternalID {
		i.ID = externalID
		i.AlternateIDs = append(i.AlternateIDs[:0], source.AlternateID{Type: "scim:id", Value: r.ID})
		i.Manager.ID = managers[i.Manager.ID]
	}
	// Who is in no group is known to be in none: what a group gave has to end.
	i.Groups = make([]source.Group, 0, len(groups))
	for _, g := range groups {
		i.Groups = append(i.Groups, source.Group{ID: g.id, Name: g.name, Type: "group"})
	}
	s.state(&i, r, o)
	s.custom.Fill(&i, o)
	return i
}

// state says where somebody stands. A user of whom nobody said so is active: active is
// optional (RFC 7643, section 4.1.1).
func (s *Server) state(i *source.Identity, r *Resource, o scim.Object) {
	active, stated := o["active"].(bool)
	switch {
	case !r.Deleted.IsZero():
		i.Status, i.StatusRaw, i.TerminatedAt = source.Deleted, "deleted", r.Deleted
	case active || !stated:
		i.Status, i.StatusRaw = source.Active, "active"
	default:
		i.Status, i.StatusRaw = s.cfg.Inactive, "inactive"
	}
}
