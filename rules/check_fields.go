package rules

import (
	"slices"
	"sort"
	"strings"

	"github.com/provision-go/provision/source"
)

// declare learns the fields of an identity and the custom ones.
func (c *checker) declare(custom []FieldSpec) {
	fields := source.Fields()
	c.fields = make(map[string]*fieldRef, len(fields)+len(custom))
	for _, f := range fields {
		c.fields[f.Name] = &fieldRef{name: f.Name, kind: f.Type, spec: f, words: f.Words, pii: f.PII}
	}
	for _, f := range custom {
		c.enter(fieldPrefix + f.Name)
		name := customPrefix + strings.TrimPrefix(f.Name, customPrefix)
		switch {
		case !validFieldName(f.Name):
			const form = `name %q: want letters, digits, "_" and "-", beginning with a letter`
			if bare, ok := strings.CutPrefix(f.Name, customPrefix); ok && !c.at.IsZero() {
				c.fail(bare, "fields are declared without %s in front", customPrefix)
			} else {
				c.fail(c.wording("", mended(f.Name)), c.wording(form,
					`the name of a field cannot be %q: it has letters, digits, "_" and "-", and begins with a letter`), f.Name)
			}
			c.fields[name] = &fieldRef{name: name, key: f.Name, custom: true, broken: true}
			continue
		case c.fields[name] != nil:
			c.fail("", "field %q is declared twice", f.Name)
			continue
		case f.Type > BoolType:
			c.fail("", "type %d does not exist", uint8(f.Type))
		case (f.Type == DateType || f.Type == IntType || f.Type == BoolType) && f.Values != nil:
			c.point("values")
			c.fail("", "field %q: only a text or a list can have a list of values", f.Name)
		case f.Values != nil && (len(f.Values) == 0 || slices.Contains(f.Values, "")):
			c.fail("", "field %q: the list of values is empty or holds an empty text", f.Name)
		}
		spec, _ := source.Field(name)
		ref := &fieldRef{
			name: name, key: f.Name, kind: f.Type.source(), spec: spec,
			words: slices.Clone(f.Values), pii: f.PII, custom: true,
			broken: c.broken[c.id],
		}
		if f.Type == BoolType {
			ref.words = []string{"false", "true"}
		}
		c.fields[name] = ref
	}
	c.names = make([]string, 0, len(c.fields))
	for name := range c.fields {
		c.names = append(c.names, name)
	}
	sort.Strings(c.names)
}

// mended is a name that is like one that cannot be one, or "".
func mended(name string) string {
	name = strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == '/' {
			return '_'
		}
		return r
	}, strings.TrimSpace(name))
	if !validFieldName(name) {
		return ""
	}
	return name
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

// find returns a field by the name that people write: that of a custom one with or
// without "custom." in front, and "end_date" for the last day, whichever field of
// the source it is from.
func (c *checker) find(name string) *fieldRef {
	if f := c.fields[name]; f != nil {
		return f
	}
	if name == "end_date" {
		return c.fields[string(EndDate)]
	}
	return c.fields[customPrefix+name]
}

// field checks a single field.
func (c *checker) field(n *node) *node {
	f := c.fields[n.field]
	if f == nil {
		c.noField(n, n.field)
		return bad(n)
	}
	if f.broken {
		return bad(n)
	}
	if f.kind != n.kind {
		c.failNode(n, "", "%s is of type %s, used as %s", f.name, kindName(f.kind), kindName(n.kind))
		return bad(n)
	}
	kept := f.kind == source.FieldText || f.kind == kindInt || f.kind == kindBool
	if kept && f.slot == 0 && c.slots < len(memo{}) {
		c.slots++
		f.slot = c.slots
	}
	out := *n
	out.ref = f
	return &out
}

func (c *checker) noField(n *node, name string) {
	if c.lacks["fields"] {
		return
	}
	if key, ok := strings.CutPrefix(name, customPrefix); ok {
		c.failNode(n, strings.TrimPrefix(c.nearest(name, c.names), customPrefix),
			"custom field %q is not declared under fields", key)
		return
	}
	near := c.nearest(name, c.names)
	if near == "" {
		near = strings.TrimPrefix(c.nearest(customPrefix+name, c.names), customPrefix)
	}
	if at := strings.LastIndexByte(name, '.'); near == "" && at >= 0 && c.find(name[at+1:]) != nil {
		near = name[at+1:]
	}
	if near == "" && !n.at.isZero() {
		c.failNode(n, "", "there is no field %q: those of your own are declared under fields", name)
		return
	}
	c.failNode(n, near, "there is no field %q", name)
}

// bad stands for what was wrong and has been reported.
func bad(n *node) *node { return &node{op: opBad, at: n.at} }

func (n *node) isBad() bool { return n != nil && n.op == opBad }
