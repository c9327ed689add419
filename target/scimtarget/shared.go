package scimtarget

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/target"
)

// shared is a context for work that several calls wait for. It ends when the last of
// them has given up: one caller's impatience is not the others' failure.
func shared(callers []context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(callers[0]))
	var left atomic.Int64
	left.Store(int64(len(callers)))
	stops := make([]func() bool, len(callers))
	for i, c := range callers {
		stops[i] = context.AfterFunc(c, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})
	}
	return ctx, func() {
		for _, stop := range stops {
			stop()
		}
		cancel()
	}
}

// rosters reads all groups, for calls that look at single accounts of a service that
// lists members on groups alone. Calls that come while a reading is under way wait for
// the next one, and share it: what is returned was read after the call began.
type rosters struct {
	t    *Target
	mu   sync.Mutex
	busy bool
	next *roster
}

// roster is one reading.
type roster struct {
	callers []context.Context
	done    chan struct{}
	held    map[string][]target.Entitlement // by the id of the user
	err     error
}

func (s *rosters) read(ctx context.Context) (map[string][]target.Entitlement, error) {
	s.mu.Lock()
	if s.next == nil {
		s.next = &roster{done: make(chan struct{})}
	}
	r := s.next
	r.callers = append(r.callers, ctx)
	if !s.busy {
		s.busy = true
		go s.run()
	}
	s.mu.Unlock()
	select {
	case <-r.done:
		return r.held, r.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// run reads as long as somebody waits.
func (s *rosters) run() {
	for r := s.take(); r != nil; r = s.take() {
		ctx, cancel := shared(r.callers)
		r.held, r.err = s.t.roster(ctx)
		cancel()
		close(r.done)
	}
}

func (s *rosters) take() *roster {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.next
	s.next = nil
	s.busy = r != nil
	return r
}

// roster reads who is in which groups.
func (t *Target) roster(ctx context.Context) (map[string][]target.Entitlement, error) {
	held := map[string][]target.Entitlement{}
	for r, err := range t.client.List(ctx, groupsAt, scimclient.Query{}) {
		if err != nil {
			return nil, err
		}
		e, ok := entitlement(r.Object)
		if !ok {
			continue
		}
		members := membersOf(r.Object)
		if len(members) > 0 {
			t.additions.heard(r.ID)
		}
		for _, id := range members {
			// A member may be there twice.
			if have := held[id]; len(have) == 0 || have[len(have)-1] != e {
				held[id] = append(have, e)
			}
		}
	}
	return held, ctx.Err()
}
