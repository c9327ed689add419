package scim

import (
	"maps"
	"slices"
	"strings"
)

// Read turns a resource that a service provider answered, as [Decode] returns it,
// into one with canonical values, as far as that can be done without a guess: for
// clients, who have to live with what they are given.
//
// It is as lenient as [Lenient]: names of any case, also dotted ones; booleans and
// numbers as strings, and the other way round; a string or a single value in place
// of an object or an array. What is readOnly stays, and nothing is required. What
// the schemas do not know stays under the name and with the value that it came with.
// Elements of a multi-valued attribute that are the same become one, as in [Accept].
//
// A value that is not of its attribute's type is left out. The second result names
// these attributes, sorted, as in "active" or "emails.primary": what is missing from
// the resource because of it is not unassigned.
func Read(t *ResourceType, raw Object) (Object, []string) {
	r := reader{t: t, out: make(Object, len(raw)+1)}
	r.members(raw, nil)
	if _, has := r.out["schemas"].([]any); !has && t.Core.ID != "" {
		r.out["schemas"] = schemasOf(t, r.out)
	}
	slices.Sort(r.odd)
	return r.out, slices.Compact(r.odd)
}

// reader fills a resource from an answer.
type reader struct {
	t   *ResourceType
	out Object
	odd []string
	// attr is the attribute that is being read, and subs are the names of the
	// sub-attributes in it: a path is put together only if a value is odd.
	attr Attr
	subs []string
}

// strange notes that the value at the present place is not what the schema says.
func (r *reader) strange() any {
	r.odd = append(r.odd, strings.Join(append([]string{r.attr.String()}, r.subs...), "."))
	return nil
}

// rules of a single value. Its length is bounded by that of the answer.
func (r *reader) rules() Rules {
	return Rules{StringBooleans: true, StringNumbers: true, StringComplex: true, LooseArrays: true, MaxString: 1 << 30}
}

// members reads the members of a resource, or of the object under the URN of a
// schema: plain names first, so that a dotted one does not depend on their order.
func (r *reader) members(raw Object, in *Schema) {
	var later []string
	for name, v := range raw {
		if strings.ContainsAny(name, ".:") {
			later = append(later, name)
			continue
		}
		r.member(name, v, in)
	}
	slices.Sort(later)
	for _, name := range later {
		r.member(name, raw[name], in)
	}
}

func (r *reader) member(name string, v any, in *Schema) {
	if v == nil {
		return
	}
	if in == nil {
		if s := r.t.Schema(name); s != nil {
			if o, ok := v.(Object); ok {
				r.members(o, s)
			} else {
				r.odd = append(r.odd, s.ID)
			}
			return
		}
	}
	attr, known := r.t.lookup(name, in, true)
	if !known {
		into := r.out
		if in != nil && in != r.t.Core {
			into = r.extension(in)
		}
		if _, twice := into[name]; !twice {
			into[name] = v
		}
		return
	}
	r.assign(attr, v)
}

// extension returns the object under the URN of an extension.
func (r *reader) extension(s *Schema) Object {
	o, ok := r.out[s.ID].(Object)
	if !ok {
		o = Object{}
		r.out[s.ID] = o
	}
	return o
}

// assign puts a value where attr says. What is there already stays: plain names win
// over dotted ones.
func (r *reader) assign(attr Attr, v any) {
	last := attr.Attribute
	if attr.Sub != nil {
		last = attr.Sub
	}
	r.attr, r.subs = attr, r.subs[:0]
	value := r.value(last, v)
	if value == nil || attr.Sub != nil && attr.Attribute.MultiValued {
		return
	}
	into := r.out
	if attr.Extension {
		into = r.extension(attr.Schema)
	}
	if attr.Sub != nil {
		o, ok := into[attr.Attribute.Name].(Object)
		if !ok {
			o = Object{}
			into[attr.Attribute.Name] = o
		}
		into = o
	}
	if _, twice := into[last.Name]; !twice {
		into[last.Name] = value
	}
}

// value reads a value, whatever number of values the attribute has; nil means that
// there is none.
func (r *reader) value(a *Attribute, v any) any {
	list, array := v.([]any)
	switch {
	case !a.MultiValued && !array:
		return r.single(a, v)
	case !a.MultiValued && len(list) == 1:
		return r.single(a, list[0])
	case !a.MultiValued && len(list) > 1:
		return r.strange()
	case !array:
		list = []any{v}
	}
	out := make([]any, 0, len(list))
	var seen map[string]int
	if len(list) > 1 {
		seen = make(map[string]int, len(list))
	}
	for _, v := range list {
		e := r.single(a, v)
		if e == nil {
			continue
		}
		if seen != nil {
			key := identity(a, e)
			if n, twice := seen[key]; twice {
				out[n] = merged(out[n], e)
				continue
			}
			seen[key] = len(out)
		}
		out = append(out, e)
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// single reads one value.
func (r *reader) single(a *Attribute, v any) any {
	if v == nil {
		return nil
	}
	if a.Type == Complex {
		return r.complex(a, v)
	}
	if s, text := v.(string); text && (a.Type == String || a.Type == Reference) && strings.IndexByte(s, 0) < 0 {
		return s // as nearly all are
	}
	value, err := r.rules().single(a, v, Attr{Attribute: a})
	if err != nil {
		return r.strange()
	}
	return value
}

func (r *reader) complex(a *Attribute, v any) any {
	o, ok := v.(Object)
	if !ok {
		value := a.Sub("value")
		switch v.(type) {
		case string, int64:
			ok = value != nil
		}
		if !ok {
			return r.strange()
		}
		o = Object{value.Name: v}
	}
	out := make(Object, len(o))
	for name, v := range o {
		sub := a.Sub(name)
		switch {
		case v == nil:
		case sub == nil:
			out[name] = v
		default:
			r.subs = append(r.subs, sub.Name)
			if value := r.value(sub, v); value != nil {
				out[sub.Name] = value
			}
			r.subs = r.subs[:len(r.subs)-1]
		}
	}
	if len(out) == 0 || len(out) == 1 && out["value"] == "" {
		return nil
	}
	return out
}

// Names yields the paths of the attributes that a filter looks at, as the attributes
// parameter of a request has them.
func (f *Filter) Names() []string {
	names := map[string]bool{}
	f.names(names)
	return slices.Sorted(maps.Keys(names))
}

func (f *Filter) names(into map[string]bool) {
	if f.Op != And && f.Op != Or && f.Op != Not {
		whole := f.Attr
		whole.Sub = nil
		into[whole.String()] = true
		return
	}
	for _, term := range f.Terms {
		term.names(into)
	}
}
