package rules_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// outcome reads the truth of a grant off a decision about an enabled account.
func outcome(d target.Desired, e string) rules.Truth {
	is := func(x target.Entitlement) bool { return x.String() == e }
	switch {
	case slices.ContainsFunc(d.Entitlements, is):
		return rules.Yes
	case slices.ContainsFunc(d.Undecided, is):
		return rules.Undecided
	}
	return rules.No
}

// truths evaluates conditions on somebody whose account is enabled.
func truths(t testing.TB, i *source.Identity, at time.Time, conds ...rules.Cond) []rules.Truth {
	t.Helper()
	spec := rules.Spec{Name: "truths", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}}
	spec.Fields = []rules.FieldSpec{
		{Name: "badge", Values: []string{"red", "blue"}}, {Name: "review", Type: rules.DateType}, {Name: "skills", Type: rules.ListType},
	}
	for n, c := range conds {
		name := string(rune('a' + n))
		spec.Grants = append(spec.Grants, rules.Grant{ID: name, When: c, Give: []string{"app/group:" + name}})
	}
	d := mustBuild(t, spec).Decide(rules.Person{Identity: i}, at).Accounts[0].Desired
	require.Equal(t, target.Enabled, d.State)
	out := make([]rules.Truth, len(conds))
	for n := range conds {
		out[n] = outcome(d, "group:"+string(rune('a'+n)))
	}
	return out
}

// employed makes sure that the person has an enabled account on every day.
func employed(i *source.Identity) *source.Identity {
	i.Status, i.TerminatedAt, i.StartDate, i.LastDay = source.Active, time.Time{}, source.Date{}, source.Date{}
	return i
}

func TestConditionsMeanWhatTheySay(t *testing.T) {
	seeds(t, 1000, func(t testing.TB, g *generator) {
		g.clock = true
		s, i := g.cond(4), employed(g.person())
		i.Location.Zone = nil
		at := time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
		got := truths(t, i, at, s.cond)[0]
		assert.Equal(t, s.want(i, source.DateOf(at)), got, "%s\n%+v at %s", s.cond, i, at)
	})
}

func TestKleeneLaws(t *testing.T) {
	seeds(t, 300, func(t testing.TB, g *generator) {
		a, b, c := g.cond(2).cond, g.cond(2).cond, g.cond(2).cond
		all, anyOf, not := rules.All, rules.Any, rules.Not
		got := truths(t, employed(g.person()), time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC),
			a, not(not(a)), all(a, a), anyOf(a, a), // 0–3 the same
			not(all(a, b)), anyOf(not(a), not(b)), // 4 = 5
			not(anyOf(a, b)), all(not(a), not(b)), // 6 = 7
			all(a, all(b, c)), all(all(c, a), b), // 8 = 9
			anyOf(a, anyOf(b, c)), anyOf(anyOf(c, a), b), // 10 = 11
			all(a, anyOf(b, c)), anyOf(all(a, b), all(a, c)), // 12 = 13
			all(a, rules.Everyone), anyOf(a, rules.Everyone)) // 0, yes
		for _, same := range [][]int{{0, 1, 2, 3, 14}, {4, 5}, {6, 7}, {8, 9}, {10, 11}, {12, 13}} {
			for _, n := range same {
				assert.Equal(t, got[same[0]], got[n], "law %d: %s | %s | %s", n, a, b, c)
			}
		}
		assert.Equal(t, rules.Yes, got[15])
	})
}

// Knowing less decides less: it never turns a yes into a no, nor a no into a
// yes.
func TestMissingDataDecidesNothing(t *testing.T) {
	blanks := map[string]func(*source.Identity){
		"department": func(i *source.Identity) { i.Department = source.Ref{} },
		"city":       func(i *source.Identity) { i.Location.City = "" },
		"manager":    func(i *source.Identity) { i.Manager = source.Manager{} },
		"groups":     func(i *source.Identity) { i.Groups = nil },
		"custom":     func(i *source.Identity) { i.Custom = nil },
		"original":   func(i *source.Identity) { i.OriginalHireDate = source.Date{} },
		"status":     func(i *source.Identity) { i.Status = source.Unknown },
	}
	seeds(t, 400, func(t testing.TB, g *generator) {
		g.plain = true
		spec, _ := g.spec()
		for n := range spec.Targets {
			spec.Targets[n].Attributes = nil
		}
		set := mustBuild(t, spec)
		i, at := employed(g.person()), time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
		full := set.Decide(rules.Person{Identity: i}, at)
		for name, blank := range blanks {
			less := *i
			blank(&less)
			d := set.Decide(rules.Person{Identity: &less}, at)
			for n := range d.Accounts {
				before, after := full.Accounts[n].Desired, d.Accounts[n].Desired
				if after.State == target.Undecided {
					assert.NotEmpty(t, after.Missing)
				} else {
					assert.Equal(t, before.State, after.State, "without %s", name)
				}
				if before.State == target.None || before.State == target.Undecided {
					continue
				}
				for e := range spec.Grants {
					if now := outcome(after, "group:g"+string(rune('0'+e))); n == 0 && now != rules.Undecided {
						assert.Equal(t, outcome(before, "group:g"+string(rune('0'+e))), now, "g%d without %s", e, name)
					}
				}
			}
		}
	})
}

func withoutNext(d rules.Decision) rules.Decision {
	d.Next = time.Time{}
	d.Accounts = slices.Clone(d.Accounts)
	for n := range d.Accounts {
		d.Accounts[n].Desired.Next = target.Upcoming{}
	}
	return d
}

func same(a, b rules.Decision) string {
	if a, b := withoutNext(a), withoutNext(b); reflect.DeepEqual(a, b) {
		return ""
	}
	return cmp.Diff(withoutNext(a), withoutNext(b), cmp.Comparer(func(a, b target.Attributes) bool { return a == b }))
}

// Nothing changes before Next, something does at it, and the state of each
// account is as announced. Brute force over six weeks.
func TestNextIsExact(t *testing.T) {
	from, to := time.Date(2026, 2, 25, 9, 0, 0, 0, time.UTC), time.Date(2026, 4, 9, 0, 0, 0, 0, time.UTC)
	changes := 0
	seeds(t, 40, func(t testing.TB, g *generator) {
		g.clock = true
		spec, _ := g.spec()
		set, p := mustBuild(t, spec), rules.Person{Identity: g.person()}
		last := set.Decide(p, from)
		for at := from; at.Before(to); at = at.Add(time.Hour) {
			d := set.Decide(p, at)
			diff := same(last, d)
			if announced := !last.Next.IsZero() && !last.Next.After(at); announced != (diff != "") {
				t.Errorf("at %s, announced %s: %s", at, last.Next, diff)
				return
			}
			for n, a := range d.Accounts {
				before := last.Accounts[n].Desired
				if due := before.Next.At; !due.IsZero() && !due.After(at) {
					assert.Equal(t, before.Next.State, a.Desired.State)
				} else {
					assert.Equal(t, before.State, a.Desired.State, "not announced")
				}
			}
			if diff != "" {
				changes++
				if early := set.Decide(p, last.Next.Add(-time.Nanosecond)); same(last, early) != "" {
					t.Errorf("%s is late", last.Next)
				}
				last = d
			}
		}
	})
	assert.Greater(t, changes, 50, "the samples are too dull")
}

func TestOrderDoesNotMatter(t *testing.T) {
	seeds(t, 200, func(t testing.TB, g *generator) {
		spec, _ := g.spec()
		set := mustBuild(t, spec)
		p, at := rules.Person{Identity: g.person()}, time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC)
		d := set.Decide(p, at)
		assert.Empty(t, cmp.Diff(d, set.Decide(p, at), cmp.Comparer(target.Attributes.Equal)), "not deterministic")

		other := spec
		other.Grants = slices.Clone(spec.Grants)
		g.Shuffle(len(other.Grants), func(a, b int) { other.Grants[a], other.Grants[b] = other.Grants[b], other.Grants[a] })
		other.Targets = slices.Clone(spec.Targets)
		other.Targets[0].Attributes = slices.Clone(spec.Targets[0].Attributes)
		slices.Reverse(other.Targets[0].Attributes)
		other.Fields = slices.Clone(spec.Fields)
		slices.Reverse(other.Fields)
		again := mustBuild(t, other)
		assert.Equal(t, set.Hash(), again.Hash())
		assert.Empty(t, cmp.Diff(d, again.Decide(p, at), cmp.Comparer(target.Attributes.Equal)))
	})
}

// FuzzDecide builds random rules over random people: no panic, no entitlement
// in two lists, and an explanation that agrees.
func FuzzDecide(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, int64(1772000000+seed*3600*24), "red")
	}
	f.Fuzz(func(t *testing.T, seed uint64, unix int64, text string) {
		g := newGenerator(seed)
		g.clock = true
		spec, samples := g.spec()
		set := mustBuild(t, spec)
		i := g.person()
		i.Department.Name, i.JobTitle, i.Custom["badge"] = text, text, []string{text}
		p, at := rules.Person{Identity: i}, time.Unix(unix%(1<<36), 0)
		for _, a := range set.Decide(p, at).Accounts {
			d := a.Desired
			assert.True(t, slices.IsSortedFunc(d.Entitlements, target.Entitlement.Compare))
			for _, e := range d.Entitlements {
				assert.NotContains(t, d.Undecided, e)
			}
			if d.Phase == target.Left {
				assert.Empty(t, d.Entitlements)
				assert.Empty(t, d.Undecided)
				assert.Empty(t, d.Missing)
				assert.Contains(t, []target.State{target.Disabled, target.Deleted}, d.State)
			}
			if d.State == target.Undecided {
				assert.NotEmpty(t, d.Missing)
				assert.Empty(t, d.Entitlements)
				assert.True(t, d.Attributes.IsZero())
			}
		}
		for _, x := range set.Trace(p, at, "app") {
			assert.NotEmpty(t, x.Outcome)
			assert.NotEmpty(t, x.Causes)
			assert.NotEmpty(t, set.Because(p, at, "app", x.Key.Slot, x.Subject))
		}
		assert.NotEmpty(t, samples)
	})
}
