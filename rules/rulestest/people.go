package rulestest

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
)

// People yields n generated people around everything that the rules compare a field
// with, as rules.Set.Uses tells it: each number and day, one less and one more; each
// day at which a comparison with the day of the decision turns, and those beside it;
// each word of a vocabulary; each text, something longer on either side, the same in
// other letters, and another text; lists with each value, with all, and without any;
// and each field missing. They are looked at within an hour of a day's beginning or at
// its noon, in several time zones, have some of what the rules give, and some of it
// was approved.
//
// The first people go through all of that field by field, so that a few dozen have
// seen every value of it; the others mix. Half of them are in work. The same seed
// gives the same people, and the first of many are those of few.
//
// Of days that the rules compare with nothing but the day of the decision, such as
// as_of >= date("2027-01-01"), and of people named by an exception, the rules tell
// nothing, and so nobody is around them.
func People(set *rules.Set, seed uint64, n int) iter.Seq[Person] {
	return func(yield func(Person) bool) {
		g := newGenerator(set, seed)
		for k := range n {
			if !yield(g.person(k)) {
				return
			}
		}
	}
}

// A generator makes people.
type generator struct {
	seed uint64
	// complete: nothing is missing that is not so of ordinary people as well, as their
	// last day is.
	complete bool
	fields   []candidates
	longest  int // how many values the field with the most has
	roles    []role
	grace    map[role]int
	rules    []string // that may be approved
	special  []string // IDs that the rules name
	zones    []*time.Location
	places   []string // names of zones; the first is none
}

func newGenerator(set *rules.Set, seed uint64) *generator {
	g := &generator{seed: seed, roles: rolesOf(set), grace: map[role]int{}}
	g.addZone("")
	for _, use := range set.Uses() {
		if use.Name == string(rules.TimeZone) {
			for _, name := range use.Values {
				g.addZone(name)
			}
			continue // chosen before the days, which depend on it
		}
		if c, ok := newCandidates(use); ok {
			g.fields = append(g.fields, c)
			g.longest = max(g.longest, len(c.values(source.Day(2026, 7, 15), time.Time{})))
		}
	}
	g.addZone("Pacific/Auckland")
	g.addZone("America/Los_Angeles")
	for _, name := range set.Targets() {
		owned := set.Owned(name)
		g.special = append(g.special, owned.Protect...)
		for _, x := range owned.Grace {
			for _, r := range g.roles {
				if r.target == name && r.entitlement == x.Entitlement {
					g.grace[r] = x.Days
				}
			}
		}
	}
	for _, line := range set.Coverage().Lines() {
		if set.RuleHash(line.Rule) != "" && !slices.Contains(g.rules, line.Rule) {
			g.rules = append(g.rules, line.Rule)
		}
	}
	slices.Sort(g.special)
	g.special = slices.Compact(g.special)
	return g
}

func (g *generator) addZone(name string) {
	if name == "" {
		g.zones, g.places = append(g.zones, nil), append(g.places, "")
		return
	}
	if zone, err := zoneOf(name); err == nil && !slices.Contains(g.places, name) {
		g.zones, g.places = append(g.zones, zone), append(g.places, name)
	}
}

// instants are when people are looked at.
func instants() []time.Time {
	day := time.Date(2026, time.July, 15, 0, 0, 0, 0, time.UTC)
	return []time.Time{day.Add(12 * time.Hour), day, day.Add(-time.Second), day.Add(30 * time.Minute)}
}

// person makes the k-th person.
func (g *generator) person(k int) Person {
	r := rand.New(rand.NewPCG(g.seed, uint64(k))) //nolint:gosec // people are to be the same every time
	i := &source.Identity{ID: fmt.Sprintf("p-%d", k+1)}
	if len(g.special) > 0 && r.IntN(16) == 0 {
		i.ID = g.special[r.IntN(len(g.special))]
	}
	p := Person{rules.Person{Identity: i}, instants()[r.IntN(len(instants()))]}
	if z := r.IntN(2 * len(g.zones)); z < len(g.zones) {
		i.Location.TimeZone, i.Location.Zone = g.places[z], g.zones[z]
	}
	gaps := r.IntN(4) // 0, 1: nothing is missing that need not be; 2: one field; 3: some
	gap := r.IntN(max(1, len(g.fields)))
	working := r.IntN(2) == 0
	for n := range g.fields {
		c := &g.fields[n]
		list := c.values(p.Today(), p.At)
		if g.complete && !c.optional {
			list = list[:len(list)-1] // missing is the last
		}
		v := list[r.IntN(len(list))]
		switch {
		case k < g.longest:
			v = list[(k+n)%len(list)]
		case g.complete:
		case gaps == 2 && n == gap || gaps == 3 && r.IntN(5) == 0:
			v = value{missing: true}
		case working && c.atWork != nil:
			v = c.atWork(p.Today())
		case v.missing && !c.optional:
			v = list[r.IntN(len(list)-1)]
		}
		v.state(i, c.field)
	}
	g.hold(&p, r)
	g.approve(&p, r)
	return p
}

// hold gives somebody some of the roles, lost around the end of a time of grace.
func (g *generator) hold(p *Person, r *rand.Rand) {
	if r.IntN(4) == 0 {
		return // nobody knows
	}
	p.Held = []rules.Held{}
	lost := time.Time{}
	for _, x := range g.roles {
		if r.IntN(2) == 0 {
			continue
		}
		if days := g.grace[x]; days > 0 && lost.IsZero() && r.IntN(2) == 0 {
			lost = p.At.AddDate(0, 0, r.IntN(3)-1-days)
		}
		p.Held = append(p.Held, rules.Held{Target: x.target, Slot: x.slot, Entitlement: x.entitlement})
	}
	for n := range p.Held {
		p.Held[n].Lost = lost
	}
}

// approve approves or refuses somebody some of the rules.
func (g *generator) approve(p *Person, r *rand.Rand) {
	if r.IntN(3) > 0 {
		return
	}
	for _, id := range g.rules {
		if n := r.IntN(4); n < 2 {
			p.Approvals = append(p.Approvals, rules.Approved{Rule: id, Denied: n == 0, At: p.At})
		}
	}
}
