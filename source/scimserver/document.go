package scimserver

import (
	"fmt"
	"slices"
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
func (x *exchange) link(t *resources, ids []string, groups, members bool) (linked, error) {
	var l linked
	var err error
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

// object returns a resource with all that belongs to it, but for meta.
func (x *exchange) object(r *Resource, l linked) (scim.Object, error) {
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
	return stored, nil
}

// withMeta adds what the server says of a resource.
func (x *exchange) withMeta(t *resources, r *Resource, l linked, o scim.Object) {
	o["meta"] = scim.Object{
		"resourceType": t.Name, "created": stamp(r.Created), "lastModified": stamp(r.Modified),
		"location": x.location(t, r.ID), "version": etag(r, l),
	}
}

// encode appends a resource as a client wants to see it.
func (x *exchange) encode(out []byte, t *resources, r *Resource, l linked, v *wanted) ([]byte, error) {
	if v.all() && t.plain {
		return x.splice(out, t, r, l)
	}
	full, err := x.object(r, l)
	if err != nil {
		return nil, err
	}
	x.withMeta(t, r, l, full)
	return scim.AppendJSON(out, scim.Project(t.ResourceType, full, v.attributes, v.excluded))
}

// splice puts what the server computes into the stored body, without reading it.
func (x *exchange) splice(out []byte, t *resources, r *Resource, l linked) ([]byte, error) {
	if len(r.Body) < 2 || r.Body[0] != '{' || r.Body[len(r.Body)-1] != '}' {
		return nil, fmt.Errorf("stored %s %s: it is no JSON object", r.Type, r.ID)
	}
	base := x.client.BaseURL
	groups, members := l.groups[r.ID], l.members[r.ID]
	size := len(r.Body) + 2*len(r.ID) + len(base) + 256 + len(groups)*(len(base)+160) + len(members)*(len(base)+128)
	out = append(slices.Grow(out, size), r.Body[:len(r.Body)-1]...)
	if len(r.Body) > 2 {
		out = append(out, ',')
	}
	out = appendMember(out, `"id":`, r.ID)
	if len(groups) > 0 {
		out = append(out, `,"groups":[`...)
		for n := range groups {
			if n > 0 {
				out = append(out, ',')
			}
			out = groups[n].append(out, base)
		}
		out = append(out, ']')
	}
	if len(members) > 0 {
		out = append(out, `,"members":[`...)
		for n := range members {
			if n > 0 {
				out = append(out, ',')
			}
			out = appendMemberOf(out, base, &members[n])
		}
		out = append(out, ']')
	}
	return x.appendMeta(out, t, r, groups), nil
}

// appendMeta writes meta, and the end of a resource.
func (x *exchange) appendMeta(out []byte, t *resources, r *Resource, groups []within) []byte {
	out = appendMember(out, `,"meta":{"resourceType":`, t.Name)
	out = appendStamp(append(out, `,"created":"`...), r.Created)
	out = appendStamp(append(out, `","lastModified":"`...), r.Modified)
	out = appendAddress(append(out, `","location":`...), x.client.BaseURL, t.Endpoint, r.ID)
	out = append(out, `,"version":"W/\"`...)
	out = appendVersion(out, r, groups)
	return append(out, `\""}}`...)
}

func appendMember(out []byte, name, value string) []byte {
	return scim.AppendText(append(out, name...), value)
}

// appendAddress writes the location of a resource.
func appendAddress(out []byte, base, endpoint, id string) []byte {
	out = scim.AppendText(out, base)
	out = append(append(out[:len(out)-1], endpoint...), '/')
	at := len(out)
	out = scim.AppendText(out, id)
	return append(out[:at], out[at+1:]...)
}

const stampLayout = "2006-01-02T15:04:05.999999Z07:00"

// stamp writes an instant as xsd:dateTime (RFC 7643, section 2.3.5).
func stamp(t time.Time) string { return t.UTC().Format(stampLayout) }

// appendStamp is stamp for a page of them: it does not interpret the layout.
func appendStamp(out []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 1000 || year > 9999 {
		return t.AppendFormat(out, stampLayout)
	}
	hour, minute, second := t.Clock()
	out = strconv.AppendInt(out, int64(year), 10)
	for n, value := range [...]int{int(month), day, hour, minute, second} {
		out = append(out, "--T::"[n], '0'+byte(value/10), '0'+byte(value%10))
	}
	if micro := t.Nanosecond() / 1000; micro > 0 {
		out = append(out, '.')
		for digit := 100_000; micro > 0; digit /= 10 {
			out = append(out, '0'+byte(micro/digit))
			micro %= digit
		}
	}
	return append(out, 'Z')
}

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
	out = appendAddress(append(out, `,"$ref":`...), base, endpoint(m.Type), m.ID)
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
	out := append(make([]byte, 0, 32), `W/"`...)
	return string(append(appendVersion(out, r, l.groups[r.ID]), '"'))
}

func appendVersion(out []byte, r *Resource, groups []within) []byte {
	out = strconv.AppendInt(out, r.Version, 10)
	if len(groups) > 0 {
		out = append(append(out, '-'), sumGroups(groups)...)
	}
	return out
}
