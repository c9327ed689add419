package scimtarget

import (
	"maps"
	"slices"
	"strings"

	"github.com/provision-go/provision/internal/scim"
)

// values are the values that an attribute has in a user, as text.
func (p *place) values(o scim.Object) []string {
	in := p.container(o)
	switch v := in[p.attr.Name]; {
	case v == nil:
		return nil
	case !p.attr.MultiValued:
		return p.texts(v)
	case p.all():
		var out []string
		for _, e := range list(v) {
			out = append(out, p.texts(e)...)
		}
		return out
	default:
		if e := p.chosen(list(v)); e >= 0 {
			return p.texts(list(v)[e])
		}
		return nil
	}
}

// container is the object that has the attribute: the user or the extension.
func (p *place) container(o scim.Object) scim.Object {
	if p.urn == "" {
		return o
	}
	in, _ := o[p.urn].(scim.Object)
	return in
}

// texts are the texts of one value, or element.
func (p *place) texts(v any) []string {
	if o, ok := v.(scim.Object); ok {
		if p.sub == nil {
			return nil
		}
		v = o[p.sub.Name]
	}
	if text, ok := words(p.leaf(), v); ok && text != "" {
		return []string{text}
	}
	return nil
}

func list(v any) []any {
	if l, ok := v.([]any); ok {
		return l
	}
	if v == nil {
		return nil
	}
	return []any{v}
}

// matches reports whether an element is one of those that are meant.
func (p *place) matches(e any) bool {
	o, ok := e.(scim.Object)
	if !ok {
		return false
	}
	for _, x := range p.pick {
		a, _ := o[x.name].(string)
		b, text := x.value.(string)
		if text && !strings.EqualFold(a, b) || !text && o[x.name] != x.value {
			return false
		}
	}
	return true
}

// chosen is the index of the element that has the value: the primary one of those
// that are meant, else the first, and -1 if there is none. Where the primary value is
// meant and none is primary, it is the first.
func (p *place) chosen(elements []any) int {
	first := -1
	for i, e := range elements {
		if !p.matches(e) {
			continue
		}
		if o, _ := e.(scim.Object); o["primary"] == true {
			return i
		}
		if first < 0 {
			first = i
		}
	}
	if first < 0 && len(elements) > 0 && p.primary() {
		return 0
	}
	return first
}

func (p *place) primary() bool { return len(p.pick) == 1 && p.pick[0].name == "primary" }

// put returns the user with other values for the attribute; none removes it. The
// user itself is not altered. Values are as wire made them.
func (p *place) put(o scim.Object, values []any) scim.Object {
	out := maps.Clone(o)
	if out == nil {
		out = scim.Object{}
	}
	if in, ok := out[p.urn].(scim.Object); ok && p.urn != "" {
		out[p.urn] = maps.Clone(in)
	}
	p.assign(out, values)
	return out
}

// assign is put on a user that is nobody else's.
func (p *place) assign(o scim.Object, values []any) {
	in := o
	if p.urn != "" {
		if in, _ = o[p.urn].(scim.Object); in == nil {
			in = scim.Object{}
			o[p.urn] = in
		}
	}
	if v := p.changed(in[p.attr.Name], values); v == nil {
		delete(in, p.attr.Name)
	} else {
		in[p.attr.Name] = v
	}
	if len(in) == 0 {
		delete(o, p.urn)
	}
}

// changed is the attribute with other values; nil: it is gone.
func (p *place) changed(v any, values []any) any {
	switch {
	case p.all():
		return orNil(p.set(list(v), values))
	case p.element():
		return orNil(p.reelected(list(v), values))
	case p.sub == nil:
		return only(values)
	case p.whole():
		if len(values) == 0 {
			return nil
		}
		return scim.Object{p.sub.Name: values[0]}
	}
	o, _ := v.(scim.Object)
	if o = withPart(o, p.sub.Name, only(values)); len(o) == 0 {
		return nil
	}
	return o
}

func only(values []any) any {
	if len(values) == 0 {
		return nil
	}
	return values[0]
}

func orNil(l []any) any {
	if len(l) == 0 {
		return nil
	}
	return l
}

func withPart(o scim.Object, name string, v any) scim.Object {
	o = maps.Clone(o)
	if o == nil {
		o = scim.Object{}
	}
	if v == nil {
		delete(o, name)
	} else {
		o[name] = v
	}
	return o
}

// set keeps the elements whose values stay, with all that they say, and adds others.
func (p *place) set(elements, values []any) []any {
	left := map[string]any{}
	for _, v := range values {
		text, _ := words(p.leaf(), v)
		left[text] = v
	}
	var out []any
	for _, e := range elements {
		for _, text := range p.texts(e) {
			if _, ok := left[text]; ok {
				delete(left, text)
				out = append(out, e)
			}
		}
	}
	for _, text := range slices.Sorted(maps.Keys(left)) {
		if p.sub == nil {
			out = append(out, left[text])
		} else {
			out = append(out, scim.Object{p.sub.Name: left[text]})
		}
	}
	return out
}

// reelected writes the value of the element that is meant, adds one if there is none,
// and without a value takes away those that are meant.
func (p *place) reelected(elements, values []any) []any {
	at := p.chosen(elements)
	switch {
	case len(values) == 0 && at < 0:
		return elements
	case len(values) == 0:
		var out []any
		for i, e := range elements {
			if i != at && !p.matches(e) {
				out = append(out, e)
			} else if e := p.emptied(e); e != nil {
				out = append(out, e)
			}
		}
		return out
	case at < 0:
		return append(slices.Clone(elements), p.fresh(elements, values[0]))
	}
	out := slices.Clone(elements)
	o, _ := out[at].(scim.Object)
	out[at] = withPart(o, p.sub.Name, values[0])
	return out
}

// emptied is an element without its value; nil if nothing is left that says
// something.
func (p *place) emptied(e any) scim.Object {
	o, _ := e.(scim.Object)
	if p.sub.Name == "value" {
		return nil
	}
	o = withPart(o, p.sub.Name, nil)
	for name := range o {
		if name != "type" && name != "primary" && name != "display" {
			return o
		}
	}
	return nil
}

// fresh is a new element. It is the primary one if there is no other.
func (p *place) fresh(elements []any, value any) scim.Object {
	o := scim.Object{}
	for _, x := range p.pick {
		o[x.name] = x.value
	}
	o[p.sub.Name] = value
	if p.attr.Sub("primary") != nil && len(elements) == 0 {
		o["primary"] = true
	}
	return o
}
