package rules_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules"
)

// remember does what an engine does between two decisions: it notes when something
// was lost, and forgets it when it is given again.
func remember(held []rules.Held, d rules.Decision, at time.Time) []rules.Held {
	held = slices.Clone(held)
	for n := range held {
		h := &held[n]
		for _, a := range d.Accounts {
			if a.Target != h.Target || a.Desired.Key.Slot != h.Slot {
				continue
			}
			kept := false
			if a.Desired.Extra != nil {
				for _, k := range a.Desired.Extra.Keep {
					kept = kept || k.Entitlement == h.Entitlement
				}
			}
			if kept && h.Lost.IsZero() {
				h.Lost = at
			}
		}
	}
	return held
}

// Time alone alters nothing before Next, and something at it, whatever the rules
// have in them. Hour by hour over weeks.
func TestNextIsExactForEverything(t *testing.T) {
	from, to := time.Date(2026, 2, 26, 9, 0, 0, 0, time.UTC), time.Date(2026, 4, 8, 0, 0, 0, 0, time.UTC)
	changes := 0
	seeds(t, storm(30), func(t testing.TB, g *generator) {
		g.clock = true
		w := g.world()
		set := mustBuild(t, w.spec)
		middle := time.Date(2026, 3, 12, 9, 0, 0, 0, time.UTC)
		p := rules.Person{Identity: g.full(), Held: g.holding(middle), Approvals: g.approvals(w, set, middle)}
		decider := set.Decider()
		last := set.Decide(p, from)
		p.Held = remember(p.Held, last, from)
		for at := from.Add(time.Hour); at.Before(to); at = at.Add(time.Hour) {
			d := decider.Decide(p, at)
			diff := same(last, d)
			if announced := !last.Next.IsZero() && !last.Next.After(at); announced != (diff != "") {
				t.Errorf("at %s, announced %s: %s\n%+v", at, last.Next, diff, p)
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
			if diff == "" {
				continue
			}
			changes++
			if early := set.Decide(p, last.Next.Add(-time.Nanosecond)); same(last, early) != "" {
				t.Errorf("%s is late: %s", last.Next, same(last, early))
			}
			last = set.Decide(p, at)
			p.Held = remember(p.Held, last, at)
		}
	})
	assert.Greater(t, changes, 40, "the samples are too dull")
}
