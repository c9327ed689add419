package rules

import "github.com/provision-go/provision/source"

// op names what a node does. The set is closed, and the words are part of the
// canonical encoding: renaming one alters every hash.
type op string

// Conditions.
const (
	opConst      op = "const" // always yes
	opAll        op = "all"
	opAny        op = "any"
	opNot        op = "not"
	opMissing    op = "missing"
	opEq         op = "eq"       // text against one literal, exact
	opEqualFold  op = "eqfold"   // text against one literal, ASCII case ignored
	opIn         op = "in"       // text or word against several literals
	opStartsWith op = "starts"   // text
	opEndsWith   op = "ends"     // text
	opContains   op = "contains" // text
	opHas        op = "has"      // list against one literal
	opDateEq     op = "date.eq"
	opDateLT     op = "date.lt"
	opDateLE     op = "date.le"
)

// Values.
const (
	opField op = "field"
	opText  op = "text"
	opDate  op = "date" // literal day
	opAsOf  op = "as_of"
	opFirst op = "first"
	opJoin  op = "join"
	opLower op = "lower"
	opUpper op = "upper"
	opTrim  op = "trim"
	opLeft  op = "left"
	opASCII op = "ascii"
	opSlug  op = "slug"
)

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

// equalFoldASCII ignores the case of ASCII letters only, as targets with
// CaseFold do.
func equalFoldASCII(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range len(a) {
		if foldByte(a[i]) != foldByte(b[i]) {
			return false
		}
	}
	return true
}

func foldByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + ('a' - 'A')
	}
	return c
}
