package rules

import "github.com/provision-go/provision/source"

// FieldType is the type of a custom field.
type FieldType uint8

// The types of custom fields. The zero value is TextType.
const (
	TextType FieldType = iota // one text; several count as missing
	ListType                  // several texts
	DateType                  // a day as 2006-01-02; anything else counts as missing
	IntType                   // a whole number such as 5 or -12; anything else counts as missing
	BoolType                  // true or false, in any case of letters; anything else counts as missing
)

// String returns "text", "list", "date", "int" or "bool".
func (t FieldType) String() string {
	switch t {
	case TextType:
		return "text"
	case ListType:
		return "list"
	case DateType:
		return "date"
	case IntType:
		return "int"
	case BoolType:
		return "bool"
	}
	return "invalid"
}

func (t FieldType) source() source.FieldType {
	switch t {
	case ListType:
		return source.FieldList
	case DateType:
		return source.FieldDate
	case IntType:
		return kindInt
	case BoolType:
		return kindBool
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
