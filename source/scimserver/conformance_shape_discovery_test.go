package scimserver_test

import (
	"fmt"
	"slices"
	"strings"
)

// The shape of the discovery documents (RFC 7643, sections 5 to 7).

// about checks meta of a discovery document.
func (s *shape) about(at string, o map[string]any, kind, path string) {
	meta, _ := o["meta"].(map[string]any)
	s.members(at+".meta", meta, []string{"resourceType", "location"}, nil)
	if meta["resourceType"] != kind {
		s.fail(at+".meta.resourceType", "%v", meta["resourceType"])
	}
	s.address(at+".meta.location", meta["location"])
	if location, _ := meta["location"].(string); !strings.HasSuffix(location, path) {
		s.fail(at+".meta.location", "%v", location)
	}
}

func (s *shape) config(o map[string]any) {
	const at = "ServiceProviderConfig"
	s.only(at, o, configURN)
	s.members(at, o, []string{
		"schemas", "patch", "bulk", "filter", "changePassword", "sort", "etag", "authenticationSchemes", "pagination", "meta",
	}, []string{"documentationUri"})
	s.text(at, o, "documentationUri")
	s.about(at, o, "ServiceProviderConfig", "/ServiceProviderConfig")
	for name, counts := range map[string][]string{
		"patch": nil, "bulk": {"maxOperations", "maxPayloadSize"}, "filter": {"maxResults"}, "changePassword": nil, "sort": nil, "etag": nil,
	} {
		part, _ := o[name].(map[string]any)
		s.members(at+"."+name, part, append([]string{"supported"}, counts...), nil)
		s.boolean(at+"."+name, part, "supported")
		s.integer(at+"."+name, part, counts...)
	}
	schemes, _ := o["authenticationSchemes"].([]any)
	if len(schemes) == 0 {
		s.fail(at+".authenticationSchemes", "none")
	}
	for n := range schemes {
		scheme, _ := schemes[n].(map[string]any)
		inner := fmt.Sprintf("%s.authenticationSchemes[%d]", at, n)
		s.members(inner, scheme, []string{"type", "name", "description"}, []string{"specUri", "documentationUri", "primary"})
		s.text(inner, scheme, "type", "name", "description", "specUri", "documentationUri")
		s.boolean(inner, scheme, "primary")
		if !slices.Contains([]any{"oauth", "oauth2", "oauthbearertoken", "httpbasic", "httpdigest"}, scheme["type"]) {
			s.fail(inner+".type", "%v", scheme["type"])
		}
	}
	pages, _ := o["pagination"].(map[string]any)
	s.members(at+".pagination", pages, []string{"cursor", "index"}, []string{"defaultPaginationMethod", "defaultPageSize", "maxPageSize", "cursorTimeout"})
	s.boolean(at+".pagination", pages, "cursor", "index")
	s.integer(at+".pagination", pages, "defaultPageSize", "maxPageSize", "cursorTimeout")
}

func (s *shape) resourceType(at string, o map[string]any) {
	s.only(at, o, typeURN)
	s.members(at, o, []string{"schemas", "id", "name", "endpoint", "schema", "meta"}, []string{"description", "schemaExtensions"})
	s.text(at, o, "id", "name", "endpoint", "schema", "description")
	s.about(at, o, "ResourceType", "/ResourceTypes/"+fmt.Sprint(o["id"]))
	if endpoint, _ := o["endpoint"].(string); !strings.HasPrefix(endpoint, "/") {
		s.fail(at+".endpoint", "%v", o["endpoint"])
	}
	list, has := o["schemaExtensions"].([]any)
	if has && len(list) == 0 {
		s.fail(at+".schemaExtensions", "is empty")
	}
	for n := range list {
		e, _ := list[n].(map[string]any)
		inner := fmt.Sprintf("%s.schemaExtensions[%d]", at, n)
		s.members(inner, e, []string{"schema", "required"}, nil)
		s.text(inner, e, "schema")
		s.boolean(inner, e, "required")
	}
}

func (s *shape) schema(at string, o map[string]any) {
	s.only(at, o, schemaURN)
	s.members(at, o, []string{"schemas", "id", "name", "description", "attributes", "meta"}, nil)
	s.text(at, o, "id", "name", "description")
	s.about(at, o, "Schema", "/Schemas/"+fmt.Sprint(o["id"]))
	s.attributes(at, o["attributes"])
}

func (s *shape) attributes(at string, value any) {
	list, _ := value.([]any)
	if len(list) == 0 {
		s.fail(at, "has no attributes")
	}
	seen := map[string]bool{}
	for n := range list {
		a, _ := list[n].(map[string]any)
		name, _ := a["name"].(string)
		if seen[strings.ToLower(name)] {
			s.fail(at, "%s occurs twice", name)
		}
		seen[strings.ToLower(name)] = true
		s.attribute(at+"."+name, a)
	}
}

func (s *shape) attribute(at string, a map[string]any) {
	s.members(at, a, []string{
		"name", "type", "multiValued", "description", "required", "caseExact", "mutability", "returned", "uniqueness",
	}, []string{"canonicalValues", "referenceTypes", "subAttributes"})
	s.text(at, a, "name", "type", "description", "mutability", "returned", "uniqueness")
	s.boolean(at, a, "multiValued", "required", "caseExact")
	for name, words := range map[string][]any{
		"type":       {"string", "boolean", "decimal", "integer", "dateTime", "binary", "reference", "complex"},
		"mutability": {"readOnly", "readWrite", "immutable", "writeOnly"},
		"returned":   {"always", "never", "default", "request"},
		"uniqueness": {"none", "server", "global"},
	} {
		if !slices.Contains(words, a[name]) {
			s.fail(at+"."+name, "%v", a[name])
		}
	}
	if _, has := a["subAttributes"]; has != (a["type"] == "complex") {
		s.fail(at, "a %v with subAttributes: %t", a["type"], has)
	} else if has {
		s.attributes(at, a["subAttributes"])
	}
	if _, has := a["referenceTypes"]; has != (a["type"] == "reference") {
		s.fail(at, "a %v with referenceTypes: %t", a["type"], has)
	}
	for _, name := range []string{"canonicalValues", "referenceTypes"} {
		values, has := a[name].([]any)
		if has && len(values) == 0 {
			s.fail(at+"."+name, "is empty")
		}
		for _, v := range values {
			if text, ok := v.(string); !ok || text == "" {
				s.fail(at+"."+name, "%v", v)
			}
		}
	}
}
