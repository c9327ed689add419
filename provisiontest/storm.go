package provisiontest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// StormConfig says what is put under a storm. The zero value storms a small
// company of its own, with built-in rules and targets in memory.
type StormConfig struct {
	// Rules decide who gets what. Defaults to the rules of the built-in company,
	// whose outcome the storm knows exactly. With other rules it takes what they
	// decide for the people as delivered as right, and checks all else. Secret
	// attributes get a value of the storm.
	Rules *rules.Set
	// Policy is how plans react. Defaults to limits of two disables, revokes and
	// deletes in 24 hours: small enough for a small company to meet them.
	Policy *reconcile.Policy
	// Target makes the target of a name that the rules speak of: empty, with the
	// entitlements that the rules give. It is called once for each tenant of a seed and must not
	// start goroutines that outlive their call. The storm puts its faults in front of
	// it, and asks it directly what is true. Defaults to a memtarget whose abilities
	// differ from seed to seed.
	Target func(name string) target.Target
	// Source wraps the system of record, which the storm plays and breaks: with
	// source.Map, for instance. Defaults to the system of record itself.
	Source func(people source.Source) source.Source
	// Person makes somebody who works, with an ID, for rules that need more than the
	// built-in people have. Later the storm alters Status, HireDate, LastDay,
	// Department, JobTitle and WorkEmail. Defaults to people of the built-in company.
	Person func(r *rand.Rand, id string) source.Identity
	// Departments and Titles are what people move between. Default to those of the
	// built-in company.
	Departments, Titles []string

	// Seeds is how many storms there are; 100 take about a second of two processors.
	// Defaults to PROVISION_STORM_SEEDS if that is set, to 1,000,000 with
	// PROVISION_STORM=1, and else to 2,000.
	Seeds int
	// Tenants is how many of a hundred seeds have a second tenant: the same people, in
	// the same store and systems. Nothing of one may reach the other. Their steps
	// follow each other in an order that is drawn.
	Tenants int
	// Steps is how many steps each has. Defaults to 50.
	Steps int
	// People is how many work there at most in the beginning; there are 3 at least.
	// Defaults to 6.
	People int

	sets *stormSets
}

// Storm lets everything fail that can fail, at random and from numbered seeds, and
// checks after each step what must hold at any time, and at the end that all has
// settled once the faults are over. It runs seeds side by side, each in a bubble of
// testing/synctest with a clock of its own.
//
// The first seed that breaks a promise fails the test. It is shortened to the steps
// that matter, and printed with what was broken. PROVISION_STORM_SEED=n runs just
// that seed, n-m those from n to m.
func Storm(t *testing.T, config StormConfig) {
	t.Helper()
	if err := config.withDefaults(); err != nil {
		t.Fatalf("storm: %v", err)
	}
	first, seeds := uint64(0), uint64(config.Seeds)
	if text := os.Getenv("PROVISION_STORM_SEED"); text != "" {
		var err error
		if first, seeds, err = someSeeds(text); err != nil {
			t.Fatalf("storm: PROVISION_STORM_SEED is %q, not a number or two like 86-99: %v", text, err)
		}
	}
	// Much is thrown away, and little is kept: some 10 MB.
	defer debug.SetGCPercent(debug.SetGCPercent(1600))
	var next atomic.Uint64
	var over atomic.Bool
	began := time.Now()
	t.Run("seeds", func(t *testing.T) {
		for worker := range min(uint64(runtime.GOMAXPROCS(0)), seeds) {
			t.Run(fmt.Sprintf("worker%d", worker), func(t *testing.T) {
				t.Parallel()
				for !over.Load() {
					n := next.Add(1) - 1
					if n >= seeds {
						return
					}
					if broken := config.try(t, first+n); broken != nil && over.CompareAndSwap(false, true) {
						t.Error(broken.text(t.Name()))
					}
				}
			})
		}
	})
	t.Logf("storm: %d seeds of %d steps in %s", min(next.Load(), seeds), config.Steps, time.Since(began).Round(time.Millisecond))
}

// someSeeds reads which seeds are asked for.
func someSeeds(text string) (first, seeds uint64, err error) {
	from, to, isRange := strings.Cut(text, "-")
	if first, err = strconv.ParseUint(from, 10, 64); err != nil || !isRange {
		return first, 1, err
	}
	last, err := strconv.ParseUint(to, 10, 64)
	if err == nil && last < first {
		err = errors.New("the last is before the first")
	}
	return first, last - first + 1, err
}

func (c *StormConfig) withDefaults() error {
	if c.Seeds <= 0 {
		c.Seeds = 2_000
		if os.Getenv("PROVISION_STORM") == "1" {
			c.Seeds = 1_000_000
		}
		if text := os.Getenv("PROVISION_STORM_SEEDS"); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || n <= 0 {
				return fmt.Errorf("PROVISION_STORM_SEEDS is %q, not a number of seeds", text)
			}
			c.Seeds = n
		}
	}
	if c.Steps <= 0 {
		c.Steps = 50
	}
	if c.People <= 0 {
		c.People = 6
	}
	if len(c.Departments) == 0 {
		c.Departments = []string{"Engineering", "Sales", "Legal"}
	}
	if len(c.Titles) == 0 {
		c.Titles = []string{"Clerk", "Lead", "Treasurer"}
	}
	if c.Person == nil {
		c.Person = stormPerson
	}
	if c.Policy == nil {
		two := reconcile.Limit{Count: stormLimit}
		c.Policy = &reconcile.Policy{Limits: map[reconcile.Action]reconcile.Limit{
			reconcile.Disable: two, reconcile.Revoke: two, reconcile.Delete: two, reconcile.Update: reconcile.Unlimited,
		}}
	}
	var err error
	if c.Rules == nil {
		c.sets, err = newStormSets()
	}
	return err
}

// stormLimit is how many accounts the default policy lets lose something in a day.
const stormLimit = 2

// failedSeed is a seed that broke a promise.
type failedSeed struct {
	seed     uint64
	whole    int // steps that it had
	steps    []stormStep
	rule     string
	happened string
}

// try runs one seed, and shortens it if it fails.
func (c *StormConfig) try(t *testing.T, seed uint64) *failedSeed {
	t.Helper()
	steps := stormScript(seed, c)
	rule, what, at := c.play(t, seed, steps)
	if rule == "" {
		return nil
	}
	broken := &failedSeed{seed: seed, whole: len(steps), steps: steps[:min(at+1, len(steps))], rule: rule, happened: what}
	if os.Getenv("PROVISION_STORM_SHRINK") != "0" {
		c.shrink(t, broken)
	}
	return broken
}

// play runs steps in a bubble. It returns which promise was broken, "" if none,
// how, and in which step.
func (c *StormConfig) play(t *testing.T, seed uint64, steps []stormStep) (rule, what string, at int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		town, err := newStormTown(c, seed)
		if err != nil {
			t.Fatalf("storm: %v", err)
		}
		defer town.order.end()
		rule, what, at = town.play(t.Context(), steps)
	})
	return rule, what, at
}

// text is what the test says.
func (b *failedSeed) text(test string) string {
	var s strings.Builder
	root, _, _ := strings.Cut(test, "/")
	fmt.Fprintf(&s, "seed %d breaks %q: %s\n", b.seed, b.rule, b.happened)
	fmt.Fprintf(&s, "%d of %d steps:\n", len(b.steps), b.whole)
	for i := range b.steps {
		fmt.Fprintf(&s, "%3d  %s\n", i+1, b.steps[i].String())
	}
	fmt.Fprintf(&s, "again: PROVISION_STORM_SEED=%d go test -count=1 -run '^%s$' .", b.seed, root)
	return s.String()
}

// turnstile is a mutex that a goroutine in a bubble may hold while it sleeps.
type turnstile struct {
	once sync.Once
	c    chan struct{}
}

func (m *turnstile) lock() func() {
	m.once.Do(func() { m.c = make(chan struct{}, 1) })
	m.c <- struct{}{}
	return func() { <-m.c }
}
