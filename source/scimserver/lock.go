package scimserver

import (
	"context"
	"hash/maphash"
)

// writeLocks make writers of one resource wait for each other, so that a hundred of
// them on one group do not spend their time on finding that another was faster. What
// is right does not depend on them: other processes may share the store.
type writeLocks struct {
	seed maphash.Seed
	free []chan struct{} // by hash, each with room for one
}

func newWriteLocks() writeLocks {
	l := writeLocks{seed: maphash.MakeSeed(), free: make([]chan struct{}, 256)}
	for n := range l.free {
		l.free[n] = make(chan struct{}, 1)
	}
	return l
}

// hold waits until nobody else writes a resource, and returns what lets the next one.
func (l *writeLocks) hold(ctx context.Context, tenant, id string) (func(), error) {
	slot := l.free[maphash.String(l.seed, tenant+"\x00"+id)%uint64(len(l.free))]
	select {
	case slot <- struct{}{}:
		return func() { <-slot }, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}
