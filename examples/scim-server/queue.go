package main

import (
	"context"
	"slices"
	"sync"

	"github.com/provision-go/provision/source/scimserver"
)

// queue holds whom to look at again. A hint that is in it already is not put in
// twice: whoever is looked at is read afresh, so the second would find nothing to do.
type queue struct {
	mu     sync.Mutex
	moved  *sync.Cond
	hints  []scimserver.Change
	busy   bool
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.moved = sync.NewCond(&q.mu)
	return q
}

// add is called while a client waits for its answer, so it only notes.
func (q *queue) add(_ context.Context, c scimserver.Change) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !slices.Contains(q.hints, c) {
		q.hints = append(q.hints, c)
	}
	q.moved.Broadcast()
}

// work does something for each hint, one after the other, until the queue is closed.
func (q *queue) work(do func(scimserver.Change)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		for len(q.hints) == 0 && !q.closed {
			q.moved.Wait()
		}
		if q.closed {
			return
		}
		next := q.hints[0]
		q.hints = q.hints[1:]
		q.busy = true
		q.mu.Unlock()
		do(next)
		q.mu.Lock()
		q.busy = false
		q.moved.Broadcast()
	}
}

// idle waits until nothing is left to do.
func (q *queue) idle() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for (len(q.hints) > 0 || q.busy) && !q.closed {
		q.moved.Wait()
	}
}

// close ends work. What is left is found by the next full run.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.moved.Broadcast()
}
