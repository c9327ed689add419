package logic

import (
	"math"
	"slices"
)

// consistent reports whether the comparisons that share a field or an id with n
// can be met. Dates that would take too long count as consistent.
func (s *search) consistent(n *node) bool {
	switch n.op {
	case opOpaque:
		if s.assumed(n.name) == 0 {
			return false
		}
		for _, name := range n.texts {
			if name != AsOf && !s.possible(name) {
				return false
			}
		}
		return true
	case opDay:
		return s.present(n.name).possible() && (n.other == "" || s.present(n.other).possible()) &&
			s.dates() != impossible
	default:
		return s.possible(n.name)
	}
}

func (s *search) possible(name string) bool {
	v := s.variable(name)
	if _, ok := s.choose(v); !ok {
		return false
	}
	// A date that may no longer be missing takes part in the comparisons.
	return v.kind != DayValue || s.dates() != impossible
}

func (s *search) variable(name string) *variable {
	i := 0
	for s.vars[i].name != name {
		i++
	}
	return &s.vars[i]
}

// assumed returns the truths that an opaque condition may still have.
func (s *search) assumed(id string) truths {
	allow := yes | no | undecided
	for _, l := range s.lits {
		if l.node.op == opOpaque && l.node.name == id {
			allow &= l.allow
		}
	}
	return allow
}

// presence says what the comparisons want of a field.
type presence uint8

const (
	mustExist presence = 1 << iota
	mustMiss
)

func (p presence) possible() bool { return p != mustExist|mustMiss }

// present returns what is wanted of a field. If it need not exist, then to take
// it for missing is always right: whatever can still be said of it is met by
// undecided.
func (s *search) present(name string) presence {
	if name == AsOf {
		return mustExist
	}
	var p presence
	for _, l := range s.lits {
		n := l.node
		switch {
		case n.op == opMissing:
			switch {
			case n.name != name:
			case l.allow&yes != 0:
				p |= mustMiss
			default:
				p |= mustExist
			}
		case l.allow&undecided != 0:
		case n.op == opOpaque:
			if slices.Contains(n.texts, name) {
				p |= mustExist
			}
		case n.name == name || n.other == name:
			p |= mustExist
		}
	}
	return p
}

// choose returns a value that meets all comparisons of a field with constants.
// For a date it returns any day.
func (s *search) choose(v *variable) (value Value, ok bool) {
	switch p := s.present(v.name); {
	case !p.possible():
		return Value{}, false
	case p&mustExist == 0:
		return Value{}, true
	}
	switch v.kind {
	case TextValue:
		return s.chooseText(v)
	case ListValue:
		return s.chooseList(v)
	case IntValue:
		return s.chooseInt(v.name)
	case DayValue:
		return Value{Kind: DayValue, Int: usualDay}, true
	default:
		return Value{Kind: SomeValue}, true
	}
}

// fits reports whether a present value meets all comparisons of a field.
func (s *search) fits(name string, value *Value) bool {
	for _, l := range s.lits {
		if l.node.name == name && l.node.op != opOpaque && l.node.op != opDay && !l.allow.has(l.node.evalField(value)) {
			return false
		}
	}
	return true
}

// chooseInt tries the constants and their neighbours. Between two neighbouring
// constants no comparison changes, so these stand for all integers.
func (s *search) chooseInt(name string) (value Value, ok bool) {
	compared := false
	for _, l := range s.lits {
		if l.node.name != name || l.node.op < opLess || l.node.op > opEqualInt {
			continue
		}
		compared = true
		c := l.node.n
		for _, n := range [...]int64{c, max(c, math.MinInt64+1) - 1, min(c, math.MaxInt64-1) + 1} {
			value = Value{Kind: IntValue, Int: n}
			if s.fits(name, &value) {
				return value, true
			}
		}
	}
	return Value{Kind: IntValue}, !compared
}

// chooseList takes the members that the list must have. More of them could only
// break what it must not have.
func (s *search) chooseList(v *variable) (value Value, ok bool) {
	value = Value{Kind: ListValue}
	for _, l := range s.lits {
		if l.node.op != opHas || l.node.name != v.name || l.allow&no != 0 {
			continue
		}
		member := l.node.text()
		if v.words != nil && !slices.Contains(v.words, member) {
			return Value{}, false
		}
		if !slices.Contains(value.List, member) {
			value.List = append(value.List, member)
		}
	}
	slices.Sort(value.List)
	ok = s.fits(v.name, &value)
	return value, ok
}
