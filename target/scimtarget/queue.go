package scimtarget

import (
	"context"
	"sync"

	"github.com/provision-go/provision/target"
)

// queues puts changes to the members of one group together. A group has at most one
// request under way: what is called for meanwhile waits for it, and then goes together.
// A change that comes alone is sent at once.
type queues struct {
	t      *Target
	mu     sync.Mutex
	groups map[string]*queue
	most   int // changes in one request; less, once the service has said "too large"
}

type queue struct{ waiting []*memberChange }

// memberChange is one member that joins or leaves.
type memberChange struct {
	ctx  context.Context //nolint:containedctx // of the call that waits for the change
	user string
	add  bool
	done chan error
}

func newQueues(t *Target) *queues {
	return &queues{t: t, groups: map[string]*queue{}, most: t.profile.Groups.MaxChanges}
}

// do makes one change, with whatever goes along with it, and returns its own result.
func (q *queues) do(ctx context.Context, group, user string, add bool) error {
	c := &memberChange{ctx: ctx, user: user, add: add, done: make(chan error, 1)}
	q.mu.Lock()
	g := q.groups[group]
	if g == nil {
		g = &queue{}
		q.groups[group] = g
		q.mu.Unlock()
		return q.alone(group, g, c)
	}
	g.waiting = append(g.waiting, c)
	q.mu.Unlock()
	select {
	case err := <-c.done:
		return err
	case <-ctx.Done():
	}
	if q.withdraw(g, c) {
		return target.Fail(target.NotSent, ctx.Err())
	}
	select {
	case err := <-c.done:
		return err
	default:
		return target.Fail(target.Unclear, ctx.Err())
	}
}

// alone sends a change that nobody else's request is in the way of, and leaves what came
// meanwhile to somebody else.
func (q *queues) alone(group string, g *queue, c *memberChange) error {
	defer func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if len(g.waiting) == 0 {
			delete(q.groups, group)
		} else {
			go q.run(group, g)
		}
	}()
	q.t.sendMembers(c.ctx, group, []*memberChange{c})
	return <-c.done
}

// withdraw takes back a change that was not sent yet.
func (q *queues) withdraw(g *queue, c *memberChange) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i, w := range g.waiting {
		if w == c {
			g.waiting = append(g.waiting[:i], g.waiting[i+1:]...)
			return true
		}
	}
	return false
}

// run sends what waits for a group, until nothing does.
func (q *queues) run(group string, g *queue) {
	for batch := q.next(group, g); len(batch) > 0; batch = q.next(group, g) {
		callers := make([]context.Context, len(batch))
		for i, c := range batch {
			callers[i] = c.ctx
		}
		ctx, cancel := shared(callers)
		q.t.sendMembers(ctx, group, batch)
		cancel()
	}
}

// next takes changes of one kind from the front. Without any the group has no queue
// any more.
func (q *queues) next(group string, g *queue) []*memberChange {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(g.waiting) == 0 {
		delete(q.groups, group)
		return nil
	}
	n := 1
	for n < len(g.waiting) && n < q.most && g.waiting[n].add == g.waiting[0].add {
		n++
	}
	batch := g.waiting[:n:n]
	g.waiting = g.waiting[n:]
	return batch
}

// tooLarge notes that a request with so many changes was too large.
func (q *queues) tooLarge(n int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.most = min(q.most, max(n/2, 1))
}
