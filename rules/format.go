package rules

import (
	"strconv"
	"strings"
)

// Binding strengths, for the parentheses of printed conditions.
const (
	bindOr = iota + 1
	bindAnd
)

func appendCond(b []byte, n *node, outer int) []byte {
	if n == nil {
		return append(b, "<nothing>"...)
	}
	switch n.op {
	case opConst:
		return append(b, "everyone"...)
	case opAll:
		return appendList(b, n, " and ", bindAnd, outer)
	case opAny:
		return appendList(b, n, " or ", bindOr, outer)
	case opNot:
		return appendNot(b, n.args[0])
	case opMissing:
		b = append(b, "missing("...)
		b = appendValue(b, n.args[0])
		return append(b, ')')
	case opHas:
		b = strconv.AppendQuote(b, n.text())
		b = append(b, " in "...)
		return appendValue(b, n.args[0])
	case opEqualFold:
		b = append(b, "equalFold("...)
		b = appendValue(b, n.args[0])
		b = append(b, ", "...)
		b = strconv.AppendQuote(b, n.text())
		return append(b, ')')
	case opDateEq, opDateLT, opDateLE:
		return appendDates(b, n)
	}
	b = appendValue(b, n.args[0])
	b = append(b, ' ')
	b = append(b, symbol(n.op)...)
	b = append(b, ' ')
	if n.op == opIn {
		return appendTexts(b, n.list)
	}
	return strconv.AppendQuote(b, n.text())
}

// appendDates writes a comparison of dates with the field first.
func appendDates(b []byte, n *node) []byte {
	first, second, word := n.args[0], n.args[1], symbol(n.op)
	if first != nil && second != nil && first.op != opField && second.op == opField {
		first, second, word = second, first, strings.Replace(word, "<", ">", 1)
	}
	b = appendValue(b, first)
	b = append(b, ' ')
	b = append(b, word...)
	b = append(b, ' ')
	return appendValue(b, second)
}

// appendNot writes the negation of the comparisons that have one of their own,
// and "not (…)" for the rest.
func appendNot(b []byte, n *node) []byte {
	if n != nil {
		switch n.op {
		case opEq:
			b = appendValue(b, n.args[0])
			b = append(b, " != "...)
			return strconv.AppendQuote(b, n.text())
		case opIn:
			b = appendValue(b, n.args[0])
			b = append(b, " not in "...)
			return appendTexts(b, n.list)
		}
	}
	b = append(b, "not ("...)
	b = appendCond(b, n, 0)
	return append(b, ')')
}

func appendList(b []byte, n *node, word string, bind, outer int) []byte {
	if len(n.args) == 1 {
		return appendCond(b, n.args[0], outer)
	}
	if outer > bind {
		b = append(b, '(')
	}
	for i, arg := range n.args {
		if i > 0 {
			b = append(b, word...)
		}
		b = appendCond(b, arg, bind)
	}
	if outer > bind {
		b = append(b, ')')
	}
	return b
}

func symbol(o op) string {
	switch o {
	case opEq, opDateEq:
		return "=="
	case opIn:
		return "in"
	case opStartsWith:
		return "startsWith"
	case opEndsWith:
		return "endsWith"
	case opContains:
		return "contains"
	case opDateLT:
		return "<"
	}
	return "<=" // opDateLE
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = strconv.AppendQuote(b, text)
	}
	return append(b, ']')
}

// appendValue writes a field or a date, the only values in conditions.
func appendValue(b []byte, n *node) []byte {
	switch {
	case n == nil:
		return append(b, "<nothing>"...)
	case n.op == opDate:
		b = append(b, `date("`...)
		b = append(b, n.day.String()...)
		b = append(b, `")`...)
	case n.op == opAsOf:
		b = append(b, "as_of"...)
	default:
		b = append(b, n.field...)
	}
	return appendDays(b, n.days)
}

// appendDays writes the days added to a date, such as " + 14d".
func appendDays(b []byte, days int) []byte {
	switch {
	case days > 0:
		b = append(b, " + "...)
	case days < 0:
		b = append(b, " - "...)
		days = -days
	default:
		return b
	}
	b = strconv.AppendInt(b, int64(days), 10)
	return append(b, 'd')
}
