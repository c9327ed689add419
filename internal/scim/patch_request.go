package scim

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// PatchURN is the schema of a PATCH on the wire.
const PatchURN = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

// PatchKind is what an operation of a PATCH does.
type PatchKind string

// The kinds of operations.
const (
	Add    PatchKind = "add"
	Remove PatchKind = "remove"
	Set    PatchKind = "replace"
)

// PatchRequest is the operations of a PATCH, in order.
type PatchRequest struct{ Operations []PatchOperation }

// PatchOperation is one operation on one place. An operation without a path, and one
// on an extension as a whole, is several of them: one per member of its value.
type PatchOperation struct {
	Kind PatchKind
	// Path has no Attribute if an extension is removed as a whole.
	Path Path
	// Value is canonical: []any for a multi-valued attribute without a filter and
	// without a sub-attribute. nil unassigns, and removes all that the path means;
	// removal of elements of a multi-valued attribute removes those that are like one
	// of Value, none if it is empty.
	Value any
	// Number is the operation of the request that it comes from, from 1.
	Number int
}

// ParsePatch reads the body of a PATCH, as [Decode] returns it: names, operations,
// paths and the types of values are checked here, all that depends on the resource by
// [Patch]. Limits are those of paths.
func ParsePatch(t *ResourceType, raw Object, r Rules, l Limits) (PatchRequest, error) {
	p := patchParser{t: t, r: r, l: l}
	var schemas, operations any
	for name, v := range raw {
		switch strings.ToLower(name) {
		case "schemas":
			schemas = v
		case "operations":
			operations = v
		}
	}
	if !lists(schemas, PatchURN) && !r.MissingSchemas {
		return PatchRequest{}, fail(InvalidSyntax, "schemas", "schemas must have %s", PatchURN)
	}
	list, ok := operations.([]any)
	if one, object := operations.(Object); object && r.LooseArrays {
		list, ok = []any{one}, true
	}
	if !ok || len(list) == 0 {
		return PatchRequest{}, fail(InvalidSyntax, "Operations", "a PATCH needs an array of operations")
	}
	if most := limit(r.MaxOperations, 5_000); len(list) > most {
		return PatchRequest{}, &Error{Status: http.StatusRequestEntityTooLarge, At: "Operations", Detail: fmt.Sprintf("there are more than %d; send several requests", most)}
	}
	for n, v := range list {
		p.number = n + 1
		if err := p.operation(v); err != nil {
			return PatchRequest{}, numbered(err, p.number)
		}
	}
	return PatchRequest{Operations: p.out}, nil
}

// lists says whether an array of strings has one, whatever its case.
func lists(v any, urn string) bool {
	list, _ := v.([]any)
	for _, v := range list {
		if s, ok := v.(string); ok && strings.EqualFold(s, urn) {
			return true
		}
	}
	return false
}

// numbered says in which operation an error is.
func numbered(err error, n int) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	out.Detail = fmt.Sprintf("operation %d: %s", n, e.Detail)
	return &out
}

type patchParser struct {
	t      *ResourceType
	r      Rules
	l      Limits
	number int
	out    []PatchOperation
}

func (p *patchParser) operation(v any) error {
	o, ok := v.(Object)
	if !ok {
		return fail(InvalidSyntax, "Operations", "an operation is an object")
	}
	var op, path, value any
	given := false
	for name, v := range o {
		switch strings.ToLower(name) {
		case "op":
			op = v
		case "path":
			path = v
		case "value":
			value, given = v, true
		}
	}
	word, _ := op.(string)
	kind := PatchKind(strings.ToLower(word))
	if kind != Add && kind != Remove && kind != Set {
		return fail(InvalidSyntax, "op", "op is add, remove or replace")
	}
	text, ok := path.(string)
	if !ok && path != nil {
		return fail(InvalidPath, "path", "path is a string")
	}
	switch {
	case text == "" && kind == Remove:
		return fail(NoTarget, "path", "a removal needs a path")
	case !given && kind != Remove:
		return fail(InvalidValue, "value", "%s needs a value", kind)
	case text == "" && (path == nil || p.r.DottedKeys):
		o, ok := value.(Object)
		if !ok {
			return fail(InvalidValue, "value", "without a path, value is an object of attributes")
		}
		return p.members(kind, o, nil)
	}
	return p.at(kind, text, value)
}

// at takes an operation with a path.
func (p *patchParser) at(kind PatchKind, text string, value any) error {
	path, err := ParsePath(text, p.t, p.l)
	if err != nil && p.r.UnknownPaths && p.unknown(text) {
		return nil
	}
	if err != nil {
		return err
	}
	a := path.Attribute
	switch {
	case a == nil && (kind == Remove || value == nil):
		return p.add(PatchOperation{Kind: Remove, Path: path})
	case a == nil:
		o, ok := value.(Object)
		if !ok {
			return fail(InvalidValue, path.String(), "the value of an extension is an object")
		}
		return p.members(kind, o, path.Schema)
	case a.Name == "schemas": // follows from the data
		return nil
	case a.Name == "id" && kind == Remove:
	case a.Name == "id":
		return p.add(PatchOperation{Kind: kind, Path: path, Value: value})
	}
	if a.Mutability == ReadOnly || path.Sub != nil && path.Sub.Mutability == ReadOnly {
		return fail(Mutability, path.Attr.String(), "it is readOnly")
	}
	return p.typed(PatchOperation{Kind: kind, Path: path}, value)
}

// members takes the members of a value without a path, or of an extension.
func (p *patchParser) members(kind PatchKind, o Object, in *Schema) error {
	for _, name := range ordered(o) {
		if err := p.member(kind, name, o[name], in); err != nil {
			return err
		}
	}
	return nil
}

func (p *patchParser) member(kind PatchKind, name string, v any, in *Schema) error {
	if s := p.t.Schema(name); in == nil && s != nil {
		o, ok := v.(Object)
		switch {
		case ok:
			return p.members(kind, o, s)
		case v != nil:
			return fail(InvalidValue, s.ID, "what is under the URN of a schema is an object")
		case kind == Set && s != p.t.Core:
			return p.add(PatchOperation{Kind: Remove, Path: Path{Attr: Attr{Schema: s, Extension: true}}})
		}
		return nil
	}
	attr, ok := p.t.lookup(name, in, p.r.DottedKeys)
	switch {
	case !ok && in == nil && p.r.DottedKeys && strings.Contains(name, "["):
		return p.at(kind, name, v)
	case !ok && (p.r.UnknownAttributes || strings.Contains(name, ":") && p.r.UnknownSchemas):
		return nil
	case !ok:
		return fail(InvalidSyntax, "value", "it has an attribute that the schemas of %s do not have", p.t.Name)
	case attr.Attribute.Name == "schemas":
		return nil
	case attr.Attribute.Name == "id":
		return p.add(PatchOperation{Kind: kind, Path: Path{Attr: attr}, Value: v})
	case attr.Attribute.Mutability == ReadOnly || attr.Sub != nil && attr.Sub.Mutability == ReadOnly:
		if p.r.ReadOnlyValues {
			return nil
		}
		return fail(Mutability, attr.String(), "it is readOnly")
	}
	return p.typed(PatchOperation{Kind: kind, Path: Path{Attr: attr}}, v)
}

// typed makes the value of an operation canonical.
func (p *patchParser) typed(op PatchOperation, v any) error {
	a, r, at := op.Path.Attribute, p.r, op.Path.Attr
	list := a.MultiValued && op.Path.Filter == nil && op.Path.Sub == nil
	var err error
	switch {
	case op.Kind == Remove && (v == nil || !list):
		return p.add(op)
	case op.Kind == Remove:
		// Whatever says which elements are meant must not end up as none, which means
		// all: that has emptied groups.
		r.LooseArrays, r.StringComplex, r.UnknownAttributes, r.ManyPrimaries = true, true, true, true
		if v, err = r.value(a, v, at); v == nil {
			v = []any{}
		}
	case op.Path.Sub != nil:
		v, err = r.value(op.Path.Sub, v, at)
	case list || !a.MultiValued:
		v, err = r.value(a, v, at)
	default:
		if one, ok := v.([]any); ok && len(one) == 1 && r.LooseArrays {
			v = one[0]
		}
		v, err = r.single(a, v, at)
	}
	if err != nil {
		return err
	}
	op.Value = v
	return p.add(op)
}

func (p *patchParser) add(op PatchOperation) error {
	op.Number = p.number
	p.out = append(p.out, op)
	return nil
}

// unknown says whether a path that cannot be read is well written, and the only thing
// wrong with it is that no schema has the attribute or sub-attribute.
func (p *patchParser) unknown(text string) bool {
	text = strings.TrimSpace(text)
	name, rest := text, ""
	if n := strings.IndexByte(text, '['); n >= 0 {
		end := strings.LastIndexByte(text, ']')
		if end < n {
			return false
		}
		name, rest = text[:n], text[end+1:]
		if _, known := p.t.lookup(name, nil, true); known {
			_, err := ParsePath(text[:end+1], p.t, p.l)
			return err == nil && len(rest) > 1 && rest[0] == '.' && attributeName(rest[1:])
		}
		if rest != "" && (rest[0] != '.' || !attributeName(rest[1:])) {
			return false
		}
	}
	if _, known := p.t.lookup(name, nil, true); known || p.t.Schema(name) != nil {
		return false
	}
	for part := range strings.SplitSeq(name[strings.LastIndexByte(name, ':')+1:], ".") {
		if !attributeName(part) {
			return false
		}
	}
	return !strings.ContainsAny(name, " \t\r\n\"()")
}
