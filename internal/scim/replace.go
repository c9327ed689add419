package scim

import "maps"

// Replace is what a PUT makes of a resource (RFC 7644, section 3.5.1): what changed is
// what [Accept] made of the body. What the client may write and left out is gone. What
// is readOnly stays, and so do values that nobody can read, which are in no body that
// was read before (writeOnly or never returned: password). An immutable attribute that
// has a value stays too, and another value for it is refused (mutability).
//
// Neither argument is altered; the result shares values with both.
func Replace(t *ResourceType, old, changed Object) (Object, error) {
	out := maps.Clone(changed)
	for s := range t.schemas() {
		in := Attr{Schema: s, Extension: s != t.Core}
		before := attributesIn(old, in)
		for n := range s.Attributes {
			a := &s.Attributes[n]
			in.Attribute = a
			was, had := before[a.Name]
			if !had || a.Name == "schemas" {
				continue
			}
			now, has := attributesIn(out, in)[a.Name]
			keep, err := kept(a, was, now, has)
			if err != nil {
				err.At = in.String()
				return nil, err
			}
			if keep != nil {
				out = with(out, in, keep)
			}
		}
	}
	out["schemas"] = schemasOf(t, out)
	return out, nil
}

// kept is the value that an attribute has after a PUT if it is not what was sent.
func kept(a *Attribute, was, now any, sent bool) (any, *Error) {
	switch {
	case a.Mutability == ReadOnly:
		return was, nil
	case a.Mutability == Immutable && sent && !Same(was, now):
		return nil, fail(Mutability, "", "it is immutable and has another value already")
	case !sent && (a.Mutability == Immutable || a.Mutability == WriteOnly || a.Returned == Never):
		return was, nil
	case !sent || a.MultiValued || a.Type != Complex:
		// Elements of a multi-valued attribute are removed and added.
		return nil, nil
	}
	before, _ := was.(Object)
	after, _ := now.(Object)
	out := after
	same := true // but for what the client cannot write
	var readOnly []string
	for n := range a.SubAttributes {
		sub := &a.SubAttributes[n]
		x, had := before[sub.Name]
		y, has := after[sub.Name]
		switch {
		case sub.Mutability == ReadOnly:
			readOnly = append(readOnly, sub.Name)
			continue
		case had:
			v, err := kept(sub, x, y, has)
			if err != nil {
				return nil, err
			}
			if v != nil {
				out = maps.Clone(out)
				out[sub.Name] = v
				continue
			}
		}
		same = same && Same(x, y)
	}
	// The displayName of a manager is that of the manager: not of the next one.
	for _, name := range readOnly {
		if v, had := before[name]; had && same {
			out = maps.Clone(out)
			out[name] = v
		}
	}
	return out, nil
}
