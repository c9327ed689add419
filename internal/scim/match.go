package scim

import (
	"iter"
	"slices"
)

// Matches reports whether a resource with canonical values satisfies a filter.
//
//   - An attribute with several values satisfies a comparison if one of them does;
//     a filter in brackets must hold as a whole on one and the same value.
//   - ne is the contrary of eq, always: true where nothing is, and with several
//     values if none of them is equal. "ne null" so is the same as pr.
//   - pr is false for what has no value: absent, an empty text, and what has nothing
//     but such in it. "eq null" is its contrary.
//   - The other comparisons are false where nothing is.
//   - Texts compare by [Fold], in the order of their letters' numbers; dates and times
//     by the instant; numbers exactly, whole or not. A value of another type than the
//     schema says is not equal to anything.
//
// It does not allocate, but for co in long texts whose case does not count.
func Matches(f *Filter, o Object) bool { return f.on(o) }

// MatchesValue reports whether a value satisfies the filter of a [Path]: one value of
// the attribute before the brackets.
func MatchesValue(f *Filter, v any) bool { return f.on(v) }

// Values yields the values of an attribute in a resource, one by one if there are
// several.
func (a Attr) Values(o Object) iter.Seq[any] {
	return func(yield func(any) bool) {
		a.some(o, func(v any) bool { return !yield(v) })
	}
}

// on evaluates a filter. root is a resource, or in brackets a value of the attribute
// before them.
func (f *Filter) on(root any) bool {
	switch f.Op {
	case And:
		for _, term := range f.Terms {
			if !term.on(root) {
				return false
			}
		}
		return true
	case Or:
		for _, term := range f.Terms {
			if term.on(root) {
				return true
			}
		}
		return false
	case Not:
		return !f.Terms[0].on(root)
	case NotEqual:
		return !f.any(Equal, root)
	default:
		return f.any(f.Op, root)
	}
}

// any reports whether some value of the attribute satisfies an operator.
func (f *Filter) any(op Op, root any) bool {
	if op == Equal && f.Value == nil {
		return !f.any(Present, root)
	}
	return f.Attr.some(root, func(v any) bool {
		switch op {
		case Has:
			return f.Terms[0].on(v)
		case Present:
			return present(v)
		default:
			return holds(op, f.Attr.last(), v, f.Value)
		}
	})
}

// some reports whether one of the values of an attribute satisfies a condition.
func (a Attr) some(root any, condition func(any) bool) bool {
	o, ok := root.(Object)
	if a.Schema == nil && !ok {
		return condition(root) // a value that has no sub-attributes
	}
	if a.Extension {
		o, _ = o[a.Schema.ID].(Object)
	}
	v, ok := o[a.Attribute.Name]
	if !ok {
		return false
	}
	if a.Sub == nil {
		return each(v, condition)
	}
	return each(v, func(v any) bool {
		o, _ := v.(Object)
		v, ok := o[a.Sub.Name]
		return ok && each(v, condition)
	})
}

// each reports whether a value, or one of those in it, satisfies a condition.
func each(v any, condition func(any) bool) bool {
	if list, ok := v.([]any); ok {
		return slices.ContainsFunc(list, condition)
	}
	return condition(v)
}

// present reports whether there is something in a value.
func present(v any) bool {
	switch v := v.(type) {
	case nil:
		return false
	case string:
		return v != ""
	case Object:
		for _, v := range v {
			if present(v) {
				return true
			}
		}
		return false
	case []any:
		return slices.ContainsFunc(v, present)
	}
	return true
}
