package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/syntax"
	"github.com/provision-go/provision/source"
)

// kind is what an operand is.
type kind uint8

const (
	isWrong kind = iota // reported
	isText
	isList
	isDate
	isInt
	isBool // a field; a literal is isTruth
	isTruth
	isDays
	isCond
)

// String returns the kind with an article, for messages.
func (k kind) String() string {
	switch k {
	case isText:
		return "a text"
	case isList:
		return "a list"
	case isDate:
		return "a date"
	case isInt:
		return "a number"
	case isBool, isTruth:
		return "a truth value"
	case isDays:
		return "a number of days"
	default:
		return "a condition"
	}
}

// compare is one of == != < <= > >=.
func (l lowering) compare(t *syntax.Node) *node {
	a, b, symbol := t.Args[0], t.Args[1], t.Text
	if isLiteral(a) && !isLiteral(b) {
		a, b, symbol = b, a, flip(symbol)
	}
	if n := l.unquoted(a, b, symbol); n != nil {
		return n
	}
	x, isX := l.operand(a)
	y, isY := l.operand(b)
	switch {
	case isX == isWrong || isY == isWrong:
		return &node{op: opBad}
	case isX == isDate && isY == isDate:
		return l.order(t, symbol, opDateEq, opDateLT, opDateLE, x, y)
	case isX == isInt && isY == isInt:
		return l.order(t, symbol, opIntEq, opIntLT, opIntLE, x, y)
	case isX == isText && isY == isText && symbol != "==" && symbol != "!=":
		return l.wrong(t, "", "cannot use %q between texts, only == and !=", t.Text)
	case isX == isText && isY == isText:
		return l.equal(t, symbol, x, y, b)
	case isX == isBool && isY == isTruth && (symbol == "==" || symbol == "!="):
		n := l.node(opEq, t, x)
		n.list = []string{b.Text}
		if symbol == "!=" {
			n.list[0] = map[string]string{"true": "false", "false": "true"}[b.Text]
		}
		return n
	case isX == isBool && isY == isTruth:
		return l.wrong(t, "", "cannot use %q with true or false, only == and !=", t.Text)
	case isX == isBool && isY == isText:
		return l.wrong(b, "", "%s is a truth value: compare it with true or false, without quotes", l.written(a))
	case isX == isList:
		return l.wrong(t, "", `%s is a list: ask what is in it, such as "name" in %s`, l.written(a), l.written(a))
	}
	return l.mismatch(t, a, b, isX, isY)
}

// mismatch says what to write instead.
func (l lowering) mismatch(t, a, b *syntax.Node, isX, isY kind) *node {
	what := "cannot use \"" + t.Text + "\" between " + strings.TrimPrefix(isX.String(), "a ") + " and " + strings.TrimPrefix(isY.String(), "a ")
	switch {
	case isX == isDate && b.Kind == syntax.String || isX == isDate && b.Kind == syntax.Int:
		return l.wrong(t, "", `%s: a day is written date("2026-01-31")`, what)
	case isX == isInt && b.Kind == syntax.String:
		return l.wrong(t, "", "%s: write the number without quotes", what)
	case isX == isText && b.Kind == syntax.Int && l.declared(a):
		return l.wrong(t, "", "%s: write %q, in quotes, or declare %s with type: int", what, l.written(b), a.Text)
	case isX == isText && b.Kind == syntax.Int:
		return l.wrong(t, "", "%s: write %q, in quotes", what, l.written(b))
	case isX == isText && (isY == isDate || b.Kind == syntax.Days) && l.declared(a):
		return l.wrong(t, "", "%s: %s has to be declared with type: date", what, a.Text)
	case isX == isText && isY == isTruth && l.declared(a):
		return l.wrong(t, "", "%s: %s has to be declared with type: bool", what, a.Text)
	case isX == isInt && isY == isDays:
		return l.wrong(t, "", "%s: write the number without a unit, such as %d", what, b.Int)
	case isY == isDays:
		return l.wrong(t, "", "%s: add days to a date, such as %s >= start + %s", what, l.written(a), l.written(b))
	}
	return l.wrong(t, "", "%s", what)
}

// declared reports whether something is a custom field, whose type people choose.
func (l lowering) declared(t *syntax.Node) bool {
	f := l.c.find(t.Text)
	return t.Kind == syntax.Ident && f != nil && f.custom
}

func isLiteral(t *syntax.Node) bool {
	switch t.Kind {
	case syntax.String, syntax.Int, syntax.Bool, syntax.Days:
		return true
	default:
		return false
	}
}

func flip(symbol string) string {
	switch symbol[0] {
	case '<':
		return ">" + symbol[1:]
	case '>':
		return "<" + symbol[1:]
	}
	return symbol
}

// unquoted finds a word that was meant as a text; nil if there is none.
func (l lowering) unquoted(a, b *syntax.Node, symbol string) *node {
	if a.Kind != syntax.Ident || b.Kind != syntax.Ident {
		return nil
	}
	f := l.c.find(a.Text)
	if f == nil || f.broken || l.c.find(b.Text) != nil || b.Text == asOfName {
		return nil
	}
	switch strings.ToLower(b.Text) {
	case "null", "nil", "none", "empty", "missing", "undefined", "blank":
		meant := "missing(" + a.Text + ")"
		if symbol == "!=" {
			meant = "not " + meant
		}
		return l.wrong(b, meant, "%s is no value: ask whether a field is empty by missing(…)", b.Text)
	case "yes", "on":
		if f.kind == kindBool {
			return l.wrong(b, "true", "%s is true or false, not %s", a.Text, b.Text)
		}
	case "no", "off":
		if f.kind == kindBool {
			return l.wrong(b, "false", "%s is true or false, not %s", a.Text, b.Text)
		}
	case "today", "now":
		if f.kind == source.FieldDate {
			return l.wrong(b, asOfName, "there is no %s: the day of the decision is called as_of", b.Text)
		}
	}
	if f.kind == source.FieldDate || f.kind == kindInt || f.kind == kindBool {
		return nil
	}
	if f.words != nil {
		if near := l.c.nearest(b.Text, f.words); near != "" {
			return l.wrong(b, `"`+near+`"`, "%s is no field; a value of %s stands in quotes", b.Text, a.Text)
		}
		return l.wrong(b, "", "%s is no field; a value of %s stands in quotes: %q", b.Text, a.Text, b.Text)
	}
	return l.wrong(b, `"`+b.Text+`"`, "%s is no field; a text stands in quotes", b.Text)
}

// order makes a comparison of two that have an order.
func (l lowering) order(t *syntax.Node, symbol string, eq, lt, le op, x, y *node) *node {
	switch symbol {
	case "<":
		return l.node(lt, t, x, y)
	case "<=":
		return l.node(le, t, x, y)
	case ">":
		return l.node(lt, t, y, x)
	case ">=":
		return l.node(le, t, y, x)
	case "!=":
		return l.node(opNot, t, l.node(eq, t, x, y))
	}
	return l.node(eq, t, x, y)
}

// equal compares texts: with one that stands there, or two of the person.
func (l lowering) equal(t *syntax.Node, symbol string, x, y *node, right *syntax.Node) *node {
	n := l.node(opSame, t, x, y)
	if y.op == opText && y.text() == "" && x.op == opField {
		const nothing = "an empty field is missing, and nothing equals it"
		if symbol == "!=" {
			return l.wrong(right, "not missing("+shown(x)+")", nothing)
		}
		return l.wrong(right, "missing("+shown(x)+")", nothing)
	}
	if y.op == opText {
		n = l.node(opEq, t, x)
		n.list, n.lits = []string{y.text()}, []spot{l.raw.at(right.Pos)}
	}
	if symbol == "!=" {
		return l.node(opNot, t, n)
	}
	return n
}

// operand is one side of a comparison, and what it is.
func (l lowering) operand(t *syntax.Node) (*node, kind) {
	switch t.Kind {
	case syntax.Ident:
		return l.name(t)
	case syntax.String:
		return l.text(t), isText
	case syntax.Int:
		n := l.node(opInt, t)
		n.days = int(t.Int)
		return n, isInt
	case syntax.Days:
		return l.node(opInt, t), isDays
	case syntax.Bool:
		return l.node(opText, t), isTruth
	case syntax.Add, syntax.Sub:
		return l.sum(t)
	case syntax.Call:
		return l.valueCall(t)
	case syntax.List:
		return l.wrong(t, "", "a list can only stand after in"), isWrong
	case syntax.And, syntax.Or:
		if !slices.ContainsFunc(t.Args, isCondition) {
			word := map[syntax.Kind]string{syntax.And: "and", syntax.Or: "or"}[t.Kind]
			return l.wrong(t, "", `%q stands between conditions: texts are put together with "+", and coalesce(a, b) is the first that is there`, word), isWrong
		}
		fallthrough
	default:
		return l.wrong(t, "", `a condition stands where a value is wanted: iif(…, "a", "b") makes a value of one`), isWrong
	}
}

// isCondition reports whether something cannot be a value.
func isCondition(t *syntax.Node) bool {
	switch t.Kind {
	case syntax.Ident, syntax.String, syntax.Int, syntax.Add, syntax.Sub, syntax.Call:
		return false
	default:
		return true
	}
}

func (l lowering) text(t *syntax.Node) *node {
	n := l.node(opText, t)
	n.list = []string{t.Text}
	return n
}

// name is a field, as_of, or the counter.
func (l lowering) name(t *syntax.Node) (*node, kind) {
	switch {
	case t.Text == asOfName:
		return l.node(opAsOf, t), isDate
	case t.Text == counterName && l.c.counter:
		return l.node(opCounter, t), isText
	case t.Text == everyone:
		return l.wrong(t, "", "%s is a condition, not a value", everyone), isWrong
	}
	f := l.c.find(t.Text)
	switch {
	case f == nil && t.Text == counterName:
		return l.wrong(t, "", "n, the counter, has a meaning under try: of unique: only"), isWrong
	case f == nil && t == l.raw.tree:
		return l.noValue(t), isWrong
	case f == nil:
		return l.noField(t), isWrong
	case f.broken:
		return l.node(opBad, t), isWrong
	}
	n := l.field(t, f)
	switch f.kind {
	case source.FieldList:
		return n, isList
	case source.FieldDate:
		return n, isDate
	case kindInt:
		return n, isInt
	case kindBool:
		return n, isBool
	case source.FieldInstant:
		return l.wrong(t, "", "%s is an instant, which rules do not compare: see end for the last day", t.Text), isWrong
	default:
		return n, isText
	}
}

// sum is a date and days, or texts one after the other.
func (l lowering) sum(t *syntax.Node) (*node, kind) {
	x, isX := l.operand(t.Args[0])
	right := t.Args[1]
	if isX == isWrong {
		return x, isWrong
	}
	if isX == isDate && (right.Kind == syntax.Days || right.Kind == syntax.Int) {
		return l.later(t, x, right)
	}
	y, isY := l.operand(right)
	oneText := isX == isText || isY == isText || isX == isBool && isY == isBool
	switch {
	case isY == isWrong:
		return y, isWrong
	case t.Kind == syntax.Add && oneText && joins(x, isX) && joins(y, isY):
		n := l.node(opJoin, t, x, y)
		n.list = []string{""}
		return n, isText
	case isX == isDate:
		return l.wrong(right, "", "only days can be added to a date, such as 14d"), isWrong
	}
	return l.wrong(t, "", "cannot use %q between %s and %s", map[syntax.Kind]string{syntax.Add: "+", syntax.Sub: "-"}[t.Kind],
		strings.TrimPrefix(isX.String(), "a "), strings.TrimPrefix(isY.String(), "a ")), isWrong
}

// later is a date some days later or earlier.
func (l lowering) later(t *syntax.Node, x *node, days *syntax.Node) (*node, kind) {
	switch {
	case days.Kind == syntax.Int:
		return l.wrong(days, l.written(days)+"d", "days are written with a d"), isWrong
	case days.Int > maxDays:
		return l.wrong(days, "", "%s", tooLong(l.written(days))), isWrong
	}
	n := *x
	if t.Kind == syntax.Sub {
		n.days -= int(days.Int)
	} else {
		n.days += int(days.Int)
	}
	return &n, isDate
}

// joins reports whether an operand has a text that another can follow.
func joins(n *node, is kind) bool {
	switch is {
	case isText, isBool:
		return true
	case isInt:
		return n.op == opField
	case isDate:
		return n.op != opAsOf
	default:
		return false
	}
}

// noValue is a word by itself, as a value, that is no field: most likely a text.
func (l lowering) noValue(t *syntax.Node) *node {
	before := len(l.c.problems)
	n := l.noField(t)
	if len(l.c.problems) == before {
		return n
	}
	p := l.c.problems[len(l.c.problems)-1]
	if p.Hint == "" {
		p.Message = "there is no field " + quoted(t.Text) + ": a fixed text stands in quotes of its own"
		p.Hint = fixed(t.Text)
	}
	return n
}
