package rules

import (
	"fmt"
	"slices"
	"sort"
	"strings"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/words"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A checker finds what is wrong with a Spec. It collects every problem instead
// of stopping at the first.
type checker struct {
	problems []error
	fields   map[string]*fieldRef
	names    []string // of fields, sorted, for suggestions
	rule     string   // what is being checked
	slots    int      // of the memo that are taken
}

// maxDays bounds every number of days: a hundred years.
const maxDays = 36525

func (c *checker) fail(hint, format string, args ...any) {
	c.problems = append(c.problems, &Problem{Rule: c.rule, Message: fmt.Sprintf(format, args...), Hint: hint})
}

// declare learns the fields of an identity and the custom ones.
func (c *checker) declare(custom []FieldSpec) {
	c.fields = map[string]*fieldRef{}
	for _, f := range source.Fields() {
		c.fields[f.Name] = &fieldRef{name: f.Name, kind: f.Type, spec: f, words: f.Words, pii: f.PII}
	}
	for _, f := range custom {
		c.rule = "field " + f.Name
		name := customPrefix + f.Name
		switch {
		case !validFieldName(f.Name):
			c.fail("", `name %q: want letters, digits, "_" and "-", beginning with a letter`, f.Name)
			continue
		case c.fields[name] != nil:
			c.fail("", "declared twice")
			continue
		case f.Type > DateType:
			c.fail("", "type %d does not exist", uint8(f.Type))
		case f.Type == DateType && f.Values != nil:
			c.fail("", "a date cannot have a list of values")
		case f.Values != nil && (len(f.Values) == 0 || slices.Contains(f.Values, "")):
			c.fail("", "the list of values is empty or holds an empty text")
		}
		spec, _ := source.Field(name)
		c.fields[name] = &fieldRef{
			name: name, key: f.Name, kind: f.Type.source(), spec: spec,
			words: slices.Clone(f.Values), pii: f.PII, custom: true,
		}
	}
	for name := range c.fields {
		c.names = append(c.names, name)
	}
	sort.Strings(c.names)
}

func validFieldName(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || !('0' <= r && r <= '9' || r == '_' || r == '-')) {
			return false
		}
	}
	return name != ""
}

// cond checks a condition and returns a resolved copy, or nil.
func (c *checker) cond(n *node) *node {
	if n == nil {
		c.fail("", "a condition is empty; to mean everybody write rules.Everyone")
		return nil
	}
	out := *n
	out.args = make([]*node, len(n.args))
	switch n.op {
	case opConst:
		return &out
	case opAll, opAny, opNot:
		if len(n.args) == 0 {
			c.fail("", "%s of no conditions", n.op)
		}
		for i, arg := range n.args {
			out.args[i] = c.cond(arg)
		}
		return &out
	case opDateEq, opDateLT, opDateLE:
		out.args[0], out.args[1] = c.date(n.args[0]), c.date(n.args[1])
		return &out
	}
	field := c.field(n.args[0])
	if field == nil {
		return nil
	}
	out.args[0] = field
	if n.op != opMissing {
		c.literals(&out, field.ref)
	}
	if n.op == opEq && out.mask == 0 {
		out.slot = field.ref.slot
	}
	return &out
}

// literals checks what a field is compared with.
func (c *checker) literals(n *node, f *fieldRef) {
	if len(n.list) == 0 {
		c.fail("", "%s: a comparison with nothing matches nobody", f.name)
	}
	for _, text := range n.list {
		switch {
		case text == "":
			c.fail("", "%s: a comparison with the empty text; an empty field is missing: use Missing()", f.name)
		case !utf8.ValidString(text):
			c.fail("", "%s: %q is not valid UTF-8", f.name, text)
		case f.words == nil || n.op == opStartsWith || n.op == opEndsWith || n.op == opContains:
		case n.op == opEqualFold:
			if !slices.ContainsFunc(f.words, func(w string) bool { return target.FoldEqual(w, text) }) {
				c.notAWord(f, text)
			}
		case !slices.Contains(f.words, text):
			c.notAWord(f, text)
		case !f.custom:
			// Words[i] of the source is value i+1 of its type.
			n.mask |= 1 << (slices.Index(f.words, text) + 1)
		}
	}
}

func (c *checker) notAWord(f *fieldRef, text string) {
	c.fail(words.Nearest(text, f.words), "%q is not a value of %s (%s)", text, f.name, strings.Join(f.words, ", "))
}

// field checks a single field.
func (c *checker) field(n *node) *node {
	f := c.fields[n.field]
	if f == nil {
		if key, ok := strings.CutPrefix(n.field, customPrefix); ok {
			c.fail(strings.TrimPrefix(words.Nearest(n.field, c.names), customPrefix),
				"custom field %q is not declared in Spec.Fields", key)
			return nil
		}
		c.fail(words.Nearest(n.field, c.names), "there is no field %q", n.field)
		return nil
	}
	if f.kind != n.kind {
		c.fail("", "%s is of type %s, used as %s", f.name, f.kind, n.kind)
		return nil
	}
	if f.kind == source.FieldText && f.slot == 0 && c.slots < len(memo{}) {
		c.slots++
		f.slot = c.slots
	}
	out := *n
	out.ref = f
	return &out
}

func (c *checker) date(n *node) *node {
	if n == nil {
		c.fail("", "a comparison with a date that is not there")
		return nil
	}
	c.days(n)
	out := *n
	switch n.op {
	case opField:
		return c.field(n)
	case opDate:
		if n.day.IsZero() {
			c.fail("", "a date that does not exist")
		}
	}
	return &out
}

func (c *checker) days(n *node) {
	if n.days > maxDays || n.days < -maxDays {
		c.fail("", "%d days is more than a hundred years", n.days)
	}
}

// value checks a value and returns a resolved copy, or nil. Where single is set
// a list is refused.
func (c *checker) value(n *node, single bool) *node {
	if n == nil {
		c.fail("", "a value is not set")
		return nil
	}
	out := *n
	out.args = make([]*node, len(n.args))
	switch n.op {
	case opDate:
		return c.date(n)
	case opField:
		c.days(n)
		field := c.field(n)
		if field != nil && single && field.ref.kind == source.FieldList {
			c.fail("", "%s is a list, and a single text is wanted here", field.ref.name)
		}
		return field
	case opText:
		if n.text() == "" || !utf8.ValidString(n.text()) {
			c.fail("", "a fixed text is empty or not valid UTF-8")
		}
		return &out
	case opFirst, opJoin:
		if len(n.args) == 0 {
			c.fail("", "%s of no values", n.op)
		}
	case opLeft:
		if n.days < 1 {
			c.fail("", "the first %d characters are nothing", n.days)
		}
	}
	for i, arg := range n.args {
		out.args[i] = c.value(arg, single || n.op != opFirst)
	}
	return &out
}
