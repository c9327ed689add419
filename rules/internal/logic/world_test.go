package logic_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/provision-go/provision/rules/internal/logic"
)

// A dice makes the choices of a generated test: by chance or from the bytes of a
// fuzzer. It returns a number from 0 to n-1.
type dice func(n int) int

// person is one person; a name that is not there is missing.
type person = map[string]logic.Value

// A comparison is an atom of the analysis and, independently of it, what the atom
// means.
type comparison struct {
	text    string
	formula logic.Formula
	truth   func(person) logic.Truth
}

// A world is a few comparisons and everybody who can be told apart by them: its
// people stand for all that exist.
type world struct {
	atoms   []comparison
	people  []person
	yes, no []bits // of each atom
}

// bits is a set of people.
type bits []uint64

// tree is a formula over the comparisons of a world.
type tree struct {
	op   string // "atom", "all", "any", "not"
	atom int
	args []*tree
}

var (
	words     = []string{"a", "ab", "ba", "b"}
	statuses  = []string{"active", "leave", "ended"}
	relations = []string{"<", "<=", "=="}
)

func decided(b bool) logic.Truth {
	if b {
		return logic.Yes
	}
	return logic.No
}

// compareText makes a comparison of a text field from what it means.
func compareText(field, text string, f logic.Formula, holds func(string) bool) comparison {
	return comparison{text, f, func(p person) logic.Truth {
		if p[field].Kind == logic.NoValue {
			return logic.Undecided
		}
		return decided(holds(p[field].Text))
	}}
}

func related(relation string, a, b int64) bool {
	return relation == "<" && a < b || relation == "<=" && a <= b || relation == "==" && a == b
}

// roll makes a comparison.
func roll(d dice) comparison {
	pick := func(list []string) string { return list[d(len(list))] }
	switch d(13) {
	case 0:
		field := pick([]string{"department", "status", "level", "start", "end", "groups", "email"})
		return comparison{"missing " + field, logic.Missing(field), func(p person) logic.Truth {
			return decided(p[field].Kind == logic.NoValue)
		}}
	case 1, 2:
		values := []string{pick(words), pick(words)}[d(2):]
		return compareText("department", fmt.Sprint("department in ", values), logic.OneOf("department", nil, values...),
			func(s string) bool { return slices.Contains(values, s) })
	case 3:
		values := []string{pick(statuses), pick(statuses), "unheard of"}[d(3):]
		return compareText("status", fmt.Sprint("status in ", values), logic.OneOf("status", statuses, values...),
			func(s string) bool { return slices.Contains(values, s) })
	case 4:
		part := pick(words)
		switch d(3) {
		case 0:
			return compareText("department", "department begins "+part, logic.Prefix("department", part),
				func(s string) bool { return strings.HasPrefix(s, part) })
		case 1:
			return compareText("department", "department ends "+part, logic.Suffix("department", part),
				func(s string) bool { return strings.HasSuffix(s, part) })
		}
		return compareText("department", "department contains "+part, logic.Contains("department", part),
			func(s string) bool { return strings.Contains(s, part) })
	case 5, 6:
		member := pick(words[:3])
		return comparison{"groups has " + member, logic.Has("groups", nil, member), func(p person) logic.Truth {
			if p["groups"].Kind == logic.NoValue {
				return logic.Undecided
			}
			return decided(slices.Contains(p["groups"].List, member))
		}}
	case 7, 8:
		relation, n := pick(relations), int64(d(7))
		f := map[string]func(string, int64) logic.Formula{"<": logic.Less, "<=": logic.LessEq, "==": logic.EqualInt}[relation]("level", n)
		return comparison{fmt.Sprint("level ", relation, n), f, func(p person) logic.Truth {
			if p["level"].Kind == logic.NoValue {
				return logic.Undecided
			}
			return decided(related(relation, p["level"].Int, n))
		}}
	case 9, 10:
		return rollDay(d)
	}
	if d(2) == 0 {
		word := []string{"a", "AB", "bA", "B"}[d(4)]
		return compareText("department", "department like "+word, logic.EqualFold("department", nil, word),
			func(s string) bool { return strings.EqualFold(s, word) })
	}
	id, fields := "vip", []string{"department", "level", "as_of"}
	if d(2) == 0 {
		id, fields = "known", []string{"email"}
	}
	return comparison{id, logic.Opaque(id, fields...), func(p person) logic.Truth {
		for _, f := range fields {
			if f != logic.AsOf && p[f].Kind == logic.NoValue {
				return logic.Undecided
			}
		}
		return p[id].Truth
	}}
}

func rollDay(d dice) comparison {
	relation := d(3)
	o := []logic.Op{logic.Before, logic.NotAfter, logic.SameDay}[relation]
	days := []string{"start", "end", "as_of"}
	x, y, n := days[d(3)], days[d(3)], d(5)-2
	f, fixed := logic.Day(x, y, o, n), d(3) == 0
	if fixed {
		n = d(7)
		y, f = "day", logic.DayFixed(x, o, int64(n))
	}
	return comparison{fmt.Sprint(x, relations[relation], y, "+", n), f, func(p person) logic.Truth {
		other := p[y]
		if fixed {
			other = logic.Value{Kind: logic.DayValue}
		}
		if p[x].Kind == logic.NoValue || other.Kind == logic.NoValue {
			return logic.Undecided
		}
		return decided(related(relations[relation], p[x].Int, other.Int+int64(n)))
	}}
}

// everybody is all people, as variants of parts that do not depend on each other.
var everybody = sync.OnceValue(func() [][]person {
	return [][]person{departments(), simple(), groups(), dates(), assumptions()}
})

// newWorld makes a world of that many comparisons, some of them of dates.
func newWorld(d dice, size, days int) *world {
	w := &world{}
	for i := range size {
		if i < days {
			w.atoms = append(w.atoms, rollDay(d))
		} else {
			w.atoms = append(w.atoms, roll(d))
		}
	}
	w.people = []person{{}}
	for _, variants := range everybody() {
		variants = w.distinct(slices.Clone(variants))
		var product []person
		for _, p := range w.people {
			for _, v := range variants {
				both := maps.Clone(p)
				maps.Copy(both, v)
				product = append(product, both)
			}
		}
		w.people = product
	}
	w.people = w.distinct(w.people)
	for _, atom := range w.atoms {
		isYes, isNo := newBits(w), newBits(w)
		for i, p := range w.people {
			switch atom.truth(p) {
			case logic.Yes:
				isYes[i/64] |= 1 << (i % 64)
			case logic.No:
				isNo[i/64] |= 1 << (i % 64)
			default: // undecided
			}
		}
		w.yes, w.no = append(w.yes, isYes), append(w.no, isNo)
	}
	return w
}

// distinct keeps one of those whom no comparison tells apart. Opaque conditions
// are told apart by what they would say, and by their fields.
func (w *world) distinct(people []person) []person {
	seen := map[string]bool{}
	return slices.DeleteFunc(people, func(p person) bool {
		key := make([]byte, 0, 32)
		for _, atom := range w.atoms {
			key = append(key, byte(atom.truth(p)+1))
			switch atom.text {
			case "vip":
				key = append(key, byte(p["vip"].Truth+1), byte(p["department"].Kind), byte(p["level"].Kind))
			case "known":
				key = append(key, byte(p["known"].Truth+1), byte(p["email"].Kind))
			}
		}
		known := seen[string(key)]
		seen[string(key)] = true
		return known
	})
}

// departments returns every text of up to seven letters, two of which occur in
// comparisons, and every spelling of the short ones.
func departments() []person {
	list := []person{{}}
	layer := []string{""}
	for range 7 {
		var next []string
		for _, s := range layer {
			for _, letter := range []string{"a", "b", "x"} {
				next = append(next, s+letter)
				list = append(list, person{"department": {Kind: logic.TextValue, Text: s + letter}})
			}
		}
		layer = next
	}
	for _, first := range []string{"", "a", "b", "A", "B"} {
		for _, second := range []string{"a", "b", "A", "B"} {
			list = append(list, person{"department": {Kind: logic.TextValue, Text: first + second}})
		}
	}
	return list
}

func simple() []person {
	levels := []person{{}}
	for n := range int64(9) {
		levels = append(levels, person{"level": {Kind: logic.IntValue, Int: n - 1}})
	}
	var list []person
	for _, level := range levels {
		for _, status := range append([]string{""}, statuses...) {
			for _, email := range []logic.Value{{}, {Kind: logic.SomeValue}} {
				p := maps.Clone(level)
				p["email"] = email
				if status != "" {
					p["status"] = logic.Value{Kind: logic.TextValue, Text: status}
				}
				list = append(list, p)
			}
		}
	}
	return list
}

func groups() []person {
	list := []person{{}}
	for set := range 8 {
		value := logic.Value{Kind: logic.ListValue}
		for i, word := range words[:3] {
			if set>>i&1 != 0 {
				value.List = append(value.List, word)
			}
		}
		list = append(list, person{"groups": value})
	}
	return list
}

// dates goes so far beyond the constants that no chain of comparisons can lead
// further.
func dates() []person {
	var list []person
	const first, last, absent = -6, 13, -7
	for asOf := int64(first); asOf < last; asOf++ {
		for start := int64(absent); start < last; start++ {
			for end := int64(absent); end < last; end++ {
				p := person{logic.AsOf: {Kind: logic.DayValue, Int: asOf}}
				if start != absent {
					p["start"] = logic.Value{Kind: logic.DayValue, Int: start}
				}
				if end != absent {
					p["end"] = logic.Value{Kind: logic.DayValue, Int: end}
				}
				list = append(list, p)
			}
		}
	}
	return list
}

func assumptions() []person {
	var list []person
	for _, a := range []logic.Truth{logic.Yes, logic.No, logic.Undecided} {
		for _, b := range []logic.Truth{logic.Yes, logic.No, logic.Undecided} {
			list = append(list, person{
				"vip":   {Kind: logic.Assumed, Truth: a},
				"known": {Kind: logic.Assumed, Truth: b},
			})
		}
	}
	return list
}

func newBits(w *world) bits { return make(bits, len(w.people)/64+1) }
