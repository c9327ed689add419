package provision

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/provision-go/provision/target"
)

// worker makes attempts, one after the other, in a goroutine of its own. The calls that
// write it makes by itself, because to hand each to another goroutine and to wait for it
// costs as much as what is done around it. If one does not end, it is the worker that is
// left behind: another one takes its place, with the attempt as it is.
type worker struct {
	x     *execution
	build target.AttrBuilder
	alarm *time.Timer // has look called when a call may have gone on for too long

	mu      sync.Mutex
	calling *attempt  // nil: no write is under way
	due     time.Time // when nobody waits for it any more
	left    bool      // another worker has taken its place
}

func newWorker(ctx context.Context, x *execution) *worker {
	w := &worker{x: x}
	w.alarm = time.AfterFunc(time.Hour, func() { w.look(ctx) })
	w.alarm.Stop()
	return w
}

// run makes an attempt, if there is one, and then those that the dispatch has, until it
// has no more.
func (w *worker) run(ctx context.Context, a *attempt) {
	defer w.leave(ctx)
	d := w.x.dispatch
	for more := true; more; a, more = <-d.jobs {
		for a != nil {
			a.worker = w
			if !w.x.attempt(ctx, a) {
				return
			}
			a = d.swap(ctx, a)
		}
	}
}

// begins says that the worker is about to write.
func (w *worker) begins(a *attempt, limit time.Duration) {
	within := max(limit, 0) + hangs
	w.mu.Lock()
	w.calling, w.due = a, time.Now().Add(within)
	w.mu.Unlock()
	w.alarm.Reset(within)
}

// ended says that the write came back. It returns false if nobody waited for it: then
// the attempt is somebody else's.
func (w *worker) ended() bool {
	w.alarm.Stop()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.calling = nil
	return !w.left
}

// look gives up a write that has gone on for too long. It is called in a goroutine of
// its own, which goes on as the next worker.
func (w *worker) look(ctx context.Context) {
	w.mu.Lock()
	a := w.calling
	if a == nil || time.Now().Before(w.due) { // that one has ended meanwhile
		w.mu.Unlock()
		return
	}
	w.calling, w.left = nil, true
	w.mu.Unlock()
	w.x.takeOver(ctx, a, fmt.Errorf("%w: %w", errHangs, context.DeadlineExceeded))
}

// leave ends a worker. If a call has ended its goroutine, another one goes on with an
// answer that says nothing.
func (w *worker) leave(ctx context.Context) {
	w.alarm.Stop()
	w.mu.Lock()
	a, left := w.calling, w.left
	w.calling = nil
	w.mu.Unlock()
	switch {
	case left:
	case a != nil:
		go w.x.takeOver(ctx, a, nil)
	default:
		w.x.dispatch.pool.Done()
	}
}

// takeOver goes on in the place of a worker whose write returned nothing but err.
func (x *execution) takeOver(ctx context.Context, stuck *attempt, err error) {
	taken := *stuck // which may still be read
	a, w := &taken, newWorker(ctx, x)
	a.worker = w
	x.wrote(ctx, a, target.Account{}, err)
	x.turned(ctx, a)
	w.run(ctx, x.dispatch.swap(ctx, a))
}
