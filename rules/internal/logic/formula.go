package logic

import (
	"slices"
	"unicode/utf8"
)

// AsOf is the name of the day of the decision among date fields. It is never
// missing, and no field of another type can have this name.
const AsOf = "as_of"

// A Formula is an immutable condition. The zero Formula is no condition at all:
// it evaluates to [Undecided], and every question about it is [NotAnalysed].
//
// A field that is compared as a text in one place and as a number in another, or
// with two vocabularies, makes the formula that contains both NotAnalysed. So does
// a field without a name and a text that is not valid UTF-8.
type Formula struct{ node *node }

// Everyone is always yes. Not(Everyone()) is never yes.
func Everyone() Formula { return Formula{&node{op: opEveryone}} }

// And is yes if every formula is yes, no if one of them is no, and undecided
// otherwise. Of nothing it is yes.
func And(fs ...Formula) Formula {
	if len(fs) == 0 {
		return Everyone()
	}
	return several(opAnd, fs)
}

// Or is yes if one formula is yes, no if all of them are no, and undecided
// otherwise. Of nothing it is no.
func Or(fs ...Formula) Formula {
	if len(fs) == 0 {
		return Not(Everyone())
	}
	return several(opOr, fs)
}

// Not turns yes into no and no into yes; undecided stays undecided.
func Not(f Formula) Formula { return Formula{combine(opNot, nodes([]Formula{f}))} }

func several(o op, fs []Formula) Formula {
	if len(fs) == 1 {
		return fs[0]
	}
	return Formula{combine(o, nodes(fs))}
}

func nodes(fs []Formula) []*node {
	list := make([]*node, len(fs))
	for i, f := range fs {
		list[i] = f.node
		if f.node == nil {
			list[i] = &node{bad: true}
		}
	}
	return list
}

// Missing is yes if the field, of any type, is missing, and no otherwise.
func Missing(field string) Formula {
	if field == AsOf {
		return Not(Everyone())
	}
	return atom(&node{op: opMissing, name: field}, SomeValue)
}

// OneOf is yes if a text field equals one of the values. closed is the whole
// vocabulary of the field, or nil if any text is possible; it must not be altered
// afterwards. A value outside the vocabulary never matches.
func OneOf(field string, closed []string, values ...string) Formula {
	return atom(&node{op: opOneOf, name: field, closed: closed, texts: slices.Clone(values)}, TextValue)
}

// EqualFold is yes if a text field equals text but for the case of the letters A to
// Z. closed is the vocabulary of the field, as in [OneOf].
func EqualFold(field string, closed []string, text string) Formula {
	return atom(&node{op: opEqualFold, name: field, closed: closed, texts: []string{text}}, TextValue)
}

// Prefix is yes if a text field begins with text. Where the field has a closed
// vocabulary that no OneOf beside it states, write the OneOf of its words that
// begin so: otherwise the analysis takes it for an open field.
func Prefix(field, text string) Formula { return texts(opPrefix, field, text) }

// Suffix is yes if a text field ends with text. See [Prefix] for vocabularies.
func Suffix(field, text string) Formula { return texts(opSuffix, field, text) }

// Contains is yes if text occurs in a text field. See [Prefix] for vocabularies.
func Contains(field, text string) Formula { return texts(opContains, field, text) }

func texts(o op, field, text string) Formula {
	return atom(&node{op: o, name: field, texts: []string{text}}, TextValue)
}

// Has is yes if a list contains the value, no if it is known and does not. closed
// is the vocabulary of its members, as in [OneOf].
func Has(list string, closed []string, value string) Formula {
	return atom(&node{op: opHas, name: list, closed: closed, texts: []string{value}}, ListValue)
}

// Less is yes if an integer field is less than n.
func Less(field string, n int64) Formula { return integer(opLess, field, n) }

// LessEq is yes if an integer field is n or less.
func LessEq(field string, n int64) Formula { return integer(opLessEq, field, n) }

// EqualInt is yes if an integer field is n.
func EqualInt(field string, n int64) Formula { return integer(opEqualInt, field, n) }

func integer(o op, field string, n int64) Formula {
	return atom(&node{op: o, name: field, n: n}, IntValue)
}

// Op compares two dates.
type Op uint8

// The comparisons of dates.
const (
	Before   Op = iota + 1 // <
	NotAfter               // <=
	SameDay                // ==
)

// Day compares two dates: x op y + days. Each is the name of a date field or
// [AsOf]. It is undecided if one of them is missing. The sum may lie outside the
// calendar.
func Day(x, y string, o Op, days int) Formula {
	n := &node{op: opDay, name: x, other: y, rel: o, n: within(int64(days))}
	f := atom(n, DayValue)
	n.bad = n.bad || y == ""
	if y != x {
		n.vars = append(n.vars, variable{name: y, kind: DayValue})
	}
	return f
}

// DayFixed compares a date with a fixed one: x op epochDay, in days since
// 1970-01-01. x is the name of a date field or [AsOf].
func DayFixed(x string, o Op, epochDay int64) Formula {
	return atom(&node{op: opDay, name: x, rel: o, n: within(epochDay)}, DayValue)
}

// Opaque is a condition that nothing is known about, such as the result of a
// function: undecided if one of its fields, of any type, is missing; otherwise
// yes, no or undecided. Wherever the same id occurs it is the same condition, and
// must come with the same fields. An id must not be the name of a field. fields
// must not be altered afterwards.
func Opaque(id string, fields ...string) Formula {
	n := &node{op: opOpaque, name: id, texts: fields}
	f := atom(n, Assumed)
	for _, name := range fields {
		n.bad = n.bad || name == ""
		if name == AsOf {
			continue // never missing
		}
		joined, agrees := join(n.vars, &variable{name: name, kind: SomeValue})
		n.vars, n.bad = joined, n.bad || !agrees
	}
	return f
}

// atom finishes a node that stands for a single comparison.
func atom(n *node, kind Kind) Formula {
	v := variable{name: n.name, kind: kind, words: n.closed}
	switch n.op {
	case opOpaque:
		v.words = n.texts
	case opDay:
		n.bad = n.rel < Before || n.rel > SameDay
	default:
		n.bad = slices.ContainsFunc(n.texts, func(s string) bool { return !utf8.ValidString(s) }) ||
			slices.ContainsFunc(n.closed, func(s string) bool { return !utf8.ValidString(s) })
	}
	n.bad = n.bad || n.name == "" || n.name == AsOf && n.op != opDay
	n.vars = []variable{v}
	return Formula{n}
}
