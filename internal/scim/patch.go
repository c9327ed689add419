package scim

import (
	"errors"
	"maps"
)

// Patch applies the operations of a PATCH (RFC 7644, section 3.5.2) to a resource with
// its id, and says whether that changed it. o is not altered; the result shares with it
// what is the same. If one operation fails, none is applied. If nothing changed, the
// result is o.
//
// Beyond the RFC:
//
//   - A value that is there already is not added again; what the operation says about
//     it otherwise is taken over. Elements of members are the same if their value is,
//     others if value and type are, or everything where they have no value.
//   - Setting an element primary makes all others not primary.
//   - A complex value that is set or added keeps the sub-attributes that the operation
//     does not name, but not the $ref and readOnly parts of another value.
//   - An element that is replaced as a whole keeps what the filter says of it.
//   - Without value, an element whose rest is only type, primary and display is gone.
func Patch(t *ResourceType, o Object, request PatchRequest, r Rules) (Object, bool, error) {
	p := patcher{t: t, r: r, o: o, states: map[assignment]*state{}}
	for n := range request.Operations {
		op := &request.Operations[n]
		if err := p.apply(op); err != nil {
			var e *Error
			if errors.As(err, &e) && e.At == "" {
				e.At = op.Path.Attr.String()
			}
			return o, false, numbered(err, op.Number)
		}
	}
	return p.finish()
}

// assignment is the place of an attribute.
type assignment struct{ schema, attribute string }

type patcher struct {
	t      *ResourceType
	r      Rules
	o      Object
	states map[assignment]*state
	order  []*state
}

// state is an attribute that operations touch.
type state struct {
	attr     Attr
	was, now any
	elements *elements // of a multi-valued attribute, instead of now
	removed  bool      // by a removal, as the last thing that happened to it
}

func (p *patcher) state(attr Attr) *state {
	key := assignment{schema: attr.Schema.ID, attribute: attr.Attribute.Name}
	s := p.states[key]
	if s == nil {
		attr.Sub = nil
		s = &state{attr: attr}
		s.was = attributesIn(p.o, attr)[attr.Attribute.Name]
		s.now = s.was
		if attr.Attribute.MultiValued {
			s.elements = newElements(attr.Attribute, s.was)
		}
		p.states[key] = s
		p.order = append(p.order, s)
	}
	return s
}

func (p *patcher) apply(op *PatchOperation) error {
	a := op.Path.Attribute
	if a == nil {
		p.dropExtension(op.Path.Attr)
		return nil
	}
	if a.Name == "id" {
		if op.Value != p.o["id"] {
			return fail(Mutability, "id", "the id of a resource does not change")
		}
		return nil
	}
	s := p.state(op.Path.Attr)
	s.removed = op.Kind == Remove
	switch {
	case a.MultiValued:
		return p.several(s, op)
	case a.Type == Complex:
		return p.complex(s, op)
	}
	s.now = op.Value
	return nil
}

// dropExtension takes all that clients may write out of an extension.
func (p *patcher) dropExtension(in Attr) {
	for n := range in.Schema.Attributes {
		in.Attribute = &in.Schema.Attributes[n]
		if in.Attribute.Mutability == ReadOnly {
			continue
		}
		s := p.state(in)
		s.now, s.removed = nil, true
		if s.elements != nil {
			s.elements.clear()
		}
	}
}

// complex is an operation on a complex attribute with one value.
func (p *patcher) complex(s *state, op *PatchOperation) error {
	a, sub := s.attr.Attribute, op.Path.Sub
	old, _ := s.now.(Object)
	if f := op.Path.Filter; f != nil && (old == nil || !MatchesValue(f, old)) {
		made, err := p.missing(a, op)
		if err != nil || made == nil {
			return err
		}
		op = &PatchOperation{Kind: op.Kind, Path: Path{Attr: s.attr}, Value: made}
		sub = nil
	}
	switch {
	case sub == nil && op.Value == nil:
		s.now = nil
		return nil
	case op.Value == nil:
		left, err := without(a, old, sub)
		s.now = left
		return err
	}
	change, _ := op.Value.(Object)
	if sub != nil {
		change = Object{sub.Name: op.Value}
	}
	v, err := overlaid(a, old, change)
	if err != nil {
		return err
	}
	s.now = v
	return nil
}

// missing is what to do about an operation whose filter nothing matches: nothing, an
// element to be added, or an error.
func (p *patcher) missing(a *Attribute, op *PatchOperation) (any, error) {
	allowed := map[PatchKind]bool{Add: p.r.AddMissingTarget, Set: p.r.ReplaceMissingTarget, Remove: p.r.RemoveMissingTarget}[op.Kind]
	none := fail(NoTarget, op.Path.Attr.String(), "nothing is what the path describes")
	switch {
	case !allowed:
		return nil, none
	case op.Value == nil:
		return nil, nil
	}
	made := Object{}
	if op.Path.Filter != nil && !equalities(op.Path.Filter, made) {
		return nil, none
	}
	if a.Type != Complex {
		return op.Value, nil
	}
	if sub := op.Path.Sub; sub != nil {
		made[sub.Name] = op.Value
	} else if v, ok := op.Value.(Object); ok {
		maps.Copy(made, v)
	}
	return p.r.single(a, made, op.Path.Attr)
}

// equalities collects what a filter says that sub-attributes are equal to. It is false
// if the filter says anything else.
func equalities(f *Filter, out Object) bool {
	switch f.Op {
	case And:
		for _, term := range f.Terms {
			if !equalities(term, out) {
				return false
			}
		}
		return true
	case Equal:
		name := f.Attr.Attribute.Name
		if _, twice := out[name]; twice || f.Value == nil {
			return false
		}
		out[name] = f.Value
		return true
	}
	return false
}

// overlaid is a complex value with sub-attributes of another over its own.
func overlaid(a *Attribute, old, change Object) (Object, error) {
	out := maps.Clone(old)
	if out == nil {
		out = Object{}
	}
	for n := range a.SubAttributes {
		sub := &a.SubAttributes[n]
		v, has := change[sub.Name]
		if !has {
			continue
		}
		if was, had := old[sub.Name]; had && sub.Mutability == Immutable && !Same(was, v) {
			return nil, fail(Mutability, a.Name+"."+sub.Name, "it is immutable and has another value already")
		}
		out[sub.Name] = v
	}
	if value := a.Sub("value"); value != nil && old[value.Name] != nil && !Same(old[value.Name], out[value.Name]) {
		for n := range a.SubAttributes {
			sub := &a.SubAttributes[n]
			if _, given := change[sub.Name]; !given && (sub.Name == "$ref" || sub.Mutability == ReadOnly) {
				delete(out, sub.Name)
			}
		}
	}
	return out, nil
}

// without is a complex value without a sub-attribute, nil if no more than labels
// remains.
func without(a *Attribute, old Object, sub *Attribute) (any, error) {
	if _, had := old[sub.Name]; !had {
		if old == nil {
			return nil, nil
		}
		return old, nil
	}
	if sub.Required || sub.Mutability == Immutable {
		return nil, fail(Mutability, a.Name+"."+sub.Name, "it is %s, and cannot be removed", map[bool]string{true: "required", false: "immutable"}[sub.Required])
	}
	out := maps.Clone(old)
	delete(out, sub.Name)
	for name := range out {
		if sub.Name != "value" || name != "type" && name != "primary" && name != "display" {
			return out, nil
		}
	}
	return nil, nil
}

// finish puts what changed into a copy of the resource.
func (p *patcher) finish() (Object, bool, error) {
	out := p.o
	for _, s := range p.order {
		a := s.attr.Attribute
		if s.elements != nil {
			now, err := s.elements.finish(p.r)
			if err != nil {
				return p.o, false, err
			}
			s.now = now
		}
		if o, ok := s.now.(Object); ok && len(o) == 0 {
			s.now = nil
		}
		switch {
		case Same(s.was, s.now):
			continue
		case a.Mutability == Immutable && s.was != nil:
			return p.o, false, fail(Mutability, s.attr.String(), "it is immutable and has a value already")
		case a.Required && (s.now == nil || s.now == "") && s.removed:
			return p.o, false, fail(Mutability, s.attr.String(), "it is required, and cannot be removed")
		case a.Required && (s.now == nil || s.now == ""):
			return p.o, false, fail(InvalidValue, s.attr.String(), "a value is required")
		}
		out = with(out, s.attr, s.now)
	}
	changed := false
	for _, s := range p.order {
		if Same(s.was, s.now) {
			continue
		}
		changed = true
		if err := p.complete(s, out); err != nil {
			return p.o, false, err
		}
	}
	if !changed {
		return p.o, false, nil
	}
	out["schemas"] = schemasOf(p.t, out)
	return out, true, nil
}

// complete asks for what is required below an attribute that changed, and beside it
// in an extension.
func (p *patcher) complete(s *state, out Object) error {
	if !s.attr.Extension {
		return requiredOf([]Attribute{*s.attr.Attribute}, out, "")
	}
	in := attributesIn(out, s.attr)
	if len(in) > 0 {
		return requiredOf(s.attr.Schema.Attributes, in, s.attr.Schema.ID+":")
	}
	for _, e := range p.t.Extensions {
		if e.Schema.ID == s.attr.Schema.ID && e.Required {
			return fail(Mutability, e.Schema.ID, "this extension is required")
		}
	}
	return nil
}
