package rules

import "slices"

// An index spares most of a large set: of the grants that ask for one value of a
// text, such as a department, only those that ask for the person's own can be
// yes. The others need not be evaluated.
type index struct {
	groups []indexGroup
	rest   []asked // grants that ask for no such thing
}

// asked is a grant by its place, and its condition.
type asked struct {
	grant int
	when  *node
}

// indexGroup are the grants that ask for a value of one field.
type indexGroup struct {
	field *node
	all   []asked
	by    map[string][]asked
}

// indexGrants sorts grants by the first text that they cannot do without.
func indexGrants(grants []grant) index {
	var x index
	for i := range grants {
		ask := asked{i, grants[i].when}
		n := needed(ask.when)
		if n == nil {
			x.rest = append(x.rest, ask)
			continue
		}
		at := slices.IndexFunc(x.groups, func(g indexGroup) bool { return g.field.ref == n.args[0].ref })
		if at < 0 {
			at = len(x.groups)
			x.groups = append(x.groups, indexGroup{field: n.args[0], by: map[string][]asked{}})
		}
		g := &x.groups[at]
		g.all = append(g.all, ask)
		for _, text := range n.list {
			if list := g.by[text]; len(list) == 0 || list[len(list)-1].grant != i {
				g.by[text] = append(list, ask)
			}
		}
	}
	return x
}

// needed returns the comparison of a text with literals without which a condition
// is No, or nil: the condition itself, or a part of it that must hold as well.
func needed(n *node) *node {
	switch n.op {
	case opEq, opIn:
		if n.mask == 0 && n.args[0].op == opField && n.args[0].ref.slot > 0 {
			return n
		}
	case opAll:
		for _, arg := range n.args {
			if part := needed(arg); part != nil {
				return part
			}
		}
	default:
	}
	return nil
}

// evaluate fills in the outcome of every grant. A part that is No makes a whole of
// which it is part No, whatever else is undecided; where the text is missing the
// part is undecided, and each grant has to be asked.
func (x *index) evaluate(v view, truths []Truth) {
	for i := range truths {
		truths[i] = No
	}
	for g := range x.groups {
		group := &x.groups[g]
		ask := group.all
		if text := v.fieldText(group.field); text != "" {
			ask = group.by[text]
		}
		for i := range ask {
			truths[ask[i].grant] = v.truth(ask[i].when)
		}
	}
	for i := range x.rest {
		truths[x.rest[i].grant] = v.truth(x.rest[i].when)
	}
}

// givenBy returns, for each grant, which of the first 64 entitlements it gives.
func givenBy(gives []given, grants int) []uint64 {
	out := make([]uint64, grants)
	for i := range gives[:min(len(gives), 64)] {
		for _, n := range gives[i].grants {
			out[n] |= 1 << i
		}
	}
	return out
}
