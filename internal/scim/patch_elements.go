package scim

import (
	"maps"
	"slices"
)

// elements are the elements of a multi-valued attribute while operations change them.
// The elements themselves are shared and never changed; the slice is copied before the
// first change. What was removed leaves a hole until the end, so that positions stay.
type elements struct {
	a     *Attribute
	now   []any // nil is a hole
	owned bool
	live  int
	// index has the position of an [identity]. It is made when enough has been looked
	// for to pay for it, so that one member more for a large group costs one pass.
	index   map[string]int
	lookups int
	// altered says that elements were, so that two may have become the same.
	altered bool
}

func newElements(a *Attribute, v any) *elements {
	list, _ := v.([]any)
	return &elements{a: a, now: list, live: len(list)}
}

func (e *elements) own() {
	if !e.owned {
		e.now = append(make([]any, 0, len(e.now)+16), e.now...)
		e.owned = true
	}
}

func (e *elements) clear() {
	*e = elements{a: e.a, owned: true}
}

// find returns the position of the element that is the same as another, -1 if there
// is none.
func (e *elements) find(v any) int {
	key := identity(e.a, v)
	if e.index == nil {
		if e.lookups++; e.lookups <= 4 {
			return slices.IndexFunc(e.now, func(x any) bool { return x != nil && identity(e.a, x) == key })
		}
		e.index = make(map[string]int, len(e.now))
		for n, x := range slices.Backward(e.now) {
			if x != nil {
				e.index[identity(e.a, x)] = n
			}
		}
	}
	if n, has := e.index[key]; has {
		return n
	}
	return -1
}

// add appends an element, or completes the one that is the same.
func (e *elements) add(v any) {
	if n := e.find(v); n >= 0 {
		e.enrich(n, v)
		return
	}
	e.own()
	n := len(e.now)
	e.now = append(e.now, v)
	e.live++
	if e.index != nil {
		e.index[identity(e.a, v)] = n
	}
}

// enrich takes over what another says about an element that is the same.
func (e *elements) enrich(n int, v any) {
	old, ok := e.now[n].(Object)
	change, also := v.(Object)
	if !ok || !also {
		return
	}
	var out Object
	for name, v := range change {
		sub := e.a.Sub(name)
		was, had := old[name]
		if sub == nil || had && (name == "value" || name == "type" || sub.Mutability == Immutable || Same(was, v)) {
			continue
		}
		if out == nil {
			out = maps.Clone(old)
		}
		out[name] = v
	}
	if out != nil {
		e.set(n, out)
	}
}

// set puts another value where an element is; nil removes it.
func (e *elements) set(n int, v any) {
	was := e.now[n]
	if was == nil {
		return
	}
	e.own()
	e.now[n] = v
	if v == nil {
		e.live--
	} else {
		e.altered = true
	}
	if e.index != nil {
		if key := identity(e.a, was); e.index[key] == n {
			delete(e.index, key)
		}
		if v != nil {
			e.index[identity(e.a, v)] = n
		}
	}
}

// matching returns the positions of the elements that a filter matches; nil matches
// all.
func (e *elements) matching(f *Filter) []int {
	if f != nil && f.Op == Equal && refers(e.a) && f.Attr.Attribute.Name == "value" {
		if n := e.find(Object{"value": f.Value}); n >= 0 {
			return []int{n}
		}
		return nil
	}
	var at []int
	for n, v := range e.now {
		if v != nil && (f == nil || MatchesValue(f, v)) {
			at = append(at, n)
		}
	}
	return at
}

// like returns the positions of the elements that an element in the value of a removal
// means: the same one, or without a value those that have all that it has.
func (e *elements) like(v any) []int {
	o, ok := v.(Object)
	value := e.a.Sub("value")
	if !ok || value != nil && o[value.Name] != nil && (refers(e.a) || o["type"] != nil) {
		if n := e.find(v); n >= 0 {
			return []int{n}
		}
		return nil
	}
	var at []int
	for n, x := range e.now {
		have, _ := x.(Object)
		all := have != nil
		for name, want := range o {
			sub := e.a.Sub(name)
			got, has := have[name]
			s, text := got.(string)
			w, _ := want.(string)
			all = all && has && (Same(got, want) || text && sub != nil && Fold(sub, s) == Fold(sub, w))
		}
		if all {
			at = append(at, n)
		}
	}
	return at
}

// onlyPrimary makes elements other than the last of some not primary. before has the
// positions of those that were primary; the rest became it.
func (e *elements) onlyPrimary(r Rules, before []int) error {
	at := e.primaries()
	if len(at) < 2 {
		return nil
	}
	fresh := slices.DeleteFunc(slices.Clone(at), func(n int) bool { return slices.Contains(before, n) })
	switch {
	case len(fresh) == 0:
		return nil
	case len(fresh) > 1 && !r.ManyPrimaries:
		return fail(InvalidValue, e.a.Name, "several values are primary; one may be")
	}
	keep := fresh[len(fresh)-1]
	for _, n := range at {
		if o, ok := e.now[n].(Object); ok && n != keep {
			o = maps.Clone(o)
			o["primary"] = false
			e.set(n, o)
		}
	}
	return nil
}

func (e *elements) primaries() []int {
	if !hasPrimary(e.a) {
		return nil
	}
	var at []int
	for n, v := range e.now {
		if o, ok := v.(Object); ok && o["primary"] == true {
			at = append(at, n)
		}
	}
	return at
}

// finish returns the elements, nil for none.
func (e *elements) finish(r Rules) (any, error) {
	if most := r.values(e.a); e.owned && e.live > most {
		return nil, fail(InvalidValue, e.a.Name, "there are more than %d values", most)
	}
	if e.live == 0 {
		return nil, nil
	}
	if e.live < len(e.now) {
		e.now = slices.DeleteFunc(e.now, func(v any) bool { return v == nil })
	}
	if e.altered {
		e.now = united(e.a, e.now)
	}
	return e.now, nil
}
