package rules

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Binding strengths, for the parentheses of printed conditions.
const (
	bindOr = iota + 1
	bindAnd
)

// appendCond writes a condition as rule files have it: reading it again gives the
// same condition.
func appendCond(b []byte, n *node, outer int) []byte {
	if n == nil {
		return append(b, "<nothing>"...)
	}
	switch n.op {
	case opRaw:
		return append(b, n.raw.text...)
	case opBad:
		return append(b, "<wrong>"...)
	case opConst:
		return append(b, everyone...)
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
		b = appendText(b, n.text())
		b = append(b, " in "...)
		return appendValue(b, n.args[0])
	case opEqualFold:
		b = append(b, "equalFold("...)
		b = appendValue(b, n.args[0])
		b = append(b, ", "...)
		b = appendText(b, n.text())
		return append(b, ')')
	case opDateEq, opDateLT, opDateLE, opIntEq, opIntLT, opIntLE, opSame:
		return appendPair(b, n)
	case opCall:
		b = append(b, n.field...)
		return append(b, "()"...)
	}
	if n.op == opEq && n.args[0] != nil && n.args[0].kind == kindBool && n.args[0].op == opField {
		b = appendValue(b, n.args[0])
		b = append(b, " == "...)
		return append(b, n.text()...)
	}
	b = appendValue(b, n.args[0])
	b = append(b, ' ')
	b = append(b, symbol(n.op)...)
	b = append(b, ' ')
	if n.op == opIn {
		return appendTexts(b, n.list)
	}
	return appendText(b, n.text())
}

// everyone is the condition that is always yes.
const everyone = "everyone"

// appendPair writes a comparison of two sides, the one that varies first.
func appendPair(b []byte, n *node) []byte {
	first, second, word := n.args[0], n.args[1], symbol(n.op)
	if first != nil && second != nil && n.op != opSame && second.varies() > first.varies() {
		first, second, word = second, first, strings.Replace(word, "<", ">", 1)
	}
	b = appendValue(b, first)
	b = append(b, ' ')
	b = append(b, word...)
	b = append(b, ' ')
	return appendValue(b, second)
}

// varies ranks the sides of a comparison: what depends on the person is written
// before what depends on the day, and that before what is fixed.
func (n *node) varies() int {
	switch n.op {
	case opDate, opInt:
		return 0
	case opAsOf:
		return 1
	default:
		return 2
	}
}

// appendNot writes the negation of the comparisons that have one of their own,
// and "not (…)" for the rest.
func appendNot(b []byte, n *node) []byte {
	if n != nil {
		switch n.op {
		case opEq:
			if n.args[0] == nil || n.args[0].kind != kindBool || n.args[0].op != opField {
				b = appendValue(b, n.args[0])
				b = append(b, " != "...)
				return appendText(b, n.text())
			}
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
		if arg != nil && arg.op == opRaw {
			b = append(b, '(')
			b = append(b, arg.raw.text...)
			b = append(b, ')')
			continue
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
	case opEq, opDateEq, opIntEq, opSame:
		return "=="
	case opIn:
		return "in"
	case opStartsWith:
		return "startsWith"
	case opEndsWith:
		return "endsWith"
	case opContains:
		return "contains"
	case opDateLT, opIntLT:
		return "<"
	}
	return "<=" // opDateLE, opIntLE
}

// appendText writes a text in double quotes, with the escapes that rule files know
// for whatever nobody would see.
func appendText(b []byte, text string) []byte { return appendQuoted(b, text, unicode.IsPrint) }

// appendQuoted writes a text in double quotes, with escapes for what is not visible.
func appendQuoted(b []byte, text string, visible func(rune) bool) []byte {
	b = append(b, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\t':
			b = append(b, `\t`...)
		case visible(r):
			b = utf8.AppendRune(b, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			b = appendEscape(appendEscape(b, high), low)
		default:
			b = appendEscape(b, r)
		}
	}
	return append(b, '"')
}

func appendEscape(b []byte, r rune) []byte {
	digits := strconv.FormatInt(int64(r), 16)
	b = append(b, `\u`...)
	b = append(b, "0000"[len(digits):]...)
	return append(b, digits...)
}

func appendTexts(b []byte, texts []string) []byte {
	b = append(b, '[')
	for i, text := range texts {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendText(b, text)
	}
	return append(b, ']')
}
