package rules_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/target"
)

func shuffled[T any](g *generator, list []T) []T {
	out := slices.Clone(list)
	g.Shuffle(len(out), func(a, b int) { out[a], out[b] = out[b], out[a] })
	return out
}

// byPlace sorts the accounts of a decision.
func byPlace(d rules.Decision) rules.Decision {
	d.Accounts = slices.Clone(d.Accounts)
	slices.SortFunc(d.Accounts, func(a, b rules.AccountDecision) int {
		return slices.Compare([]string{a.Target, a.Desired.Key.Slot}, []string{b.Target, b.Desired.Key.Slot})
	})
	return d
}

// In which order rules, targets, what is held and what was approved are listed has
// no influence.
func TestOrderDoesNotMatterForEverything(t *testing.T) {
	seeds(t, storm(200), func(t testing.TB, g *generator) {
		g.clock = true
		w := g.world()
		set := mustBuild(t, w.spec)
		at := time.Date(2026, 3, 1+g.IntN(25), g.IntN(24), 0, 0, 0, time.UTC)
		p := rules.Person{Identity: g.full(), Held: g.holding(at), Approvals: g.approvals(w, set, at)}

		other := w.spec
		other.Fields, other.Targets, other.Grants = shuffled(g, w.spec.Fields), shuffled(g, w.spec.Targets), shuffled(g, w.spec.Grants)
		other.Tables, other.Picks, other.Never = shuffled(g, w.spec.Tables), shuffled(g, w.spec.Picks), shuffled(g, w.spec.Never)
		other.NeverTogether, other.Require = shuffled(g, w.spec.NeverTogether), shuffled(g, w.spec.Require)
		for n := range other.NeverTogether {
			other.NeverTogether[n].Roles = shuffled(g, other.NeverTogether[n].Roles)
		}
		for n := range other.Targets {
			other.Targets[n].Attributes = shuffled(g, other.Targets[n].Attributes)
		}
		again := mustBuild(t, other)
		assert.Equal(t, set.Hash(), again.Hash())
		q := p
		if p.Held != nil {
			q.Held = shuffled(g, p.Held)
		}
		q.Approvals, q.Identity = shuffled(g, p.Approvals), p.Identity
		want, got := byPlace(set.Decide(p, at)), byPlace(again.Decide(q, at))
		assert.True(t, reflect.DeepEqual(want, got), cmp.Diff(want, got, cmp.Comparer(target.Attributes.Equal)))
		for _, name := range set.Targets() {
			assert.ElementsMatch(t, set.Trace(p, at, name), again.Trace(q, at, name))
		}
	})
}

// Picks of one account are noted in one order.
func TestConflictsAreNotedInOneOrder(t *testing.T) {
	choices := func(a, b string) []rules.Choice {
		return []rules.Choice{{When: rules.Everyone, Give: a}, {When: rules.Everyone, Give: b}}
	}
	picks := []rules.Pick{{ID: "size", Choices: choices("app/size:s", "app/size:l")}, {ID: "colour", Choices: choices("app/colour:red", "app/colour:blue")}}
	want := []target.Note{
		{Code: rules.CodeConflict, Rule: "colour", Text: "two choices of the same rank apply"},
		{Code: rules.CodeConflict, Rule: "size", Text: "two choices of the same rank apply"},
	}
	for range 2 {
		slices.Reverse(picks)
		set := mustBuild(t, rules.Spec{Name: "x", Targets: []rules.TargetSpec{{Target: "app", Account: rules.Everyone}}, Picks: slices.Clone(picks)})
		d := set.Decide(rules.Person{Identity: somebody()}, time.Unix(0, 0)).Accounts[0].Desired
		assert.Equal(t, want, d.Extra.Notes)
		assert.Len(t, d.Undecided, 4)
	}
}

// A Decider that has decided for others decides the same, leaves what it decided
// before as it was, and changes nothing that it is given.
func TestADeciderRemembersNobody(t *testing.T) {
	seeds(t, storm(100), func(t testing.TB, g *generator) {
		g.clock = true
		w := g.world()
		set, twin := mustBuild(t, w.spec), mustBuild(t, w.spec)
		decider := set.Decider()
		type decided struct {
			p    rules.Person
			at   time.Time
			list []rules.AccountDecision
			next time.Time
		}
		var all []decided
		at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
		for n := range 12 {
			if n%5 == 4 {
				at = at.Add(time.Duration(g.IntN(100)) * time.Hour)
			}
			p := rules.Person{Identity: g.full(), Held: g.holding(at), Approvals: g.approvals(w, set, at)}
			copied := *p.Identity
			q := rules.Person{Identity: &copied, Held: slices.Clone(p.Held), Approvals: slices.Clone(p.Approvals)}
			d := decider.Decide(p, at)
			all = append(all, decided{q, at, slices.Clone(d.Accounts), d.Next})
			assert.Equal(t, q, p, "the input was changed")
		}
		for _, x := range all {
			want := twin.Decide(x.p, x.at)
			assert.True(t, reflect.DeepEqual(want.Accounts, x.list), cmp.Diff(want.Accounts, x.list, cmp.Comparer(target.Attributes.Equal)))
			assert.Equal(t, want.Next, x.next)
		}
	})
}
