package scim

import "strings"

// Object is a JSON object: see the package documentation.
type Object = map[string]any

// Type is the data type of an attribute (RFC 7643, section 2.3).
type Type string

// The types.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	Decimal   Type = "decimal"
	Integer   Type = "integer"
	DateTime  Type = "dateTime"
	Binary    Type = "binary"
	Reference Type = "reference"
	Complex   Type = "complex"
)

// The words for mutability, returned and uniqueness (RFC 7643, section 7).
const (
	ReadOnly  = "readOnly"
	ReadWrite = "readWrite"
	Immutable = "immutable"
	WriteOnly = "writeOnly"

	Always  = "always"
	Never   = "never"
	Default = "default"
	Request = "request"

	None   = "none"
	Server = "server"
	Global = "global"
)

// An Attribute describes one attribute or sub-attribute, in the form of RFC 7643,
// section 7.
type Attribute struct {
	Name            string      `json:"name"`
	Type            Type        `json:"type"`
	SubAttributes   []Attribute `json:"subAttributes,omitempty"`
	MultiValued     bool        `json:"multiValued"`
	Description     string      `json:"description"`
	Required        bool        `json:"required"`
	CanonicalValues []string    `json:"canonicalValues,omitempty"`
	CaseExact       bool        `json:"caseExact"`
	Mutability      string      `json:"mutability"`
	Returned        string      `json:"returned"`
	Uniqueness      string      `json:"uniqueness"`
	ReferenceTypes  []string    `json:"referenceTypes,omitempty"`
}

// Sub returns the sub-attribute of a name, whatever its case, or nil.
func (a *Attribute) Sub(name string) *Attribute { return attribute(a.SubAttributes, name) }

// A Schema is a set of attributes under a URN.
type Schema struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Attributes  []Attribute `json:"attributes"`

	// common is how many of the attributes are those of all resources, but for
	// externalId, which is the last of them.
	common int
}

// Attribute returns the attribute of a name, whatever its case, or nil.
func (s *Schema) Attribute(name string) *Attribute { return attribute(s.Attributes, name) }

func attribute(list []Attribute, name string) *Attribute {
	for n := range list { // nearly always the case is right
		if list[n].Name == name {
			return &list[n]
		}
	}
	for n := range list {
		if strings.EqualFold(list[n].Name, name) {
			return &list[n]
		}
	}
	return nil
}

// A ResourceType says what resources of a kind consist of: a core schema, its
// extensions, and the common attributes (schemas, id, externalId, meta), which the
// core schemas of this package list with the others.
type ResourceType struct {
	Name        string // "User"
	Endpoint    string // "/Users"
	Description string
	Core        *Schema
	Extensions  []Extension
}

// Extension adds a schema to a resource type.
type Extension struct {
	Schema   *Schema
	Required bool
}

// Schema returns the schema of a URN, whatever its case, or nil.
func (t *ResourceType) Schema(urn string) *Schema {
	if strings.EqualFold(t.Core.ID, urn) {
		return t.Core
	}
	for _, e := range t.Extensions {
		if strings.EqualFold(e.Schema.ID, urn) {
			return e.Schema
		}
	}
	return nil
}
