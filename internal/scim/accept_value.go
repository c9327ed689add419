package scim

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

// value accepts a value of an attribute, whatever number of values that has; nil
// means unassigned. at says where a is, for errors.
func (r Rules) value(a *Attribute, v any, at Attr) (any, error) {
	list, array := v.([]any)
	switch {
	case v == nil:
		return nil, nil
	case !a.MultiValued && !array:
		return r.single(a, v, at)
	case !a.MultiValued && len(list) == 0:
		return nil, nil
	case !a.MultiValued && len(list) == 1 && r.LooseArrays:
		return r.value(a, list[0], at)
	case !a.MultiValued:
		return nil, fail(InvalidValue, at.String(), "it has a single value, not an array")
	case !array && !r.LooseArrays:
		return nil, fail(InvalidValue, at.String(), "it has several values; send an array")
	case !array:
		list = []any{v}
	}
	if most := r.values(a); len(list) > most {
		return nil, fail(InvalidValue, at.String(), "there are more than %d values", most)
	}
	out, err := r.elements(a, list, at)
	if err != nil || len(out) == 0 {
		return nil, err
	}
	altered, err := r.onePrimary(a, out, at)
	if err != nil {
		return nil, err
	}
	if altered {
		out = united(a, out)
	}
	return out, nil
}

// elements accepts the elements of a multi-valued attribute, each of them once.
func (r Rules) elements(a *Attribute, list []any, at Attr) ([]any, error) {
	out := make([]any, 0, len(list))
	for _, v := range list {
		e, err := r.single(a, v, at)
		if err != nil {
			return nil, err
		}
		if e != nil {
			out = append(out, e)
		}
	}
	return united(a, out), nil
}

// united makes one of elements that are the same by [identity]: it has what any of
// them has, the later before the earlier, and is primary if one of them is. list
// belongs to the caller, who has no use for it afterwards; its elements may be shared.
func united(a *Attribute, list []any) []any {
	if len(list) < 2 {
		return list
	}
	seen := make(map[string]int, len(list))
	out := list[:0]
	for _, e := range list {
		key := identity(a, e)
		if n, twice := seen[key]; twice {
			out[n] = merged(out[n], e)
			continue
		}
		seen[key] = len(out)
		out = append(out, e)
	}
	clear(list[len(out):])
	return out
}

// identity is what tells elements of a multi-valued attribute apart: the value of a
// reference, value and type of other complex values, everything of those that have
// no value, and simple values themselves.
func identity(a *Attribute, e any) string {
	o, ok := e.(Object)
	if !ok {
		s, ok := e.(string)
		if ok {
			return Fold(a, s)
		}
		text, _ := marshal(e)
		return string(text)
	}
	v := a.Sub("value")
	if v == nil || o[v.Name] == nil {
		text, _ := marshal(o)
		return "\x00" + string(text)
	}
	value, ok := o[v.Name].(string)
	if !ok {
		text, _ := marshal(o[v.Name])
		value = string(text)
	}
	value = Fold(v, value)
	if t := a.Sub("type"); t != nil && !refers(a) {
		kind, _ := o[t.Name].(string)
		value += "\x00" + Fold(t, kind)
	}
	return value
}

// merged is an element with what another that is the same adds.
func merged(a, b any) any {
	x, ok := a.(Object)
	y, also := b.(Object)
	if !ok || !also {
		return a
	}
	out := maps.Clone(x)
	maps.Copy(out, y)
	if x["primary"] == true {
		out["primary"] = true
	}
	return out
}

// onePrimary makes sure that one element at most is primary, and says whether it
// altered elements for it. out belongs to the caller, and so do its elements.
func (r Rules) onePrimary(a *Attribute, out []any, at Attr) (bool, error) {
	if !hasPrimary(a) {
		return false, nil
	}
	found, altered := false, false
	for _, v := range slices.Backward(out) {
		e, ok := v.(Object)
		if !ok || e["primary"] != true {
			continue
		}
		if found && !r.ManyPrimaries {
			return false, fail(InvalidValue, at.String(), "several values are primary; one may be")
		}
		if found {
			e["primary"], altered = false, true
		}
		found = true
	}
	return altered, nil
}

// hasPrimary says whether elements of an attribute can be primary (RFC 7643, section
// 2.4).
func hasPrimary(a *Attribute) bool {
	p := a.Sub("primary")
	return p != nil && p.Type == Boolean
}

// single accepts one value; nil means that there is none.
func (r Rules) single(a *Attribute, v any, at Attr) (any, error) {
	if v == nil {
		return nil, nil
	}
	wrong := func(what string) (any, error) {
		return nil, fail(InvalidValue, at.String(), "the value is not %s", what)
	}
	s, text := v.(string)
	if text && (len(s) > r.longest(a) || strings.IndexByte(s, 0) >= 0) {
		return wrong("text of acceptable length without zero bytes")
	}
	switch a.Type {
	case Complex:
		return r.complex(a, v, at)
	case Boolean:
		if _, ok := v.(bool); ok {
			return v, nil
		}
		if text && r.StringBooleans {
			switch strings.ToLower(strings.TrimSpace(s)) {
			case "true":
				return true, nil
			case "false":
				return false, nil
			}
		}
		return wrong("true or false")
	case Integer:
		if n, ok := integer(r.numeric(v)); ok {
			return n, nil
		}
		return wrong("a whole number")
	case Decimal:
		switch n := r.numeric(v).(type) {
		case int64:
			return float64(n), nil
		case float64:
			return n, nil
		}
		return wrong("a number")
	case DateTime:
		if text && s == "" && r.StringComplex {
			return nil, nil
		}
		if _, ok := dateTime(s); text && ok {
			return v, nil
		}
		return wrong("a date and time like 2026-01-31T08:00:00Z")
	case Binary:
		if text && isBase64(s) {
			return v, nil
		}
		return wrong("base64")
	case String, Reference:
		if n, ok := v.(int64); ok && r.StringNumbers {
			return strconv.FormatInt(n, 10), nil
		}
	}
	if !text {
		return wrong("a string")
	}
	return v, nil
}

// longest is how many bytes a string may have.
func (r Rules) longest(a *Attribute) int {
	most := limit(r.MaxString, 65_536)
	if a.Type == Binary {
		most *= 16
	}
	return most
}

// complex accepts an object, or a string that stands for one.
func (r Rules) complex(a *Attribute, v any, at Attr) (any, error) {
	o, ok := v.(Object)
	value := a.Sub("value")
	if s, text := v.(string); text && value != nil && r.StringComplex {
		if s == "" {
			return nil, nil
		}
		o, ok = Object{value.Name: s}, true
	}
	if !ok {
		return nil, fail(InvalidValue, at.String(), "the value is not an object")
	}
	out := make(Object, len(o))
	take := func(sub *Attribute, v any) error {
		if sub.Mutability == ReadOnly {
			return nil
		}
		inner := at
		inner.Sub = sub
		accepted, err := r.value(sub, v, inner)
		if err == nil && accepted != nil {
			out[sub.Name] = accepted
		}
		return err
	}
	exact := 0
	for n := range a.SubAttributes {
		sub := &a.SubAttributes[n]
		v, has := o[sub.Name]
		if !has {
			continue
		}
		exact++
		if err := take(sub, v); err != nil {
			return nil, err
		}
	}
	if exact < len(o) {
		for _, name := range ordered(o) {
			switch sub := a.Sub(name); {
			case sub == nil && r.UnknownAttributes:
			case sub == nil:
				return nil, fail(InvalidSyntax, at.String(), "it has a sub-attribute that its schema does not have")
			case sub.Name != name:
				if err := take(sub, o[name]); err != nil {
					return nil, err
				}
			}
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// numeric turns a string into the number it shows, if it may.
func (r Rules) numeric(v any) any {
	if n, ok := v.(json.Number); ok {
		v = finite(string(n))
	}
	s, ok := v.(string)
	if !ok || !r.StringNumbers {
		return v
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	return finite(s)
}

// finite reads a floating-point number, nil if it is none that JSON has.
func finite(s string) any {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(f, 0) || math.IsNaN(f) {
		return nil
	}
	return f
}

// integer returns a whole number: 3 and 3.0, but not those too large for a float64
// to tell from their neighbours.
func integer(v any) (int64, bool) {
	switch n := v.(type) {
	case int64:
		return n, true
	case float64:
		return int64(n), n == math.Trunc(n) && math.Abs(n) < 1<<53
	}
	return 0, false
}

// isBase64 says whether s is base64 of RFC 4648, of either alphabet, padded or not.
func isBase64(s string) bool {
	if len(s)%4 == 0 {
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			if _, err := e.DecodeString(s); err == nil {
				return true
			}
		}
		return false
	}
	for _, e := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		if _, err := e.DecodeString(s); err == nil {
			return true
		}
	}
	return false
}
