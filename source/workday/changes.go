package workday

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/provision-go/provision/source"
)

const (
	// early is how far ahead of our clock a cursor may be.
	early = time.Hour
	// overlap is how far a window goes back before its cursor.
	overlap = time.Second
	// midnights is how far back it is asked what took effect: effective moments are
	// days, which begin at other times in other places.
	midnights = 24 * time.Hour
)

// Changes yields who changed since a cursor, as they are now, and last a cursor
// alone. It asks three questions, as
// https://learn.microsoft.com/entra/identity/app-provisioning/workday-integration-reference
// describes: what was entered since, what was entered earlier and took effect since,
// and what those who will start are on their first day. Whoever is in several answers
// comes once.
//
// Not everything that can be read is in Workday's transaction log: a full read at
// regular intervals belongs beside this.
//
// The zero cursor yields everybody. A cursor that is malformed, from the future or
// older than Config.OldestCursor yields an error wrapping [source.ErrCursorExpired].
func (s *Source) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	return func(yield func(source.Delta, error) bool) {
		if err := s.changes(ctx, since, yield); err != nil && !errors.Is(err, errLeft) {
			yield(source.Delta{}, fmt.Errorf("list changes: %w", err))
		}
	}
}

// errLeft says that the loop was left.
var errLeft = errors.New("the loop was left")

func (s *Source) changes(ctx context.Context, since source.Cursor, yield func(source.Delta, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	now := s.cfg.Connection.Clock()
	next := cursorAt(now.Add(-lag)) // before anything is asked: what changes meanwhile comes again
	people := s.Identities(ctx)
	if since != "" {
		from, err := s.from(since, now)
		if err != nil {
			return err
		}
		people = s.since(ctx, from)
	}
	for i, err := range people {
		if err != nil {
			return err
		}
		if !yield(source.Delta{Identity: i}, nil) {
			return errLeft
		}
	}
	if !yield(source.Delta{Cursor: next}, nil) {
		return errLeft
	}
	return nil
}

func (s *Source) from(since source.Cursor, now time.Time) (time.Time, error) {
	from, err := time.Parse(time.RFC3339Nano, string(since))
	switch {
	case err != nil:
		return from, fmt.Errorf("%w: it is not one of ours", source.ErrCursorExpired)
	case from.Before(now.Add(-s.cfg.OldestCursor)):
		return from, fmt.Errorf("%w: it is more than %s old", source.ErrCursorExpired, s.cfg.OldestCursor)
	case from.After(now.Add(early)):
		return from, fmt.Errorf("%w: it lies in the future", source.ErrCursorExpired)
	}
	return from, nil
}

func cursorAt(t time.Time) source.Cursor { return source.Cursor(t.UTC().Format(time.RFC3339Nano)) }

// since yields who is in the windows since an instant.
func (s *Source) since(ctx context.Context, from time.Time) iter.Seq2[source.Identity, error] {
	r := s.reading(true)
	from = from.Add(-overlap)
	if !from.Before(r.entered) { // asked again at once, or by another clock
		from = r.entered.Add(-overlap)
	}
	return func(yield func(source.Identity, error) bool) {
		for _, w := range []window{
			{from: from, through: r.entered},
			{effective: true, from: from.Add(-midnights), through: r.entered},
		} {
			for i, err := range r.pages(ctx, &w) {
				if err == nil && i.ID != "" && (r.meet(&i) || r.later(&i)) {
					continue
				}
				if !yield(i, err) || err != nil {
					return
				}
			}
		}
		for i, err := range r.begun(ctx) {
			if !yield(i, err) || err != nil {
				return
			}
		}
	}
}
