package scim

import "time"

// The schemas of the discovery documents (RFC 7643, sections 5 to 7).
const (
	ServiceProviderConfigURN = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	ResourceTypeURN          = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	SchemaURN                = "urn:ietf:params:scim:schemas:core:2.0:Schema"
)

// A ServiceProviderConfig says what a service supports.
type ServiceProviderConfig struct {
	DocumentationURI string // left out if empty
	// BulkOperations and BulkBytes bound a bulk request.
	BulkOperations, BulkBytes int64
	// MaxResults is the largest page.
	MaxResults int64
	// PageSize is the page of a client that does not say.
	PageSize int64
	// CursorTimeout is how long a cursor lives; 0: for ever, which is left out.
	CursorTimeout time.Duration
}

// Document is the message of RFC 7643, section 5, with the pagination of RFC 9865,
// section 4. All sub-attributes are there: clients exist that take a missing one for
// "no" (authentik: bulk.maxOperations).
func (c ServiceProviderConfig) Document(location string) Object {
	pagination := Object{
		"cursor": true, "index": true, "defaultPaginationMethod": "index",
		"defaultPageSize": c.PageSize, "maxPageSize": c.MaxResults,
	}
	if c.CursorTimeout > 0 {
		pagination["cursorTimeout"] = int64(c.CursorTimeout / time.Second)
	}
	o := Object{
		"schemas":        []any{ServiceProviderConfigURN},
		"patch":          Object{"supported": true},
		"bulk":           Object{"supported": true, "maxOperations": c.BulkOperations, "maxPayloadSize": c.BulkBytes},
		"filter":         Object{"supported": true, "maxResults": c.MaxResults},
		"changePassword": Object{"supported": false},
		"sort":           Object{"supported": true},
		"etag":           Object{"supported": true},
		"pagination":     pagination,
		"authenticationSchemes": []any{Object{
			"type": "oauthbearertoken", "name": "OAuth Bearer Token", "description": "A bearer token in the Authorization header",
			"specUri": "https://www.rfc-editor.org/info/rfc6750", "primary": true,
		}},
		"meta": Object{"resourceType": "ServiceProviderConfig", "location": location},
	}
	if c.DocumentationURI != "" {
		o["documentationUri"] = c.DocumentationURI
	}
	return o
}

// Document is the message of RFC 7643, section 6.
func (t *ResourceType) Document(location string) Object {
	o := Object{
		"schemas": []any{ResourceTypeURN},
		"id":      t.Name, "name": t.Name, "endpoint": t.Endpoint, "schema": t.Core.ID,
		"meta": Object{"resourceType": "ResourceType", "location": location},
	}
	if t.Description != "" {
		o["description"] = t.Description
	}
	if len(t.Extensions) > 0 {
		list := make([]any, len(t.Extensions))
		for n, e := range t.Extensions {
			list[n] = Object{"schema": e.Schema.ID, "required": e.Required}
		}
		o["schemaExtensions"] = list
	}
	return o
}

// Document is the message of RFC 7643, section 7. Of the attributes that all resources
// have, which belong to no schema, it lists externalId (section 3.1 permits it): clients
// exist that refuse a resource with an attribute that its schema does not list.
func (s *Schema) Document(location string) Object {
	o := Object{
		"schemas": []any{SchemaURN},
		"id":      s.ID, "name": s.Name, "attributes": described(s.Attributes[s.common:]),
		"meta": Object{"resourceType": "Schema", "location": location},
	}
	if s.Description != "" {
		o["description"] = s.Description
	}
	return o
}

// described is a list of attributes with all of their characteristics.
func described(attributes []Attribute) []any {
	list := make([]any, 0, len(attributes))
	for n := range attributes {
		a := &attributes[n]
		o := Object{
			"name": a.Name, "type": string(a.Type), "multiValued": a.MultiValued, "description": a.Description, "required": a.Required,
			"caseExact": a.CaseExact, "mutability": a.Mutability, "returned": a.Returned, "uniqueness": a.Uniqueness,
		}
		if a.Type == Complex {
			o["subAttributes"] = described(a.SubAttributes)
		}
		if len(a.CanonicalValues) > 0 {
			o["canonicalValues"] = texts(a.CanonicalValues)
		}
		if len(a.ReferenceTypes) > 0 {
			o["referenceTypes"] = texts(a.ReferenceTypes)
		}
		list = append(list, o)
	}
	return list
}

func texts(list []string) []any {
	out := make([]any, len(list))
	for n := range list {
		out[n] = list[n]
	}
	return out
}
