package rules

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/provision-go/provision/source"
)

// value checks a value and returns a resolved copy. Where single is set a list is
// refused. The result is never nil.
func (c *checker) value(n *node, single bool) *node {
	if n == nil {
		c.fail("", "a value is not set")
		return &node{op: opBad}
	}
	out := c.anyValue(n)
	if single && !out.isBad() && out.isList() {
		c.failNode(out, "", "%s is a list, and a single text is wanted here", shown(out))
		return bad(out)
	}
	return out
}

func (c *checker) anyValue(n *node) *node {
	switch n.op {
	case opRaw:
		return c.lowerValue(n)
	case opBad:
		return n
	case opDate:
		return c.date(n)
	case opAsOf:
		c.failNode(n, "", "as_of would be another value every day: it can only be compared with a date")
		return bad(n)
	case opField:
		if n.days > maxDays || n.days < -maxDays {
			return c.date(n) // says so
		}
		return c.field(n)
	case opText:
		if n.text() == "" || !utf8.ValidString(n.text()) {
			if n.text() == "" && !n.at.isZero() {
				c.failNode(n, "", "a fixed text is empty: write something between the quotes, or leave the line out")
				return bad(n)
			}
			c.failNode(n, "", "a fixed text is empty or not valid UTF-8")
			return bad(n)
		}
		return n
	case opFirst:
		if len(n.args) == 0 {
			c.failNode(n, "", "%s of no values", n.op)
			return bad(n)
		}
		return c.with(n, c.values(n.args, false)...)
	case opJoin:
		return c.joined(n)
	case opFunc:
		return c.function(n)
	case opIf:
		args := append([]*node{c.cond(n.args[0])}, c.values(n.args[1:], true)...)
		return c.with(n, args...)
	case opSwitch:
		return c.switched(n)
	case opLookup:
		return c.lookup(n)
	case opCallText:
		return c.call(n)
	case opCounter:
		if !c.counter {
			c.failNode(n, "", "n, the counter, has a meaning in the patterns of unique names only")
			return bad(n)
		}
		return n
	}
	c.failNode(n, "", "a value is wanted here, not a condition or a number")
	return bad(n)
}

func (c *checker) values(list []*node, single bool) []*node {
	out := make([]*node, len(list))
	for i, n := range list {
		out[i] = c.value(n, single)
	}
	return out
}

// joined checks a join. Those without a separator melt into one.
func (c *checker) joined(n *node) *node {
	if len(n.args) == 0 {
		c.failNode(n, "", "%s of no values", n.op)
		return bad(n)
	}
	args := make([]*node, 0, len(n.args))
	for _, arg := range n.args {
		a := c.value(arg, false)
		if n.list[0] == "" && a.op == opJoin && a.list[0] == "" {
			args = append(args, a.args...)
		} else {
			args = append(args, a)
		}
	}
	if len(args) == 1 && !args[0].isBad() && !args[0].isList() {
		return args[0]
	}
	return c.with(n, args...)
}

// function checks a call of a mapping function.
func (c *checker) function(n *node) *node {
	f := findFunction(c.functions, n.field)
	if f == nil {
		c.failNode(n, "", "there is no function %q", n.field)
		return bad(n)
	}
	if len(n.args) != len(f.params) {
		c.failNode(n, "", "%s has %s", signature(f), count(len(f.params), "argument"))
		return bad(n)
	}
	args := make([]*node, len(n.args))
	for i, arg := range n.args {
		args[i] = c.argument(f, i, arg)
	}
	out := c.with(n, args...)
	if out.op == opBad {
		return out
	}
	if wrong := f.check; wrong != nil {
		if text := wrong(args); text != "" {
			c.failNode(n, "", "%s: %s", f.name, text)
			return bad(n)
		}
	}
	out.fn = f
	return out
}

func (c *checker) argument(f *function, i int, n *node) *node {
	want, fits := f.params[i], false
	switch {
	case n == nil:
		c.fail("", "%s: argument %d is not set", f.name, i+1)
		return &node{op: opBad}
	case n.op == opBad:
		return n
	case want == anInt:
		fits = n.op == opInt
	case want == aText || want == anEmpty:
		fits = n.op == opText
		if fits && (n.text() == "" && want == aText || !utf8.ValidString(n.text())) {
			c.failNode(n, "", "%s: argument %d is empty or not valid UTF-8", f.name, i+1)
			return bad(n)
		}
	case want == aDate:
		if fits = n.op == opDate || n.op == opField && n.kind == source.FieldDate; fits {
			return c.fixedDate(n)
		}
	case want == aList:
		return c.listValue(n)
	default:
		return c.value(n, true)
	}
	if !fits {
		c.failNode(n, "", "%s: argument %d has to be %s", f.name, i+1, want)
		return bad(n)
	}
	return n
}

// signature writes a function with its parameters.
func signature(f *function) string {
	params := make([]string, len(f.params))
	for i, p := range f.params {
		params[i] = p.String()
	}
	return f.name + "(" + strings.Join(params, ", ") + ")"
}

func (c *checker) switched(n *node) *node {
	if len(n.list) == 0 {
		c.failNode(n, "", "switch without a case")
		return bad(n)
	}
	for i, text := range n.list {
		if text == "" || slices.Contains(n.list[:i], text) {
			c.failNode(n, "", "switch: case %q is empty or there twice", text)
			return bad(n)
		}
	}
	out := c.with(n, c.values(n.args, true)...)
	if out.op == opBad || out.args[0].op != opField {
		return out
	}
	f := out.args[0].ref
	for _, text := range n.list {
		if f.words != nil && !slices.Contains(f.words, text) {
			c.notAWord(n, f.name, f.words, text)
			return bad(n)
		}
	}
	return out
}

// call checks the call of a function written in Go.
func (c *checker) call(n *node) *node {
	f := c.calls[n.field]
	switch {
	case f == nil:
		c.failNode(n, c.nearest(n.field, sortedKeys(c.calls)), "there is no function %q in Spec.Funcs", n.field)
		return bad(n)
	case n.op == opCall && f.Cond == nil:
		c.failNode(n, "", "%s() gives a text, and a condition is wanted here", n.field)
		return bad(n)
	case n.op == opCallText && f.Text == nil:
		c.failNode(n, "", "%s() is a condition, and a text is wanted here", n.field)
		return bad(n)
	}
	out := *n
	out.call = &call{version: f.Version, cond: f.Cond, text: f.Text}
	for _, name := range f.Inputs {
		ref := c.find(name)
		if ref == nil {
			c.noField(n, name)
			return bad(n)
		}
		if ref.kind == source.FieldInstant {
			c.failNode(n, "", "%s() reads %s, an instant, which rules do not look at", n.field, ref.name)
			return bad(n)
		}
		out.call.inputs = append(out.call.inputs, c.field(&node{op: opField, field: ref.name, kind: ref.kind, at: n.at}))
	}
	return &out
}

// funcs checks the functions written in Go.
func (c *checker) funcs(list []Func) {
	c.calls = make(map[string]*Func, len(list))
	for i := range list {
		f := &list[i]
		c.enter("function " + f.Name)
		switch {
		case !validFieldName(f.Name) || strings.Contains(f.Name, "-"):
			c.fail("", `name %q: want letters, digits and "_", beginning with a letter`, f.Name)
		case c.calls[f.Name] != nil:
			c.fail("", "declared twice")
		case findFunction(c.functions, f.Name) != nil || slices.Contains(builtIns(), f.Name):
			c.fail("", "%s is a function of the language", f.Name)
		case f.Version == "":
			c.fail("", "has no version")
		case (f.Cond == nil) == (f.Text == nil):
			c.fail("", "want one of Cond and Text")
		}
		c.calls[f.Name] = f
	}
}

// builtIns are the functions with an operation of their own.
func builtIns() []string {
	return []string{
		"append", "coalesce", "count", "custom", "date", "date_add", "date_diff", "equalFold", "iif", "join", "lookup",
		"missing", "switch",
	}
}
