package rules

import (
	"fmt"
	"strings"

	"github.com/provision-go/provision/rules/internal/syntax"
	"github.com/provision-go/provision/source"
)

// value is an expression that gives an attribute its value.
func (l lowering) value(t *syntax.Node) *node {
	n, is := l.operand(t)
	switch is {
	case isWrong, isText, isList, isBool:
		return n
	case isDate:
		if n.op == opAsOf {
			return l.wrong(t, "", "as_of would be another value every day: it can only be compared with a date")
		}
		return n
	case isInt:
		if n.op == opField {
			return n
		}
		if n.op == opInt {
			return l.wrong(t, fixed(l.written(t)), "a fixed text stands in quotes of its own")
		}
	case isTruth:
		return l.wrong(t, fixed(l.written(t)), "a fixed text stands in quotes of its own")
	default:
	}
	return l.wrong(t, "", "a value is wanted here, and this is %s", is)
}

// fixed is how a text is written as the value of a key: the quotes of the text
// within those that YAML takes away.
func fixed(text string) string { return `'"` + text + `"'` }

func (l lowering) values(list []*syntax.Node) []*node {
	out := make([]*node, len(list))
	for i, t := range list {
		out[i] = l.value(t)
	}
	return out
}

// valueCall is a function that gives a value.
func (l lowering) valueCall(t *syntax.Node) (*node, kind) {
	switch t.Text {
	case "date":
		return l.date(t)
	case "date_add":
		return l.dateAdd(t)
	case "date_diff":
		return l.dateDiff(t)
	case "count":
		return l.counted(t)
	case "coalesce", "append", "join":
		return l.together(t)
	case "iif":
		return l.iif(t)
	case "switch":
		return l.switched(t)
	case "lookup":
		if len(t.Args) != 1 || t.Args[0].Kind != syntax.String {
			return l.wrong(t, "", `lookup has the name of a table in quotes, such as lookup("offices")`), isWrong
		}
		n := l.node(opLookup, t)
		n.field = t.Args[0].Text
		return n, isText
	case "custom":
		return l.wrong(t, "", `a custom field is written custom.name or custom["name"]`), isWrong
	case "missing", "equalFold":
		return l.wrong(t, "", "%s is a condition, and a value is wanted here", t.Text), isWrong
	}
	if l.c.calls[t.Text] != nil {
		n := l.goCall(t, opCallText)
		if n.op == opBad {
			return n, isWrong
		}
		return n, isText
	}
	f := findFunction(l.c.functions, t.Text)
	if f == nil {
		return l.noFunction(t), isWrong
	}
	return l.mapped(t, f)
}

// mapped is a call of a mapping function.
func (l lowering) mapped(t *syntax.Node, f *function) (*node, kind) {
	if len(t.Args) != len(f.params) {
		return l.wrong(t, "", "%s has %s, not %d", signature(f), count(len(f.params), "argument"), len(t.Args)), isWrong
	}
	n := l.node(opFunc, t)
	n.field = f.name
	for i, arg := range t.Args {
		a, is := l.operand(arg)
		if is == isWrong {
			return a, isWrong
		}
		if !fits(f.params[i], a, is) {
			return l.wrong(arg, "", "%s: argument %d has to be %s", f.name, i+1, f.params[i]), isWrong
		}
		n.args = append(n.args, a)
	}
	if f.list {
		return n, isList
	}
	return n, isText
}

// fits reports whether an argument is what a parameter takes.
func fits(p param, n *node, is kind) bool {
	switch p {
	case aList:
		return is == isList
	case aDate:
		return is == isDate && n.op != opAsOf
	case anInt:
		return n.op == opInt && is == isInt
	case aText, anEmpty:
		return n.op == opText && is == isText
	default:
		return is == isText || is == isBool || is == isInt && n.op == opField || is == isDate && n.op != opAsOf
	}
}

// date is a day that stands there.
func (l lowering) date(t *syntax.Node) (*node, kind) {
	if len(t.Args) != 1 || t.Args[0].Kind != syntax.String {
		return l.wrong(t, "", `date has a day in quotes, such as date("2026-01-31")`), isWrong
	}
	day, ok := civil(t.Args[0].Text)
	if !ok {
		if looksLikeDay(t.Args[0].Text) {
			return l.wrong(t.Args[0], "", "there is no %s in the calendar", t.Args[0].Text), isWrong
		}
		return l.wrong(t.Args[0], dayMeant(t.Args[0].Text), "%q is no day: write year, month and day as in 2026-01-31", t.Args[0].Text), isWrong
	}
	n := l.node(opDate, t)
	n.day = day
	return n, isDate
}

// civil reads a day as 2006-01-02, and nothing else.
func civil(text string) (source.Date, bool) {
	if len(text) != len("2006-01-02") {
		return source.Date{}, false
	}
	day, err := source.ParseDate(text)
	return day, err == nil && day.String() == text
}

// looksLikeDay reports whether a text is written as a day.
func looksLikeDay(text string) bool {
	return len(text) == len("2006-01-02") && text[4] == '-' && text[7] == '-' && strings.Trim(text, "0123456789-") == ""
}

// dayMeant is the day that a text probably means, "" if that is not clear.
func dayMeant(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '.' || r == '/' || r == '-' })
	var n [3]int
	for i := range parts {
		if x, ok := parseInt(strings.TrimLeft(parts[i], "0")); ok && len(parts) == len(n) {
			n[i] = x
		}
	}
	day, month, year := n[0], n[1], n[2]
	switch {
	case day > 31:
		day, year = year, day
	case strings.Contains(text, "/") && month > 12:
		day, month = month, day
	case strings.Contains(text, "/") && day <= 12: // nobody knows which is which
		return ""
	}
	hint := fmt.Sprintf("%04d-%02d-%02d", year, month, day)
	if _, ok := civil(hint); !ok || year < 1900 {
		return ""
	}
	return hint
}

func (l lowering) dateAdd(t *syntax.Node) (*node, kind) {
	if len(t.Args) != 2 || t.Args[1].Kind != syntax.Int && t.Args[1].Kind != syntax.Days {
		return l.wrong(t, "", "date_add has a date and days, such as date_add(start, 90)"), isWrong
	}
	x, is := l.operand(t.Args[0])
	if is != isDate {
		if is == isWrong {
			return x, isWrong
		}
		return l.wrong(t.Args[0], "", "date_add: argument 1 has to be a date"), isWrong
	}
	if days := t.Args[1].Int; days > maxDays || days < -maxDays {
		return l.wrong(t.Args[1], "", "%s", tooLong(l.written(t.Args[1]))), isWrong
	}
	n := *x
	n.days += int(t.Args[1].Int)
	return &n, isDate
}

func (l lowering) dateDiff(t *syntax.Node) (*node, kind) {
	if len(t.Args) != 2 {
		return l.wrong(t, "", "date_diff has two dates, such as date_diff(end, start)"), isWrong
	}
	var days [2]*node
	for i, arg := range t.Args {
		x, is := l.operand(arg)
		if is == isWrong {
			return x, isWrong
		}
		if is != isDate {
			return l.wrong(arg, "", "date_diff: argument %d has to be a date", i+1), isWrong
		}
		days[i] = x
	}
	return l.node(opDaysBetween, t, days[1], days[0]), isInt
}

func (l lowering) counted(t *syntax.Node) (*node, kind) {
	if len(t.Args) != 1 {
		return l.wrong(t, "", "count has one list, such as count(groups)"), isWrong
	}
	x, is := l.operand(t.Args[0])
	if is == isWrong {
		return x, isWrong
	}
	if is != isList {
		return l.wrong(t.Args[0], "", "count: a list is wanted, and %s is %s", l.written(t.Args[0]), is), isWrong
	}
	return l.node(opCount, t, x), isInt
}

// together is coalesce(a, b …), append(a, b …) or join("separator", a, b …).
func (l lowering) together(t *syntax.Node) (*node, kind) {
	args, n := t.Args, l.node(opFirst, t)
	if t.Text != "coalesce" {
		n.op, n.list = opJoin, []string{""}
	}
	if t.Text == "join" {
		if len(args) == 0 || args[0].Kind != syntax.String {
			return l.wrong(t, "", `join has a separator in quotes first, such as join(" ", given_name, family_name)`), isWrong
		}
		n.list, args = []string{args[0].Text}, args[1:]
	}
	if len(args) == 0 {
		return l.wrong(t, "", "%s of no values: write some between the parentheses, with commas", t.Text), isWrong
	}
	n.args = l.values(args)
	is := isText
	for i, a := range n.args {
		switch {
		case a.op == opBad:
			return a, isWrong
		case t.Text == "coalesce" && a.op == opField && a.kind == source.FieldList:
			is = isList
		case t.Text == "append" && a.op == opField && a.kind == source.FieldList:
			return l.wrong(args[i], "", "append: argument %d has to be a text", i+1), isWrong
		}
	}
	return n, is
}

func (l lowering) iif(t *syntax.Node) (*node, kind) {
	if len(t.Args) != 3 {
		return l.wrong(t, "", `iif has a condition and two values, such as iif(country == "DE", "de", "en")`), isWrong
	}
	n := l.node(opIf, t, l.cond(t.Args[0]))
	for _, arg := range t.Args[1:] {
		n.args = append(n.args, l.value(arg))
	}
	for _, a := range n.args {
		if a.op == opBad {
			return a, isWrong
		}
	}
	return n, isText
}

func (l lowering) switched(t *syntax.Node) (*node, kind) {
	const usage = `switch has a value, then a text in quotes and what it becomes, again and again, then the rest, ` +
		`such as switch(country, "DE", "de", "en")`
	if len(t.Args) < 3 {
		return l.wrong(t, "", usage), isWrong
	}
	n := l.node(opSwitch, t, l.value(t.Args[0]))
	rest := t.Args[1:]
	for len(rest) >= 2 {
		if rest[0].Kind != syntax.String {
			return l.wrong(rest[0], "", usage), isWrong
		}
		n.list = append(n.list, rest[0].Text)
		n.args = append(n.args, l.value(rest[1]))
		rest = rest[2:]
	}
	n.args = append(n.args, l.values(rest)...)
	for _, a := range n.args {
		if a.op == opBad {
			return a, isWrong
		}
	}
	return n, isText
}
