package rules

import (
	"cmp"
	"slices"

	"github.com/provision-go/provision/source"
)

// A FieldUse is a field that a set looks at, with everything that its rules compare
// it with: what tests have to try, and what a source has to fill.
type FieldUse struct {
	Name string // such as "department" or "custom.level"
	Type string // "text", "list", "date", "instant", "number", "truth value" or "word"
	// Vocabulary are all values that there are, nil if any value is possible.
	Vocabulary []string
	// Values are the texts that rules compare it with, sorted; of a prefix or a part
	// the very text.
	Values []string
	// Numbers are those that rules compare it with; of a list, how many it holds.
	Numbers []int
	// Days are fixed days that rules compare it with, and Offsets the days from
	// as_of on which such a comparison turns: with start - 14d <= as_of it is 14.
	Days    []source.Date
	Offsets []int
	Rules   []string // IDs of the rules that look at it, sorted
	PII     bool
}

// Uses returns the fields that the set looks at, sorted by name.
func (s *Set) Uses() []FieldUse {
	u := uses{set: s, by: map[string]*FieldUse{}}
	for _, c := range s.conditions() {
		u.cond(c.rule, c.node)
	}
	for i := range s.accounts {
		u.account(&s.accounts[i])
	}
	out := make([]FieldUse, 0, len(u.by))
	for _, f := range u.by {
		slices.Sort(f.Values)
		f.Values = slices.Compact(f.Values)
		slices.Sort(f.Numbers)
		f.Numbers = slices.Compact(f.Numbers)
		slices.Sort(f.Offsets)
		f.Offsets = slices.Compact(f.Offsets)
		slices.SortFunc(f.Days, source.Date.Compare)
		f.Days = slices.Compact(f.Days)
		slices.Sort(f.Rules)
		f.Rules = slices.Compact(f.Rules)
		out = append(out, *f)
	}
	slices.SortFunc(out, func(a, b FieldUse) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

type uses struct {
	set *Set
	by  map[string]*FieldUse
}

func (u *uses) field(rule string, n *node) *FieldUse {
	f := u.by[n.ref.name]
	if f == nil {
		f = &FieldUse{Name: n.ref.name, Type: kindName(n.ref.kind), Vocabulary: slices.Clone(n.ref.words), PII: n.ref.pii}
		u.by[f.Name] = f
	}
	f.Rules = append(f.Rules, rule)
	return f
}

// account notes what the account of a target looks at besides its conditions.
func (u *uses) account(a *account) {
	u.life(a)
	u.value("label."+placeName(a.target, a.slot), a.label)
	for _, x := range a.attributes {
		u.value(x.id, x.to)
		for _, y := range x.choices {
			u.value(x.id, y.to)
		}
		if x.unique != nil {
			for _, n := range x.unique.try {
				u.value(x.id, n)
			}
		}
	}
	for _, q := range a.requires {
		u.cond(q.id, q.when)
	}
}

// life notes what the life cycle looks at.
func (u *uses) life(a *account) {
	l := &a.life
	named := func(name string) *FieldUse {
		f := u.set.fields[name]
		return u.field(l.ID, &node{op: opField, ref: f})
	}
	named("status")
	start := named(string(StartDate))
	start.Offsets = append(start.Offsets, 0, l.PreHire, l.EnableBefore)
	end := named(string(EndDate))
	end.Offsets = append(end.Offsets, -1)
	if l.DeleteAfter > 0 {
		end.Offsets = append(end.Offsets, -l.DeleteAfter)
	}
	named("terminated_at")
	if l.Handover {
		named(string(Manager))
	}
	if l.leaveSince != nil {
		f := u.field(l.ID, l.leaveSince)
		f.Offsets = append(f.Offsets, -l.LeaveAfter)
	}
	if l.expireOn != nil && l.expireOn.op == opField {
		f := u.field(l.ID, l.expireOn)
		f.Offsets = append(f.Offsets, -l.expireOn.days-1)
	}
}

func (u *uses) cond(rule string, n *node) {
	if n == nil {
		return
	}
	switch n.op {
	case opEq, opIn, opEqualFold, opStartsWith, opEndsWith, opContains, opHas:
		if n.args[0].op == opField {
			f := u.field(rule, n.args[0])
			f.Values = append(f.Values, n.list...)
			return
		}
	case opDateEq, opDateLT, opDateLE:
		u.dates(rule, n)
		return
	case opIntEq, opIntLT, opIntLE:
		u.numbers(rule, n)
		return
	}
	u.value(rule, n)
}

// value notes the fields below a node, and the conditions in it.
func (u *uses) value(rule string, n *node) {
	if n == nil {
		return
	}
	if n.op == opField {
		u.field(rule, n)
		return
	}
	for _, arg := range n.args {
		u.cond(rule, arg)
	}
	own := node{call: n.call, look: n.look}
	for _, f := range own.fields(nil) {
		u.field(rule, f)
	}
	if n.op == opSwitch && n.args[0].op == opField {
		f := u.field(rule, n.args[0])
		f.Values = append(f.Values, n.list...)
	}
	if n.look != nil {
		for i := range n.look.rows {
			u.cond(rule, n.look.rows[i].cond)
		}
	}
}

func (u *uses) dates(rule string, n *node) {
	a, b := n.args[0], n.args[1]
	for range 2 {
		if a.op == opField {
			f := u.field(rule, a)
			switch b.op {
			case opDate:
				f.Days = append(f.Days, b.day.AddDays(b.days-a.days))
			case opAsOf:
				f.Offsets = append(f.Offsets, b.days-a.days)
			default:
			}
		}
		a, b = b, a
	}
}

func (u *uses) numbers(rule string, n *node) {
	a, b := n.args[0], n.args[1]
	for range 2 {
		switch {
		case a.op == opInt || b.op != opInt:
			u.value(rule, a)
		case a.op == opField:
			f := u.field(rule, a)
			f.Numbers = append(f.Numbers, b.days)
		case a.op == opCount && a.args[0].op == opField:
			f := u.field(rule, a.args[0])
			f.Numbers = append(f.Numbers, b.days)
		default:
			u.value(rule, a)
		}
		a, b = b, a
	}
}
