package knit

import (
	"context"
	"hash/maphash"
)

// locks make events of one integration wait for each other, so that they do not spend
// their time on finding that another was faster. What is right does not depend on them:
// other processes may share the store.
type locks struct {
	seed maphash.Seed
	free []chan struct{} // by hash, each with room for one
}

func newLocks() locks {
	l := locks{seed: maphash.MakeSeed(), free: make([]chan struct{}, 64)}
	for n := range l.free {
		l.free[n] = make(chan struct{}, 1)
	}
	return l
}

// hold waits until nobody else writes, and returns what lets the next one.
func (l *locks) hold(ctx context.Context, integration string) (func(), error) {
	slot := l.free[maphash.String(l.seed, integration)%uint64(len(l.free))]
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
