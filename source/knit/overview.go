package knit

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// An Overview says how much of an integration is known.
type Overview struct {
	// AsOf is the moment up to which everything is known, the zero time if no initial
	// sync was ever completed.
	AsOf time.Time
	// Age is how long ago that was.
	Age time.Duration
	// Err is the error that the list has now: [ErrNoSync], [ErrStale], or nil.
	Err error
	// Syncs are the runs that are open, and those that were over within Config.Oldest, in
	// the order in which they were first heard of.
	Syncs []Sync
}

// A Sync is a run of a sync, as far as it was heard of.
type Sync struct {
	RunID string
	Type  SyncType
	Begun time.Time
	// Done is when it was over, the zero time if it is open.
	Done time.Time
	// Complete says that all of it is there. Reason says why not, of one that is over.
	Complete bool
	Reason   string
	// Events is how many events about people came, each once, and Emitted how many Knit
	// says that there are, -1 if it has not said so.
	Events, Emitted int
}

// Overview says how far an integration is.
func (c *Connector) Overview(ctx context.Context, integration string) (Overview, error) {
	stored, err := c.cfg.Store.State(ctx, integration)
	if err != nil {
		return Overview{}, fmt.Errorf("read the state of %s: %w", integration, err)
	}
	s, err := readState(stored)
	if err != nil {
		return Overview{}, fmt.Errorf("read the state of %s: %w", integration, err)
	}
	o := Overview{AsOf: s.asOf(), Err: ErrNoSync}
	if now := c.cfg.Clock().UTC(); !o.AsOf.IsZero() {
		o.Age, o.Err = now.Sub(o.AsOf), c.stale(o.AsOf, now)
	}
	for _, r := range s.Runs {
		one := Sync{
			RunID: r.ID, Type: Delta, Begun: r.Begun, Done: r.Done, Complete: r.Phase == completed,
			Reason: r.Reason, Events: r.Events, Emitted: -1,
		}
		if r.Initial {
			one.Type = Initial
		}
		if r.Counted {
			one.Emitted = r.Emitted
		}
		o.Syncs = append(o.Syncs, one)
	}
	return o, nil
}

// Purge forgets those who left before a time: they are not listed any more, which is an
// absence. Keep them for as long as a leaver may still have something somewhere.
func (c *Connector) Purge(ctx context.Context, integration string, before time.Time) error {
	for range mostConflicts {
		stored, err := c.cfg.Store.State(ctx, integration)
		if err != nil {
			return fmt.Errorf("purge %s: %w", integration, err)
		}
		if stored.Version == 0 {
			return nil
		}
		err = c.cfg.Store.Commit(ctx, integration, Commit{Expect: stored.Version, State: stored.Body, Purge: before})
		if err == nil {
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("purge %s: %w", integration, err)
		}
	}
	return fmt.Errorf("purge %s: %w", integration, ErrConflict)
}
