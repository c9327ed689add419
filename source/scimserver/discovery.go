package scimserver

import (
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// discovery answers for what the service supports (RFC 7644, section 4).
func (x *exchange) discovery(segments []string) (reply, error) {
	base := x.client.BaseURL
	if x.r.URL.Query().Get("filter") != "" {
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
	var all []any
	for _, t := range x.types {
		if segments[0] == "ResourceTypes" {
			all = append(all, t.Document(base+"/ResourceTypes/"+t.Name))
			continue
		}
		all = append(all, t.Core.Document(base+"/Schemas/"+t.Core.ID))
		for _, e := range t.Extensions {
			all = append(all, e.Schema.Document(base+"/Schemas/"+e.Schema.ID))
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

func document(o scim.Object) (reply, error) {
	body, err := scim.AppendJSON(nil, o)
	return reply{status: http.StatusOK, body: body}, err
}
