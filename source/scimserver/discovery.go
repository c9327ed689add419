package scimserver

import (
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// discovery answers for what the service supports (RFC 7644, section 4).
func (x *exchange) discovery(segments []string) (reply, error) {
	base := x.client.BaseURL
	switch q, err := x.query(); {
	case err != nil:
		return reply{}, err
	case q.Get("filter") != "":
		return reply{}, refuse(http.StatusForbidden, "", "discovery has no filters (RFC 7644, section 4)")
	}
	if segments[0] == "ServiceProviderConfig" {
		if len(segments) > 1 {
			return reply{}, noResource()
		}
		limits := x.cfg.Limits
		return document(scim.ServiceProviderConfig{
			DocumentationURI: x.cfg.DocumentationURL, BulkOperations: int64(limits.Bulk), BulkBytes: limits.Body,
			MaxResults: int64(limits.MaxPage), PageSize: int64(limits.Page),
		}.Document(base + "/ServiceProviderConfig"))
	}
	all := x.schemas()
	if segments[0] == "ResourceTypes" {
		all = all[:0]
		for _, t := range x.types {
			all = append(all, t.Document(base+"/ResourceTypes/"+t.Name))
		}
	}
	if len(segments) == 1 {
		return document(scim.Object{
			"schemas":      []any{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
			"totalResults": int64(len(all)), "itemsPerPage": int64(len(all)), "startIndex": int64(1), "Resources": all,
		})
	}
	for _, one := range all {
		o, _ := one.(scim.Object)
		if id, _ := o["id"].(string); len(segments) == 2 && strings.EqualFold(id, segments[1]) {
			return document(o)
		}
	}
	return reply{}, noResource()
}

// schemas are the documents of all schemas. What the server demands beyond the RFC is
// in them.
func (x *exchange) schemas() []any {
	var all []any
	add := func(s *scim.Schema) scim.Object {
		o := s.Document(x.client.BaseURL + "/Schemas/" + s.ID)
		all = append(all, o)
		return o
	}
	for _, t := range x.types {
		attributes, _ := add(t.Core)["attributes"].([]any)
		for _, a := range attributes {
			a, _ := a.(scim.Object)
			name, _ := a["name"].(string)
			if x.unique(t, name) {
				a["uniqueness"] = scim.Server
			}
			if x.needs(t, name) {
				a["required"] = true
			}
		}
	}
	for _, t := range x.types {
		for _, e := range t.Extensions {
			add(e.Schema)
		}
	}
	for _, s := range scim.DiscoverySchemas() {
		add(s)
	}
	return all
}

func document(o scim.Object) (reply, error) {
	body, err := scim.AppendJSON(nil, o)
	return reply{status: http.StatusOK, body: body}, err
}
