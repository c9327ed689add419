package scimsource

import (
	"strings"
	"time"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/scimidentity"
)

// identity turns a user into an identity.
func (s *Source) identity(r *scimclient.Resource, groups memberships) source.Identity {
	i := scimidentity.Of(r.Object)
	i.ID = s.idOf(r)
	i.AlternateIDs = s.alternates(r)
	if at, err := time.Parse(time.RFC3339, scimidentity.Text(r.Object, "meta", "lastModified")); err == nil {
		i.UpdatedAt = at.UTC()
	}
	if i.ID == "" {
		i.Findings = append(i.Findings, source.Finding{
			Field: s.cfg.ID.attribute(), Code: source.CodeNoID,
			Message: "the user with id " + r.ID + " has no " + s.cfg.ID.attribute(),
		})
	}
	s.state(&i, r)
	for _, path := range r.Odd {
		if path != "active" {
			i.Findings = append(i.Findings, source.Finding{
				Field: path, Code: source.CodeBadValue, Message: "the value of " + path + " is not of the type that its schema says",
			})
		}
	}
	switch s.cfg.Groups {
	case GroupMembers:
		i.Groups = groups.of(r.ID)
	case UserGroups:
		i.Groups = ownGroups(r.Object)
	default:
	}
	s.custom.Fill(&i, r.Object)
	return i
}

// idOf returns the ID of an identity, "" if the user has none.
func (s *Source) idOf(r *scimclient.Resource) string {
	switch s.cfg.ID {
	case ByExternalID:
		return strings.TrimSpace(r.ExternalID)
	case ByUserName:
		return strings.TrimSpace(scimidentity.Text(r.Object, "userName"))
	default:
		return strings.TrimSpace(r.ID)
	}
}

func (s *Source) alternates(r *scimclient.Resource) []source.AlternateID {
	var out []source.AlternateID
	if s.cfg.ID != ByID {
		out = append(out, source.AlternateID{Type: "scim:id", Value: r.ID})
	}
	if s.cfg.ID != ByExternalID && r.ExternalID != "" {
		out = append(out, source.AlternateID{Type: "scim:externalId", Value: r.ExternalID})
	}
	return out
}

// state says where somebody stands.
func (s *Source) state(i *source.Identity, r *scimclient.Resource) {
	active, stated := r.Object["active"].(bool)
	odd := false
	for _, path := range r.Odd {
		odd = odd || path == "active"
	}
	switch {
	case stated && active:
		i.Status, i.StatusRaw = source.Active, "active"
	case stated:
		i.Status, i.StatusRaw = s.cfg.Inactive, "inactive"
	case odd:
		i.Findings = append(i.Findings, source.Finding{Field: "status", Code: source.CodeBadValue, Message: "active is neither true nor false"})
	case s.cfg.ActiveOptional:
		i.Status = source.Active
	default:
		i.Findings = append(i.Findings, source.Finding{Field: "status", Code: source.CodeBadValue, Message: "active is missing"})
	}
}

// ownGroups returns the groups that a user lists.
func ownGroups(o scim.Object) []source.Group {
	list, _ := o["groups"].([]any)
	var out []source.Group
	for _, element := range list {
		e, _ := element.(scim.Object)
		if id := scimidentity.Text(e, "value"); id != "" {
			out = append(out, group(id, scimidentity.Text(e, "display")))
		}
	}
	return out
}

func group(id, name string) source.Group {
	if name == "" {
		name = id
	}
	return source.Group{ID: id, Name: name, Type: "group"}
}
