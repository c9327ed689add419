package scim

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// The schemas of RFC 7643.
const (
	UserURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
)

// The documents of RFC 7643, section 8.7.1, with the errata 5368, 8358 and 8471, with
// display of members (erratum 6011), primary of addresses (section 4.1.2 has both),
// and with caseExact of references, binary values and ids as section 2.3 and 3.1 say.
// common.json is section 3.1, which the RFC has no document for.
//
//go:embed schemas/*.json
var documents embed.FS

// UserType is the resource type of users: the core schema and the enterprise
// extension. Each call makes a new one, which the caller may extend.
func UserType() *ResourceType {
	return &ResourceType{
		Name: "User", Endpoint: "/Users", Description: "User Account",
		Core: core("user"), Extensions: []Extension{{Schema: EnterpriseSchema()}},
	}
}

// GroupType is the resource type of groups. Each call makes a new one, which the
// caller may extend.
func GroupType() *ResourceType {
	return &ResourceType{Name: "Group", Endpoint: "/Groups", Description: "Group", Core: core("group")}
}

// EnterpriseSchema is the enterprise extension of users (RFC 7643, section 4.3).
func EnterpriseSchema() *Schema { return load("enterprise_user") }

// core is a schema with the common attributes before its own.
func core(name string) *Schema {
	s := load(name)
	common := load("common").Attributes
	s.common = len(common) - 1
	s.Attributes = append(common, s.Attributes...)
	return s
}

// load reads a document of this package, which a test parses strictly.
func load(name string) *Schema {
	var s Schema
	if text, err := documents.ReadFile("schemas/" + name + ".json"); err == nil {
		_ = json.Unmarshal(text, &s)
	}
	return &s
}

// ParseSchema reads the document of an extension: JSON in the form of RFC 7643,
// section 7. What an attribute leaves out has the default of section 2.2: a string,
// readWrite, returned by default, not unique, not required. Errors name the attribute.
func ParseSchema(document []byte) (*Schema, error) {
	raw, err := Decode(document)
	if err != nil {
		return nil, fmt.Errorf("parse schema: %w", err)
	}
	var s Schema
	text, err := marshal(raw)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil {
		return nil, fmt.Errorf("parse schema: %w", err)
	}
	switch {
	case !strings.HasPrefix(strings.ToLower(s.ID), "urn:") || strings.ContainsAny(s.ID, " \t\r\n\"[]"):
		return nil, fmt.Errorf("parse schema: id %q is not a URN", s.ID)
	case len(s.Attributes) == 0:
		return nil, fmt.Errorf("schema %s: no attributes; list at least one", s.ID)
	}
	if s.Name == "" {
		s.Name = s.ID[strings.LastIndexByte(s.ID, ':')+1:]
	}
	if err := complete(s.Attributes, ""); err != nil {
		return nil, fmt.Errorf("schema %s: %w", s.ID, err)
	}
	return &s, nil
}

// complete checks the attributes below a path and fills in the defaults.
func complete(list []Attribute, path string) error {
	seen := map[string]bool{}
	for n := range list {
		a := &list[n]
		at := path + a.Name
		if !attributeName(a.Name) {
			return fmt.Errorf("attribute %q: a name is a letter or $, then letters, digits, - and _", at)
		}
		if seen[strings.ToLower(a.Name)] {
			return fmt.Errorf("attribute %s: there are two of that name, and case does not count", at)
		}
		seen[strings.ToLower(a.Name)] = true
		if err := completeOne(a, at, path != ""); err != nil {
			return fmt.Errorf("attribute %s: %w", at, err)
		}
	}
	return nil
}

func completeOne(a *Attribute, at string, sub bool) error {
	types := []string{
		string(String), string(Boolean), string(Decimal), string(Integer), string(DateTime), string(Binary),
		string(Reference), string(Complex),
	}
	words := []struct {
		name  string
		value *string
		of    []string
	}{
		{"type", (*string)(&a.Type), types},
		{"mutability", &a.Mutability, []string{ReadWrite, ReadOnly, Immutable, WriteOnly}},
		{"returned", &a.Returned, []string{Default, Always, Never, Request}},
		{"uniqueness", &a.Uniqueness, []string{None, Server, Global}},
	}
	for _, w := range words {
		if *w.value == "" {
			*w.value = w.of[0]
		}
		if !slices.Contains(w.of, *w.value) {
			return fmt.Errorf("%s %q is unknown; use one of %s", w.name, *w.value, strings.Join(w.of, ", "))
		}
	}
	switch {
	case sub && a.Type == Complex:
		return fmt.Errorf("a sub-attribute cannot be complex (RFC 7643, section 2.3.8)")
	case a.Type == Complex && len(a.SubAttributes) == 0:
		return fmt.Errorf("a complex attribute needs subAttributes")
	case a.Type != Complex && len(a.SubAttributes) > 0:
		return fmt.Errorf("subAttributes need the type complex")
	case a.Type == Reference || a.Type == Binary:
		a.CaseExact = true
	}
	return complete(a.SubAttributes, at+".")
}

// attributeName says whether name is an ATTRNAME of RFC 7643, section 2.1.
func attributeName(name string) bool {
	for n, c := range []byte(name) {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (n > 0 || c != '$') && (n == 0 || c != '-' && c != '_' && (c < '0' || c > '9')) {
			return false
		}
	}
	return name != "" && name != "$"
}
