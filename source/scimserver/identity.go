package scimserver

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/source"
)

// What of a user is read as what of an identity (RFC 7643, sections 4.1 and 4.3).
// Addresses at home, photos, phone numbers and the like are not read: provisioning
// does not need them.

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
		if id := textAt(o, scim.EnterpriseURN, "manager", "value"); id != "" {
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
		known[page.Resources[n].ID] = textAt(o, "externalId")
	}
	return known, nil
}

// identity turns a user into an identity.
func (s *Server) identity(r *Resource, o scim.Object, groups []within, managers map[string]string) source.Identity {
	externalID := textAt(o, "externalId")
	i := source.Identity{
		ID: r.ID, Kind: source.KindDirectoryUser,
		Name: source.Name{
			Formatted: textAt(o, "name", "formatted"), Given: textAt(o, "name", "givenName"), Middle: textAt(o, "name", "middleName"),
			Family: textAt(o, "name", "familyName"), Prefix: textAt(o, "name", "honorificPrefix"), Suffix: textAt(o, "name", "honorificSuffix"),
			Preferred: textAt(o, "nickName"),
		},
		DisplayName: textAt(o, "displayName"), Username: textAt(o, "userName"),
		WorkEmail: email(o, "work"), PersonalEmail: email(o, "home"),
		JobTitle: textAt(o, "title"), EmploymentTypeRaw: textAt(o, "userType"),
		EmployeeNumber: textAt(o, scim.EnterpriseURN, "employeeNumber"),
		Department:     source.Named(textAt(o, scim.EnterpriseURN, "department")),
		Division:       source.Named(textAt(o, scim.EnterpriseURN, "division")),
		CostCenter:     source.Named(textAt(o, scim.EnterpriseURN, "costCenter")),
		LegalEntity:    source.Named(textAt(o, scim.EnterpriseURN, "organization")),
		Location:       location(o),
		UpdatedAt:      r.Modified,
	}
	if externalID != "" {
		i.AlternateIDs = append(i.AlternateIDs, source.AlternateID{Type: "scim:externalId", Value: externalID})
	}
	i.Manager = source.Manager{ID: textAt(o, scim.EnterpriseURN, "manager", "value"), Name: textAt(o, scim.EnterpriseURN, "manager", "displayName")}
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
	s.custom(&i, o)
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

// email returns the address of a kind; for work, failing that, the primary one and the
// first of no kind, since many send but one.
func email(o scim.Object, kind string) string {
	list, _ := o["emails"].([]any)
	var primary, untyped string
	for _, element := range list {
		e, _ := element.(scim.Object)
		value, of := textAt(e, "value"), textAt(e, "type")
		if strings.EqualFold(of, kind) {
			return value
		}
		if first, _ := e["primary"].(bool); first && primary == "" && !strings.EqualFold(of, "home") {
			primary = value
		}
		if of == "" && untyped == "" {
			untyped = value
		}
	}
	if kind != "work" {
		return ""
	}
	if primary != "" {
		return primary
	}
	return untyped
}

// location returns where somebody works.
func location(o scim.Object) source.Location {
	where := source.Location{TimeZone: textAt(o, "timezone")}
	list, _ := o["addresses"].([]any)
	for _, element := range list {
		if a, _ := element.(scim.Object); strings.EqualFold(textAt(a, "type"), "work") {
			where.City, where.Region, where.Country = textAt(a, "locality"), textAt(a, "region"), strings.ToUpper(textAt(a, "country"))
			break
		}
	}
	return where
}

// textAt returns the string that a path of names leads to, or "".
func textAt(o scim.Object, path ...string) string {
	for _, name := range path[:len(path)-1] {
		o, _ = o[name].(scim.Object)
	}
	text, _ := o[path[len(path)-1]].(string)
	return text
}
