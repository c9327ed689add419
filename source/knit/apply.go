package knit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
)

// ErrRefused says that an event cannot be taken, however often it comes.
var ErrRefused = errors.New("event is refused")

const mostConflicts = 50 // of writers in other processes, for one event

// An application is an event on its way into the store.
type application struct {
	*Connector
	ctx         context.Context //nolint:containedctx // it lives as long as one call
	integration string
	event       *event
	now         time.Time

	state   *state
	run     *run
	again   bool // the person came in this run already
	commit  Commit
	changes []Change
}

// apply writes one event and returns whom to look at again.
func (c *Connector) apply(ctx context.Context, integration string, e *event) ([]Change, error) {
	now := c.cfg.Clock().UTC().Truncate(time.Millisecond)
	if err := c.timely(e, now); err != nil {
		return nil, err
	}
	free, err := c.locks.hold(ctx, integration)
	if err != nil {
		return nil, err
	}
	defer free()
	for range mostConflicts {
		a := application{Connector: c, ctx: ctx, integration: integration, event: e, now: now}
		err := a.do()
		if err == nil || !errors.Is(err, ErrConflict) {
			return a.changes, err
		}
	}
	return nil, fmt.Errorf("write event %s: %w", excerpt.Of(e.id), ErrConflict)
}

// timely refuses an event that is too old to be a late delivery, which somebody may
// have kept and sent again, and one from the future, which would win over all to come.
// The end of a sync has two times in it.
func (c *Connector) timely(e *event, now time.Time) error {
	for _, at := range []time.Time{e.at, e.begun} {
		switch {
		case at.IsZero():
		case at.Before(now.Add(-c.cfg.Oldest)):
			return fmt.Errorf("%w: it was triggered more than %s ago", ErrRefused, c.cfg.Oldest)
		case at.After(now.Add(c.cfg.MaxSkew)):
			return fmt.Errorf("%w: it was triggered more than %s in the future", ErrRefused, c.cfg.MaxSkew)
		}
	}
	return nil
}

// do reads what there is and writes what the event makes of it.
func (a *application) do() error {
	stored, err := a.cfg.Store.State(a.ctx, a.integration)
	if err != nil {
		return err
	}
	if a.state, err = readState(stored); err != nil {
		return err
	}
	known, id, err := a.marks()
	if err != nil {
		return err
	}
	if known {
		// It came already. The one who sent it may not have learnt that, and neither may
		// whoever is told of changes.
		if id != "" {
			a.tell(id)
		}
		return nil
	}
	a.run = a.state.run(a.event, a.now)
	if err := a.take(id); err != nil {
		return err
	}
	if err := a.settle(); err != nil {
		return err
	}
	if a.run.Done.Equal(a.now) { // once for each sync: a store looks at all its marks
		a.state.prune(a.now.Add(-a.cfg.Oldest))
		a.commit.Forget = a.now.Add(-2 * a.cfg.Oldest)
	}
	a.commit.Expect, a.commit.Marked = stored.Version, a.now
	if a.commit.State, err = json.Marshal(a.state); err != nil {
		return err
	}
	return a.cfg.Store.Commit(a.ctx, a.integration, a.commit)
}

// marks notes that the event, and the person in this run, came, and returns whether the
// event did before, and the person's ID.
func (a *application) marks() (bool, string, error) {
	e := a.event
	id := ""
	if e.record() {
		var err error
		if id, err = a.person(); err != nil {
			return false, "", err
		}
	}
	event, person := "event "+e.id, "person "+e.run+" "+id
	known, err := a.cfg.Store.Marks(a.ctx, a.integration, []string{event, person})
	if err != nil {
		return false, id, err
	}
	if slices.Contains(known, event) {
		return true, id, nil
	}
	a.commit.Mark = []string{event}
	if id != "" {
		a.commit.Mark = append(a.commit.Mark, person)
		a.again = slices.Contains(known, person)
	}
	return false, id, nil
}
