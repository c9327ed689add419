package logic

import "slices"

// op names what a node does. The set is closed.
type op uint8

const (
	opEveryone op = iota + 1
	opAnd
	opOr
	opNot
	opMissing
	opOneOf
	opEqualFold
	opPrefix
	opSuffix
	opContains
	opHas
	opLess
	opLessEq
	opEqualInt
	opDay // two dates, or a date and a fixed day
	opOpaque
)

// A node is one operation of a formula. Nodes are immutable and shared.
type node struct {
	op     op
	name   string   // the field; the id of opOpaque
	other  string   // opDay: the other date, "" = day 0
	texts  []string // the constants; opOpaque: its fields
	closed []string // the vocabulary, nil if open
	rel    Op       // opDay
	n      int64    // the integer; opDay: the days added to other
	args   []*node

	vars []variable // every field and id below, once each
	bad  bool       // something below contradicts itself
}

// A variable is a field or the id of an opaque condition, and what the formulas
// say about it.
type variable struct {
	name  string
	kind  Kind     // SomeValue if only its presence matters
	words []string // the vocabulary, nil if open; Assumed: the fields of the condition
}

// join adds what w says to list and reports whether it agrees with what is there.
func join(list []variable, w *variable) (joined []variable, agrees bool) {
	i := slices.IndexFunc(list, func(v variable) bool { return v.name == w.name })
	if i < 0 {
		return append(list, *w), true
	}
	v := &list[i]
	switch {
	case v.kind == w.kind:
	case v.kind == Assumed || w.kind == Assumed:
		return list, false
	case v.kind == SomeValue:
		v.kind = w.kind
	case w.kind != SomeValue:
		return list, false
	}
	switch {
	case v.kind == Assumed:
		agrees = slices.Equal(v.words, w.words)
	case v.words == nil:
		v.words, agrees = w.words, true
	default:
		agrees = w.words == nil || sameWords(v.words, w.words)
	}
	return list, agrees
}

// sameWords is slices.Equal that is quick for one and the same slice, as the
// vocabulary of a field usually is.
func sameWords(a, b []string) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}

// text returns the only constant of a node that has one.
func (n *node) text() string { return n.texts[0] }

// combine makes a node of other nodes.
func combine(o op, args []*node) *node {
	n := &node{op: o, args: args}
	for _, arg := range args {
		n.bad = n.bad || arg.bad
		for i := range arg.vars {
			joined, agrees := join(n.vars, &arg.vars[i])
			n.vars, n.bad = joined, n.bad || !agrees
		}
	}
	return n
}
