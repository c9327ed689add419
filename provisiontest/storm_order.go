package provisiontest

import (
	"cmp"
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing/synctest"
)

// stormOrder makes a seed go the same way each time. Whoever is about to reach a system,
// the journal or the system of record waits; one is let go when all others wait for
// something, and what it does is over, up to the next such point, before another one is.
// Which one is drawn, so that over many seeds they overtake each other in many ways.
type stormOrder struct {
	seed    uint64
	stirred chan struct{}
	over    chan struct{}
	done    chan struct{}

	mu      sync.Mutex
	waiting []*stormTurn
	let     int // how many were let go
}

// stormTurn is somebody who waits.
type stormTurn struct {
	what string
	open chan struct{}
}

func newStormOrder(seed uint64) *stormOrder {
	o := &stormOrder{seed: seed, stirred: make(chan struct{}, 1), over: make(chan struct{}), done: make(chan struct{})}
	go o.keep()
	return o
}

// wait returns when it is the turn of somebody who is about to do something.
func (o *stormOrder) wait(what string) {
	t := &stormTurn{what, make(chan struct{})}
	o.mu.Lock()
	o.waiting = append(o.waiting, t)
	o.mu.Unlock()
	select {
	case o.stirred <- struct{}{}:
	default:
	}
	select {
	case <-t.open:
	case <-o.over:
	}
}

// end lets everybody go, at the end of a seed.
func (o *stormOrder) end() {
	close(o.over)
	<-o.done
}

func (o *stormOrder) keep() {
	defer close(o.done)
	for {
		select {
		case <-o.stirred:
		case <-o.over:
			return
		}
		for {
			synctest.Wait()
			t := o.next()
			if t == nil {
				break
			}
			close(t.open)
		}
	}
}

// next draws one of those who wait.
func (o *stormOrder) next() *stormTurn {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting) == 0 {
		return nil
	}
	slices.SortStableFunc(o.waiting, func(a, b *stormTurn) int { return cmp.Compare(a.what, b.what) })
	n := int(mix(int(o.seed), "turn", o.let) % uint64(len(o.waiting)))
	o.let++
	t := o.waiting[n]
	o.waiting = slices.Delete(o.waiting, n, n+1)
	return t
}

// stormLogger hears when the run of a target begins, or an attempt, which reaches nothing
// else: those that begin at one moment have to wait for their turns as well.
type stormLogger struct{ w *stormWorld }

func (stormLogger) Enabled(_ context.Context, level slog.Level) bool { return level == slog.LevelDebug }

func (l stormLogger) Handle(_ context.Context, r slog.Record) error {
	if r.Message == "run begins" || r.Message == "attempt begins" {
		what := l.w.tenant + " " + r.Message
		r.Attrs(func(a slog.Attr) bool {
			if a.Key != "run" { // that one is drawn anew each time
				what += " " + a.Value.String()
			}
			return true
		})
		l.w.town.order.wait(what)
	}
	return nil
}

func (l stormLogger) WithAttrs([]slog.Attr) slog.Handler { return l }
func (l stormLogger) WithGroup(string) slog.Handler      { return l }
