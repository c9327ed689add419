package successfactors

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

const (
	// lag is how late a change may become visible, and how far a read of changes
	// therefore goes back.
	lag = time.Minute
	// skew is how far the server's clock may be from ours.
	skew = 5 * time.Minute
	// oldest is how old a cursor may be. SuccessFactors states no limit; of who was
	// deleted meanwhile no change speaks.
	oldest = 30 * 24 * time.Hour
	// early is how far ahead of our clock a cursor may be.
	early = time.Hour
)

// Changes yields the people of whom something was changed since a cursor, or came into
// force, as they are now, and last a cursor alone. It looks at the person, the names,
// the addresses, the employments, the users and the jobs; that a department got
// another name is no change of the people in it. Whoever was deleted is left out, for
// the next full read to tell.
//
// The zero cursor yields everybody. A cursor that is malformed, from the future or more
// than 30 days old, and a question about changes that SuccessFactors does not take,
// yield an error wrapping [source.ErrCursorExpired].
func (s *Source) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	return func(yield func(source.Delta, error) bool) {
		if err := s.changes(ctx, since, yield); err != nil && !errors.Is(err, errLeft) {
			yield(source.Delta{}, fmt.Errorf("list changes: %w", err))
		}
	}
}

func (s *Source) changes(ctx context.Context, since source.Cursor, yield func(source.Delta, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	one := func(i source.Identity, _ error) bool { return yield(source.Delta{Identity: i}, nil) }
	now := s.cfg.Clock().UTC()
	r := s.reading()
	from := now.Add(-oldest)
	if since == "" {
		if err := r.everybody(ctx, one); err != nil {
			return err
		}
	} else {
		var err error
		if from, err = parseCursor(since, now); err != nil {
			return err
		}
		err = r.some(ctx, question{filters: []string{changedSince(from.Add(-lag), now)}, all: true}, one)
		if fetch.KindOf(err) == fetch.Refused {
			return fmt.Errorf("%w: %w", source.ErrCursorExpired, err)
		}
		if err != nil {
			return err
		}
	}
	next := from
	// A clock that is plainly wrong would skip changes.
	if begun := r.begun.Add(-lag); begun.After(next) && r.begun.Sub(now).Abs() <= skew {
		next = begun
	}
	if !yield(source.Delta{Cursor: source.Cursor(next.UTC().Format(time.RFC3339))}, nil) {
		return errLeft
	}
	return nil
}

func parseCursor(since source.Cursor, now time.Time) (time.Time, error) {
	from, err := time.Parse(time.RFC3339, string(since))
	switch {
	case err != nil:
		return from, fmt.Errorf("%w: it is not one of ours", source.ErrCursorExpired)
	case from.Before(now.Add(-oldest)):
		return from, fmt.Errorf("%w: it is more than %d days old", source.ErrCursorExpired, oldest/(24*time.Hour))
	case from.After(now.Add(early)):
		return from, fmt.Errorf("%w: it lies in the future", source.ErrCursorExpired)
	}
	return from, nil
}
