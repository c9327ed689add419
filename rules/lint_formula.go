package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/rules/internal/mapping"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A formula is a condition as the analysis takes it, with the fields in it.
type formula struct {
	logic.Formula
	fields uint64 // a bit for each, several share one if there are many
}

// terms translates conditions to formulas that have the same truth for everybody
// whose texts are valid UTF-8, as those are that source.Collect returns. Of what
// the analysis does not know, the truth is free.
type terms struct {
	bits   map[string]uint64
	memo   map[*node]formula
	opaque map[string]*node // what is free, by its id
}

func newTerms() *terms {
	t := &terms{bits: map[string]uint64{}, memo: map[*node]formula{}, opaque: map[string]*node{}}
	for _, name := range related() {
		t.bit(name)
	}
	return t
}

func (t *terms) bit(name string) uint64 {
	b, ok := t.bits[name]
	if !ok {
		b = 1 << (len(t.bits) % 64)
		t.bits[name] = b
	}
	return b
}

func conj(fs ...formula) formula {
	list, fields := parts(fs)
	return formula{logic.And(list...), fields}
}

func disj(fs ...formula) formula {
	list, fields := parts(fs)
	return formula{logic.Or(list...), fields}
}

func parts(fs []formula) (list []logic.Formula, fields uint64) {
	list = make([]logic.Formula, len(fs))
	for i, f := range fs {
		list[i] = f.Formula
		fields |= f.fields
	}
	return list, fields
}

func (f formula) not() formula { return formula{logic.Not(f.Formula), f.fields} }

// cond translates a condition; nil is everybody.
func (t *terms) cond(n *node) formula {
	if n == nil || n.op == opConst {
		return formula{Formula: logic.Everyone()}
	}
	if f, ok := t.memo[n]; ok {
		return f
	}
	f := t.translate(n)
	t.memo[n] = f
	return f
}

func (t *terms) translate(n *node) formula {
	switch n.op {
	case opAll:
		return conj(t.conds(n.args)...)
	case opAny:
		return disj(t.conds(n.args)...)
	case opNot:
		return t.cond(n.args[0]).not()
	case opMissing:
		return t.missing(n)
	case opDateEq, opDateLT, opDateLE:
		return t.dates(n)
	case opIntEq, opIntLT, opIntLE:
		return t.ints(n)
	case opEq, opIn, opEqualFold, opStartsWith, opEndsWith, opContains, opHas:
		return t.texts(n)
	default:
		return t.free(n)
	}
}

func (t *terms) conds(list []*node) []formula {
	out := make([]formula, len(list))
	for i, n := range list {
		out[i] = t.cond(n)
	}
	return out
}

// free is a condition that the analysis does not look into.
func (t *terms) free(n *node) formula {
	id := "? " + string(appendCond(nil, n, 0))
	t.opaque[id] = n
	f := formula{Formula: logic.Opaque(id, needs(n)...)}
	for _, field := range n.fields(nil) {
		f.fields |= t.bit(field.ref.name)
	}
	return f
}

// missing is never undecided, and that of a value is yes at least where a field is
// missing that the value needs.
func (t *terms) missing(n *node) formula {
	of := n.args[0]
	if of.op == opField && of.ref.kind != source.FieldInstant {
		return formula{logic.Missing(of.ref.name), t.bit(of.ref.name)}
	}
	free := t.free(n)
	list := []formula{free}
	for _, name := range needs(of) {
		list = append(list, formula{logic.Missing(name), t.bit(name)})
	}
	return disj(list...)
}

// texts is a comparison of a text, a word, a truth value or a list with literals.
func (t *terms) texts(n *node) formula {
	of := n.args[0]
	if n.beyond() {
		return conj(t.free(n), t.free(n).not()) // no or undecided
	}
	if of.op != opField || of.ref.kind == source.FieldDate || of.ref.kind == source.FieldInstant || of.ref.kind == kindInt {
		return t.free(n)
	}
	name, words := of.ref.name, of.ref.words
	f := formula{fields: t.bit(name)}
	if n.op == opHas {
		f.Formula = logic.Has(name, words, n.text())
		return f
	}
	text := n.text()
	among := func(open logic.Formula, matches func(word, text string) bool) logic.Formula {
		if words == nil {
			return open
		}
		var matching []string
		for _, w := range words {
			if matches(w, text) {
				matching = append(matching, w)
			}
		}
		return logic.OneOf(name, words, matching...)
	}
	switch n.op {
	case opEqualFold:
		f.Formula = among(logic.EqualFold(name, nil, text), target.FoldEqual)
	case opStartsWith:
		f.Formula = among(logic.Prefix(name, text), strings.HasPrefix)
	case opEndsWith:
		f.Formula = among(logic.Suffix(name, text), strings.HasSuffix)
	case opContains:
		f.Formula = among(logic.Contains(name, text), strings.Contains)
	default:
		f.Formula = logic.OneOf(name, words, n.list...)
	}
	return f
}

// beyond reports whether a function never gives what it is compared with: there are
// no capitals in what lower() gives.
func (n *node) beyond() bool {
	of := n.args[0]
	if of.op != opFunc || n.op == opEqualFold {
		return false
	}
	change, ok := map[string]func(string) string{"lower": mapping.Lower, "upper": mapping.Upper}[of.fn.name]
	return ok && !slices.ContainsFunc(n.list, func(text string) bool { return change(text) == text })
}

// ints is a comparison of numbers, of which the analysis knows fields and literals.
func (t *terms) ints(n *node) formula {
	a, b := n.args[0], n.args[1]
	x, y := int64(a.days), int64(b.days)
	switch {
	case a.op == opInt && b.op == opInt:
		return constant(n.op == opIntLT && x < y || n.op == opIntLE && x <= y || n.op == opIntEq && x == y)
	case a.op == opField && b.op == opInt:
		return formula{map[op]func(string, int64) logic.Formula{
			opIntLT: logic.Less, opIntLE: logic.LessEq, opIntEq: logic.EqualInt,
		}[n.op](a.ref.name, y), t.bit(a.ref.name)}
	case a.op == opInt && b.op == opField && n.op == opIntEq:
		return formula{logic.EqualInt(b.ref.name, x), t.bit(b.ref.name)}
	case a.op == opInt && b.op == opField && n.op == opIntLT: // x < b
		return formula{logic.LessEq(b.ref.name, x), t.bit(b.ref.name)}.not()
	case a.op == opInt && b.op == opField: // x <= b
		return formula{logic.Less(b.ref.name, x), t.bit(b.ref.name)}.not()
	}
	return t.free(n)
}

func constant(yes bool) formula {
	if yes {
		return formula{Formula: logic.Everyone()}
	}
	return formula{Formula: logic.Not(logic.Everyone())}
}

// dates is a comparison of dates. Days are added on the right side.
func (t *terms) dates(n *node) formula {
	a, b := n.args[0], n.args[1]
	x, fixedX, okX := t.date(a)
	y, fixedY, okY := t.date(b)
	shift := b.days - a.days
	relation := map[op]logic.Op{opDateEq: logic.SameDay, opDateLT: logic.Before, opDateLE: logic.NotAfter}[n.op]
	switch {
	case !okX || !okY:
		return t.free(n)
	case x == "" && y == "":
		distance := fixedX - fixedY - int64(shift)
		return constant(n.op == opDateLT && distance < 0 || n.op == opDateLE && distance <= 0 || n.op == opDateEq && distance == 0)
	case x != "" && y != "":
		return formula{logic.Day(x, y, relation, shift), t.bit(x) | t.bit(y)}
	case x != "":
		return formula{logic.DayFixed(x, relation, fixedY+int64(shift)), t.bit(x)}
	}
	day := fixedX - int64(shift)
	switch n.op {
	case opDateLT:
		return formula{logic.DayFixed(y, logic.NotAfter, day), t.bit(y)}.not()
	case opDateLE:
		return formula{logic.DayFixed(y, logic.Before, day), t.bit(y)}.not()
	}
	return formula{logic.DayFixed(y, logic.SameDay, day), t.bit(y)}
}

// date returns the name of a date, or "" and the fixed day.
func (t *terms) date(n *node) (name string, fixed int64, ok bool) {
	switch {
	case n.op == opAsOf:
		return logic.AsOf, 0, true
	case n.op == opDate:
		return "", int64(sinceEpoch(n.day)), true
	case n.op == opField && n.ref.kind == source.FieldDate:
		return n.ref.name, 0, true
	}
	return "", 0, false
}

// needs returns the fields without any of which a value is missing and a condition
// is undecided, sorted. They are not all that it looks at.
func needs(n *node) []string {
	switch n.op {
	case opField:
		if n.ref.kind == source.FieldInstant {
			return nil // rules cannot see whether it is there
		}
		return []string{n.ref.name}
	case opMissing:
		return nil
	case opFirst, opAll, opAny:
		common := needs(n.args[0])
		for _, arg := range n.args[1:] {
			common = inBoth(common, needs(arg))
		}
		return common
	case opFunc, opSwitch:
		return needs(n.args[0])
	case opIf:
		return inEither(needs(n.args[0]), inBoth(needs(n.args[1]), needs(n.args[2])))
	case opLookup:
		if first := n.look.rows[0].cond; first != nil {
			return needs(first)
		}
		return nil
	case opCall, opCallText:
		return needsOfAll(n.call.inputs)
	default:
		return needsOfAll(n.args)
	}
}

func needsOfAll(list []*node) []string {
	var names []string
	for _, n := range list {
		names = inEither(names, needs(n))
	}
	return names
}

func inEither(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

func inBoth(a, b []string) []string {
	var common []string
	for _, name := range a {
		if slices.Contains(b, name) {
			common = append(common, name)
		}
	}
	return common
}
