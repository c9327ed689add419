package scim

import "maps"

// several is an operation on a multi-valued attribute.
func (p *patcher) several(s *state, op *PatchOperation) error {
	e := s.elements
	before := e.primaries()
	var err error
	switch f, sub := op.Path.Filter, op.Path.Sub; {
	case f == nil && sub == nil:
		p.list(e, op)
	default:
		err = p.chosen(e, op)
	}
	if err != nil {
		return err
	}
	return e.onlyPrimary(p.r, before)
}

// list is an operation on all elements.
func (p *patcher) list(e *elements, op *PatchOperation) {
	values, listed := op.Value.([]any)
	switch op.Kind {
	case Add:
		for _, v := range values {
			e.add(v)
		}
	case Set:
		e.clear()
		e.now, e.owned, e.live = values, false, len(values)
	case Remove:
		if !listed {
			e.clear()
		}
		for _, v := range values {
			for _, n := range e.like(v) {
				e.set(n, nil)
			}
		}
	}
}

// chosen is an operation on the elements that a filter matches, or on a sub-attribute
// of all.
func (p *patcher) chosen(e *elements, op *PatchOperation) error {
	at := e.matching(op.Path.Filter)
	if len(at) == 0 && op.Path.Filter == nil && op.Kind == Remove {
		return nil // as for any attribute that is not there: only a filter can miss
	}
	if len(at) == 0 {
		made, err := p.missing(e.a, op)
		if err == nil && made != nil {
			e.add(made)
		}
		return err
	}
	primary, err := p.primaryOf(e, at, op)
	if err != nil {
		return err
	}
	for _, n := range at {
		v, err := p.altered(e.a, e.now[n], op)
		if err != nil {
			return err
		}
		if o, ok := v.(Object); ok && primary >= 0 && n != primary {
			o = maps.Clone(o)
			o["primary"], v = false, o
		}
		if v == nil || !Same(v, e.now[n]) {
			e.set(n, v)
		}
	}
	return nil
}

// primaryOf returns the position of the element that becomes primary if an operation
// says so of several, -1 if it does not: the one that is primary, so that the same
// operation again changes nothing, else the last.
func (p *patcher) primaryOf(e *elements, at []int, op *PatchOperation) (int, error) {
	whole, _ := op.Value.(Object)
	part := op.Path.Sub != nil && op.Path.Sub.Name == "primary" && op.Value == true
	if len(at) < 2 || !hasPrimary(e.a) || !part && whole["primary"] != true {
		return -1, nil
	}
	if !p.r.ManyPrimaries {
		return 0, fail(InvalidValue, e.a.Name, "several values are primary; one may be")
	}
	for _, n := range at {
		if o, ok := e.now[n].(Object); ok && o["primary"] == true {
			return n, nil
		}
	}
	return at[len(at)-1], nil
}

// altered is what an operation makes of one element, nil if it removes it.
func (p *patcher) altered(a *Attribute, v any, op *PatchOperation) (any, error) {
	old, _ := v.(Object)
	sub := op.Path.Sub
	switch {
	case op.Kind == Remove && sub == nil, op.Kind == Set && op.Value == nil && sub == nil:
		return nil, nil
	case op.Value == nil && sub == nil:
		return v, nil
	case op.Value == nil:
		return without(a, old, sub)
	case a.Type != Complex:
		return op.Value, nil
	case sub != nil:
		return overlaid(a, old, Object{sub.Name: op.Value})
	}
	change, _ := op.Value.(Object)
	if op.Kind == Add {
		return overlaid(a, old, change)
	}
	// A replacement has what the filter and the value say, and keeps what no client
	// can give it.
	whole := Object{}
	if !equalities(op.Path.Filter, whole) {
		clear(whole)
	}
	for n := range a.SubAttributes {
		sub := &a.SubAttributes[n]
		if _, given := change[sub.Name]; given {
			continue
		}
		if was, had := old[sub.Name]; had && (sub.Mutability == Immutable || sub.Mutability == ReadOnly || whole[sub.Name] != nil) {
			whole[sub.Name] = was
		}
	}
	if _, err := overlaid(a, old, change); err != nil {
		return nil, err
	}
	maps.Copy(whole, change)
	return whole, nil
}
