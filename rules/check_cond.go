package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// condition checks a condition that has to be there and returns a resolved copy,
// in a form that is the same however it was put together. It is never nil.
func (c *checker) condition(cond Cond) *node {
	if cond.node == nil {
		c.fail("", "a condition is empty; to mean everybody write %s", c.wording("rules.Everyone", everyone))
		return &node{op: opBad}
	}
	return c.cond(cond.node)
}

// optional is condition for one that may be left out: nil then.
func (c *checker) optional(cond Cond) *node {
	if cond.node == nil {
		return nil
	}
	return c.cond(cond.node)
}

func (c *checker) cond(n *node) *node {
	if n == nil {
		return c.condition(Cond{})
	}
	switch n.op {
	case opRaw:
		return c.lowerCond(n)
	case opConst, opBad:
		return n
	case opAll, opAny:
		return c.list(n)
	case opNot:
		arg := c.cond(n.args[0])
		if arg.op == opNot {
			return arg.args[0]
		}
		return c.with(n, arg)
	case opDateEq, opDateLT, opDateLE:
		return c.asking(c.dates(n))
	case opIntEq, opIntLT, opIntLE:
		return c.asking(c.with(n, c.int(n.args[0]), c.int(n.args[1])))
	case opSame:
		return c.asking(c.with(n, c.value(n.args[0], true), c.value(n.args[1], true)))
	case opCall:
		return c.call(n)
	case opMissing:
		return c.asking(c.with(n, c.anything(n.args[0])))
	}
	return c.asking(c.comparison(n))
}

// asking refuses a condition that comes out alike for everybody on every day.
func (c *checker) asking(n *node) *node {
	if n.isBad() || n.varying() {
		return n
	}
	c.failNode(n, "", "this asks for no field, so it is the same for everybody: compare a field such as department, or write %s",
		c.wording("rules.Everyone", everyone))
	return bad(n)
}

// varying reports whether something may be different for another person, or on
// another day.
func (n *node) varying() bool {
	switch n.op {
	case opField, opCall, opCallText, opLookup:
		return true
	case opDateEq, opDateLT, opDateLE:
		if n.args[0].op == opAsOf || n.args[1].op == opAsOf {
			return n.args[0].op != n.args[1].op
		}
	}
	return slices.ContainsFunc(n.args, (*node).varying)
}

// with returns a copy of a node with resolved arguments, bad if one of them is. A
// node that lowering made is nobody else's and needs no copy.
func (c *checker) with(n *node, args ...*node) *node {
	if slices.ContainsFunc(args, (*node).isBad) {
		return bad(n)
	}
	if n.fresh {
		n.args = args
		return n
	}
	out := *n
	out.args = args
	return &out
}

// list checks an "all" or "any" and melts those of the same kind in it into one.
func (c *checker) list(n *node) *node {
	if len(n.args) == 0 {
		c.failNode(n, "", "%s of no conditions", n.op)
		return bad(n)
	}
	args := make([]*node, 0, len(n.args))
	for _, arg := range n.args {
		if a := c.cond(arg); a.op == n.op {
			args = append(args, a.args...)
		} else {
			args = append(args, a)
		}
	}
	if len(args) == 1 {
		return args[0]
	}
	return c.with(n, args...)
}

// comparison checks one with literals.
func (c *checker) comparison(n *node) *node {
	var arg *node
	if n.op == opHas {
		arg = c.listValue(n.args[0])
	} else {
		arg = c.compared(n.args[0])
	}
	out := c.with(n, arg)
	if out.op == opBad {
		return out
	}
	if !c.literals(out, arg) {
		return bad(n)
	}
	if n.op == opEq && out.mask == 0 && arg.op == opField {
		out.slot = arg.ref.slot
	}
	return out
}

// compared checks the left side of a comparison: a field, or a value made of some.
func (c *checker) compared(n *node) *node {
	if n != nil && n.op == opField {
		return c.field(n)
	}
	return c.value(n, true)
}

func (c *checker) listValue(n *node) *node {
	out := c.value(n, false)
	if !out.isBad() && !out.isList() {
		c.failNode(out, "", "a list is wanted here")
		return bad(out)
	}
	return out
}

// literals checks what something is compared with.
func (c *checker) literals(n, arg *node) bool {
	before := len(c.problems)
	name, vocabulary, custom := shown(arg), []string(nil), true
	if arg.op == opField {
		vocabulary, custom = arg.ref.words, arg.ref.custom
	}
	if len(n.list) == 0 {
		c.failNode(n, "", "%s: a comparison with nothing matches nobody", name)
	}
	for i, text := range n.list {
		at := n
		if i < len(n.lits) {
			at = &node{at: n.lits[i]}
		}
		switch {
		case text == "":
			c.failNode(at, "", "%s: a comparison with the empty text; an empty field is missing: use missing(%s)", name, name)
		case !utf8.ValidString(text):
			c.failNode(at, "", "%s: %q is not valid UTF-8", name, text)
		case arg.op == opField && name == string(Country) && !countryCode(n.op, text):
			c.failNode(at, countryMeant(text), "%q is not a value of %s, which holds the two letters of ISO 3166-1, such as DE", text, name)
		case vocabulary == nil || n.op == opStartsWith || n.op == opEndsWith || n.op == opContains:
		case n.op == opEqualFold:
			if !slices.ContainsFunc(vocabulary, func(w string) bool { return target.FoldEqual(w, text) }) {
				c.notAWord(at, name, vocabulary, text)
			}
		case !slices.Contains(vocabulary, text):
			c.notAWord(at, name, vocabulary, text)
		case !custom:
			// Words[i] of the source is value i+1 of its type.
			n.mask |= 1 << (slices.Index(vocabulary, text) + 1)
		}
	}
	return len(c.problems) == before
}

func (c *checker) notAWord(n *node, name string, vocabulary []string, text string) {
	c.failNode(n, c.nearest(text, vocabulary), "%q is not a value of %s (%s)", text, name, strings.Join(vocabulary, ", "))
}

// dates checks a comparison of dates. Of two that are to be equal the one that
// varies comes first.
func (c *checker) dates(n *node) *node {
	a, b := c.date(n.args[0]), c.date(n.args[1])
	if n.op == opDateEq && b.varies() > a.varies() {
		a, b = b, a
	}
	return c.with(n, a, b)
}

func (c *checker) date(n *node) *node {
	if n == nil {
		c.fail("", "a comparison with a date that is not there")
		return &node{op: opBad}
	}
	if n.days > maxDays || n.days < -maxDays {
		c.failNode(n, "", "%d days is more than a hundred years", n.days)
		return bad(n)
	}
	switch n.op {
	case opField:
		return c.field(n)
	case opDate:
		if n.day.IsZero() {
			c.failNode(n, "", "a date that does not exist")
			return bad(n)
		}
	}
	return n
}

func (c *checker) int(n *node) *node {
	switch n.op {
	case opField:
		return c.field(n)
	case opCount:
		return c.with(n, c.listValue(n.args[0]))
	case opDaysBetween:
		return c.with(n, c.fixedDate(n.args[0]), c.fixedDate(n.args[1]))
	}
	return n
}

// fixedDate is a date that time does not move.
func (c *checker) fixedDate(n *node) *node {
	if n != nil && n.op == opAsOf {
		c.failNode(n, "", "as_of cannot be counted from: compare dates, such as as_of >= start + 90d")
		return bad(n)
	}
	return c.date(n)
}

// anything checks what missing() asks for.
func (c *checker) anything(n *node) *node {
	switch {
	case n == nil:
	case n.op == opField && n.kind == source.FieldDate:
		return c.date(n)
	case n.op == opField:
		return c.field(n)
	case n.op == opCount || n.op == opDaysBetween:
		return c.int(n)
	}
	return c.value(n, false)
}
