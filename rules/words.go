package rules

import "github.com/provision-go/provision/source"

// StatusField is the type of [Status].
type StatusField string

// Status is the employment status. It is missing while it is source.Unknown.
const Status StatusField = "status"

// Is is yes if the status is s.
func (f StatusField) Is(s source.Status) Cond { return compare(opEq, f.value(), s.String()) }

// IsNot is the negation of Is: undecided if the status is unknown.
func (f StatusField) IsNot(s source.Status) Cond { return Not(f.Is(s)) }

// In is yes if the status is one of these.
func (f StatusField) In(s ...source.Status) Cond { return compare(opIn, f.value(), wordsOf(s)...) }

// NotIn is the negation of In: undecided if the status is unknown.
func (f StatusField) NotIn(s ...source.Status) Cond { return Not(f.In(s...)) }

// Missing is yes if the status is unknown. It is never undecided.
func (f StatusField) Missing() Cond { return missing(f.value()) }

func (f StatusField) value() *node { return fieldNode(string(f), source.FieldStatus) }

// EmploymentField is the type of [EmploymentType].
type EmploymentField string

// EmploymentType is the terms on which somebody works.
const EmploymentType EmploymentField = "employment_type"

// Is is yes if the employment type is t.
func (f EmploymentField) Is(t source.EmploymentType) Cond {
	return compare(opEq, f.value(), t.String())
}

// IsNot is the negation of Is: undecided if the employment type is missing.
func (f EmploymentField) IsNot(t source.EmploymentType) Cond { return Not(f.Is(t)) }

// In is yes if the employment type is one of these.
func (f EmploymentField) In(t ...source.EmploymentType) Cond {
	return compare(opIn, f.value(), wordsOf(t)...)
}

// NotIn is the negation of In: undecided if the employment type is missing.
func (f EmploymentField) NotIn(t ...source.EmploymentType) Cond { return Not(f.In(t...)) }

// Missing is yes if the employment type is missing. It is never undecided.
func (f EmploymentField) Missing() Cond { return missing(f.value()) }

func (f EmploymentField) value() *node { return fieldNode(string(f), source.FieldEmploymentType) }

// KindField is the type of [Kind].
type KindField string

// Kind is what sort of record the identity was made from.
const Kind KindField = "kind"

// Is is yes if the kind is k.
func (f KindField) Is(k source.Kind) Cond { return compare(opEq, f.value(), k.String()) }

// IsNot is the negation of Is: undecided if the kind is missing.
func (f KindField) IsNot(k source.Kind) Cond { return Not(f.Is(k)) }

// In is yes if the kind is one of these.
func (f KindField) In(k ...source.Kind) Cond { return compare(opIn, f.value(), wordsOf(k)...) }

// NotIn is the negation of In: undecided if the kind is missing.
func (f KindField) NotIn(k ...source.Kind) Cond { return Not(f.In(k...)) }

// Missing is yes if the kind is missing. It is never undecided.
func (f KindField) Missing() Cond { return missing(f.value()) }

func (f KindField) value() *node { return fieldNode(string(f), source.FieldKind) }

func wordsOf[T interface{ String() string }](values []T) []string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = v.String()
	}
	return words
}
