package rules

import (
	"slices"
	"strings"
)

// Later bounds what the layers behind one may hold, so that nothing that a customer
// writes gets around the rules of the product. The zero value bounds nothing. The
// bounds of several layers add up: a later one can only narrow those before it.
//
// Names, notes, Off as such, and what no file can hold (functions, time zones) are
// not bounded.
type Later struct {
	// May are the sections of rule files that later layers may hold, such as
	// "grants". To replace a rule, or to switch it off, is to hold its section. A
	// custom field may be declared again word for word all the same. Nil is all
	// sections, an empty list none.
	May []string
	// Give is what later layers may give: by grants, by picks, and by tables that a
	// grant gives from, whoever's the grant or the table is. Each is an entitlement, or
	// the beginning of one as far as the slash at least, with "*" behind it:
	// "app/role:*". Nil is everything, an empty list nothing.
	Give []string
}

// everything is the end of a pattern that stands for all that begins alike.
const everything = "*"

// covers reports whether a pattern stands for an entitlement, or for everything that
// another pattern stands for.
func covers(pattern, text string) bool {
	start, open := strings.CutSuffix(pattern, everything)
	return pattern == text || open && strings.HasPrefix(text, start)
}

// gives reports whether later layers may give an entitlement.
func (l *Later) gives(role string) bool {
	return l.Give == nil || slices.ContainsFunc(l.Give, func(p string) bool { return covers(p, role) })
}

// holds reports whether later layers may hold a section.
func (l *Later) holds(section string) bool { return l.May == nil || slices.Contains(l.May, section) }

// and is what two layers let later ones hold.
func (l *Later) and(other *Later) Later {
	out := *l
	switch {
	case l.May == nil:
		out.May = other.May
	case other.May != nil:
		out.May = slices.DeleteFunc(slices.Clone(l.May), func(s string) bool { return !other.holds(s) })
	}
	switch {
	case l.Give == nil:
		out.Give = other.Give
	case other.Give != nil:
		both := []string{}
		for _, a := range l.Give {
			for _, b := range other.Give {
				if covers(a, b) {
					both = append(both, b)
				} else if covers(b, a) {
					both = append(both, a)
				}
			}
		}
		slices.Sort(both)
		out.Give = slices.Compact(both)
	}
	return out
}
