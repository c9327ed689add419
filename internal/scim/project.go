package scim

// Project leaves out of a resource what a reply must not have or was not asked for
// (RFC 7643, section 2.2, and RFC 7644, section 3.9). With attributes it has these,
// without it has those returned by default; of either, those in excluded are left out.
// What is always returned (id, and schemas) is there anyway, and what is never
// returned (password) never. The paths have no filters; one that names an extension
// means all of it.
//
// o is not altered, and the result shares values with it.
func Project(t *ResourceType, o Object, attributes, excluded []Path) Object {
	if len(attributes) == 0 && len(excluded) == 0 && !hides(t, o) {
		return o
	}
	p := projection{t: t, wanted: attributes, excluded: excluded}
	out := make(Object, len(o))
	for s := range t.schemas() {
		extension := s != t.Core
		from, _ := o[s.ID].(Object)
		to := Object{}
		if !extension {
			from, to = o, out
		}
		for n := range s.Attributes {
			a := &s.Attributes[n]
			if v, has := from[a.Name]; has {
				if v = p.attribute(Attr{Schema: s, Extension: extension, Attribute: a}, v); v != nil {
					to[a.Name] = v
				}
			}
		}
		if extension && len(to) > 0 {
			out[s.ID] = to
		}
	}
	return out
}

// hides says whether a resource has values that are not returned by default.
func hides(t *ResourceType, o Object) bool {
	for s := range t.schemas() {
		in := attributesIn(o, Attr{Schema: s, Extension: s != t.Core})
		for n := range s.Attributes {
			a := &s.Attributes[n]
			if _, has := in[a.Name]; !has {
				continue
			}
			if hidden(Attr{Attribute: a}) || a.Returned == Request {
				return true
			}
			for m := range a.SubAttributes {
				if sub := &a.SubAttributes[m]; sub.Returned == Never || sub.Returned == Request {
					return true
				}
			}
		}
	}
	return false
}

type projection struct {
	t                *ResourceType
	wanted, excluded []Path
}

// attribute is what remains of the value of an attribute, nil for nothing.
func (p *projection) attribute(attr Attr, v any) any {
	a := attr.Attribute
	if a.Returned == Never {
		return nil
	}
	whole, part := named(p.wanted, attr)
	gone, less := named(p.excluded, attr)
	always := a.Returned == Always || a.Name == "schemas"
	switch {
	case always || len(p.wanted) == 0 && a.Returned != Request:
		whole = true
	case !whole && !part && !hasAlways(a):
		return nil
	}
	if gone && !always && !hasAlways(a) {
		return nil
	}
	if a.Type != Complex {
		return v
	}
	sub := func(s *Attribute) bool {
		if s.Returned == Never || s.Returned == Always {
			return s.Returned == Always
		}
		attr.Sub = s
		asked, out := whole && s.Returned != Request, gone && !always
		if part {
			exact, _ := named(p.wanted, attr)
			asked = asked || exact
		}
		if less {
			exact, _ := named(p.excluded, attr)
			out = out || exact
		}
		return asked && !out
	}
	var keep []*Attribute
	for n := range a.SubAttributes {
		if s := &a.SubAttributes[n]; sub(s) {
			keep = append(keep, s)
		}
	}
	if len(keep) == len(a.SubAttributes) {
		return v
	}
	return pick(v, keep)
}

// pick takes some sub-attributes of a complex value, or of several.
func pick(v any, keep []*Attribute) any {
	switch v := v.(type) {
	case Object:
		out := make(Object, len(keep))
		for _, s := range keep {
			if x, has := v[s.Name]; has {
				out[s.Name] = x
			}
		}
		if len(out) > 0 {
			return out
		}
	case []any:
		out := make([]any, 0, len(v))
		for _, e := range v {
			if x := pick(e, keep); x != nil {
				out = append(out, x)
			}
		}
		if len(out) > 0 {
			return out
		}
	}
	return nil
}

// named says whether paths name an attribute: as a whole (or its extension, or the
// very sub-attribute that attr has), and by one of its sub-attributes.
func named(paths []Path, attr Attr) (bool, bool) {
	whole, part := false, false
	for n := range paths {
		p := &paths[n]
		if p.Schema == nil || p.Schema.ID != attr.Schema.ID {
			continue
		}
		switch {
		case p.Attribute == nil:
			whole = whole || attr.Sub == nil
		case p.Attribute.Name != attr.Attribute.Name:
		case attr.Sub != nil:
			whole = whole || p.Sub != nil && p.Sub.Name == attr.Sub.Name
		case p.Sub == nil:
			whole = true
		default:
			part = true
		}
	}
	return whole, part
}

// hasAlways says whether a sub-attribute is always returned.
func hasAlways(a *Attribute) bool {
	for n := range a.SubAttributes {
		if a.SubAttributes[n].Returned == Always {
			return true
		}
	}
	return false
}
