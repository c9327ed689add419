package rules

import (
	"slices"
	"strconv"
	"strings"

	"github.com/provision-go/provision/source"
)

// appendValue writes a value as rule files have it.
func appendValue(b []byte, n *node) []byte {
	if n == nil {
		return append(b, "<nothing>"...)
	}
	switch n.op {
	case opRaw:
		return append(b, n.raw.text...)
	case opDate:
		b = append(b, `date("`...)
		b = append(b, n.day.String()...)
		b = append(b, `")`...)
	case opAsOf:
		b = append(b, asOfName...)
	case opField:
		b = appendField(b, n.field)
	case opText:
		return appendText(b, n.text())
	case opInt:
		return strconv.AppendInt(b, int64(n.days), 10)
	case opCounter:
		return append(b, counterName...)
	case opCallText:
		return append(append(b, n.field...), "()"...)
	case opLookup:
		b = append(b, "lookup("...)
		return append(appendText(b, n.field), ')')
	case opJoin:
		return appendJoin(b, n)
	case opSwitch:
		return appendSwitch(b, n)
	case opIf:
		b = append(b, "iif("...)
		b = appendCond(b, n.args[0], 0)
		b = append(b, ", "...)
		return append(appendValues(b, n.args[1:]), ')')
	case opFirst:
		return appendCall(b, "coalesce", n.args)
	case opCount:
		return appendCall(b, "count", n.args)
	case opDaysBetween:
		return appendCall(b, "date_diff", []*node{n.args[1], n.args[0]})
	case opFunc:
		return appendCall(b, n.field, n.args)
	default:
		return appendCond(b, n, 0) // a condition where a value should be
	}
	return appendDays(b, n.days)
}

const (
	asOfName    = "as_of"
	counterName = "n"
)

// appendField writes the name of a field; one that is no plain name in brackets.
func appendField(b []byte, name string) []byte {
	key, custom := strings.CutPrefix(name, customPrefix)
	plain := name != counterName && name != asOfName && name != everyone && name != "true" && name != "false"
	for i, r := range []byte(key) {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_'
		digit := '0' <= r && r <= '9'
		dash := r == '-' && i > 0 && key[i-1] != '-' && i+1 < len(key) &&
			('a' <= key[i+1] && key[i+1] <= 'z' || 'A' <= key[i+1] && key[i+1] <= 'Z')
		plain = plain && (letter || digit && i > 0 || dash)
	}
	if plain || !custom {
		return append(b, name...)
	}
	b = append(b, "custom["...)
	return append(appendText(b, key), ']')
}

// appendJoin writes what is joined without a separator with "+".
func appendJoin(b []byte, n *node) []byte {
	plus := n.list[0] == "" && len(n.args) > 1 && !slices.ContainsFunc(n.args, func(a *node) bool {
		return a == nil || a.op == opRaw || a.op == opField && (a.kind == source.FieldList || a.kind == source.FieldDate) || a.op == opFunc && a.field == "split" ||
			a.days != 0 || a.op == opDate || a.op == opFirst
	})
	if !plus {
		b = append(b, "join("...)
		b = appendText(b, n.list[0])
		b = append(b, ", "...)
		return append(appendValues(b, n.args), ')')
	}
	for i, arg := range n.args {
		if i > 0 {
			b = append(b, " + "...)
		}
		b = appendValue(b, arg)
	}
	return b
}

func appendSwitch(b []byte, n *node) []byte {
	b = append(b, "switch("...)
	b = appendValue(b, n.args[0])
	for i, text := range n.list {
		b = append(b, ", "...)
		b = appendText(b, text)
		b = append(b, ", "...)
		b = appendValue(b, n.args[i+1])
	}
	if len(n.args) > len(n.list)+1 {
		b = append(b, ", "...)
		b = appendValue(b, n.args[len(n.args)-1])
	}
	return append(b, ')')
}

func appendCall(b []byte, name string, args []*node) []byte {
	b = append(b, name...)
	b = append(b, '(')
	return append(appendValues(b, args), ')')
}

func appendValues(b []byte, list []*node) []byte {
	for i, n := range list {
		if i > 0 {
			b = append(b, ", "...)
		}
		b = appendValue(b, n)
	}
	return b
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

// shown writes a value for messages.
func shown(n *node) string { return string(appendValue(nil, n)) }
