package rules

import (
	"slices"
	"time"

	"github.com/provision-go/provision/target"
)

// Candidates returns the values that a [Unique] attribute of an account may get, in
// the order in which they are to be tried, each once. It is empty if none can be
// made, as for a name that cannot be written in ASCII and has nothing behind it.
// It is nil for an attribute that is not unique.
func (s *Set) Candidates(p Person, at time.Time, name, slot, set string) []string {
	a := s.find(name, slot)
	if a == nil || p.Identity == nil {
		return nil
	}
	i := slices.IndexFunc(a.attributes, func(x attribute) bool { return x.name == set && x.unique != nil })
	if i < 0 {
		return nil
	}
	e := s.beginExplaining(a, p, at)
	defer e.close()
	out, seen := []string{}, map[string]bool{}
	add := func(v view, n *node) {
		if text := v.text(n); text != "" && !seen[text] && len(out) < maxCandidates {
			seen[text] = true
			out = append(out, text)
		}
	}
	for _, n := range a.attributes[i].unique.try {
		if !counts(n) {
			add(e.v, n)
			continue
		}
		for k := range a.attributes[i].unique.Max {
			v := e.v
			v.number = k + 2
			add(v, n)
		}
	}
	return out
}

// counts reports whether a pattern has a counter in it.
func counts(n *node) bool { return n.op == opCounter || slices.ContainsFunc(n.args, counts) }

// ChooseName returns the first candidate that is not reserved for somebody else, as far
// as p.Reserved says; ok is false if there is none. Values are compared without
// regard to the case of ASCII letters. What is taken on the target itself an engine
// finds out: see target.Owned.
func (s *Set) ChooseName(p Person, at time.Time, name, slot, attribute string) (value string, ok bool) {
	for _, text := range s.Candidates(p, at, name, slot, attribute) {
		if !p.reserved(at, name, slot, attribute, text) {
			return text, true
		}
	}
	return "", false
}

func (p *Person) reserved(at time.Time, name, slot, attribute, value string) bool {
	return slices.ContainsFunc(p.Reserved, func(r Reserved) bool {
		return r.Target == name && r.Attribute == attribute && target.FoldEqual(r.Value, value) &&
			(r.Until.IsZero() || at.Before(r.Until)) && r.Key != (target.Key{Identity: p.Identity.ID, Slot: slot})
	})
}
