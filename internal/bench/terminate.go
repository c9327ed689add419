package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/loopback"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// closing is the loopback target with accounts that stay closed, as reading them back
// has to show.
type closing struct {
	*loopback.Target
	mu     sync.Mutex
	closed map[string]bool
}

// Find asks the server.
func (c *closing) Find(ctx context.Context, by target.Find) ([]target.Account, error) {
	found, err := c.Target.Find(ctx, by)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range found {
		if c.closed[found[i].ID] {
			found[i].State = target.Disabled
		}
	}
	return found, err
}

// Disable makes the request of an update.
func (c *closing) Disable(ctx context.Context, req target.StateRequest) (target.Account, error) {
	a, err := c.Update(ctx, target.UpdateRequest{Ref: req.Ref})
	if err != nil {
		return target.Account{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed[req.Ref.ID] = true
	a.State = target.Disabled
	return a, nil
}

// terminating is an engine that remembers a whole company, of whom one after the other
// is terminated.
type terminating struct {
	*syncing
	people []string
}

func newTerminating(ctx context.Context, size, n int) (*terminating, error) {
	s, err := newSyncing(ctx, size, func(t *loopback.Target) target.Target {
		return &closing{Target: t, closed: map[string]bool{}}
	})
	if err != nil {
		return nil, err
	}
	t := &terminating{syncing: s}
	c := people.Company{Size: size, Seed: seed}
	for _, number := range c.Shuffled(1) {
		if k := c.Kind(int(number)); k != people.Joiner && k != people.Leaver && len(t.people) < n {
			t.people = append(t.people, people.ID(int(number)))
		}
	}
	return t, nil
}

// terminate ends the access of the next people, one after the other.
func (t *terminating) terminate(ctx context.Context, n int) error {
	for range n {
		if t.next == len(t.people) {
			return fmt.Errorf("%w: nobody is left to be terminated", errNotDone)
		}
		id := t.people[t.next]
		t.next++
		report, err := t.engine.TerminateNow(ctx, id, provision.TerminateOptions{Actor: "bench", Reason: "to be measured"})
		if err != nil {
			return err
		}
		if err := report.Err(); err != nil {
			return err
		}
		if r := report.Results; len(r) == 0 || r[0].Change.Action != reconcile.Disable || r[0].Outcome != provision.Done ||
			r[0].Verified != provision.Confirmed {
			return fmt.Errorf("%w: %d results for %s", errNotDone, len(r), id)
		}
	}
	return nil
}

// terminateNow measures whether ending one person's access costs more when a million
// others have accounts in the target and in the journal: a read of the source, two of
// the target, one write, and reading back.
func terminateNow(ctx context.Context, r *results) error {
	const n, most = 50, 900
	open := func(size int) (*terminating, error) { return newTerminating(ctx, size, most) }
	return amongMany(r, "terminate-1m", n, open, func(t *terminating) error { return t.terminate(ctx, n) })
}
