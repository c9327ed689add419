package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/mapping"
	"github.com/provision-go/provision/source"
)

// param is what a mapping function takes in one place.
type param uint8

const (
	aValue  param = iota + 1 // a value that is one text
	aList                    // a value that is a list
	aDate                    // a date
	anInt                    // a number that stands there
	aText                    // a text that stands there
	anEmpty                  // a text that stands there and may be empty
)

// String returns the parameter as messages name it.
func (p param) String() string {
	switch p {
	case aList:
		return "a list"
	case aDate:
		return "a date"
	case anInt:
		return "a number"
	case aText, anEmpty:
		return "a text in quotes"
	default:
		return "a text"
	}
}

// A function is one of the mapping functions of the language. They are total and
// depend on their arguments alone; what is missing gives what is missing.
type function struct {
	name   string
	params []param
	list   bool // it gives a list
	// One of them is set. The arguments are those of the node.
	text  func(v view, args []*node) string
	texts func(v view, args []*node) []string
	check func(args []*node) string // what is wrong with them, "" if nothing
}

// functions is the table of all of them, sorted by name. "coalesce", "join",
// "append", "iif", "switch", "lookup", "count", "date_add" and "date_diff" are not
// among them: they have operations of their own.
func functions() []function {
	one := func(name string, f func(string) string) function {
		return function{name: name, params: []param{aValue}, text: func(v view, args []*node) string { return f(v.text(args[0])) }}
	}
	part := func(name string, f func(string, int) string) function {
		return function{
			name: name, params: []param{aValue, anInt}, check: positive(1),
			text: func(v view, args []*node) string { return f(v.text(args[0]), args[1].days) },
		}
	}
	return []function{
		one("ascii", mapping.ASCII),
		one("country2", mapping.Country2),
		one("country3", mapping.Country3),
		one("digits", mapping.Digits),
		{
			name: "e164", params: []param{aValue, aValue},
			text: func(v view, args []*node) string { return mapping.E164(v.text(args[0]), v.text(args[1])) },
		},
		{name: "format_date", params: []param{aDate, aText}, check: layout, text: formatDate},
		{name: "hash_hex", params: []param{aValue, anInt}, check: hexDigits, text: func(v view, args []*node) string {
			return mapping.HashHex(v.text(args[0]), args[1].days)
		}},
		{name: "item", params: []param{aList, anInt}, check: notZero, text: func(v view, args []*node) string {
			list, _ := v.values(args[0])
			return mapping.Item(list, args[1].days)
		}},
		part("left", mapping.Left),
		one("local_part", mapping.LocalPart),
		one("lower", mapping.Lower),
		{name: "mid", params: []param{aValue, anInt, anInt}, check: positive(1, 2), text: func(v view, args []*node) string {
			return mapping.Mid(v.text(args[0]), args[1].days, args[2].days)
		}},
		one("nfc", mapping.NFC),
		one("only_domain", mapping.OnlyDomain),
		{name: "pad", params: []param{aValue, anInt, aText}, check: padding, text: func(v view, args []*node) string {
			return mapping.Pad(v.text(args[0]), args[1].days, args[2].text())
		}},
		{name: "replace", params: []param{aValue, aText, anEmpty}, text: func(v view, args []*node) string {
			return mapping.Replace(v.text(args[0]), args[1].text(), args[2].text())
		}},
		part("right", mapping.Right),
		one("slug", mapping.Slug),
		{name: "split", params: []param{aValue, aText}, list: true, texts: func(v view, args []*node) []string {
			return mapping.Split(v.text(args[0]), args[1].text())
		}},
		one("title", mapping.Title),
		one("trim", mapping.Trim),
		one("upper", mapping.Upper),
	}
}

// findFunction returns a function of the table by its name.
func findFunction(table []function, name string) *function {
	at, ok := slices.BinarySearchFunc(table, name, func(f function, name string) int { return strings.Compare(f.name, name) })
	if !ok {
		return nil
	}
	return &table[at]
}

func formatDate(v view, args []*node) string {
	day := v.date(args[0]).AddDays(args[0].days)
	if day.IsZero() {
		return ""
	}
	year, month, n := day.Civil()
	return mapping.FormatDate(year, month, n, args[1].text())
}

// maxChars bounds how much of a text a function may be asked for.
const maxChars = 1000

// positive checks that the numbers at some places are characters to count.
func positive(places ...int) func(args []*node) string {
	return func(args []*node) string {
		for _, i := range places {
			if n := args[i].days; n < 1 || n > maxChars {
				return "a number of characters goes from 1 to 1000"
			}
		}
		return ""
	}
}

func notZero(args []*node) string {
	if args[1].days == 0 {
		return "items count from 1, and from the end by -1, -2 …"
	}
	return ""
}

func hexDigits(args []*node) string {
	if n := args[1].days; n < 1 || n > 64 {
		return "a hash has 1 to 64 digits"
	}
	return ""
}

func padding(args []*node) string {
	if n := []rune(args[2].text()); len(n) != 1 {
		return "the last argument is the one character to fill up with"
	}
	return positive(1)(args)
}

func layout(args []*node) string {
	if err := mapping.CheckLayout(args[1].text()); err != nil {
		return err.Error()
	}
	return ""
}

// values of an opFunc that gives a list; known unless what it is made of is missing.
func (v view) listOf(n *node) ([]string, bool) {
	list := n.fn.texts(v, n.args)
	return list, len(list) > 0
}

// isList reports whether a resolved value is a list.
func (n *node) isList() bool {
	switch n.op {
	case opField:
		return n.ref.kind == source.FieldList
	case opFunc:
		return n.fn.list
	case opFirst:
		return slices.ContainsFunc(n.args, (*node).isList)
	default:
		return false
	}
}
