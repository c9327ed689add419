package provision

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// ledger writes entries to the journal for several goroutines. While one write
// is under way, the entries that arrive are gathered and written together by the
// next one, so a slow disk costs one wait and not one for each.
type ledger struct {
	write func(ctx context.Context, entries ...Entry) error
	turn  turn // of the one that writes
	mu    sync.Mutex
	next  *page // nil: nobody waits for the next write
	slows atomic.Bool
}

// slowWrite is how long a write takes that is worth doing something else meanwhile.
const slowWrite = 50 * time.Microsecond

// slow reports whether the last write took long.
func (l *ledger) slow() bool { return l.slows.Load() }

// put writes, and notes how long it takes.
func (l *ledger) put(ctx context.Context, entries []Entry) error {
	begin := time.Now()
	err := l.write(ctx, entries...)
	l.slows.Store(time.Since(begin) > slowWrite)
	return err
}

// page is what is written at once.
type page struct {
	entries []Entry
	done    chan struct{}
	err     error
}

func newLedger(write func(ctx context.Context, entries ...Entry) error) *ledger {
	return &ledger{write: write, turn: newTurn()}
}

// add returns once the entries are durable, or with the reason why they are not.
// What happened is to be remembered: ctx is one that lasts.
func (l *ledger) add(ctx context.Context, entries []Entry) error {
	p, first := l.join(entries)
	switch {
	case p == nil:
		defer l.turn.pass()
		return l.put(ctx, entries)
	case first:
		l.turn.take()
		l.mu.Lock()
		l.next = nil // newcomers begin another page
		l.mu.Unlock()
		p.err = l.put(ctx, p.entries)
		l.turn.pass()
		close(p.done)
	}
	<-p.done
	return p.err
}

// join puts entries on the page that is written next. Whoever begins a page writes
// it. It returns none if nobody writes or waits: then whoever asked has the turn.
func (l *ledger) join(entries []Entry) (p *page, first bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.next == nil && l.turn.free() {
		return nil, true
	}
	p = l.next
	if first = p == nil; first {
		p = &page{done: make(chan struct{})}
		l.next = p
	}
	p.entries = append(p.entries, entries...)
	return p, first
}
