package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
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
	e.int(len(n.args))
	for _, arg := range n.args {
		e.node(arg)
	}
}

func (e *encoder) account(a *account, grants []grant) {
	e.text(a.target)
	e.text(a.slot)
	e.node(a.cond)
	e.node(a.label)
	l := a.life
	e.text(l.ID)
	for _, n := range []int{l.PreHire, l.EnableBefore, int(l.Leave), l.DeleteAfter} {
		e.int(n)
	}
	e.bool(l.EndSessions)
	e.bool(l.Handover)
	e.text(zoneText(l.Clock.zone))
	e.int(len(a.attributes))
	for _, x := range a.attributes {
		e.text(x.id)
		e.text(x.name)
		e.node(x.to)
		e.node(x.when)
		e.int(int(x.apply))
		e.int(int(x.ifMissing))
		e.bool(x.secret)
	}
	e.int(len(a.gives))
	for _, g := range a.gives {
		e.text(g.entitlement.Kind)
		e.text(g.entitlement.Name)
		e.int(len(g.grants))
		for _, i := range g.grants {
			e.text(grants[i].id)
		}
	}
}

func hashOf(s *Set, fields []FieldSpec) string {
	e := &encoder{}
	e.text("provision rules 1")
	e.text(s.name)
	fields = slices.Clone(fields)
	slices.SortFunc(fields, func(a, b FieldSpec) int { return cmp.Compare(a.Name, b.Name) })
	e.int(len(fields))
	for _, f := range fields {
		e.text(f.Name)
		e.int(int(f.Type))
		words := slices.Clone(f.Values)
		slices.Sort(words)
		e.texts(slices.Compact(words))
		e.bool(f.PII)
	}
	accounts := make([]*account, len(s.accounts))
	for i := range s.accounts {
		accounts[i] = &s.accounts[i]
	}
	slices.SortFunc(accounts, func(a, b *account) int {
		return cmp.Or(cmp.Compare(a.target, b.target), cmp.Compare(a.slot, b.slot))
	})
	e.int(len(accounts))
	for _, a := range accounts {
		e.account(a, s.grants)
	}
	e.int(len(s.grants))
	for _, g := range s.grants {
		e.text(g.id)
		e.node(g.when)
		e.text(g.approval)
	}
	sum := sha256.Sum256(e.b)
	return hex.EncodeToString(sum[:])
}
