package rules

import (
	"maps"

	"github.com/provision-go/provision/rules/internal/logic"
	"github.com/provision-go/provision/source"
)

// LintTruths evaluates what Lint makes of the conditions of grants, for somebody
// on a day.
func LintTruths(s *Set, i *source.Identity, day source.Date) map[string]Truth {
	v := view{id: i, day: day, memo: &memo{}}
	t := newTerms()
	formulas := map[string]formula{}
	for n := range s.grants {
		formulas[s.grants[n].id] = t.cond(s.grants[n].when)
	}
	values := map[string]logic.Value{logic.AsOf: {Kind: logic.DayValue, Int: int64(sinceEpoch(day))}}
	fields := maps.Clone(s.fields)
	c := checker{specs: source.Fields(), fields: fields} // those too that no rule asks for
	for _, f := range c.specs {
		c.ref(f.Name)
	}
	for name, f := range fields {
		n := &node{op: opField, field: name, kind: f.kind, ref: f}
		if v.missing(n) {
			continue
		}
		switch f.kind {
		case source.FieldList:
			list, _ := v.list(f)
			values[name] = logic.Value{Kind: logic.ListValue, List: list}
		case source.FieldDate:
			values[name] = logic.Value{Kind: logic.DayValue, Int: int64(sinceEpoch(v.date(n)))}
		case source.FieldInstant:
			values[name] = logic.Value{Kind: logic.SomeValue}
		case kindInt:
			number, _ := v.int(n)
			values[name] = logic.Value{Kind: logic.IntValue, Int: int64(number)}
		default:
			values[name] = logic.Value{Kind: logic.TextValue, Text: v.text(n)}
		}
	}
	for id, n := range t.opaque {
		values[id] = logic.Value{Kind: logic.Assumed, Truth: logic.Truth(v.truth(n))}
	}
	truths := map[string]Truth{}
	for id, f := range formulas {
		truths[id] = Truth(f.Eval(values))
		for _, fact := range t.facts(^uint64(0)) {
			if fact.Eval(values) != logic.Yes {
				truths["a fact that is none"] = Undecided
			}
		}
	}
	return truths
}
