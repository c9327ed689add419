package scimserver_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// What an answer may look like, to the last member, whatever was asked. Every answer
// that a test of this package gets is checked so.

const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	configURN     = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	typeURN       = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
	schemaURN     = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	listURN       = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	errorURN      = "urn:ietf:params:scim:api:messages:2.0:Error"
	bulkURN       = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
)

// A shape collects what is wrong with an answer.
type shape struct {
	wrong []string
	// partial: the client said which attributes it wants to see.
	partial bool
}

func (s *shape) fail(at, format string, args ...any) {
	s.wrong = append(s.wrong, at+": "+fmt.Sprintf(format, args...))
}

// malformed returns what is wrong with an answer to a request.
func malformed(r *http.Request, status int, header http.Header, text string) []string {
	s := &shape{partial: r.URL.Query().Has("attributes") || r.URL.Query().Has("excludedAttributes") || strings.HasSuffix(r.URL.Path, ".search")}
	if status == http.StatusNoContent || status == http.StatusNotModified || r.Method == http.MethodHead {
		if text != "" {
			s.fail("body", "there is one with %d to %s", status, r.Method)
		}
		return s.wrong
	}
	if got := header.Get("Content-Type"); got != "application/scim+json" {
		s.fail("Content-Type", "%q", got)
	}
	var body map[string]any
	if err := json.Unmarshal([]byte(text), &body); err != nil {
		s.fail("body", "%v", err)
		return s.wrong
	}
	s.nothingEmpty("body", body)
	schemas, _ := body["schemas"].([]any)
	if len(schemas) == 0 {
		s.fail("schemas", "none")
		return s.wrong
	}
	if status >= http.StatusBadRequest != (schemas[0] == errorURN) {
		s.fail("schemas", "%v with status %d", schemas, status)
	}
	switch schemas[0] {
	case errorURN:
		s.problem("error", body, status)
	case listURN:
		s.list(body)
	case bulkURN:
		s.bulk(body)
	default:
		s.resource("resource", body)
		s.headers(header, body)
	}
	return s.wrong
}

// nothingEmpty refuses null, "" and {} (RFC 7643, section 2.5: what is not assigned is
// left out).
func (s *shape) nothingEmpty(at string, value any) {
	switch v := value.(type) {
	case nil:
		s.fail(at, "is null")
	case map[string]any:
		for name, member := range v {
			if m, ok := member.(map[string]any); ok && len(m) == 0 {
				s.fail(at+"."+name, "is an empty object")
			}
			s.nothingEmpty(at+"."+name, member)
		}
	case []any:
		for n := range v {
			s.nothingEmpty(fmt.Sprintf("%s[%d]", at, n), v[n])
		}
	}
}

// members checks that an object has some members, and no others but some.
func (s *shape) members(at string, o map[string]any, required, optional []string) {
	for _, name := range required {
		if _, has := o[name]; !has {
			s.fail(at, "%s is missing", name)
		}
	}
	for name := range o {
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			s.fail(at, "%s is unknown", name)
		}
	}
}

func (s *shape) text(at string, o map[string]any, names ...string) {
	for _, name := range names {
		if v, has := o[name]; has {
			if text, ok := v.(string); !ok || text == "" {
				s.fail(at+"."+name, "is not a text, or empty: %v", v)
			}
		}
	}
}

func (s *shape) boolean(at string, o map[string]any, names ...string) {
	for _, name := range names {
		if v, has := o[name]; has {
			if _, ok := v.(bool); !ok {
				s.fail(at+"."+name, "is not a boolean: %v", v)
			}
		}
	}
}

func (s *shape) integer(at string, o map[string]any, names ...string) {
	for _, name := range names {
		if v, has := o[name]; has {
			if n, ok := v.(float64); !ok || n != math.Trunc(n) || n < 0 {
				s.fail(at+"."+name, "is not a count: %v", v)
			}
		}
	}
}

func (s *shape) only(at string, o map[string]any, urns ...string) {
	got, _ := o["schemas"].([]any)
	if len(got) != len(urns) {
		s.fail(at+".schemas", "%v instead of %v", got, urns)
		return
	}
	for _, urn := range urns {
		if !slices.Contains(got, any(urn)) {
			s.fail(at+".schemas", "%v instead of %v", got, urns)
		}
	}
}

// absolute are addresses of this service.
var absolute = regexp.MustCompile(`^https://app\.example/[^ ]+$`)

func (s *shape) address(at string, v any) {
	if text, ok := v.(string); !ok || !absolute.MatchString(text) {
		s.fail(at, "is no absolute address of this service: %v", v)
	}
}

// problem is RFC 7644, section 3.12, with RFC 9865, section 2.1.
func (s *shape) problem(at string, o map[string]any, status int) {
	s.only(at, o, errorURN)
	s.members(at, o, []string{"schemas", "status", "detail"}, []string{"scimType"})
	s.text(at, o, "detail", "status")
	if o["status"] != fmt.Sprint(status) {
		s.fail(at+".status", "%v with status %d", o["status"], status)
	}
	kinds := map[string][]string{
		"400": {"invalidFilter", "tooMany", "mutability", "invalidSyntax", "invalidPath", "noTarget", "invalidValue", "invalidVers", "invalidCursor", "expiredCursor", "invalidCount"},
		"409": {"uniqueness"}, "403": {"sensitive"},
	}
	if kind, has := o["scimType"]; has && !slices.Contains(kinds[fmt.Sprint(status)], fmt.Sprint(kind)) {
		s.fail(at+".scimType", "%v with status %d", kind, status)
	}
}

// list is RFC 7644, section 3.4.2, with RFC 9865, section 2.
func (s *shape) list(o map[string]any) {
	s.only("list", o, listURN)
	required := []string{"schemas", "totalResults", "itemsPerPage", "Resources"}
	s.members("list", o, required, []string{"startIndex", "nextCursor"})
	s.integer("list", o, "totalResults", "itemsPerPage", "startIndex")
	s.text("list", o, "nextCursor")
	if cursor, _ := o["nextCursor"].(string); strings.Trim(cursor, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~") != "" {
		s.fail("list.nextCursor", "has reserved characters: %s", cursor)
	}
	resources, ok := o["Resources"].([]any)
	if !ok {
		s.fail("list.Resources", "is no array")
	}
	if o["itemsPerPage"] != float64(len(resources)) {
		s.fail("list.itemsPerPage", "%v with %d resources", o["itemsPerPage"], len(resources))
	}
	if total, _ := o["totalResults"].(float64); int(total) < len(resources) {
		s.fail("list.totalResults", "%v with %d resources", total, len(resources))
	}
	for n := range resources {
		r, _ := resources[n].(map[string]any)
		s.resource(fmt.Sprintf("Resources[%d]", n), r)
	}
}

// bulk is RFC 7644, section 3.7.
func (s *shape) bulk(o map[string]any) {
	s.only("bulk", o, bulkURN)
	s.members("bulk", o, []string{"schemas", "Operations"}, nil)
	list, _ := o["Operations"].([]any)
	for n := range list {
		at := fmt.Sprintf("Operations[%d]", n)
		op, _ := list[n].(map[string]any)
		s.members(at, op, []string{"method", "status"}, []string{"bulkId", "version", "location", "response"})
		s.text(at, op, "method", "status", "bulkId", "version")
		status, _ := op["status"].(string)
		failed := status >= "400"
		if response, has := op["response"].(map[string]any); has != failed {
			s.fail(at+".response", "with status %s: %v", status, op["response"])
		} else if failed {
			var code int
			_, _ = fmt.Sscan(status, &code)
			s.problem(at+".response", response, code)
		}
		if location, has := op["location"]; has {
			s.address(at+".location", location)
		} else if !failed {
			s.fail(at, "has no location")
		}
	}
}

// resource is one of those that there are.
func (s *shape) resource(at string, o map[string]any) {
	schemas, _ := o["schemas"].([]any)
	if len(schemas) == 0 {
		s.fail(at+".schemas", "none")
		return
	}
	switch schemas[0] {
	case configURN:
		s.config(o)
	case typeURN:
		s.resourceType(at, o)
	case schemaURN:
		s.schema(at, o)
	case userURN, groupURN:
		s.record(at, o)
	default:
		s.fail(at+".schemas", "%v", schemas)
	}
}

// record is a user or group (RFC 7643, sections 3.1 and 4). schemas is that of the core
// and of the extensions that are there, and no others.
func (s *shape) record(at string, o map[string]any) {
	urns := []string{fmt.Sprint(o["schemas"].([]any)[0])}
	for name := range o {
		if strings.HasPrefix(name, "urn:") {
			urns = append(urns, name)
		}
	}
	if !s.partial {
		s.only(at, o, urns...)
		s.members(at, map[string]any{"meta": o["meta"]}, []string{"meta"}, nil)
	}
	s.text(at, o, "id", "userName") // others may be empty, if a client made them so
	s.boolean(at, o, "active")
	if _, has := o["id"]; !has {
		s.fail(at, "id is missing")
	}
	if _, has := o["password"]; has {
		s.fail(at, "has the password")
	}
	for _, name := range []string{"groups", "members"} {
		list, _ := o[name].([]any)
		for n := range list {
			e, _ := list[n].(map[string]any)
			inner := fmt.Sprintf("%s.%s[%d]", at, name, n)
			s.text(inner, e, "value", "display", "type")
			if ref, has := e["$ref"]; has {
				s.address(inner+".$ref", ref)
			}
		}
	}
	if meta, has := o["meta"].(map[string]any); has {
		s.meta(at+".meta", meta, o, map[string]string{userURN: "User", groupURN: "Group"}[urns[0]])
	}
}

var (
	instant = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`)
	version = regexp.MustCompile(`^W/"[^"]+"$`)
)

func (s *shape) meta(at string, meta, o map[string]any, kind string) {
	if s.partial {
		return
	}
	s.members(at, meta, []string{"resourceType", "created", "lastModified", "location", "version"}, nil)
	for _, name := range []string{"created", "lastModified"} {
		text, _ := meta[name].(string)
		if _, err := time.Parse(time.RFC3339Nano, text); err != nil || !instant.MatchString(text) {
			s.fail(at+"."+name, "%v", meta[name])
		}
	}
	if meta["resourceType"] != kind {
		s.fail(at+".resourceType", "%v", meta["resourceType"])
	}
	s.address(at+".location", meta["location"])
	if location, _ := meta["location"].(string); !strings.HasSuffix(location, fmt.Sprintf("/%ss/%v", kind, o["id"])) {
		s.fail(at+".location", "%v", location)
	}
	if text, _ := meta["version"].(string); !version.MatchString(text) {
		s.fail(at+".version", "%v", meta["version"])
	}
}

// headers are those of an answer with one resource (RFC 7644, sections 3.3 and 3.14).
func (s *shape) headers(h http.Header, o map[string]any) {
	meta, _ := o["meta"].(map[string]any)
	if location, has := meta["location"]; has && h.Get("Location") != "" && h.Get("Location") != location {
		s.fail("Location", "%s instead of %v", h.Get("Location"), location)
	}
	if version, has := meta["version"]; has && h.Get("ETag") != version {
		s.fail("ETag", "%s instead of %v", h.Get("ETag"), version)
	}
}
