package provision

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func TestExecutionLowestFirst(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		b.caps.Entitlements[0].List = false
		var changes []reconcile.Change
		var want []string
		for i := range 20 {
			id := fmt.Sprint("E", i)
			changes = append(changes, creating(id))
			want = append(want, "done create "+id)
		}
		for i := range 20 {
			id := fmt.Sprint("E", i)
			changes = append(changes, granting(id, "g", need("create "+id)))
			want = append(want, "done grant "+id+" g")
		}
		b.do(changes...)
		assert.Equal(t, want, slices.DeleteFunc(b.entries(), func(s string) bool { return s[0] == 'i' }))
	})
}

// Nothing that waits for its time keeps the lower ones back, and nothing of the
// same account passes it.
func TestExecutionWaitingKeepsTheAccount(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 2
		a, other := b.place("E1"), b.place("E2")
		b.app.Inject(memtarget.Fault{
			Method: "Disable", Times: 1, Err: &target.Error{Class: target.NotSent, Err: errDown},
		})
		b.do(on(a, change(reconcile.Disable, "E1")), titled(other, "E2", "Head"), titled(a, "E1", "Head"))
		var mine []string
		for i, c := range b.app.Writes() {
			if c.Ref.Key == key("E1") {
				mine = append(mine, c.Method)
			} else {
				assert.Less(t, i, 2, "the other account does not wait")
			}
		}
		assert.Equal(t, []string{"Disable", "Disable", "Update"}, mine)
	})
}

func TestExecutionOneAccountUnderTwoNames(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1")
		running, most := 0, 0
		var mu sync.Mutex
		b.on = func(_ context.Context, c memtarget.Call) {
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			time.Sleep(time.Second)
			mu.Lock()
			running--
			mu.Unlock()
		}
		unnamed := on(a, granting("", "g"))
		unnamed.EntitlementID = "x"
		byKey := granting("E1", "h")
		byKey.EntitlementID = "y"
		b.known = map[target.Key]string{key("E1"): a.ID}
		b.do(titled(a, "E1", "Head"), unnamed, byKey)
		assert.Equal(t, 1, most, "by key, by native id and by both it is one account")
	})
}

func TestExecutionCircles(t *testing.T) {
	refers := func(id, manager string) reconcile.Change {
		c := creating(id, reconcile.Need{Change: "create " + manager, Field: "manager"})
		c.Fields = append(c.Fields, reconcile.FieldChange{Name: "manager", After: []string{manager}, Ref: true})
		return c
	}
	t.Run("two who manage each other", func(t *testing.T) {
		b := newBench(t)
		results := b.do(refers("E1", "E2"), refers("E2", "E1"), refers("E3", "E3"))
		assert.Equal(t, []Outcome{Done, Done, Done}, outcomes(results))
		assert.Equal(t, []string{"manager"}, results[0].LeftOut)
		assert.Empty(t, results[1].LeftOut, "one of them can be written")
		assert.Equal(t, []string{"manager"}, results[2].LeftOut)
		assert.Equal(t, results[0].Account, b.app.ByKey(key("E2"))[0].Attributes.Get("manager"))
	})
	t.Run("behind a circle of references", func(t *testing.T) {
		b := newBench(t)
		b.caps.Entitlements[0].List = false
		results := b.do(granting("E9", "g", need("create E1")), refers("E1", "E2"), refers("E2", "E1"), creating("E9"))
		assert.Equal(t, []Outcome{Stale, Done, Done, Done}, outcomes(results), "E9 is made after the grant: as planned")
		assert.NotErrorIs(t, results[0].Err, errCircle)
	})
	t.Run("hard needs", func(t *testing.T) {
		b := newBench(t)
		results := b.do(creating("E1", need("create E2")), creating("E2", need("create E3")), creating("E3", need("create E1")),
			creating("E4", need("create E4")), creating("E5"))
		assert.Equal(t, []Outcome{Skipped, Skipped, Skipped, Skipped, Done}, outcomes(results))
		require.ErrorIs(t, results[0].Err, errCircle)
		require.ErrorIs(t, results[3].Err, errCircle)
	})
	t.Run("needs against the order of the plan", func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1")
		first := on(a, change(reconcile.EndSessions, "E1", need("update E1")))
		results := b.do(first, titled(a, "E1", "Head"))
		assert.Equal(t, []Outcome{Skipped, Done}, outcomes(results))
	})
}

func TestExecutionConcurrency(t *testing.T) {
	for _, c := range []struct{ configured, changes, want int }{{0, 50, 4}, {1, 50, 1}, {16, 50, 16}, {16, 3, 3}} {
		at(t, func(t *testing.T) {
			b := newBench(t)
			b.config.Concurrency = c.configured
			running, most := 0, 0
			var mu sync.Mutex
			b.on = func(context.Context, memtarget.Call) {
				mu.Lock()
				running++
				most = max(most, running)
				mu.Unlock()
				time.Sleep(time.Second)
				mu.Lock()
				running--
				mu.Unlock()
			}
			var changes []reconcile.Change
			for i := range c.changes {
				changes = append(changes, creating(fmt.Sprint("E", i)))
			}
			begin := time.Now()
			b.do(changes...)
			assert.Equal(t, c.want, most)
			assert.Equal(t, time.Duration((c.changes+c.want-1)/c.want)*time.Second, time.Since(begin))
		})
	}
}

// seeds returns the seeds of a property test: PROVISION_SEED alone, if it is set.
func seeds(t *testing.T, n uint64) []uint64 {
	t.Helper()
	if s := os.Getenv("PROVISION_SEED"); s != "" {
		one, err := strconv.ParseUint(s, 10, 64)
		require.NoError(t, err)
		return []uint64{one}
	}
	list := make([]uint64, n)
	for i := range list {
		list[i] = uint64(i)
	}
	return list
}

// storm is a target that fails at random, before or after it has done something,
// and watches who writes to what.
type storm struct {
	t       *testing.T
	mu      sync.Mutex
	random  *rand.Rand
	percent int
	running map[string]bool // accounts with a write under way
	calls   int
	most    int
}

// enter begins a call; the returned function ends it.
func (s *storm) enter(c memtarget.Call) func() {
	s.mu.Lock()
	wait := time.Duration(s.random.IntN(50)) * time.Millisecond
	name := c.Ref.Key.String()
	if name == "" {
		name = c.Ref.ID
	}
	write := c.Method != "Find" && c.Method != "Entitlements" && name != ""
	s.calls++
	s.most = max(s.most, s.calls)
	if write {
		assert.False(s.t, s.running[name], "two writes at once on %s", name)
		s.running[name] = true
	}
	s.mu.Unlock()
	time.Sleep(wait)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.calls--
		if write {
			s.running[name] = false
		}
	}
}

func (s *storm) fault() (before bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.random.IntN(100) >= s.percent {
		return false, nil
	}
	class := target.Class(s.random.IntN(int(target.Fatal)))
	e := &target.Error{Class: class, Err: errDown}
	if class == target.Throttled {
		e.RetryAfter = time.Duration(s.random.IntN(3)) * time.Second
	}
	// Only what may have happened may have happened.
	return class != target.Unclear && class != target.Transient || s.random.IntN(2) == 0, e
}

// stormy is memtarget in a storm.
type stormy struct {
	*memtarget.Target
	storm *storm
}

func through[T any](s *storm, c memtarget.Call, do func() (T, error)) (T, error) {
	defer s.enter(c)()
	before, fail := s.fault()
	var none T
	if fail != nil && before {
		return none, fail
	}
	v, err := do()
	if err == nil && fail != nil {
		return none, fail
	}
	return v, err
}

func (s stormy) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	return through(s.storm, memtarget.Call{Method: "Find"}, func() ([]target.Account, error) { return s.Target.Find(ctx, by) })
}

func (s stormy) Create(ctx context.Context, req target.CreateRequest) (target.Account, error) {
	c := memtarget.Call{Method: "Create", Ref: target.Ref{Key: req.Key}}
	return through(s.storm, c, func() (target.Account, error) { return s.Target.Create(ctx, req) })
}

func (s stormy) Update(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
	c := memtarget.Call{Method: "Update", Ref: req.Ref}
	return through(s.storm, c, func() (target.Account, error) { return s.Target.Update(ctx, req) })
}

func (s stormy) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	c := memtarget.Call{Method: "Disable", Ref: req.Ref}
	return through(s.storm, c, func() (target.Account, error) { return s.Target.Disable(ctx, req) })
}

func (s stormy) Grant(ctx context.Context, req target.GrantRequest) error {
	_, err := through(s.storm, memtarget.Call{Method: "Grant", Ref: req.Ref}, func() (struct{}, error) {
		return struct{}{}, s.Target.Grant(ctx, req)
	})
	return err
}

// Random plans on a target with random faults: every change has one result, the
// bounds hold, and nothing was done without what it needs.
func TestExecutionProperties(t *testing.T) {
	for _, seed := range seeds(t, 60) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			at(t, func(t *testing.T) { stormOnce(t, seed) })
		})
	}
}

func stormOnce(t *testing.T, seed uint64) {
	random := rand.New(rand.NewPCG(seed, 1))
	b := newBench(t)
	b.caps.IdempotentCreate = random.IntN(2) == 0
	b.caps.Versions = random.IntN(2) == 0
	b.fresh = random.IntN(2) == 0
	b.config.Concurrency = 1 + random.IntN(6)
	b.start()
	b.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "g"})
	changes := randomPlan(b, random)
	s := &storm{t: t, random: random, percent: random.IntN(60), running: map[string]bool{}}
	x := b.execution(changes...)
	x.target = stormy{b.app, s}
	results := x.do(t.Context())

	require.Len(t, results, len(changes), "conservation")
	require.Len(t, b.progress, len(changes))
	assert.LessOrEqual(t, s.most, b.config.Concurrency)
	at := map[string]int{}
	for i, r := range results {
		at[r.Change.ID] = i
		require.NotZero(t, r.Outcome)
		require.NotEqual(t, Held, r.Outcome)
		require.NotEqual(t, Cancelled, r.Outcome, "nobody cancelled")
	}
	for _, r := range results {
		if r.Outcome != Done {
			continue
		}
		for _, n := range r.Change.Needs {
			met := results[at[n.Change]].Outcome == Done || results[at[n.Change]].Outcome == AlreadySo
			if n.Field == "" {
				require.True(t, met, "%s was done without %s", r.Change.ID, n.Change)
			} else if !met {
				require.Contains(t, r.LeftOut, n.Field)
			}
		}
		if r.Change.Action == reconcile.Create {
			require.Len(t, b.app.ByKey(r.Change.Key), 1, "done is done, once")
		}
	}
	for _, a := range b.app.All() {
		require.LessOrEqual(t, len(b.app.ByKey(a.Key)), 1, "two accounts for %s", a.Key)
	}
	orderOf(t, b, results)
}

// orderOf checks the journal: an intent before each outcome, at most one of
// each, and the changes of one account in the order of the plan.
func orderOf(t *testing.T, b *bench, results []Result) {
	t.Helper()
	intents, ends := map[string]int{}, map[string]int{}
	for i, e := range b.journal {
		list := intents
		if e.Kind == Happened {
			list = ends
		}
		_, twice := list[e.Change]
		require.False(t, twice, "%s %s twice", e.Kind, e.Change)
		list[e.Change] = i
	}
	last := map[target.Key]int{}
	for _, r := range results {
		begin, began := intents[r.Change.ID]
		end, ended := ends[r.Change.ID]
		if r.Attempts > 0 {
			require.True(t, began && ended && begin < end, "%s: %v", r.Change.ID, r.Outcome)
		}
		if began {
			require.True(t, ended, "every intent has an end")
			require.GreaterOrEqual(t, begin, last[r.Change.Key], "plan order of %s", r.Change.Key)
			last[r.Change.Key] = end
		}
	}
}

func randomPlan(b *bench, random *rand.Rand) []reconcile.Change {
	var changes []reconcile.Change
	n := 3 + random.IntN(30)
	var accounts []target.Account
	for i := range n {
		if random.IntN(3) == 0 {
			accounts = append(accounts, b.place(fmt.Sprint("A", i)))
		}
	}
	for i, a := range accounts {
		if random.IntN(2) == 0 {
			changes = append(changes, on(a, change(reconcile.Disable, a.Key.Identity)))
		}
		if i > 0 && random.IntN(2) == 0 {
			c := on(a, change(reconcile.Handover, a.Key.Identity))
			c.HandoverTo = accounts[random.IntN(i)].Key
			changes = append(changes, c)
		}
	}
	var made []string
	for i := range n {
		id := fmt.Sprint("N", i)
		c := creating(id)
		if len(made) > 0 && random.IntN(2) == 0 {
			boss := made[random.IntN(len(made))]
			c.Fields = append(c.Fields, reconcile.FieldChange{Name: "manager", After: []string{boss}, Ref: true})
			c.Needs = []reconcile.Need{{Change: "create " + boss, Field: "manager"}}
		}
		changes = append(changes, c)
		made = append(made, id)
	}
	for _, a := range accounts {
		c := titled(a, a.Key.Identity, "Head")
		for range random.IntN(3) {
			c.Needs = append(c.Needs, need(changes[random.IntN(len(changes))].ID))
		}
		changes = append(changes, c)
	}
	for _, id := range made {
		if random.IntN(2) == 0 {
			changes = append(changes, granting(id, "g", need("create "+id)))
		}
	}
	return changes
}
