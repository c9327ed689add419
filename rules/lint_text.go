package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/source"
)

// Kinds of rules that findings can be about and that have no condition of their own.
const (
	KindTable  RuleKind = "table"
	KindPick   RuleKind = "pick"
	KindBudget RuleKind = "budget"
)

// ruleText names a rule, or a part of one.
func ruleText(kind RuleKind, rule string, number int) string {
	part := ""
	switch kind {
	case "":
		return printable(rule)
	case KindScope:
		return "scope"
	case KindRow:
		kind, part = KindGrant, "row"
		if strings.HasPrefix(rule, tablePrefix) {
			kind = KindTable
		}
	case KindChoice:
		kind, part = KindPick, "choice"
	case KindAttribute:
		part = "choice"
	case KindException:
		kind, part = KindGrant, "exception"
	default: // has no parts
	}
	text := string(kind) + " " + printable(strings.TrimPrefix(rule, string(kind)+"."))
	if number > 0 && part != "" {
		text += ", " + part + " " + itoa(number)
	}
	return text
}

// text names the rule of a condition; place says where it is as well.
func (c *condition) text() string { return ruleText(c.kind, c.rule, c.number) }

func (c *condition) place() string {
	if c.pos.IsZero() {
		return c.text()
	}
	return c.text() + " (" + c.pos.String() + ")"
}

// part names a row or a choice beside another one of the same rule.
func (c *condition) part() string { return c.what() + " " + itoa(c.number) }

// what is the word for a condition's rule where it has been named before.
func (c *condition) what() string {
	switch {
	case c.kind == KindRow:
		return "row"
	case c.kind == KindChoice, c.kind == KindAttribute && c.number > 0:
		return "choice"
	case c.kind == KindNever, c.kind == KindProtection, c.kind == KindRequirement:
		return "rule"
	}
	return string(c.kind)
}

// witnessText writes a person of the analysis: the fields that matter. certain says
// that it does not rest on what only a function, or a comparison that the analysis
// does not know, can tell.
func witnessText(values map[string]logic.Value) (text string, certain bool) {
	certain = true
	var list []string
	for name, v := range values {
		switch {
		case v.Kind == logic.Assumed:
			certain = false
		case name != logic.AsOf:
			list = append(list, witnessField(strings.TrimPrefix(name, customPrefix), &v))
		}
	}
	slices.Sort(list)
	if v, ok := values[logic.AsOf]; ok {
		list = append(list, "on "+dayText(v.Int))
	}
	if len(list) == 0 {
		return "", certain
	}
	return ", for example " + strings.Join(list, ", "), certain
}

func witnessField(name string, v *logic.Value) string {
	text := ""
	switch v.Kind {
	case logic.NoValue:
		return name + " missing"
	case logic.TextValue:
		text = v.Text
	case logic.ListValue:
		text = "[" + strings.Join(v.List, ", ") + "]"
	case logic.IntValue:
		text = itoa(int(v.Int))
	case logic.DayValue:
		text = dayText(v.Int)
	default:
		return name + " not missing"
	}
	return name + " = " + printable(text)
}

func dayText(days int64) string { return source.Day(1970, 1, 1).AddDays(int(days)).String() }

// maxQuoted bounds how much of a condition a message quotes.
const maxQuoted = 160

// condText writes a condition for a message, "" if it is too long to be of help.
func condText(n *node) string {
	text := string(appendCond(nil, n, 0))
	if len(text) > maxQuoted {
		return ""
	}
	return text
}

// listed writes a list of a few names.
func listed(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

// few is listed of at most three of them.
func few(list []string, thing string) string {
	if len(list) <= 3 {
		return listed(list)
	}
	return strings.Join(list[:2], ", ") + " and " + itoa(len(list)-2) + " more " + thing
}
