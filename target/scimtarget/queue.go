package scimtarget

import (
	"context"
	"sync"

	"github.com/provision-go/provision/target"
)

// queues puts calls together that may share a request. Of each queue at most one
// request is under way: what is called for meanwhile waits for it, and then goes
// together. A call that comes alone is made at once.
type queues[C, R any] struct {
	// send makes calls in one request, and answers each.
	send func(ctx context.Context, queue string, batch []*call[C, R])
	// alike reports whether a call can go along with another one.
	alike func(a, b C) bool

	mu     sync.Mutex
	byName map[string]*queue[C, R]
	most   int // calls in one request; less, once the service has said "too large"
}

type queue[C, R any] struct{ waiting []*call[C, R] }

// call is a call that waits for its answer.
type call[C, R any] struct {
	ctx  context.Context //nolint:containedctx // of whoever waits
	what C
	done chan answer[R]
}

type answer[R any] struct {
	value R
	err   error
}

func (c *call[C, R]) answer(value R, err error) { c.done <- answer[R]{value, err} }

func newQueues[C, R any](most int, alike func(a, b C) bool, send func(context.Context, string, []*call[C, R])) *queues[C, R] {
	return &queues[C, R]{send: send, alike: alike, byName: map[string]*queue[C, R]{}, most: most}
}

// do makes one call, with whatever goes along with it, and returns its own answer.
func (q *queues[C, R]) do(ctx context.Context, name string, what C) (R, error) {
	c := &call[C, R]{ctx: ctx, what: what, done: make(chan answer[R], 1)}
	q.mu.Lock()
	in := q.byName[name]
	if in == nil {
		in = &queue[C, R]{}
		q.byName[name] = in
		q.mu.Unlock()
		return q.alone(name, in, c)
	}
	in.waiting = append(in.waiting, c)
	q.mu.Unlock()
	select {
	case a := <-c.done:
		return a.value, a.err
	case <-ctx.Done():
	}
	var none R
	if q.withdraw(in, c) {
		return none, target.Fail(target.NotSent, ctx.Err())
	}
	select {
	case a := <-c.done:
		return a.value, a.err
	default:
		return none, target.Fail(target.Unclear, ctx.Err())
	}
}

// alone makes a call that nobody else's request is in the way of, and leaves what came
// meanwhile to somebody else.
func (q *queues[C, R]) alone(name string, in *queue[C, R], c *call[C, R]) (R, error) {
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if len(in.waiting) == 0 {
			delete(q.byName, name)
		} else {
			go q.run(name, in)
		}
	}()
	q.send(c.ctx, name, []*call[C, R]{c})
	a := <-c.done
	return a.value, a.err
}

// withdraw takes back a call that was not made yet.
func (q *queues[C, R]) withdraw(in *queue[C, R], c *call[C, R]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range in.waiting {
		if w == c {
			in.waiting = append(in.waiting[:i], in.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// run makes what waits in a queue, until nothing does.
func (q *queues[C, R]) run(name string, in *queue[C, R]) {
	for batch := q.next(name, in); len(batch) > 0; batch = q.next(name, in) {
		callers := make([]context.Context, len(batch))
		for i, c := range batch {
			callers[i] = c.ctx
		}
		ctx, cancel := shared(callers)
		q.send(ctx, name, batch)
		cancel()
	}
}

// next takes calls that are alike from the front. Without any the queue is gone.
func (q *queues[C, R]) next(name string, in *queue[C, R]) []*call[C, R] {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(in.waiting) == 0 {
		delete(q.byName, name)
		return nil
	}
	n := 1
	for n < len(in.waiting) && n < q.most && q.alike(in.waiting[n].what, in.waiting[0].what) {
		n++
	}
	batch := in.waiting[:n:n]
	in.waiting = in.waiting[n:]
	return batch
}

// tooLarge notes that a request with so many calls was too large.
func (q *queues[C, R]) tooLarge(n int) { q.atMost(n / 2) }

// atMost bounds how many calls one request makes.
func (q *queues[C, R]) atMost(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.most = min(q.most, max(n, 1))
}

// shares reports whether a request can make several calls.
func (q *queues[C, R]) shares() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.most > 1
}
