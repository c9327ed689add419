package logic

import (
	"slices"
	"strings"
)

// Eval returns the truth of the formula for one person. A field that is not in
// the map is missing. What an [Opaque] condition says is looked up under its id,
// as a Value of kind [Assumed]; it is undecided if there is none. A value of
// another kind than the formula compares leaves the comparison undecided, and so
// does a map without [AsOf].
func (f Formula) Eval(values map[string]Value) Truth {
	if f.node == nil {
		return Undecided
	}
	p := make(person, 0, len(f.node.vars))
	for i := range f.node.vars {
		name := f.node.vars[i].name
		if v, ok := values[name]; ok {
			p = append(p, binding{name, v})
		}
	}
	return f.node.eval(p)
}

func (n *node) eval(p person) Truth {
	switch n.op {
	case opEveryone:
		return Yes
	case opAnd:
		least := Yes
		for _, arg := range n.args {
			if least = min(least, arg.eval(p)); least == No {
				break
			}
		}
		return least
	case opOr:
		most := No
		for _, arg := range n.args {
			if most = max(most, arg.eval(p)); most == Yes {
				break
			}
		}
		return most
	case opNot:
		return -n.args[0].eval(p)
	case opDay:
		return n.evalDay(p)
	case opOpaque:
		return n.evalOpaque(p)
	default:
		return n.evalField(p.get(n.name))
	}
}

// evalField returns the truth of a comparison that looks at one field only.
func (n *node) evalField(v *Value) Truth {
	switch {
	case n.op == opMissing:
		return truth(v.missing())
	case v.missing():
		return Undecided
	}
	switch v.Kind {
	case TextValue:
		return n.evalText(v.Text)
	case ListValue:
		if n.op == opHas {
			return truth(slices.Contains(v.List, n.text()))
		}
	case IntValue:
		return n.evalInt(v.Int)
	default: // not for comparisons of one field
	}
	return Undecided
}

func (n *node) evalText(text string) Truth {
	switch n.op {
	case opOneOf:
		return truth(slices.Contains(n.texts, text))
	case opEqualFold:
		return truth(len(text) == len(n.text()) && fold(text) == fold(n.text()))
	case opPrefix:
		return truth(strings.HasPrefix(text, n.text()))
	case opSuffix:
		return truth(strings.HasSuffix(text, n.text()))
	case opContains:
		return truth(strings.Contains(text, n.text()))
	default:
		return Undecided
	}
}

func (n *node) evalInt(i int64) Truth {
	switch n.op {
	case opLess:
		return truth(i < n.n)
	case opLessEq:
		return truth(i <= n.n)
	case opEqualInt:
		return truth(i == n.n)
	default:
		return Undecided
	}
}

func (n *node) evalDay(p person) Truth {
	x, y := p.get(n.name), &Value{Kind: DayValue}
	if n.other != "" {
		y = p.get(n.other)
	}
	if x.Kind != DayValue || y.Kind != DayValue {
		return Undecided
	}
	distance := within(x.Int) - within(y.Int) - n.n
	switch n.rel {
	case Before:
		return truth(distance < 0)
	case NotAfter:
		return truth(distance <= 0)
	case SameDay:
		return truth(distance == 0)
	}
	return Undecided
}

func (n *node) evalOpaque(p person) Truth {
	for _, name := range n.texts {
		if name != AsOf && p.get(name).missing() {
			return Undecided
		}
	}
	v := p.get(n.name)
	if v.Kind != Assumed {
		return Undecided
	}
	return v.Truth
}

func truth(b bool) Truth {
	if b {
		return Yes
	}
	return No
}
