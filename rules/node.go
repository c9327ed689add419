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
	opSame // two texts, exact
	opIntEq
	opIntLT
	opIntLE
	opCall // a function in Go
	opRaw  // an expression of a rule file that Build has not read yet
	opBad  // what Build found wrong and has reported
)

// Values.
const (
	opField op = iota + 64
	opText
	opDate // literal day
	opAsOf
	opFirst
	opJoin // also of lists
	opFunc // a mapping function: see functions
	opIf
	opSwitch
	opLookup
	opCallText // a function in Go
	opCounter
	opInt // literal number
	opCount
	opDaysBetween
)

// String returns the word of an operation. The words are part of the canonical
// encoding: renaming one alters every hash.
func (o op) String() string {
	words := [...]string{
		opConst: "const", opAll: "all", opAny: "any", opNot: "not", opMissing: "missing", opEq: "eq",
		opEqualFold: "eqfold", opIn: "in", opStartsWith: "starts", opEndsWith: "ends", opContains: "contains",
		opHas: "has", opDateEq: "date.eq", opDateLT: "date.lt", opDateLE: "date.le", opSame: "same",
		opIntEq: "int.eq", opIntLT: "int.lt", opIntLE: "int.le", opCall: "call", opRaw: "raw", opBad: "bad",

		opField: "field", opText: "text", opDate: "date", opAsOf: "as_of", opFirst: "first", opJoin: "join",
		opFunc: "func", opIf: "if", opSwitch: "switch", opLookup: "lookup", opCallText: "calltext",
		opCounter: "counter", opInt: "int", opCount: "count", opDaysBetween: "days",
	}
	if int(o) < len(words) {
		return words[o]
	}
	return ""
}

// A node is one operation of a condition or a value. Nodes are immutable; the
// builder makes them, [Build] checks them and makes its own resolved copy.
//
// What evaluation looks at comes first: a set has more nodes than the fastest
// cache has room for.
type node struct {
	op   op
	kind source.FieldType // opField: the type that the builder took it for
	day  source.Date      // opDate
	mask uint32           // opIn and opEq over a closed vocabulary of the source: bit n = value n; set by Build
	slot int              // opEq of a text that the memo keeps: its place, from 1; set by Build
	ref  *fieldRef        // opField; set by Build
	args []*node
	list []string // the literals of comparisons, the text of opText, the separator of opJoin
	days int      // days added to a date; the number of opInt

	fn    *function // opFunc; set by Build
	call  *call     // opCall, opCallText; set by Build
	look  *lookup   // opLookup; set by Build
	rows  *table    // opAny: whose first rows the args are; set by Build
	field string    // opField: the name as in source.Fields; the name of a function or table
	raw   *rawExpr  // opRaw
	at    spot      // where it stands, if it was read from a file
	lits  []spot    // and where the literals do
	fresh bool      // made by lowering, for one use
}

// fieldRef is a field that Build has found.
type fieldRef struct {
	name   string           // as people write it
	key    string           // custom fields: the key in Identity.Custom
	kind   source.FieldType // kindInt and kindBool too
	spec   source.FieldSpec
	words  []string // closed vocabulary, nil if open
	pii    bool
	custom bool
	broken bool // its declaration has problems
	groups bool // it is Groups, the list that is asked for most
	slot   int  // place in the memo, from 1; 0 = none
}

// Types of custom fields that an identity does not have.
const (
	kindInt  source.FieldType = 100
	kindBool source.FieldType = 101
)

// kindName returns a type in the words of rule files.
func kindName(k source.FieldType) string {
	switch k {
	case kindInt:
		return "number"
	case kindBool:
		return "truth value"
	case source.FieldStatus, source.FieldEmploymentType, source.FieldKind:
		return "word"
	default:
		return k.String()
	}
}

// A memo keeps the values of one person's fields, which many rules ask for.
type memo struct {
	fields [32]remembered
	groups groupsState
	tables []reach
}

// groupsState says whether the names of groups are texts.
type groupsState uint8

const (
	groupsUnknown groupsState = iota
	groupsRead
	groupsUnread
)

type remembered struct {
	text   string // "" if it is missing
	number int    // of a field that holds one
	known  bool
}

// text returns the single literal of a node.
func (n *node) text() string { return n.list[0] }

// fields appends every field below n, in reading order.
func (n *node) fields(list []*node) []*node {
	if n.op == opField {
		list = append(list, n)
	}
	if n.call != nil {
		list = append(list, n.call.inputs...)
	}
	if n.look != nil {
		list = append(list, n.look.in...)
	}
	for _, arg := range n.args {
		list = arg.fields(list)
	}
	return list
}
