package rules

import (
	"slices"
	"strings"

	"github.com/provision-go/provision/source"
)

// cause explains the outcome of one condition.
func (v view) cause(rule string, n *node) Cause {
	c := Cause{Rule: rule, Outcome: Yes}
	if n == nil {
		return c
	}
	c.Outcome = v.truth(n)
	c.Atoms = v.atoms(nil, n)
	var lacking missingFields
	v.undecided(n, &lacking)
	c.Missing = lacking.sorted()
	return c
}

// atoms appends the comparisons that made n come out as it did: of an "all"
// that is no, the ones that are no; of one that is yes, every one.
func (v view) atoms(list []Atom, n *node) []Atom {
	outcome := v.truth(n)
	switch n.op {
	case opConst:
		return list
	case opAll, opAny, opNot:
		for _, arg := range n.args {
			if n.op == opNot || v.truth(arg) == outcome {
				list = v.atoms(list, arg)
			}
		}
		return list
	}
	a := Atom{Text: string(appendCond(nil, n, 0)), Outcome: outcome}
	var seen []string
	args := n.args
	if n.call != nil {
		args = n.call.inputs
	}
	for _, arg := range args {
		if arg.op == opAsOf {
			seen = append(seen, "as_of "+v.day.String())
			continue
		}
		for _, f := range arg.fields(nil) {
			a.Sensitive = a.Sensitive || f.ref.pii
			if text := v.shown(f); text != "" {
				seen = append(seen, text)
			}
		}
	}
	a.Value = strings.Join(seen, ", ")
	return append(list, a)
}

// shown returns what a person has in a field, "" if it is missing.
func (v view) shown(n *node) string {
	bare := *n // without the days that a comparison adds
	bare.days = 0
	if bare.ref.kind == source.FieldList {
		list, _ := v.list(bare.ref)
		return strings.Join(list, ", ")
	}
	return v.text(&bare)
}

// sensitive reports whether a value is made of a field that names or reaches a
// person.
func sensitive(n *node) bool {
	return slices.ContainsFunc(n.fields(nil), func(f *node) bool { return f.ref.pii })
}
