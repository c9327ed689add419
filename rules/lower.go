package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/rules/internal/document"
	"github.com/provision-go/provision/rules/internal/syntax"
	"github.com/provision-go/provision/source"
)

// rawExpr is an expression of a rule file before anybody knows which fields there
// are: those may be declared by another layer.
type rawExpr struct {
	text  string
	tree  *syntax.Node
	file  string
	where *document.Value
}

// A spot is a place of which the line and the column are found out when somebody
// asks, which takes a while in long lines. The zero spot is none.
type spot struct {
	raw    *rawExpr // nil if it is no place in an expression
	offset int
	pos    *Pos
}

func (s spot) isZero() bool { return s.raw == nil && s.pos == nil }

func (s spot) find() Pos {
	switch {
	case s.raw != nil:
		line, column := s.raw.where.At(s.offset)
		return Pos{s.raw.file, line, column}
	case s.pos != nil:
		return *s.pos
	}
	return Pos{}
}

// spotAt is the spot of a place that is known.
func spotAt(p Pos) spot {
	if p.IsZero() {
		return spot{}
	}
	return spot{pos: &p}
}

func (r *rawExpr) at(offset int) spot { return spot{raw: r, offset: offset} }

// A lowering turns the syntax of one expression into what the builder would have
// made, with places. What is wrong is reported, and stands as opBad.
type lowering struct {
	c   *checker
	raw *rawExpr
}

func (c *checker) lowerCond(n *node) *node {
	l := lowering{c, n.raw}
	return c.cond(l.cond(n.raw.tree))
}

func (c *checker) lowerValue(n *node) *node {
	l := lowering{c, n.raw}
	return c.anyValue(l.value(n.raw.tree))
}

func (c *checker) lowerDate(n *node) *node {
	l := lowering{c, n.raw}
	out, is := l.operand(n.raw.tree)
	if is != isDate && is != isWrong {
		return l.wrong(n.raw.tree, "", "a date is wanted here, such as end or start + 180d")
	}
	return out
}

// node makes a node that stands where t does.
func (l lowering) node(o op, t *syntax.Node, args ...*node) *node {
	n := l.c.newNode()
	*n = node{op: o, args: args, at: l.raw.at(t.Op), fresh: true}
	return n
}

// newNode returns memory for a node, in slabs: a rule file has very many.
func (c *checker) newNode() *node {
	if len(c.slab) == cap(c.slab) {
		c.slab = make([]node, 0, 32)
	}
	c.slab = c.slab[:len(c.slab)+1]
	return &c.slab[len(c.slab)-1]
}

func (l lowering) wrong(t *syntax.Node, hint, format string, args ...any) *node {
	l.c.failSpot(l.raw.at(t.Op), hint, format, args...)
	return &node{op: opBad}
}

func (l lowering) conds(list []*syntax.Node) []*node {
	out := make([]*node, len(list))
	for i, t := range list {
		if i > 0 && t.Kind == syntax.String {
			out[i] = l.bareText(t, list[i-1])
			continue
		}
		out[i] = l.cond(t)
	}
	return out
}

// bareText is a text that stands as a condition, after another condition.
func (l lowering) bareText(t, before *syntax.Node) *node {
	field := "department"
	if before.Kind == syntax.Compare && before.Args[0].Kind == syntax.Ident {
		field = before.Args[0].Text
	}
	return l.wrong(t, "", "a text by itself is no condition: compare a field with it, such as %s == %q", field, t.Text)
}

func (l lowering) cond(t *syntax.Node) *node {
	switch t.Kind {
	case syntax.Or:
		return l.node(opAny, t, l.conds(t.Args)...)
	case syntax.And:
		return l.node(opAll, t, l.conds(t.Args)...)
	case syntax.Not:
		return l.node(opNot, t, l.cond(t.Args[0]))
	case syntax.Compare:
		return l.compare(t)
	case syntax.In:
		return l.in(t)
	case syntax.Match:
		return l.match(t)
	case syntax.Call:
		return l.condCall(t)
	case syntax.Ident:
		return l.bare(t)
	case syntax.Bool:
		if t.Text == "true" {
			return l.everybody(t)
		}
		return l.nobody(t)
	case syntax.String:
		return l.bareText(t, t)
	default:
		return l.wrong(t, "", "this is no condition: compare something, such as level >= 5")
	}
}

// bare is a name that stands as a condition by itself.
func (l lowering) bare(t *syntax.Node) *node {
	if t.Text == everyone {
		return l.node(opConst, t)
	}
	f := l.c.find(t.Text)
	switch {
	case t.Text == asOfName:
		return l.wrong(t, "", "as_of is a date: compare it, such as as_of >= start + 90d")
	case f == nil && l.c.calls[t.Text] != nil:
		return l.wrong(t, t.Text+"()", "%s is a function", t.Text)
	case f == nil && l.isFunction(t.Text):
		return l.wrong(t, "", "%s is a function: write behind it what it is about, such as %s(department)", t.Text, t.Text)
	case f == nil && means(t.Text, "yes", "all", "any", "anyone", "anybody", "everybody", everyone, "always", "on"):
		return l.everybody(t)
	case f == nil && means(t.Text, "no", "none", "nobody", "never", "off", "no_one"):
		return l.nobody(t)
	case f == nil:
		return l.noField(t)
	case f.broken:
		return l.node(opBad, t)
	case f.kind == kindBool:
		n := l.node(opEq, t, l.field(t, f))
		n.list = []string{"true"}
		return n
	case f.kind == source.FieldDate:
		return l.wrong(t, "", "%s is a date: compare it, such as %s <= as_of", t.Text, t.Text)
	case f.kind == source.FieldList:
		return l.wrong(t, "", `%s is a list: ask what is in it, such as "name" in %s`, t.Text, t.Text)
	case f.kind == kindInt:
		return l.wrong(t, "", "%s is a number: compare it, such as %s >= 5", t.Text, t.Text)
	}
	return l.wrong(t, "", "%s is a %s: compare it, such as %s == %q", t.Text, kindName(f.kind), t.Text, example(f))
}

// means reports whether a word is one of some, however it is capitalised.
func means(word string, list ...string) bool { return slices.Contains(list, strings.ToLower(word)) }

func (l lowering) everybody(t *syntax.Node) *node {
	return l.wrong(t, everyone, "%s is no condition; to mean everybody write %q", t.Text, everyone)
}

func (l lowering) nobody(t *syntax.Node) *node {
	return l.wrong(t, "", "%s is no condition, and a rule for nobody does nothing: leave it out, or switch it off", t.Text)
}

// example is a value of a field, for messages.
func example(f *fieldRef) string {
	if len(f.words) > 0 {
		return f.words[0]
	}
	return "…"
}

func (l lowering) noField(t *syntax.Node) *node {
	n := l.node(opBad, t)
	l.c.noField(n, t.Text)
	return n
}

func (l lowering) field(t *syntax.Node, f *fieldRef) *node {
	n := l.node(opField, t)
	n.field, n.kind = f.name, f.kind
	return n
}

// in is "x in [a, b]" or "x in list".
func (l lowering) in(t *syntax.Node) *node {
	left, right := t.Args[0], t.Args[1]
	var n *node
	if right.Kind == syntax.List {
		n = l.inList(t, left, right)
	} else {
		n = l.inField(t, left, right)
	}
	if t.Text == "not in" && n.op != opBad {
		return l.node(opNot, t, n)
	}
	return n
}

func (l lowering) inList(t, left, right *syntax.Node) *node {
	if left.Kind == syntax.String {
		return l.wrong(left, "", "a text stands on the left of a fixed list: write the field there, such as department in [%q]", left.Text)
	}
	arg, is := l.operand(left)
	if is == isWrong {
		return arg
	}
	if is == isInt {
		return l.inInts(t, arg, right)
	}
	if is == isList {
		return l.wrong(left, "", `%s is a list: ask for each, such as "a" in %s or "b" in %s`, l.written(left), l.written(left), l.written(left))
	}
	if is != isText {
		return l.wrong(left, "", `%s cannot be in a list: compare it with ==, <= or >=`, is)
	}
	n := l.node(opIn, t, arg)
	for _, item := range right.Args {
		if item.Kind != syntax.String {
			return l.wrong(item, strconv.Quote(l.written(item)), "the list holds texts, and each stands in quotes")
		}
		n.list, n.lits = append(n.list, item.Text), append(n.lits, l.raw.at(item.Pos))
	}
	return n
}

func (l lowering) inInts(t *syntax.Node, arg *node, right *syntax.Node) *node {
	n := l.node(opAny, t)
	for _, item := range right.Args {
		if item.Kind != syntax.Int {
			return l.wrong(item, "", "%s is a number: the list holds numbers without quotes, such as [4, 5]", l.written(t.Args[0]))
		}
		n.args = append(n.args, l.node(opIntEq, t, arg, intNode(int(item.Int))))
	}
	return n
}

// inField is `"x" in groups`.
func (l lowering) inField(t, left, right *syntax.Node) *node {
	arg, is := l.operand(right)
	switch {
	case is == isWrong:
		return arg
	case is != isList && right.Kind == syntax.Ident && is == isText:
		return l.wrong(right, "", `%s is no list: write %s == %s or %s contains %s`, right.Text, right.Text, l.written(left), right.Text, l.written(left))
	case is != isList:
		return l.wrong(right, "", "a list is wanted after in, such as [\"a\", \"b\"] or groups")
	case left.Kind != syntax.String:
		return l.wrong(left, "", "a list can be asked for a fixed text only, which stands in quotes: %q in %s", "name", l.written(right))
	}
	n := l.node(opHas, t, arg)
	n.list, n.lits = []string{left.Text}, []spot{l.raw.at(left.Pos)}
	return n
}

// match is contains, startsWith or endsWith.
func (l lowering) match(t *syntax.Node) *node {
	left, right := t.Args[0], t.Args[1]
	arg, is := l.operand(left)
	switch {
	case is == isWrong:
		return arg
	case is == isList && t.Text == "contains" && right.Kind == syntax.String:
		return l.wrong(t, "", "%s is a list: write %q in %s", l.written(left), right.Text, l.written(left))
	case is != isText:
		return l.wrong(t, "", "%s looks into a text, and %s is %s", t.Text, l.written(left), is)
	case right.Kind != syntax.String:
		return l.wrong(right, "", "a text in quotes is wanted after %s", t.Text)
	}
	o := opContains
	switch t.Text {
	case "startsWith":
		o = opStartsWith
	case "endsWith":
		o = opEndsWith
	}
	n := l.node(o, t, arg)
	n.list, n.lits = []string{right.Text}, []spot{l.raw.at(right.Pos)}
	return n
}

// condCall is a function that stands as a condition.
func (l lowering) condCall(t *syntax.Node) *node {
	switch {
	case t.Text == "missing":
		if len(t.Args) != 1 {
			return l.wrong(t, "", "missing has one argument, such as missing(department)")
		}
		arg, is := l.operand(t.Args[0])
		if is == isWrong {
			return arg
		}
		if t.Args[0].Kind == syntax.String {
			return l.wrong(t.Args[0], "", "missing asks for a field: write missing(%s) without quotes", t.Args[0].Text)
		}
		return l.node(opMissing, t, arg)
	case t.Text == "equalFold":
		return l.equalFold(t)
	case l.c.calls[t.Text] != nil:
		return l.goCall(t, opCall)
	case l.isFunction(t.Text):
		return l.wrong(t, "", "%s gives no condition: compare what it gives, such as %s == …", t.Text, l.written(t))
	}
	return l.noFunction(t)
}

func (l lowering) equalFold(t *syntax.Node) *node {
	if len(t.Args) != 2 || t.Args[1].Kind != syntax.String {
		return l.wrong(t, "", `equalFold has a field and a text in quotes, such as equalFold(department, "sales")`)
	}
	arg, is := l.operand(t.Args[0])
	if is == isWrong {
		return arg
	}
	if is != isText {
		return l.wrong(t, "", "equalFold compares a text, and %s is %s", l.written(t.Args[0]), is)
	}
	n := l.node(opEqualFold, t, arg)
	n.list, n.lits = []string{t.Args[1].Text}, []spot{l.raw.at(t.Args[1].Pos)}
	return n
}

// goCall is the call of a function written in Go.
func (l lowering) goCall(t *syntax.Node, o op) *node {
	if len(t.Args) > 0 {
		return l.wrong(t, "", "%s takes no arguments: what it reads is declared with it", t.Text)
	}
	n := l.node(o, t)
	n.field = t.Text
	return n
}

func (l lowering) isFunction(name string) bool {
	return slices.Contains(builtIns(), name) || findFunction(l.c.functions, name) != nil
}

func (l lowering) noFunction(t *syntax.Node) *node {
	names := builtIns()
	for i := range l.c.functions {
		names = append(names, l.c.functions[i].name)
	}
	names = append(names, sortedKeys(l.c.calls)...)
	near := l.c.nearest(t.Text, names)
	if other := foreign(t.Text); other != "" {
		near = other
	}
	return l.wrong(t, near, "there is no function %q", t.Text)
}

// foreign is what a function of other languages is called here, or "".
func foreign(name string) string {
	switch strings.ToLower(name) {
	case "len", "length", "size":
		return "count"
	case "concat", "concatenate":
		return "join"
	case "substring", "substr":
		return "mid"
	case "if", "ifelse", "cond":
		return "iif"
	case "case", "decode":
		return "switch"
	case "lowercase", "tolower", "lcase":
		return "lower"
	case "uppercase", "toupper", "ucase":
		return "upper"
	case "propercase", "capitalize", "initcap":
		return "title"
	case "isnull", "isempty", "isblank", "is_null", "is_empty", "empty":
		return "missing"
	case "firstvalid", "ifnull", "nvl", "first":
		return "coalesce"
	case "datediff", "days_between":
		return "date_diff"
	case "dateadd", "add_days":
		return "date_add"
	case "now", "today":
		return asOfName
	case "removediacritics", "normalizediacritics", "unaccent":
		return "ascii"
	}
	return ""
}

// written is how a part of the expression is written.
func (l lowering) written(t *syntax.Node) string { return l.raw.text[t.Pos:t.End] }
