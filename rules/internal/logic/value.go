package logic

// Truth is the outcome of a formula for one person. Not is negation, And the
// minimum and Or the maximum.
type Truth int8

// The three truths.
const (
	No        Truth = -1
	Undecided Truth = 0
	Yes       Truth = 1
)

// String returns "no", "undecided" or "yes".
func (t Truth) String() string {
	switch t {
	case No:
		return "no"
	case Yes:
		return "yes"
	default:
		return "undecided"
	}
}

// Kind says what a [Value] holds.
type Kind uint8

// The kinds of values.
const (
	// NoValue is a missing field.
	NoValue Kind = iota
	// TextValue is a text in Value.Text. The empty text counts as missing.
	TextValue
	// ListValue is a known list in Value.List, which may be empty.
	ListValue
	// IntValue is an integer in Value.Int.
	IntValue
	// DayValue is a date in Value.Int, in days since 1970-01-01.
	DayValue
	// SomeValue is a field that is present and of which nothing else matters.
	SomeValue
	// Assumed is what an [Opaque] condition says, in Value.Truth. Its name is the
	// id of the condition, not a field.
	Assumed
)

// A Value is what one field of a person holds. The zero Value is a missing field.
type Value struct {
	Kind  Kind
	Truth Truth
	Text  string
	List  []string
	Int   int64
}

func (v *Value) missing() bool {
	return v.Kind == NoValue || v.Kind == TextValue && v.Text == ""
}

// A binding is one field of a person.
type binding struct {
	name  string
	value Value
}

// A person is a short list of fields. One that is not in it is missing.
type person []binding

// get returns the value of a field, a missing one if there is none.
func (p person) get(name string) *Value {
	for i := range p {
		if p[i].name == name {
			return &p[i].value
		}
	}
	return &Value{}
}
