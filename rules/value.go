package rules

import "github.com/provision-go/provision/source"

// Value is an expression that gives an attribute its value: a field, or a
// function of fields. Every function is total and depends on its arguments
// alone. A value is missing if what it is made of is missing or if the result
// would be the empty text.
type Value interface{ value() *node }

type expr struct{ node *node }

func (e expr) value() *node { return e.node }

// Text is a fixed text.
func Text(text string) Value { return expr{&node{op: opText, list: []string{text}}} }

// First is the first of the values that is not missing.
func First(values ...Value) Value { return expr{&node{op: opFirst, args: valueNodes(values)}} }

// Join writes the values one after the other with the separator in between. It
// is missing if one of them is: half a name is worse than none.
func Join(separator string, values ...Value) Value {
	return expr{&node{op: opJoin, list: []string{separator}, args: valueNodes(values)}}
}

// Lower is the value in lower case, by the Unicode tables and without regard to
// any language. A letter that is not ASCII never becomes one that is: "\u212aim",
// with a Kelvin sign, stays apart from "kim", and "KİM" gives "kİm".
func Lower(v Value) Value { return function(opLower, v, 0) }

// Upper is the value in upper case, by the Unicode tables and without regard to
// any language. As with [Lower], no letter becomes an ASCII one that was none.
func Upper(v Value) Value { return function(opUpper, v, 0) }

// Trim is the value without white space at its ends.
func Trim(v Value) Value { return function(opTrim, v, 0) }

// Left is the first n characters (Unicode code points) of the value. A shorter
// value is taken whole.
func Left(v Value, n int) Value { return function(opLeft, v, n) }

func function(o op, v Value, n int) Value {
	return expr{&node{op: o, args: valueNodes([]Value{v}), days: n}}
}

func valueNodes(values []Value) []*node {
	nodes := make([]*node, len(values))
	for i, v := range values {
		if v != nil {
			nodes[i] = v.value() // nil is found by Build
		}
	}
	return nodes
}

// FieldType is the type of a custom field.
type FieldType uint8

// The types of custom fields. The zero value is TextType.
const (
	TextType FieldType = iota // one text; several count as missing
	ListType                  // several texts
	DateType                  // a day as 2006-01-02; anything else counts as missing
)

// String returns "text", "list" or "date".
func (t FieldType) String() string {
	switch t {
	case TextType:
		return "text"
	case ListType:
		return "list"
	case DateType:
		return "date"
	}
	return "invalid"
}

func (t FieldType) source() source.FieldType {
	switch t {
	case ListType:
		return source.FieldList
	case DateType:
		return source.FieldDate
	default:
		return source.FieldText
	}
}

// FieldSpec declares a custom field.
type FieldSpec struct {
	// Name is the key in source.Identity.Custom: letters, digits, "_" and "-",
	// beginning with a letter.
	Name string
	Type FieldType // defaults to TextType
	// Values closes the vocabulary of a text or list: conditions that compare
	// with anything else are refused by Build, and other values of a person count
	// as missing. Nil means any value.
	Values []string
	// PII says that the value names or reaches a person. Explanations mark it.
	PII bool
}
