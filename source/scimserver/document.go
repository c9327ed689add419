package scimserver

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/provision-go/provision/internal/scim"
)

// What a client sees of a resource is its body, between the id and what the server
// computes: the groups of a user or the members of a group, and meta.

// wanted is what a client wants to see of resources.
type wanted struct {
	attributes, excluded []scim.Path
}

// all reports whether a client did not say what it wants to see.
func (v *wanted) all() bool { return len(v.attributes) == 0 && len(v.excluded) == 0 }

// shows reports whether an attribute of the core schema can be part of what a client
// wants to see, so that it need not be computed if not.
func (v *wanted) shows(name string) bool {
	if len(v.attributes) > 0 {
		for _, p := range v.attributes {
			if p.Attribute != nil && p.Attribute.Name == name {
				return true
			}
		}
		return false
	}
	for _, p := range v.excluded {
		if p.Attribute != nil && p.Attribute.Name == name && p.Sub == nil {
			return false
		}
	}
	return true
}

// linked is what belongs to resources and is not stored with them.
type linked struct {
	members map[string][]Member // by group
	groups  map[string][]within // by user
}

// link looks up what belongs to resources, as far as it is wanted.
func (x *exchange) link(t *resources, list []Resource, groups, members bool) (linked, error) {
	var l linked
	var err error
	ids := make([]string, len(list))
	for n := range list {
		ids[n] = list[n].ID
	}
	switch {
	case len(ids) == 0:
	case t.kind == User && groups:
		l.groups, err = x.above(x.r.Context(), x.client.Tenant, ids)
	case t.kind == Group && members:
		l.members, err = x.cfg.Store.Members(x.r.Context(), x.client.Tenant, ids)
		if err != nil {
			err = fmt.Errorf("read members: %w", err)
		}
	}
	return l, err
}

// restore returns the attributes that are stored.
func (s *Server) restore(r *Resource) (scim.Object, error) {
	o, err := scim.Restore(s.kind(r.Type).ResourceType, r.Body)
	if err != nil {
		return nil, fmt.Errorf("stored %s %s: %w", r.Type, r.ID, err)
	}
	return o, nil
}

// object returns a resource with all that belongs to it.
func (x *exchange) object(t *resources, r *Resource, l linked) (scim.Object, error) {
	stored, err := x.restore(r)
	if err != nil {
		return nil, err
	}
	stored["id"] = r.ID
	if groups := l.groups[r.ID]; len(groups) > 0 {
		list := make([]any, len(groups))
		for n := range groups {
			list[n] = groups[n].object(x.client.BaseURL)
		}
		stored["groups"] = list
	}
	if members := l.members[r.ID]; len(members) > 0 {
		list := make([]any, len(members))
		for n := range members {
			list[n] = memberObject(x.client.BaseURL, &members[n])
		}
		stored["members"] = list
	}
	stored["meta"] = scim.Object{
		"resourceType": t.Name, "created": stamp(r.Created), "lastModified": stamp(r.Modified),
		"location": x.location(t, r.ID), "version": etag(r, l),
	}
	return stored, nil
}

// encode writes a resource as a client wants to see it.
func (x *exchange) encode(t *resources, r *Resource, l linked, v *wanted) ([]byte, error) {
	if v.all() && t.plain {
		return x.splice(t, r, l)
	}
	full, err := x.object(t, r, l)
	if err != nil {
		return nil, err
	}
	return json.Marshal(scim.Project(t.ResourceType, full, v.attributes, v.excluded))
}

// splice puts what the server computes into the stored body, without reading it.
func (x *exchange) splice(t *resources, r *Resource, l linked) ([]byte, error) {
	if len(r.Body) < 2 || r.Body[0] != '{' || r.Body[len(r.Body)-1] != '}' {
		return nil, fmt.Errorf("stored %s %s: it is no JSON object", r.Type, r.ID)
	}
	out := make([]byte, 0, len(r.Body)+512+len(l.members[r.ID])*160)
	out = append(out, r.Body[:len(r.Body)-1]...)
	if len(r.Body) > 2 {
		out = append(out, ',')
	}
	out = appendMember(out, `"id":`, r.ID)
	if groups := l.groups[r.ID]; len(groups) > 0 {
		out = append(out, `,"groups":[`...)
		for n := range groups {
			if n > 0 {
				out = append(out, ',')
			}
			out = groups[n].append(out, x.client.BaseURL)
		}
		out = append(out, ']')
	}
	if members := l.members[r.ID]; len(members) > 0 {
		out = append(out, `,"members":[`...)
		for n := range members {
			if n > 0 {
				out = append(out, ',')
			}
			out = appendMemberOf(out, x.client.BaseURL, &members[n])
		}
		out = append(out, ']')
	}
	out = appendMember(out, `,"meta":{"resourceType":`, t.Name)
	out = append(out, `,"created":"`...)
	out = appendStamp(out, r.Created)
	out = append(out, `","lastModified":"`...)
	out = appendStamp(out, r.Modified)
	out = append(out, '"')
	out = appendMember(out, `,"location":`, x.location(t, r.ID))
	out = appendMember(out, `,"version":`, etag(r, l))
	return append(out, "}}"...), nil
}

func appendMember(out []byte, name, value string) []byte {
	return appendText(append(out, name...), value)
}

// appendText writes a JSON string.
func appendText(out []byte, s string) []byte {
	for n := range len(s) {
		if c := s[n]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			text, _ := json.Marshal(s)
			return append(out, text...)
		}
	}
	out = append(out, '"')
	out = append(out, s...)
	return append(out, '"')
}

const stampLayout = "2006-01-02T15:04:05.999999Z07:00"

// stamp writes an instant as xsd:dateTime (RFC 7643, section 2.3.5).
func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

func appendStamp(out []byte, t time.Time) []byte { return t.UTC().AppendFormat(out, stampLayout) }

func (x *exchange) location(t *resources, id string) string {
	return x.client.BaseURL + t.Endpoint + "/" + id
}

func memberObject(base string, m *Member) scim.Object {
	o := scim.Object{"value": m.ID, "type": string(m.Type), "$ref": base + endpoint(m.Type) + "/" + m.ID}
	if m.Display != "" {
		o["display"] = m.Display
	}
	return o
}

func appendMemberOf(out []byte, base string, m *Member) []byte {
	out = appendMember(out, `{"value":`, m.ID)
	out = appendMember(out, `,"$ref":`, base+endpoint(m.Type)+"/"+m.ID)
	if m.Display != "" {
		out = appendMember(out, `,"display":`, m.Display)
	}
	out = appendMember(out, `,"type":`, string(m.Type))
	return append(out, '}')
}

func endpoint(t Type) string {
	if t == Group {
		return "/Groups"
	}
	return "/Users"
}

// etag is the version of a resource (RFC 7644, section 3.14), a weak one, since the
// order of members says nothing. Behind the number of the stored version stands what
// groups somebody is in, which changes without it.
func etag(r *Resource, l linked) string {
	text := `W/"` + strconv.FormatInt(r.Version, 10)
	if groups := l.groups[r.ID]; len(groups) > 0 {
		text += "-" + sumGroups(groups)
	}
	return text + `"`
}
