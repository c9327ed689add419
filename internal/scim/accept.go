package scim

import (
	"slices"
	"strings"
)

// Accept turns the body of a POST or PUT, as [Decode] returns it, into a canonical
// resource: names as the schemas write them, types checked, and schemas listing the
// core schema and those extensions that have data. Values stay as they were sent.
//
// What is readOnly is ignored, id and meta with it: [CheckID] is for a PUT whose id
// matters. A required attribute that is missing or "" is invalidValue, and so is a
// value of the wrong type; an attribute that is not known is invalidSyntax. The rules
// may be more lenient.
//
// The result shares nothing with raw but strings, and accepting it again gives an
// equal one.
func Accept(t *ResourceType, raw Object, r Rules) (Object, error) {
	a := acceptor{t: t, r: r, out: make(Object, len(raw)), set: make([]Attr, 0, 16)}
	if err := a.schemas(raw); err != nil {
		return nil, err
	}
	if err := a.members(raw, nil); err != nil {
		return nil, err
	}
	a.out["schemas"] = schemasOf(t, a.out)
	if err := checkRequired(t, a.out); err != nil {
		return nil, err
	}
	return a.out, nil
}

// CheckID says whether a body names the resource that it was sent to: an id that is
// another is refused (mutability). A body without one is fine.
func CheckID(raw Object, id string) error {
	for name, v := range raw {
		if strings.EqualFold(name, "id") && v != nil && v != id {
			return fail(Mutability, "id", "the id of a resource does not change; leave it out, or send the one in the URL")
		}
	}
	return nil
}

// acceptor fills a resource from a body.
type acceptor struct {
	t   *ResourceType
	r   Rules
	out Object
	// set has the attributes that the body has set so far. There are no more of them
	// than the schemas have.
	set []Attr
}

// schemas checks the list of schemas of a body. What it lists is not needed
// otherwise: the attributes say which schemas are meant.
func (a *acceptor) schemas(raw Object) error {
	var listed any
	for name, v := range raw {
		if strings.EqualFold(name, "schemas") {
			listed = v
		}
	}
	if s, ok := listed.(string); ok && a.r.LooseArrays {
		listed = []any{s}
	}
	list, ok := listed.([]any)
	if !ok && listed != nil {
		return fail(InvalidValue, "schemas", "schemas is an array of URNs")
	}
	core := false
	for _, v := range list {
		urn, ok := v.(string)
		if !ok {
			return fail(InvalidValue, "schemas", "schemas is an array of URNs")
		}
		core = core || strings.EqualFold(urn, a.t.Core.ID)
		if a.t.Schema(urn) == nil && !a.r.UnknownSchemas {
			return fail(InvalidValue, "schemas", "a schema is not one of %s", a.t.Name)
		}
	}
	if !core && !a.r.MissingSchemas {
		return fail(InvalidValue, "schemas", "schemas must have %s", a.t.Core.ID)
	}
	return nil
}

// members takes the members of a body, or of the object under the URN of a schema.
// They are taken in order, plain names first, so that equal bodies give equal results
// and errors.
func (a *acceptor) members(raw Object, in *Schema) error {
	for _, name := range ordered(raw) {
		v := raw[name]
		if in == nil {
			if s := a.t.Schema(name); s != nil {
				if err := a.nested(s, v); err != nil {
					return err
				}
				continue
			}
		}
		attr, ok := a.t.lookup(name, in, a.r.DottedKeys)
		switch {
		case ok && attr.Attribute.Mutability == ReadOnly, ok && attr.Attribute.Name == "schemas":
		case ok:
			if err := a.assign(attr, v); err != nil {
				return err
			}
		case strings.Contains(name, ":") && a.r.UnknownSchemas, a.r.UnknownAttributes:
		default:
			return fail(InvalidSyntax, "", "%s has an attribute that its schemas do not have", a.t.Name)
		}
	}
	return nil
}

// nested takes the object under the URN of a schema.
func (a *acceptor) nested(s *Schema, v any) error {
	if v == nil {
		return nil
	}
	o, ok := v.(Object)
	if !ok {
		return fail(InvalidValue, s.ID, "what is under the URN of a schema is an object")
	}
	return a.members(o, s)
}

// assign puts a value where attr says.
func (a *acceptor) assign(attr Attr, v any) error {
	if slices.ContainsFunc(a.set, func(s Attr) bool { return s.Attribute == attr.Attribute && s.Sub == attr.Sub }) {
		return fail(InvalidSyntax, attr.String(), "the body has it twice, under different names")
	}
	a.set = append(a.set, attr)
	accepted, err := a.r.at(attr, v)
	if err != nil || accepted == nil {
		return err
	}
	in := a.out
	if attr.Extension {
		in, _ = a.out[attr.Schema.ID].(Object)
		if in == nil {
			in = Object{}
			a.out[attr.Schema.ID] = in
		}
	}
	if attr.Sub == nil {
		in[attr.Attribute.Name] = accepted
		return nil
	}
	// name.givenName beside name: what is dotted comes last.
	o, _ := in[attr.Attribute.Name].(Object)
	if o == nil {
		o = Object{}
	}
	if _, twice := o[attr.Sub.Name]; twice {
		return fail(InvalidSyntax, attr.String(), "the body has it twice, under different names")
	}
	o[attr.Sub.Name] = accepted
	in[attr.Attribute.Name] = o
	return nil
}

// at accepts a value for an attribute or, in a dotted name, a sub-attribute.
func (r Rules) at(attr Attr, v any) (any, error) {
	if attr.Sub == nil {
		return r.value(attr.Attribute, v, attr)
	}
	if attr.Attribute.MultiValued {
		return nil, fail(InvalidSyntax, attr.String(), "%s has several values; send an array", attr.Attribute.Name)
	}
	if attr.Sub.Mutability == ReadOnly {
		return nil, nil
	}
	return r.value(attr.Sub, v, attr)
}

// ordered returns the names of members, those with a dot or colon last.
func ordered(o Object) []string {
	names := make([]string, len(o))
	plain, special := 0, len(o)
	for name := range o {
		if strings.IndexByte(name, '.') >= 0 || strings.IndexByte(name, ':') >= 0 {
			special--
			names[special] = name
			continue
		}
		names[plain] = name
		plain++
	}
	slices.Sort(names[:plain])
	slices.Sort(names[plain:])
	return names
}

// lookup resolves the name of a member: an attribute of a schema, nil for the core
// schema, and with dotted a sub-attribute or a name that begins with a URN.
func (t *ResourceType) lookup(name string, in *Schema, dotted bool) (Attr, bool) {
	if in == nil {
		in = t.Core
	}
	if a := in.Attribute(name); a != nil {
		return Attr{Schema: in, Extension: in != t.Core, Attribute: a}, true
	}
	if !dotted {
		return Attr{}, false
	}
	rest := name
	for s := range t.schemas() {
		if n := len(s.ID); len(name) > n && name[n] == ':' && strings.EqualFold(name[:n], s.ID) && len(name)-n-1 <= len(rest) {
			in, rest = s, name[n+1:]
		}
	}
	top, sub, has := strings.Cut(rest, ".")
	attr := Attr{Schema: in, Extension: in != t.Core, Attribute: in.Attribute(top)}
	if attr.Attribute != nil && has {
		attr.Sub = attr.Attribute.Sub(sub)
	}
	return attr, attr.Attribute != nil && (!has || attr.Sub != nil)
}

// schemas yields the core schema and the extensions.
func (t *ResourceType) schemas() func(yield func(*Schema) bool) {
	return func(yield func(*Schema) bool) {
		if !yield(t.Core) {
			return
		}
		for _, e := range t.Extensions {
			if !yield(e.Schema) {
				return
			}
		}
	}
}

// schemasOf is what the attribute schemas of a resource is: the core schema, and the
// extensions that it has data of.
func schemasOf(t *ResourceType, o Object) []any {
	out := []any{t.Core.ID}
	for _, e := range t.Extensions {
		if data, _ := o[e.Schema.ID].(Object); len(data) > 0 {
			out = append(out, e.Schema.ID)
		}
	}
	return out
}

// checkRequired says what a resource lacks. What the server makes is not asked for.
func checkRequired(t *ResourceType, o Object) error {
	if err := requiredOf(t.Core.Attributes, o, ""); err != nil {
		return err
	}
	for _, e := range t.Extensions {
		data, _ := o[e.Schema.ID].(Object)
		if len(data) == 0 && e.Required {
			return fail(InvalidValue, e.Schema.ID, "this extension is required")
		}
		if len(data) > 0 {
			if err := requiredOf(e.Schema.Attributes, data, e.Schema.ID+":"); err != nil {
				return err
			}
		}
	}
	return nil
}

func requiredOf(list []Attribute, o Object, path string) error {
	for n := range list {
		a := &list[n]
		v, has := o[a.Name]
		if a.Required && a.Mutability != ReadOnly && (!has || v == "") {
			return fail(InvalidValue, path+a.Name, "a value is required")
		}
		if a.Type != Complex || a.Mutability == ReadOnly || !has || !requires(a) {
			continue
		}
		elements, ok := v.([]any)
		if !ok {
			elements = []any{v}
		}
		for _, e := range elements {
			if e, ok := e.(Object); ok {
				if err := requiredOf(a.SubAttributes, e, path+a.Name+"."); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// requires says whether a complex attribute has a sub-attribute that is required.
func requires(a *Attribute) bool {
	return slices.ContainsFunc(a.SubAttributes, func(s Attribute) bool { return s.Required && s.Mutability != ReadOnly })
}
