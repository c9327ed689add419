package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// declare learns the fields of an identity and the custom ones.
func (c *checker) declare(custom []FieldSpec) {
	c.specs = source.Fields()
	c.fields = make(map[string]*fieldRef, 16+len(custom))
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
	// What every life cycle looks at is there whether a condition asks for it or not.
	for _, name := range []string{"status", string(StartDate), string(EndDate), "terminated_at", string(Manager)} {
		c.ref(name)
	}
}

// ref returns the field with a name, or nil. Most sets use few of those that an
// identity has, so each is made when it is asked for.
func (c *checker) ref(name string) *fieldRef {
	if f := c.fields[name]; f != nil {
		return f
	}
	at, found := slices.BinarySearchFunc(c.specs, name, func(f source.FieldSpec, name string) int { return strings.Compare(f.Name, name) })
	if !found {
		return nil
	}
	f := &c.specs[at]
	ref := &fieldRef{name: f.Name, kind: f.Type, spec: *f, words: f.Words, pii: f.PII, groups: f.Name == string(Groups)}
	c.fields[name] = ref
	return ref
}

// names returns the names of all fields, sorted, for suggestions.
func (c *checker) names() []string {
	var names []string
	for i := range c.specs {
		names = append(names, c.specs[i].Name)
	}
	for name, f := range c.fields {
		if f.custom {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
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
	if f := c.ref(name); f != nil {
		return f
	}
	if name == "end_date" {
		return c.ref(string(EndDate))
	}
	return c.fields[customPrefix+name]
}

// field checks a single field.
func (c *checker) field(n *node) *node {
	f := c.ref(n.field)
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
	if kept && f.slot == 0 && c.slots < len(memo{}.fields) {
		c.slots++
		f.slot = c.slots
	}
	if n.fresh {
		n.ref = f
		return n
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
		c.failNode(n, strings.TrimPrefix(c.nearest(name, c.names()), customPrefix),
			"custom field %q is not declared under fields", key)
		return
	}
	near := otherNames()[strings.ToLower(name)]
	if near == "" {
		near = c.nearest(name, c.names())
	}
	if near == "" {
		near = strings.TrimPrefix(c.nearest(customPrefix+name, c.names()), customPrefix)
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

// otherNames are what other systems call fields of ours.
func otherNames() map[string]string {
	return map[string]string{
		"dept": "department", "email": "work_email", "e_mail": "work_email", "mail": "work_email", "first_name": "given_name",
		"last_name": "family_name", "surname": "family_name", "lastname": "family_name", "firstname": "given_name", "name": "display_name",
		"position": "job_title", "role": "job_title", "title": "job_title", "job": "job_title", "type": "employment_type", "office": "location",
		"manager_id": "manager", "supervisor": "manager", "personnel_number": "employee_number", "employee_id": "employee_number",
		"exit_date": "end", "leave_date": "end", "entry_date": "start", "joined": "start", "state": "status",
	}
}

// bad stands for what was wrong and has been reported.
func bad(n *node) *node { return &node{op: opBad, at: n.at} }

func (n *node) isBad() bool { return n != nil && n.op == opBad }
