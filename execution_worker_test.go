package provision

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// creatingOn runs creates for E0, E1 … on a target that makes them by a function.
func creatingOn(b *bench, n int, create func(context.Context, target.CreateRequest) (target.Account, error)) *execution {
	changes := make([]reconcile.Change, n)
	for i := range changes {
		changes[i] = creating(fmt.Sprint("E", i))
	}
	x := b.execution(changes...)
	x.target = &fake{caps: memtarget.Everything(), create: create}
	return x
}

// A worker that is stuck is left behind, with its lock and its place in the line; what
// its call says in the end changes nothing.
func TestWorkerLeftBehind(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		begin := time.Now()
		var mu sync.Mutex
		var began []time.Duration
		x := creatingOn(b, 4, func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			mu.Lock()
			began = append(began, time.Since(begin))
			mu.Unlock()
			if req.Key == key("E0") || req.Key == key("E2") {
				time.Sleep(time.Hour) // whatever its context says
			}
			return target.Account{ID: "n" + req.Key.String(), Key: req.Key}, nil
		})
		locked := map[target.Key]int{}
		x.lock = func(k target.Key) func() {
			mu.Lock()
			defer mu.Unlock()
			locked[k]++
			return func() {
				mu.Lock()
				defer mu.Unlock()
				locked[k]--
			}
		}
		results := x.do(t.Context())
		assert.Equal(t, 80*time.Second, time.Since(begin))
		check := func() {
			t.Helper()
			assert.Equal(t, []Outcome{Unconfirmed, Done, Unconfirmed, Done}, outcomes(results))
			assert.Equal(t, []string{
				"intent create E0", "unconfirmed create E0", "intent create E1", "done create E1",
				"intent create E2", "unconfirmed create E2", "intent create E3", "done create E3",
			}, b.entries())
			assert.Equal(t, map[target.Key]int{key("E0"): 0, key("E1"): 0, key("E2"): 0, key("E3"): 0}, locked)
			assert.Len(t, b.progress, 4)
		}
		check()
		require.ErrorIs(t, results[0].Err, errHangs)
		require.ErrorIs(t, results[0].Err, context.DeadlineExceeded)
		assert.Equal(t, target.Unclear, results[0].Class)
		assert.Equal(t, []time.Duration{0, 40 * time.Second, 40 * time.Second, 80 * time.Second}, began)

		time.Sleep(2 * time.Hour)
		synctest.Wait()
		check()
	})
}

// A call that ends just in time is none that hangs, and the next one has its own time.
func TestWorkerTimesEachCall(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		begin := time.Now()
		x := creatingOn(b, 5, func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			time.Sleep(40*time.Second - 1)
			return target.Account{ID: "n" + req.Key.String(), Key: req.Key}, nil
		})
		for _, r := range x.do(t.Context()) {
			assert.Equal(t, Done, r.Outcome, "%v", r.Err)
		}
		assert.Equal(t, 5*(40*time.Second-1), time.Since(begin))
	})
}

// All workers are stuck at once.
func TestWorkersAllLeftBehind(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 3
		begin := time.Now()
		free := make(chan struct{})
		x := creatingOn(b, 9, func(context.Context, target.CreateRequest) (target.Account, error) {
			<-free
			return target.Account{}, nil
		})
		for _, r := range x.do(t.Context()) {
			assert.Equal(t, Unconfirmed, r.Outcome)
			require.ErrorIs(t, r.Err, errHangs)
		}
		assert.Equal(t, 2*time.Minute, time.Since(begin), "three times three")
		close(free)
	})
}

// A target that ends the goroutine it is called in, as an assertion of a test does,
// has answered nothing.
func TestWorkerWhoseCallEndsIt(t *testing.T) {
	at(t, func(t *testing.T) {
		b := newBench(t)
		b.config.Concurrency = 1
		x := creatingOn(b, 3, func(_ context.Context, req target.CreateRequest) (target.Account, error) {
			if req.Key == key("E1") {
				runtime.Goexit()
			}
			return target.Account{ID: "n" + req.Key.String(), Key: req.Key}, nil
		})
		x.config.Retry.Attempts = 1
		results := x.do(t.Context())
		assert.Equal(t, []Outcome{Done, Unconfirmed, Done}, outcomes(results))
		require.ErrorIs(t, results[1].Err, errNoID)
	})
}
