package provision

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

func TestExecutionCancelDrains(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 2
		ctx, cancel := context.WithCancelCause(t.Context())
		errStop := errors.New("deploying")
		b.on = func(ctx context.Context, _ memtarget.Call) {
			time.Sleep(10 * time.Second)
			assert.NoError(t, ctx.Err(), "a write under way is not broken off")
		}
		time.AfterFunc(15*time.Second, func() { cancel(errStop) })
		begin := time.Now()
		results := b.doIn(ctx, creating("E1"), creating("E2"), creating("E3"), creating("E4"), creating("E5"))
		assert.Equal(t, []Outcome{Done, Done, Done, Done, Cancelled}, outcomes(results))
		assert.Equal(t, 20*time.Second, time.Since(begin), "waits for what is under way and no longer")
		require.ErrorIs(t, results[4].Err, errStop)
		assert.Len(t, b.journal, 8, "their outcomes are remembered")
		assert.Zero(t, results[4].Attempts)
	})
}

func TestExecutionCancelBeforeTheFirst(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	results := b.doIn(ctx, creating("E1"), granting("E1", "g", need("create E1")))
	assert.Equal(t, []Outcome{Cancelled, Cancelled}, outcomes(results))
	assert.Empty(t, b.app.Calls())
	assert.Empty(t, b.journal)
}

// What waits to be repeated ends with what its last attempt has said.
func TestExecutionCancelWhileWaiting(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.caps.IdempotentCreate = false
		a, e2 := b.place("E1"), b.place("E2")
		slow := target.ThrottledError(10*time.Minute, nil)
		b.app.Inject(memtarget.Fault{Method: "Update", Key: key("E2"), Err: slow})
		b.app.Inject(memtarget.Fault{Method: "Create", Err: &target.Error{Class: target.Transient, RetryAfter: 10 * time.Minute}})
		b.app.Inject(memtarget.Fault{Method: "Find", Err: slow})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begin := time.Now()
		results := b.doIn(ctx, on(a, change(reconcile.Disable, "E1")), titled(e2, "E2", "Head"), creating("E3"), creating("E4"), creating("E5"))
		assert.Equal(t, time.Minute, time.Since(begin))
		assert.Equal(t, []Outcome{Cancelled, Failed, Unconfirmed, Unconfirmed, Cancelled}, outcomes(results))
		assert.Equal(t, target.Throttled, results[1].Class)
		assert.Equal(t, target.Transient, results[2].Class)
		require.ErrorIs(t, results[0].Err, context.DeadlineExceeded, "only a read was made")
		assert.Equal(t, []string{
			"failed update E2", "unconfirmed create E3", "unconfirmed create E4",
		}, b.entries()[3:])
	})
}

func TestExecutionCancelDuringARead(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		ctx, cancel := context.WithCancel(t.Context())
		b.on = func(ctx context.Context, c memtarget.Call) {
			if c.Method == "Find" {
				<-ctx.Done()
			}
		}
		time.AfterFunc(time.Second, cancel)
		a := b.place("E1")
		begin := time.Now()
		results := b.doIn(ctx, on(a, change(reconcile.Disable, "E1")))
		assert.Equal(t, []Outcome{Cancelled}, outcomes(results))
		assert.Equal(t, time.Second, time.Since(begin), "reads are broken off")
		assert.Empty(t, b.app.Writes())
	})
}

func TestExecutionCancelBetweenReadAndWrite(t *testing.T) {
	b := newBench(t)
	ctx, cancel := context.WithCancel(t.Context())
	b.fail = func(e Entry) error {
		cancel() // while the intent is written
		return nil
	}
	results := b.doIn(ctx, creating("E1"))
	assert.Equal(t, []Outcome{Cancelled}, outcomes(results))
	assert.Empty(t, b.app.Writes())
	assert.Equal(t, []string{"intent create E1", "cancelled create E1"}, b.entries(), "the intent is closed")
}

func TestExecutionCancelWhileVerifying(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		a := b.place("E1")
		ctx, cancel := context.WithCancel(t.Context())
		b.on = func(_ context.Context, c memtarget.Call) {
			if c.Method == "Disable" {
				cancel()
			}
		}
		r := b.doIn(ctx, on(a, change(reconcile.Disable, "E1")))[0]
		assert.Equal(t, Done, r.Outcome)
		assert.Equal(t, NotRead, r.Verified)
	})
}

// A target that ignores the network's silence but honours its context: the call
// ends with the call timeout, and the others go on.
func TestExecutionHangs(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Retry.Attempts = 1
		b.on = func(ctx context.Context, c memtarget.Call) {
			if c.Ref.Key == key("E1") && c.Method == "Update" {
				<-ctx.Done()
			}
		}
		a, e2 := b.place("E1"), b.place("E2")
		f := &fake{caps: b.caps, update: func(ctx context.Context, req target.UpdateRequest) (target.Account, error) {
			if req.Ref.Key == key("E1") {
				<-ctx.Done()
				return target.Account{}, ctx.Err()
			}
			return target.Account{ID: req.Ref.ID}, nil
		}}
		x := b.execution(titled(a, "E1", "Head"), titled(e2, "E2", "Head"))
		x.target = f
		begin := time.Now()
		results := x.do(t.Context())
		assert.Equal(t, []Outcome{Unconfirmed, Done}, outcomes(results))
		require.ErrorIs(t, results[0].Err, context.DeadlineExceeded)
		assert.Equal(t, 30*time.Second, time.Since(begin))
	})
}

func TestExecutionRecoversPanics(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.caps.IdempotentCreate = false
		f := &fake{caps: b.caps}
		f.create = func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			if req.Key == key("E1") {
				return target.Account{ID: []string{}[len(req.Attributes.Values("nothing"))]}, nil
			}
			return target.Account{ID: req.Key.String()}, nil
		}
		f.update = func(context.Context, target.UpdateRequest) (target.Account, error) { panic("boom") }
		f.list = func(context.Context) iter.Seq2[target.Held, error] { panic("no list") }
		grant := granting("E2", "g", need("create E2"))
		x := b.execution(creating("E1"), creating("E2"), titled(target.Account{ID: "n3"}, "E3", "Head"), grant)
		x.target = f
		results := x.do(t.Context())
		assert.Equal(t, []Outcome{Unconfirmed, Done, Unconfirmed, Failed}, outcomes(results))
		assert.Equal(t, 5, results[0].Attempts, "it was not there each time, so it was tried again")
		require.ErrorContains(t, results[0].Err, "panic in target: runtime error: index out of range")
		require.ErrorContains(t, results[2].Err, "panic in target: boom")
		assert.Equal(t, target.Unclear, results[3].Class)
		require.ErrorContains(t, results[3].Err, "panic in target: no list")
	})
}

// A catalogue of many pages may take longer than one call; a page may not.
func TestExecutionSlowCatalogue(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Retry.Attempts = 1
		f := &fake{caps: b.caps}
		hang := false
		f.list = func(ctx context.Context) iter.Seq2[target.Held, error] {
			return func(yield func(target.Held, error) bool) {
				for i := range 10 {
					time.Sleep(20 * time.Second)
					if hang {
						<-ctx.Done()
						return // a connector that hides the end of its context
					}
					name := target.Entitlement{Kind: "group", Name: fmt.Sprint("g", i)}
					if !yield(target.Held{Entitlement: name, ID: fmt.Sprint(i)}, nil) {
						return
					}
				}
			}
		}
		run := func() Result {
			c := granting("E1", "g9")
			c.Account = "n1"
			x := b.execution(c)
			x.target = f
			return x.do(t.Context())[0]
		}
		assert.Equal(t, Done, run().Outcome)
		hang = true
		r := run()
		assert.Equal(t, Failed, r.Outcome, "a list that ended early proves nothing")
		require.ErrorIs(t, r.Err, context.Canceled)
	})
}

func TestExecutionJournalFails(t *testing.T) {
	errFull := errors.New("no space left on device")
	failing := func(t *testing.T, fails func(Entry) bool) *bench {
		t.Helper()
		b := newBench(t)
		b.config.Concurrency = 1
		b.fail = func(e Entry) error {
			time.Sleep(2 * slowWrite) // a disk that fails is seldom a quick one
			if fails(e) {
				return errFull
			}
			return nil
		}
		return b
	}
	t.Run("before the call", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := failing(t, func(e Entry) bool { return e.Kind == Intent && e.Key == key("E2") })
			results := b.do(creating("E1"), creating("E2"), creating("E3"))
			assert.Equal(t, []Outcome{Done, Failed, Skipped}, outcomes(results))
			require.ErrorIs(t, results[1].Err, errFull)
			require.ErrorIs(t, results[2].Err, errFull)
			assert.Len(t, b.app.Writes(), 1, "what cannot be remembered is not done")
			assert.Zero(t, results[1].Attempts)
		})
	})
	t.Run("after the call", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := failing(t, func(e Entry) bool { return e.Kind == Happened })
			results := b.do(creating("E1"), creating("E2"))
			assert.Equal(t, []Outcome{Done, Skipped}, outcomes(results), "it was done all the same")
			require.ErrorIs(t, results[0].Err, errFull)
			require.ErrorIs(t, (&Report{Results: results}).Err(), errFull)
			assert.Len(t, b.app.All(), 1)
		})
	})
	t.Run("of several at once", func(t *testing.T) {
		at(t, func(t *testing.T) {
			b := failing(t, func(e Entry) bool { return e.Kind == Intent && e.Key == key("E20") })
			b.config.Concurrency = 4
			changes := make([]reconcile.Change, 100)
			for i := range changes {
				changes[i] = creating(fmt.Sprint("E", i))
			}
			done := 0
			for _, r := range b.do(changes...) {
				if r.Outcome == Done {
					done++
					continue
				}
				require.ErrorIs(t, r.Err, errFull)
				assert.Zero(t, r.Attempts, r.Change.ID)
			}
			assert.Len(t, b.app.Writes(), done, "what cannot be remembered is not done")
			assert.LessOrEqual(t, done, 20+4*aheadOfCalls, "nothing new begins after it")
		})
	})
}

// While one write of the journal is under way, what arrives is gathered.
func TestExecutionGathersEntries(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 8
		var changes []reconcile.Change
		for i := range 80 {
			changes = append(changes, creating(fmt.Sprint("E", i)))
		}
		x := b.execution(changes...)
		writes, inside := 0, 0
		record := x.record
		x.record = func(ctx context.Context, entries ...Entry) error {
			inside++
			assert.Equal(t, 1, inside, "one at a time")
			time.Sleep(4 * time.Millisecond) // an fsync
			writes++
			inside--
			return record(ctx, entries...)
		}
		begin := time.Now()
		for _, r := range x.do(t.Context()) {
			assert.Equal(t, Done, r.Outcome)
		}
		assert.LessOrEqual(t, writes, 50, "160 entries")
		assert.Less(t, time.Since(begin), 200*time.Millisecond)
	})
}

func TestExecutionLocksAccounts(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.caps.Versions = false
		a := b.place("E1")
		held := make(chan struct{}, 1)
		held <- struct{}{}
		touched := false
		x := b.execution(titled(a, "E1", "Head"))
		x.lock = func(k target.Key) func() {
			assert.Equal(t, key("E1"), k)
			held <- struct{}{}
			return func() { <-held }
		}
		x.touched = func(target.Key) bool { return touched }
		go func() {
			time.Sleep(time.Minute)
			touched = true
			changed, _ := b.app.Account(a.ID)
			changed.Attributes = changed.Attributes.With("title", "Other")
			b.app.Put(changed)
			<-held
		}()
		r := x.do(t.Context())[0]
		assert.Equal(t, Stale, r.Outcome, "another run wrote to it while we waited")
		synctest.Wait()
		assert.Empty(t, held, "given back")
	})
}

// A run that ends while its intents are being written, to a disk that takes its time, makes
// no call for them, and each of them has an outcome all the same.
func TestExecutionCancelWhileIntentsAreWritten(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 2
		var changes []reconcile.Change
		for i := range 200 {
			id := fmt.Sprint("E", i)
			changes = append(changes, titled(b.place(id), id, "Head"))
		}
		x := b.execution(changes...)
		record := x.record
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ended := false
		x.record = func(lasting context.Context, entries ...Entry) error { // one at a time
			for _, e := range entries {
				ended = ended || e.Kind == Happened
				if ended && e.Kind == Intent {
					cancel()
				}
			}
			time.Sleep(10 * time.Millisecond)
			return record(lasting, entries...)
		}
		results := x.do(ctx)
		done := 0
		for _, r := range results {
			require.NotZero(t, r.Outcome, "%s has no outcome", r.Change.ID)
			if r.Outcome == Done {
				done++
			} else {
				assert.Equal(t, Cancelled, r.Outcome)
			}
		}
		intents := 0
		for _, e := range b.journal {
			if e.Kind == Intent {
				intents++
			}
		}
		assert.Positive(t, done)
		assert.Equal(t, done, b.count("Update"))
		assert.Greater(t, intents, done, "some were written down when the run ended")
		assert.Len(t, b.progress, len(changes))
	})
}
