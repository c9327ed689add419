package scim

// Op is what a [Filter] does.
type Op uint8

// The operators of RFC 7644, section 3.4.2.2. Has is a filter in brackets:
// emails[type eq "work"].
const (
	And Op = iota + 1
	Or
	Not
	Has
	Present
	Equal
	NotEqual
	Contains
	StartsWith
	EndsWith
	Greater
	GreaterOrEqual
	Less
	LessOrEqual
)

// A Filter is a node of the tree that filters and paths share. It is made by
// [ParseFilter] and [ParsePath], and not changed any more.
type Filter struct {
	Op Op
	// Terms are the operands: two or more of And and Or, one of Not and Has.
	Terms []*Filter
	// Attr is what Has, Present and the comparisons look at. In the term of a Has it
	// is relative to the attribute of the Has: only Attribute is set, to a
	// sub-attribute (or to the attribute itself, where it has none).
	Attr Attr
	// Value is compared with: string, bool, int64, float64 or nil, of a type that
	// suits the attribute.
	Value any
}

// Attr is an attribute of a resource type, or one of its sub-attributes.
type Attr struct {
	// Schema is nil in the term of a Has.
	Schema *Schema
	// Extension says that Schema is an extension of the resource type: its attributes
	// are in an Object under its URN.
	Extension bool
	// Attribute is nil in the path of a PATCH that names an extension as a whole.
	Attribute *Attribute
	Sub       *Attribute // or nil
}

// A Path is the path of an operation of PATCH (RFC 7644, section 3.5.2), or of the
// attributes and excludedAttributes parameters, which have no Filter.
type Path struct {
	// Attr names the attribute; its Sub is what follows the filter, if there is one.
	Attr
	Filter *Filter // in brackets, or nil
}
