package provision

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

var errDown = errors.New("connection refused by peer")

// writing returns a change of each action that concerns an account as placed by
// the rig, and the method it calls.
func writing(b *bench) map[reconcile.Action]struct {
	method string
	change reconcile.Change
} {
	g := target.Entitlement{Kind: "group", Name: "g"}
	a := b.place("E1", g)
	b.app.AddEntitlements(target.Entitlement{Kind: "group", Name: "h"})
	b.place("E9")
	revoke := on(a, change(reconcile.Revoke, "E1"))
	revoke.Entitlement = g
	handover := on(a, change(reconcile.Handover, "E1"))
	handover.HandoverTo = key("E9")
	group := change(reconcile.CreateEntitlement, "")
	group.Entitlement = target.Entitlement{Kind: "group", Name: "new"}
	free := b.app.Put(target.Account{State: target.Disabled})
	adopt := change(reconcile.Adopt, "E3")
	adopt.Account = free
	off := b.app.Put(target.Account{Key: key("E4"), State: target.Disabled})
	offAccount, _ := b.app.Account(off)
	return map[reconcile.Action]struct {
		method string
		change reconcile.Change
	}{
		reconcile.Disable:           {"Disable", on(a, change(reconcile.Disable, "E1"))},
		reconcile.EndSessions:       {"EndSessions", on(a, change(reconcile.EndSessions, "E1"))},
		reconcile.Revoke:            {"Revoke", revoke},
		reconcile.Handover:          {"Handover", handover},
		reconcile.CreateEntitlement: {"EnsureEntitlement", group},
		reconcile.Adopt:             {"Update", adopt},
		reconcile.Enable:            {"Enable", on(offAccount, change(reconcile.Enable, "E4"))},
		reconcile.Create:            {"Create", creating("E2")},
		reconcile.Update:            {"Update", titled(a, "E1", "Head")},
		reconcile.Grant:             {"Grant", on(a, granting("E1", "h"))},
		reconcile.Delete:            {"Delete", on(a, change(reconcile.Delete, "E1"))},
	}
}

// Every class of error meets every action once, and for ever.
func TestExecutionClassMeetsAction(t *testing.T) {
	type end struct {
		outcome Outcome
		calls   int // that write
	}
	done := func(calls int) end { return end{Done, calls} }
	for _, c := range []struct {
		class target.Class
		// after one failure, and when every call fails
		once, always             end
		createOnce, createAlways end
	}{
		{target.NotSent, done(2), end{Failed, 5}, done(2), end{Failed, 5}},
		{target.Throttled, done(2), end{Failed, 5}, done(2), end{Failed, 5}},
		{target.Transient, done(2), end{Failed, 5}, done(2), end{Unconfirmed, 5}},
		{target.Unclear, done(2), end{Unconfirmed, 5}, done(2), end{Unconfirmed, 5}},
		{target.Exists, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}},
		{target.Conflict, done(2), end{Stale, 4}, end{Failed, 1}, end{Failed, 1}},
		{target.NotFound, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}},
		{target.Permanent, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}},
		{target.Fatal, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}, end{Failed, 1}},
	} {
		for action := reconcile.Disable; action <= reconcile.Delete; action++ {
			for _, times := range []int{1, 0} {
				t.Run(fmt.Sprintf("%s/%s/%d", c.class, action, times), func(t *testing.T) {
					at(t, func(t *testing.T) {
						b := newBench(t)
						b.caps.IdempotentCreate = false
						w := writing(b)[action]
						b.app.Inject(memtarget.Fault{Method: w.method, Err: target.Fail(c.class, errDown), Times: times})
						r := b.do(w.change)[0]
						want := c.once
						switch {
						case action == reconcile.Create && times == 1:
							want = c.createOnce
						case action == reconcile.Create:
							want = c.createAlways
						case times == 0:
							want = c.always
						}
						if action == reconcile.CreateEntitlement && c.class == target.Conflict {
							want = end{Failed, 1} // there is no account to look at
						}
						assert.Equal(t, want.outcome, r.Outcome, "%v", r.Err)
						assert.Equal(t, want.calls, r.Attempts)
						assert.Len(t, b.app.Writes(), want.calls)
						if r.Outcome == Failed || r.Outcome == Unconfirmed {
							assert.Equal(t, c.class, r.Class)
							require.ErrorIs(t, r.Err, errDown)
						}
						assert.Equal(t, []string{"intent " + r.Change.ID, r.Outcome.String() + " " + r.Change.ID}, b.entries(),
							"one intent, however many attempts")
					})
				})
			}
		}
	}
}

func TestExecutionUnsupportedIsPermanent(t *testing.T) {
	b := newBench(t)
	b.caps.Delete = false
	a := b.place("E1")
	r := b.do(on(a, change(reconcile.Delete, "E1")))[0]
	assert.Equal(t, Failed, r.Outcome)
	assert.Equal(t, target.Permanent, r.Class)
	require.ErrorIs(t, r.Err, target.ErrUnsupported)
	b.progress = nil
	odd := on(a, change(reconcile.Delete+1, "E1"))
	r = b.do(odd)[0]
	assert.Equal(t, target.Permanent, r.Class, "an action of a later format")
}

func TestExecutionHonoursRetryAfter(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		begin := time.Now()
		var calls []time.Duration
		b.on = func(_ context.Context, c memtarget.Call) { calls = append(calls, time.Since(begin)) }
		b.start().FailNext("Create", target.ThrottledError(30*time.Second, nil))
		results := b.do(creating("E1"), creating("E2"), creating("E3"))
		assert.Equal(t, []Outcome{Done, Done, Done}, outcomes(results))
		require.Len(t, calls, 4)
		assert.Zero(t, calls[0])
		assert.Equal(t, 30*time.Second, calls[1], "the whole target waits for exactly that long")
		for _, at := range calls[1:] {
			assert.GreaterOrEqual(t, at, 30*time.Second)
			assert.LessOrEqual(t, at, 31*time.Second)
		}
		assert.Equal(t, 2, results[0].Attempts)
		assert.GreaterOrEqual(t, results[0].Took, 30*time.Second)
	})
}

// Those that are told to wait do not all come back at the same moment.
func TestExecutionSpreadsThoseThatWait(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 32
		begin := time.Now()
		var mu sync.Mutex
		again := map[time.Duration]bool{}
		x := creatingOn(b, 32, func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			after := time.Since(begin)
			if after == 0 {
				return target.Account{}, target.ThrottledError(30*time.Second, nil)
			}
			mu.Lock()
			defer mu.Unlock()
			again[after] = true
			return target.Account{ID: "n" + req.Key.String(), Key: req.Key}, nil
		})
		for _, r := range x.do(t.Context()) {
			assert.Equal(t, Done, r.Outcome, "%v", r.Err)
			assert.Equal(t, 2, r.Attempts)
		}
		assert.Greater(t, len(again), 16, "moments at which calls were made again")
		for after := range again {
			assert.GreaterOrEqual(t, after, 30*time.Second)
			assert.LessOrEqual(t, after, 31*time.Second)
		}
	})
}

// A target that lets through ten calls in half a minute and refuses the others
// gets all changes in the end, without being hammered.
func TestExecutionGetsThroughAThrottleStorm(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		window, used := time.Time{}, 0
		var mu sync.Mutex
		x := creatingOn(b, 200, func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			time.Sleep(20 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			if time.Since(window) > 30*time.Second {
				window, used = time.Now(), 0
			}
			if used++; used > 10 {
				return target.Account{}, target.ThrottledError(30*time.Second, nil)
			}
			return target.Account{ID: "n" + req.Key.String()}, nil
		})
		begin := time.Now()
		results := x.do(t.Context())
		attempts := 0
		for _, r := range results {
			require.Equal(t, Done, r.Outcome, "%v", r.Err)
			attempts += r.Attempts
		}
		assert.Less(t, attempts, 250, "200 and the calls in vain")
		assert.GreaterOrEqual(t, time.Since(begin), 9*time.Minute)
		assert.LessOrEqual(t, time.Since(begin), 12*time.Minute)
	})
}

// A target that asks for a little patience, however often, is not down: nobody rests for
// longer than it asks.
func TestExecutionThatIsThrottledIsNotDown(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Retry.Attempts = 50
		begin, refused := time.Now(), 0
		f := &fake{caps: memtarget.Everything()}
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			if time.Since(begin) < 20*time.Second {
				refused++
				return target.Account{}, target.ThrottledError(time.Second, nil)
			}
			return target.Account{ID: "n" + req.Key.String()}, nil
		}
		var changes []reconcile.Change
		for i := range 100 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		x := b.execution(changes...)
		x.target = f
		for _, r := range x.do(t.Context()) {
			require.Equal(t, Done, r.Outcome, "%v", r.Err)
		}
		assert.Greater(t, refused, breakAfter, "more than a breaker takes")
		assert.Less(t, time.Since(begin), breakFor)
	})
}

func TestExecutionParksLongWaits(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		begin := time.Now()
		b.start().FailNext("Create", target.ThrottledError(6*time.Hour, errDown))
		results := b.do(creating("E1"), creating("E2"))
		assert.Equal(t, []Outcome{Failed, Done}, outcomes(results), "it may have been about the one")
		assert.Equal(t, target.Throttled, results[0].Class)
		require.EqualError(t, results[0].Err, "parked: target asks for 6h: "+errDown.Error())
		assert.Zero(t, time.Since(begin))

		b.progress = nil
		b.app.FailAlways("Create", target.ThrottledError(6*time.Hour, errDown))
		var changes []reconcile.Change
		for i := range 10 {
			changes = append(changes, creating(fmt.Sprint("F", i)))
		}
		results = b.do(changes...)
		report := Report{Results: results}
		assert.Equal(t, map[Outcome]int{Failed: 3, Skipped: 7}, report.Counts(), "the others need not ask")
		require.ErrorContains(t, results[9].Err, "parked: target asks for 6h")
	})
}

// The longest wait is the one that is configured.
func TestExecutionWaitsAsLongAsConfigured(t *testing.T) {
	for _, c := range []struct {
		longest, asked time.Duration
		want           Outcome
	}{
		{time.Minute, time.Minute, Done},
		{time.Minute, 61 * time.Second, Failed},
		{0, 15 * time.Minute, Done},
		{0, 16 * time.Minute, Failed},
		{7 * time.Hour, 6 * time.Hour, Done},
	} {
		at(t, func(t *testing.T) {
			b := newBench(t)
			b.config.Retry.MaxWait = c.longest
			b.start().FailNext("Create", target.ThrottledError(c.asked, errDown))
			begin := time.Now()
			assert.Equal(t, []Outcome{c.want}, outcomes(b.do(creating("E1"))), "%v of %v", c.asked, c.longest)
			assert.Equal(t, c.want == Done, time.Since(begin) >= c.asked)
		})
	}
}

func TestExecutionBackoff(t *testing.T) {
	r := Retry{}
	for n, want := range map[int]time.Duration{
		1: 500 * time.Millisecond, 2: time.Second, 3: 2 * time.Second, 7: 30 * time.Second, 1000: 30 * time.Second,
	} {
		assert.Equal(t, want, r.bound(n), "after failure %d", n)
		low, high := want, time.Duration(0)
		for i := range 200 {
			c := reconcile.Change{Target: "app", ID: fmt.Sprintf("%032x", i)}
			d := r.backoff(n, &c)
			assert.Equal(t, d, r.backoff(n, &c), "a run that is repeated goes the same way")
			low, high = min(low, d), max(high, d)
		}
		assert.LessOrEqual(t, high, want)
		assert.Less(t, low, want/4, "full jitter begins at zero")
		assert.Greater(t, high, want*3/4)
	}
	assert.Equal(t, time.Second, Retry{Base: time.Minute, Max: time.Second}.bound(3))
	for d, want := range map[time.Duration]string{
		6 * time.Hour: "6h", 90 * time.Minute: "1h30m", 20 * time.Minute: "20m", 61 * time.Second: "1m1s", time.Second: "1s",
		10*time.Hour + time.Second: "10h0m1s",
	} {
		assert.Equal(t, want, brief(d))
	}
}

func TestExecutionFatalStopsTheTarget(t *testing.T) {
	b := newBench(t)
	b.config.Concurrency = 1
	b.start().Inject(memtarget.Fault{Method: "Create", Key: key("E2"), Err: target.Fail(target.Fatal, errors.New("401"))})
	results := b.do(creating("E1"), creating("E2"), creating("E3"), creating("E4"))
	assert.Equal(t, []Outcome{Done, Failed, Skipped, Skipped}, outcomes(results))
	assert.Equal(t, target.Fatal, results[1].Class)
	require.EqualError(t, results[2].Err, "target unusable: 401")
	assert.Len(t, b.app.Writes(), 2)
}

// One bad change never stops the others, also when many are bad.
func TestExecutionPoisonDoesNotSpread(t *testing.T) {
	b := newBench(t)
	b.start()
	var changes []reconcile.Change
	for i := range 60 {
		changes = append(changes, creating(fmt.Sprint("E", i)))
		if i%2 == 0 {
			b.app.Inject(memtarget.Fault{Key: changes[i].Key, Err: target.InvalidError("userName", nil)})
		}
	}
	for i, r := range b.do(changes...) {
		want := Done
		if i%2 == 0 {
			want = Failed
		}
		assert.Equal(t, want, r.Outcome)
	}
}

func TestExecutionBreaker(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		begin := time.Now()
		var probes []time.Duration
		b.on = func(_ context.Context, c memtarget.Call) {
			if d := time.Since(begin); d > 20*time.Second {
				probes = append(probes, d.Truncate(time.Second))
			}
		}
		b.config.Retry.Max = time.Second
		b.start().FailAlways("", target.Fail(target.NotSent, errDown))
		var changes []reconcile.Change
		for i := range 100 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		results := b.do(changes...)
		counts := (&Report{Results: results}).Counts()
		assert.Greater(t, counts[Skipped], 80, "%v", counts)
		assert.Equal(t, 100, counts[Skipped]+counts[Failed])
		require.ErrorContains(t, results[99].Err, "quarantined: ")
		require.ErrorIs(t, results[99].Err, errDown)
		assert.Len(t, probes, 3, "one call at a time: %v", probes)
		assert.LessOrEqual(t, len(b.app.Calls()), 10+3+3)
		assert.Less(t, time.Since(begin), 2*time.Minute)
	})
}

func TestExecutionBreakerCloses(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		begin := time.Now()
		b.start()
		b.on = func(context.Context, memtarget.Call) {
			if time.Since(begin) > 50*time.Second {
				b.app.Repair()
			}
		}
		b.app.FailAlways("", target.Fail(target.Transient, errDown))
		var changes []reconcile.Change
		for i := range 100 {
			a := b.place(fmt.Sprint("E", i))
			changes = append(changes, titled(a, fmt.Sprint("E", i), "Head"))
		}
		results := b.do(changes...)
		counts := (&Report{Results: results}).Counts()
		assert.GreaterOrEqual(t, counts[Done], 95, "%v", counts)
		assert.Equal(t, 100, counts[Done]+counts[Failed])
		assert.Less(t, time.Since(begin), 2*time.Minute)
	})
}

// A target that is back after a rest gets as many calls at once as before, and as many
// failures count as before until it rests again.
func TestExecutionBreakerForgets(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency, b.config.Retry.Attempts = 4, 12
		begin, busy, most, calls := time.Now(), 0, 0, 0
		f := &fake{caps: memtarget.Everything()}
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			f.mu.Lock()
			calls++
			back := time.Since(begin) > 20*time.Second
			single := back && calls%20 == 0
			if back {
				busy++
				most = max(most, busy)
			}
			f.mu.Unlock()
			time.Sleep(time.Second)
			f.mu.Lock()
			defer f.mu.Unlock()
			if back {
				busy--
			}
			if !back || single {
				return target.Account{}, target.Fail(target.NotSent, errDown)
			}
			return target.Account{ID: "n" + req.Key.String()}, nil
		}
		var changes []reconcile.Change
		for i := range 200 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		x := b.execution(changes...)
		x.target = f
		for _, r := range x.do(t.Context()) {
			require.Equal(t, Done, r.Outcome, "%v", r.Err)
		}
		assert.Equal(t, 4, most)
		assert.Less(t, time.Since(begin), 2*time.Minute, "one rest and 200 calls, four at once")
	})
}

// A third of all calls fails: everything is done all the same, and waiting
// changes do not keep the others from running.
func TestExecutionSurvivesAShakyTarget(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Retry.Attempts, b.config.Retry.Max = 12, time.Second
		n := 0
		f := &fake{caps: memtarget.Everything()}
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			time.Sleep(5 * time.Millisecond)
			f.mu.Lock()
			defer f.mu.Unlock()
			if n++; n%3 == 0 {
				return target.Account{}, target.Fail(target.NotSent, errDown)
			}
			return target.Account{ID: req.Key.String()}, nil
		}
		var changes []reconcile.Change
		for i := range 1000 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		x := b.execution(changes...)
		x.target = f
		begin := time.Now()
		for _, r := range x.do(t.Context()) {
			require.Equal(t, Done, r.Outcome, "%v", r.Err)
		}
		assert.Less(t, time.Since(begin), 15*time.Second, "1500 calls of 5 ms at 4 at once take 1.9 s")
	})
}

// After a target has asked for fewer calls, it gets more again bit by bit.
func TestExecutionRegainsSpeed(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.on = func(context.Context, memtarget.Call) { time.Sleep(time.Second) }
		b.start().Inject(memtarget.Fault{Method: "Create", Times: 2, Err: target.ThrottledError(time.Second, nil)})
		var changes []reconcile.Change
		for i := range 200 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		begin := time.Now()
		for _, r := range b.do(changes...) {
			require.Equal(t, Done, r.Outcome)
		}
		took := time.Since(begin)
		assert.GreaterOrEqual(t, took, 55*time.Second)
		assert.LessOrEqual(t, took, 75*time.Second, "200 s one by one, 50 s at full speed")
	})
}
