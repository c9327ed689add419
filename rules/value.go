package rules

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

// If is the value then where the condition is yes, and otherwise where it is no.
// It is missing while the condition is undecided.
func If(cond Cond, then, otherwise Value) Value {
	return expr{&node{op: opIf, args: append([]*node{cond.node}, valueNodes([]Value{then, otherwise})...)}}
}

// A Case of a [Switch].
type Case struct {
	Is string
	To Value
}

// Switch is the value of the first case that is exactly the text of v, and
// otherwise that of the last argument, which may be nil: then it is missing.
// It is missing too while v is.
func Switch(v Value, cases []Case, otherwise Value) Value {
	n := &node{op: opSwitch, args: valueNodes([]Value{v})}
	for _, c := range cases {
		n.list = append(n.list, c.Is)
		n.args = append(n.args, valueNodes([]Value{c.To})...)
	}
	if otherwise != nil {
		n.args = append(n.args, otherwise.value())
	}
	return expr{n}
}

// Lookup is the text of the first row of a [Table] that applies, and otherwise of
// its Else. While a field that decides is missing, it is missing.
func Lookup(table string) Value { return expr{&node{op: opLookup, field: table}} }

// Counter stands for the numbers 2, 3, 4 … in [Unique.Try], and nowhere else.
func Counter() Value { return expr{&node{op: opCounter}} }

func valueNodes(values []Value) []*node {
	nodes := make([]*node, len(values))
	for i, v := range values {
		if v != nil {
			nodes[i] = v.value() // nil is found by Build
		}
	}
	return nodes
}
