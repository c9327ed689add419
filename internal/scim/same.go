package scim

import (
	"maps"
	"reflect"
)

// Same says whether two canonical values are the same. The order of several values
// does not count, since SCIM gives them none; case counts, since values stay as they
// are sent.
func Same(a, b any) bool {
	switch x := a.(type) {
	case Object:
		y, ok := b.(Object)
		if !ok || len(x) != len(y) {
			return false
		}
		if reflect.ValueOf(x).UnsafePointer() == reflect.ValueOf(y).UnsafePointer() {
			return true
		}
		for name, v := range x {
			w, has := y[name]
			if !has || !Same(v, w) {
				return false
			}
		}
		return true
	case []any:
		y, ok := b.([]any)
		return ok && sameElements(x, y)
	}
	switch b.(type) {
	case Object, []any:
		return false
	}
	return a == b
}

func sameElements(x, y []any) bool {
	if len(x) != len(y) {
		return false
	}
	n := 0
	for n < len(x) && Same(x[n], y[n]) {
		n++
	}
	if x, y = x[n:], y[n:]; len(x) == 0 {
		return true
	}
	// Elements are few, or differ in their text: each is counted by it.
	count := make(map[string]int, len(x))
	for _, v := range x {
		count[canonicalText(v)]++
	}
	for _, v := range y {
		key := canonicalText(v)
		if count[key]--; count[key] < 0 {
			return false
		}
	}
	return true
}

// canonicalText is the same for equal values, and another for others. Sub-attributes
// with several values compare in their order here, which no schema of the RFC has.
func canonicalText(v any) string {
	text, err := marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// attributesIn is the object that has an attribute's value, nil if there is none.
func attributesIn(o Object, attr Attr) Object {
	if !attr.Extension {
		return o
	}
	in, _ := o[attr.Schema.ID].(Object)
	return in
}

// with returns a resource with another value of an attribute, nil for none. o is not
// changed; only the way to the attribute is copied.
func with(o Object, attr Attr, v any) Object {
	out := maps.Clone(o)
	if out == nil {
		out = Object{}
	}
	if !attr.Extension {
		put(out, attr.Attribute.Name, v)
		return out
	}
	in, _ := o[attr.Schema.ID].(Object)
	if in = maps.Clone(in); in == nil {
		in = Object{}
	}
	put(in, attr.Attribute.Name, v)
	if len(in) == 0 {
		delete(out, attr.Schema.ID)
	} else {
		out[attr.Schema.ID] = in
	}
	return out
}

func put(o Object, name string, v any) {
	if v == nil {
		delete(o, name)
	} else {
		o[name] = v
	}
}
