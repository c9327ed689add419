package rules

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// An encoder writes the canonical form that the hash is made of: every text
// with its length, every list with its count, so that no two sets share one.
type encoder struct{ b []byte }

func (e *encoder) text(s string) {
	e.b = binary.AppendUvarint(e.b, uint64(len(s)))
	e.b = append(e.b, s...)
}

func (e *encoder) texts(list []string) {
	e.int(len(list))
	for _, s := range list {
		e.text(s)
	}
}

func (e *encoder) int(n int) { e.b = binary.AppendVarint(e.b, int64(n)) }

func (e *encoder) bool(v bool) {
	n := 0
	if v {
		n = 1
	}
	e.int(n)
}

// node writes a tree as it was built; what Build adds follows from the rest.
func (e *encoder) node(n *node) {
	if n == nil {
		e.text("")
		return
	}
	e.text(n.op.String())
	e.text(n.field)
	e.int(int(n.kind))
	e.texts(n.list)
	e.text(n.day.String())
	e.int(n.days)
	if n.call != nil {
		e.text(n.call.version)
		e.nodes(n.call.inputs)
	}
	if n.look != nil {
		e.nodes(n.look.in)
		e.rows(n.look.rows)
		e.text(n.look.otherwise)
	}
	e.int(len(n.args))
	for _, arg := range n.args {
		e.node(arg)
	}
}

func (e *encoder) nodes(list []*node) {
	e.int(len(list))
	for _, n := range list {
		e.node(n)
	}
}

func (e *encoder) rows(rows []tableRow) {
	e.int(len(rows))
	for _, r := range rows {
		e.node(r.cond)
		e.texts(r.give)
	}
}

func (e *encoder) bools(list ...bool) {
	for _, v := range list {
		e.bool(v)
	}
}

func (e *encoder) ints(list ...int) {
	for _, n := range list {
		e.int(n)
	}
}

// sum returns the hash of what was written, in hex.
func (e *encoder) sum() string {
	sum := sha256.Sum256(e.b)
	return hex.EncodeToString(sum[:])
}
