package knit

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source"
)

// Sentinel errors of a source, beside those of package source.
var (
	// ErrNoSync: no initial sync was ever completed, so nobody knows who is there. It
	// wraps [source.ErrIncomplete].
	ErrNoSync = fmt.Errorf("%w: no initial sync was completed", source.ErrIncomplete)
	// ErrStale: what is known is older than Config.MaxAge, because no sync was completed
	// since, or because one that began then is still open. It wraps
	// [source.ErrIncomplete]. A complete initial sync is the cure.
	ErrStale = fmt.Errorf("%w: it is too old", source.ErrIncomplete)
)

const listed = 1000 // records at once

// Source returns the people of an integration, as the last completed initial sync and
// what came after it have them. It reads the store at each call.
//
// The list is an error as long as no initial sync was completed, and as soon as the
// moment up to which everything is known lies more than Config.MaxAge back. Until then
// a sync that is open, or failed, or came in part, leaves everybody there who was
// there.
func (c *Connector) Source(integration string) source.Source {
	return &integrationSource{Connector: c, integration: integration}
}

type integrationSource struct {
	*Connector
	integration string
}

func (s *integrationSource) Name() string { return s.cfg.Name }

// view is what a read goes by.
type view struct {
	now    time.Time
	today  source.Date
	asOf   time.Time
	doubts map[string]time.Time
}

func (s *integrationSource) look(ctx context.Context) (view, error) {
	now := s.cfg.Clock().UTC()
	v := view{now: now, today: source.DateOf(now)}
	stored, err := s.cfg.Store.State(ctx, s.integration)
	if err != nil {
		return v, err
	}
	state, err := readState(stored)
	if err != nil {
		return v, err
	}
	if v.asOf = state.asOf(); v.asOf.IsZero() {
		return v, ErrNoSync
	}
	v.doubts = state.doubts()
	return v, nil
}

func (c *Connector) stale(at, now time.Time) error {
	if age := now.Sub(at); age > c.cfg.MaxAge {
		return fmt.Errorf("%w: everything is known up to %s, %s ago", ErrStale, at.Format(time.RFC3339), age.Round(time.Minute))
	}
	return nil
}

func (s *integrationSource) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		if err := s.list(ctx, yield); err != nil && !errors.Is(err, errLeft) {
			yield(source.Identity{}, fmt.Errorf("list employees of %s: %w", s.integration, err))
		}
	}
}

var errLeft = errors.New("the loop was left")

func (s *integrationSource) list(ctx context.Context, yield func(source.Identity, error) bool) error {
	v, err := s.look(ctx)
	if err == nil {
		err = s.stale(v.asOf, v.now)
	}
	if err != nil {
		return err
	}
	after, there := "", false
	for {
		page, err := s.cfg.Store.List(ctx, s.integration, after, listed)
		if err != nil {
			return err
		}
		for n := range page {
			if err := ctx.Err(); err != nil {
				return err
			}
			if page[n].ID <= after {
				return fmt.Errorf("%w: the store lists %s again", source.ErrIncomplete, excerpt.Of(page[n].ID))
			}
			after = page[n].ID
			there = there || page[n].Ended.IsZero()
			i, err := s.identity(&page[n], &v)
			if err != nil {
				return err
			}
			if !yield(i, nil) {
				return errLeft
			}
		}
		if len(page) < listed {
			break
		}
	}
	if !there && !s.cfg.AllowEmpty {
		return fmt.Errorf("%w: nobody is there; see Config.AllowEmpty", source.ErrIncomplete)
	}
	return nil
}

// Identity returns one person. Somebody of whom Knit spoke within Config.MaxAge is
// known even if others are not.
func (s *integrationSource) Identity(ctx context.Context, id string) (source.Identity, error) {
	i, err := s.one(ctx, id)
	if err != nil {
		return source.Identity{}, fmt.Errorf("read employee %s of %s: %w", excerpt.Of(id), s.integration, err)
	}
	return i, nil
}

func (s *integrationSource) one(ctx context.Context, id string) (source.Identity, error) {
	v, err := s.look(ctx)
	if err != nil {
		return source.Identity{}, err
	}
	found, err := s.cfg.Store.Records(ctx, s.integration, []string{id})
	if err != nil {
		return source.Identity{}, err
	}
	spoken := v.asOf
	if len(found) > 0 {
		for _, at := range []time.Time{found[0].At, found[0].Ended} {
			if at.After(spoken) {
				spoken = at
			}
		}
	}
	switch err := s.stale(spoken, v.now); {
	case err != nil:
		return source.Identity{}, err
	case len(found) == 0:
		return source.Identity{}, source.ErrNotFound
	case found[0].ID != id:
		return source.Identity{}, fmt.Errorf("%w: the store has somebody else", source.ErrIncomplete)
	}
	return s.identity(&found[0], &v)
}
