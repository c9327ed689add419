package provisiontest

import (
	"context"
	"strings"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/target"
)

// A stormTown is the tenants of a seed. Each is a world of its own: a system of record,
// processes, decisions, an oracle. They share what customers of one program share: its
// memory, the rules, the store of their journals, the systems that their accounts are
// in, and the keys of their people. Nothing of one may reach another.
type stormTown struct {
	store   *stormStore
	systems map[string]*stormSystem // by name; by name and tenant if each has its own
	worlds  []*stormWorld
	order   *stormOrder
}

// A tenancy says who there is beside the first tenant of a seed.
type tenancy struct {
	second bool
	times  int // how many times as many people it has
	steps  int // how many steps it makes while the first one makes one
}

// tenancyOf is drawn, because what else differs from seed to seed depends on remainders.
func tenancyOf(c *StormConfig, seed uint64) tenancy {
	r := stormRand(seed, 0x7e4a)
	if r.IntN(100) >= c.Tenants {
		return tenancy{}
	}
	switch out, n := (tenancy{second: true, times: 1, steps: 1}), r.IntN(400); {
	case n == 0:
		out.times = 100
		return out
	case n < 5:
		out.steps = 10
		return out
	default:
		return out
	}
}

// The tenants. The first one is alone in most seeds.
const (
	firstTenant  = "acme"
	secondTenant = "globex"
)

func newStormTown(c *StormConfig, seed uint64) (*stormTown, error) {
	town := &stormTown{
		store: &stormStore{fences: map[string]provision.Fence{}}, systems: map[string]*stormSystem{}, order: newStormOrder(seed),
	}
	first, err := newStormWorld(c, town, firstTenant, seed, 1)
	if err != nil {
		town.order.end()
		return nil, err
	}
	town.worlds = append(town.worlds, first)
	if beside := tenancyOf(c, seed); beside.second {
		second, err := newStormWorld(c, town, secondTenant, seed, beside.times)
		if err != nil {
			town.order.end()
			return nil, err
		}
		town.worlds = append(town.worlds, second)
	}
	return town, nil
}

// play lets the steps happen, those of all tenants one after the other, then the storm
// end.
func (t *stormTown) play(ctx context.Context, steps []stormStep) (rule, what string, at int) {
	for i := range steps {
		before, after := steps[i].around()
		for j := range before {
			t.worlds[1].step(ctx, &before[j])
		}
		t.worlds[0].step(ctx, &steps[i])
		for j := range after {
			t.worlds[1].step(ctx, &after[j])
		}
		if rule, what = t.verdict(); rule != "" {
			return rule, what, i
		}
	}
	rule, what = t.settle(ctx)
	return rule, what, len(steps)
}

// around is what the second tenant does before a step of the first one, and after it.
func (s *stormStep) around() (before, after []stormStep) {
	n := min(s.turn, len(s.beside))
	return s.beside[:n], s.beside[n:]
}

// settle ends the storm for all tenants, who go on in turns.
func (t *stormTown) settle(ctx context.Context) (rule, what string) {
	for _, w := range t.worlds {
		w.end()
	}
	for round, last := 0, t.worlds[0].settleRuns(); round <= last; round++ {
		if round < last {
			time.Sleep(25 * time.Hour)
		}
		for _, w := range t.worlds {
			w.settle(ctx, round, last)
		}
		if rule, what = t.verdict(); rule != "" {
			return rule, what
		}
	}
	return "", ""
}

func (t *stormTown) verdict() (rule, what string) {
	for _, w := range t.worlds {
		if rule, what = w.oracle.verdict(); rule != "" {
			if w.tenant != firstTenant {
				what = w.tenant + ": " + what
			}
			return rule, what
		}
	}
	return "", ""
}

// besides draws what a second tenant does between the steps of the first one, in as much
// time as those take otherwise. A system that is down, or has had enough, is so for both.
func besides(c *StormConfig, seed uint64, steps []stormStep) {
	beside := tenancyOf(c, seed)
	if !beside.second {
		return
	}
	r := stormRand(seed, 0x5708)
	for i := range steps {
		more := drawSteps(r, beside.steps)
		steps[i].wait /= 2
		for j := range more {
			more[j].wait /= 2 * time.Duration(beside.steps)
		}
		steps[i].turn = r.IntN(len(more) + 1)
		for _, f := range steps[i].faults {
			if f.kind == "down" || strings.HasPrefix(f.kind, "throttle") {
				more[0].faults = append(more[0].faults, f)
			}
		}
		steps[i].beside = more
	}
}

// address is where somebody gets mail: whatever has it is the tenant's.
func (w *stormWorld) address(id string) string { return id + "@" + w.tenant + ".example" }

// given is a given name. Those of the second tenant make other names of accounts,
// because a system in which both are has them once.
func (w *stormWorld) given(name string) string {
	if w.tenant == firstTenant {
		return name
	}
	return w.tenant + name
}

// foreign reports whether an account is another tenant's, by who made it and by the
// address in it.
func (w *stormWorld) foreign(a *target.Account) bool {
	_, domain, _ := strings.Cut(a.Attributes.Get("userName"), "@")
	for _, other := range w.town.worlds {
		if other != w && domain == other.tenant+".example" {
			return true
		}
	}
	return false
}

// separate checks that what a run counts and what it leaves alone comes of its own
// tenant.
func (w *stormWorld) separate(report *provision.Report) {
	defer w.gate.lock()()
	for _, tp := range report.Plan.Targets {
		for i := range tp.Guards {
			v := &tp.Guards[i]
			if own := len(w.oracle.intended[removal{tp.Target, v.Action.String()}]); v.Recent > own && v.Action != 0 {
				w.oracle.breaks(separation, "the limits of %s on %s count %d accounts, and it had %d in all", v.Action, tp.Target, v.Recent, own)
			}
		}
	}
	for _, q := range report.Quarantined {
		for _, t := range w.targets {
			if t.name == q.Target && t.failures.Load() == 0 {
				w.oracle.breaks(separation, "%s is in quarantine, and no call has failed", q.Target)
			}
		}
	}
}

// separation is the promise that engines of several tenants share nothing.
const separation = "nothing of other tenants"
