package rules_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// A sample is a condition together with an independent statement of what it
// means.
type sample struct {
	cond rules.Cond
	want func(i *source.Identity, day source.Date) rules.Truth
}

// generator makes random conditions and people over a few words and days, so
// that everything happens to match often.
type generator struct {
	*rand.Rand
	plain bool // no missing(): what is left is monotone in knowledge
	clock bool // comparisons with AsOf
}

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 7))} }

func pick[T any](g *generator, list ...T) T { return list[g.IntN(len(list))] }

func truth(known, yes bool) rules.Truth {
	switch {
	case !known:
		return rules.Undecided
	case yes:
		return rules.Yes
	}
	return rules.No
}

func (g *generator) cond(depth int) sample {
	if depth > 0 && g.IntN(3) > 0 {
		switch g.IntN(3) {
		case 0:
			s := g.cond(depth - 1)
			return sample{rules.Not(s.cond), func(i *source.Identity, d source.Date) rules.Truth { return -s.want(i, d) }}
		case 1:
			return g.combine(depth, rules.All, func(a, b rules.Truth) rules.Truth { return min(a, b) })
		default:
			return g.combine(depth, rules.Any, func(a, b rules.Truth) rules.Truth { return max(a, b) })
		}
	}
	return g.atom()
}

func (g *generator) combine(depth int, op func(...rules.Cond) rules.Cond, fold func(a, b rules.Truth) rules.Truth) sample {
	parts := make([]sample, 1+g.IntN(3))
	conds := make([]rules.Cond, len(parts))
	for n := range parts {
		parts[n] = g.cond(depth - 1)
		conds[n] = parts[n].cond
	}
	return sample{op(conds...), func(i *source.Identity, d source.Date) rules.Truth {
		result := parts[0].want(i, d)
		for _, p := range parts[1:] {
			result = fold(result, p.want(i, d))
		}
		return result
	}}
}

type textCase struct {
	field rules.TextField
	get   func(*source.Identity) string
}

func customOne(i *source.Identity) string {
	if v := i.Custom["badge"]; len(v) == 1 && (v[0] == "red" || v[0] == "blue") {
		return v[0]
	}
	return ""
}

func (g *generator) atom() sample {
	kinds := 5
	if g.clock {
		kinds = 7
	}
	switch g.IntN(kinds) {
	case 0, 1:
		return g.textAtom()
	case 2:
		s := source.Status(1 + g.IntN(9))
		return pick(g,
			sample{rules.Status.Is(s), func(i *source.Identity, _ source.Date) rules.Truth {
				return truth(i.Status != source.Unknown, i.Status == s)
			}},
			sample{rules.Status.NotIn(s, source.Active), func(i *source.Identity, _ source.Date) rules.Truth {
				return truth(i.Status != source.Unknown, i.Status != s && i.Status != source.Active)
			}})
	case 3:
		name := pick(g, "red", "blue", "sales")
		return sample{rules.Groups.Has(name), func(i *source.Identity, _ source.Date) rules.Truth {
			found := false
			for _, x := range i.Groups {
				found = found || x.Name == name
			}
			return truth(i.Groups != nil, found)
		}}
	case 4:
		fixed := source.Day(2026, 3, 1+g.IntN(20))
		return sample{rules.OriginalHireDate.OnOrAfter(rules.Date(fixed.Civil())), func(i *source.Identity, _ source.Date) rules.Truth {
			return truth(!i.OriginalHireDate.IsZero(), !i.OriginalHireDate.Before(fixed))
		}}
	default:
		return g.clockAtom()
	}
}

func (g *generator) textAtom() sample {
	f := pick(g,
		textCase{rules.Department, func(i *source.Identity) string { return i.Department.Name }},
		textCase{rules.City, func(i *source.Identity) string { return i.Location.City }},
		textCase{rules.Manager, func(i *source.Identity) string { return i.Manager.ID }},
		textCase{rules.Custom("badge"), customOne})
	word := pick(g, "red", "blue")
	made := func(c rules.Cond, match func(have string) bool) sample {
		return sample{c, func(i *source.Identity, _ source.Date) rules.Truth {
			have := f.get(i)
			return truth(have != "", match(have))
		}}
	}
	switch g.IntN(8) {
	case 0:
		return made(f.field.Is(word), func(have string) bool { return have == word })
	case 1:
		return made(f.field.IsNot(word), func(have string) bool { return have != word })
	case 2:
		return made(f.field.In(word, "blue"), func(have string) bool { return have == word || have == "blue" })
	case 3:
		return made(f.field.IsFold(strings.ToUpper(word)), func(have string) bool { return strings.EqualFold(have, word) })
	case 4:
		return made(f.field.StartsWith(word[:2]), func(have string) bool { return strings.HasPrefix(have, word[:2]) })
	case 5:
		return made(f.field.EndsWith("e"), func(have string) bool { return strings.HasSuffix(have, "e") })
	case 6:
		if !g.plain {
			return sample{f.field.Missing(), func(i *source.Identity, _ source.Date) rules.Truth { return truth(true, f.get(i) == "") }}
		}
	}
	return made(f.field.Contains("e"), func(have string) bool { return strings.Contains(have, "e") })
}

func (g *generator) clockAtom() sample {
	type dateCase struct {
		field rules.DateField
		get   func(*source.Identity) source.Date
	}
	f := pick(g,
		dateCase{rules.StartDate, (*source.Identity).Start},
		dateCase{rules.EndDate, (*source.Identity).End},
		dateCase{rules.CustomDate("review"), func(i *source.Identity) source.Date {
			d, _ := source.ParseDate(strings.Join(i.Custom["review"], " "))
			return d
		}})
	a, b := g.IntN(9)-4, g.IntN(9)-4
	field, now := f.field.Plus(a), rules.AsOf.Plus(b)
	made := func(c rules.Cond, match func(distance int) bool) sample {
		return sample{c, func(i *source.Identity, d source.Date) rules.Truth {
			have := f.get(i)
			return truth(!have.IsZero(), match(have.Sub(d)+a-b))
		}}
	}
	switch g.IntN(8) {
	case 0:
		return made(field.Before(now), func(n int) bool { return n < 0 })
	case 1:
		return made(field.OnOrBefore(now), func(n int) bool { return n <= 0 })
	case 2:
		return made(field.After(now), func(n int) bool { return n > 0 })
	case 3:
		return made(now.OnOrBefore(field), func(n int) bool { return n >= 0 })
	case 4:
		return made(now.On(field), func(n int) bool { return n == 0 })
	case 5:
		return made(now.After(field), func(n int) bool { return n < 0 })
	case 6:
		return made(field.On(now), func(n int) bool { return n == 0 })
	}
	fixed := source.Day(2026, 3, 1+g.IntN(28))
	return sample{rules.AsOf.OnOrAfter(rules.Date(fixed.Civil())), func(_ *source.Identity, d source.Date) rules.Truth {
		return truth(true, !d.Before(fixed))
	}}
}

func (g *generator) word() string { return pick(g, "", "red", "blue", "green") }

func (g *generator) date() source.Date {
	if g.IntN(3) == 0 {
		return source.Date{}
	}
	return source.Day(2026, 3, 1+g.IntN(25))
}

func (g *generator) person() *source.Identity {
	i := &source.Identity{
		ID: "E1", Status: source.Status(g.IntN(10)), Department: source.Named(g.word()),
		Location: source.Location{City: g.word()}, Manager: source.Manager{ID: g.word()},
		StartDate: g.date(), LastDay: g.date(), OriginalHireDate: g.date(),
		JobTitle: g.word(), WorkEmail: g.word(), Custom: map[string][]string{},
	}
	if w := g.word(); w != "" {
		i.Custom["badge"] = []string{w}
	}
	if d := g.date(); !d.IsZero() {
		i.Custom["review"] = []string{d.String()}
	}
	if g.IntN(2) == 0 {
		i.Groups = []source.Group{}
		for range g.IntN(3) {
			i.Groups = append(i.Groups, source.Group{Name: pick(g, "red", "blue", "sales")})
		}
	}
	if g.IntN(4) == 0 {
		i.TerminatedAt = time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
	}
	// Full hours, for the brute force; both extremes.
	i.Location.Zone = pick(g, nil, time.FixedZone("+14", 14*3600), time.FixedZone("-12", -12*3600), time.FixedZone("+05", 5*3600))
	return i
}

func (g *generator) lifecycle() rules.Lifecycle {
	l := rules.Lifecycle{
		PreHire: pick(g, 0, 3, 10), Leave: rules.Leave(g.IntN(2)), DeleteAfter: pick(g, 0, 1, 7),
		EndSessions: g.IntN(2) == 0, Handover: g.IntN(2) == 0,
	}
	l.EnableBefore = pick(g, 0, min(2, l.PreHire), l.PreHire)
	if g.IntN(3) == 0 {
		l.Clock = rules.ClockIn(time.FixedZone("HQ", -5*3600))
	}
	return l
}

// spec makes a random rule set; the grant gN has the condition samples[N] and
// gives app/group:gN.
func (g *generator) spec() (rules.Spec, []sample) {
	spec := rules.Spec{Name: "random", Fields: []rules.FieldSpec{
		{Name: "badge", Values: []string{"red", "blue"}}, {Name: "review", Type: rules.DateType},
	}}
	samples := make([]sample, 1+g.IntN(6))
	for n := range samples {
		samples[n] = g.cond(3)
		spec.Grants = append(spec.Grants, rules.Grant{
			ID: fmt.Sprintf("g%d", n), When: samples[n].cond, Give: []string{fmt.Sprintf("app/group:g%d", n)},
		})
	}
	account := rules.TargetSpec{Target: "app", Account: rules.Everyone, Lifecycle: g.lifecycle()}
	if g.IntN(3) == 0 {
		account.Account = g.cond(2).cond
	}
	account.Attributes = []rules.Attribute{
		{Set: "title", To: rules.JobTitle, IfMissing: pick(g, rules.Keep, rules.Clear, rules.Block)},
		{Set: "mail", To: rules.Lower(rules.First(rules.WorkEmail, rules.Department)), When: g.cond(1).cond, Apply: target.IfEmpty},
		{Set: "groups", To: rules.Groups, IfMissing: rules.Clear},
	}
	admin := rules.TargetSpec{Target: "app", Slot: "admin", Account: g.cond(1).cond, Lifecycle: g.lifecycle()}
	spec.Targets = []rules.TargetSpec{account, admin}
	return spec, samples
}

func seeds(t testing.TB, n int, run func(t testing.TB, g *generator)) {
	t.Helper()
	for seed := range uint64(n) {
		g := newGenerator(seed)
		run(t, g)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}
