package rules

import "github.com/provision-go/provision/source"

// op names what a node does. The set is closed.
type op uint8

// Conditions.
const (
	opConst op = iota + 1 // always yes
	opAll
	opAny
	opNot
	opMissing
	opEq         // text against one literal, exact
	opEqualFold  // text against one literal, ASCII case ignored
	opIn         // text or word against several literals
	opStartsWith // text
	opEndsWith   // text
	opContains   // text
	opHas        // list against one literal
	opDateEq
	opDateLT
	opDateLE
)

// Values.
const (
	opField op = iota + 64
	opText
	opDate // literal day
	opAsOf
	opFirst
	opJoin
	opLower
	opUpper
	opTrim
	opLeft
	opASCII
	opSlug
)

// String returns the word of an operation. The words are part of the canonical
// encoding: renaming one alters every hash.
func (o op) String() string {
	switch o {
	case opConst:
		return "const"
	case opAll:
		return "all"
	case opAny:
		return "any"
	case opNot:
		return "not"
	case opMissing:
		return "missing"
	case opEq:
		return "eq"
	case opEqualFold:
		return "eqfold"
	case opIn:
		return "in"
	case opStartsWith:
		return "starts"
	case opEndsWith:
		return "ends"
	case opContains:
		return "contains"
	case opHas:
		return "has"
	case opDateEq:
		return "date.eq"
	case opDateLT:
		return "date.lt"
	case opDateLE:
		return "date.le"
	case opField:
		return "field"
	case opText:
		return "text"
	case opDate:
		return "date"
	case opAsOf:
		return "as_of"
	case opFirst:
		return "first"
	case opJoin:
		return "join"
	case opLower:
		return "lower"
	case opUpper:
		return "upper"
	case opTrim:
		return "trim"
	case opLeft:
		return "left"
	case opASCII:
		return "ascii"
	case opSlug:
		return "slug"
	}
	return ""
}

// A node is one operation of a condition or a value. Nodes are immutable; the
// builder makes them, [Build] checks them and makes its own resolved copy.
type node struct {
	op    op
	field string           // opField: the name as in source.Fields
	kind  source.FieldType // opField: the type that the builder took it for
	list  []string         // the literals of comparisons, the text of opText
	day   source.Date      // opDate
	days  int              // days added to a date; characters of opLeft
	args  []*node

	// Set by Build.
	ref  *fieldRef // opField
	mask uint32    // opIn and opEq over a closed vocabulary of the source: bit n = value n
	slot int       // opEq of a text that the memo keeps: its place, from 1
}

// fieldRef is a field that Build has found.
type fieldRef struct {
	name   string // as people write it
	key    string // custom fields: the key in Identity.Custom
	kind   source.FieldType
	spec   source.FieldSpec
	words  []string // closed vocabulary, nil if open
	pii    bool
	custom bool
	slot   int // place of a text in the memo, from 1; 0 = none
}

// A memo keeps the texts of one person's fields, which many rules ask for.
type memo [32]struct {
	text  string
	known bool
}

// text returns the single literal of a node.
func (n *node) text() string { return n.list[0] }

// fields appends every field below n, in reading order.
func (n *node) fields(list []*node) []*node {
	if n.op == opField {
		list = append(list, n)
	}
	for _, arg := range n.args {
		list = arg.fields(list)
	}
	return list
}
