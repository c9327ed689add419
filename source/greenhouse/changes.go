package greenhouse

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/source"
)

const (
	// lag is how late a change may become visible, and how far a read of changes
	// therefore goes back.
	lag = time.Minute
	// skew is how far the server's clock may be from ours.
	skew = 5 * time.Minute
	// oldest is how old a cursor may be. Greenhouse states no limit; what was deleted
	// meanwhile is in no feed.
	oldest = 30 * 24 * time.Hour
	// early is how far ahead of our clock a cursor may be.
	early = time.Hour
)

// Changes yields those who were hired or have accepted an offer and of whom the
// candidate, an application or an offer changed since a cursor, as they are now, and
// last a cursor alone. Somebody who is neither any more is left out, and so is whoever
// was deleted: no feed names them, and the next full read tells. A job that got another
// name is no change of the people in it.
//
// The zero cursor yields everybody. A cursor that is malformed, from the future, more
// than 30 days old, or behind which more than Config.MostChanges candidates lie, yields
// an error wrapping [source.ErrCursorExpired].
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
	if since == "" {
		if err := r.everybody(ctx, one); err != nil {
			return err
		}
		return s.move(r, now, now.Add(-skew), yield)
	}
	from, err := time.Parse(time.RFC3339, string(since))
	switch {
	case err != nil:
		return fmt.Errorf("%w: it is not one of ours", source.ErrCursorExpired)
	case from.Before(now.Add(-oldest)):
		return fmt.Errorf("%w: it is more than %d days old", source.ErrCursorExpired, oldest/(24*time.Hour))
	case from.After(now.Add(early)):
		return fmt.Errorf("%w: it lies in the future", source.ErrCursorExpired)
	}
	ids, err := r.changed(ctx, from)
	if err != nil {
		return err
	}
	if len(ids) > s.cfg.MostChanges {
		return fmt.Errorf("%w: %d candidates changed, at most %d are looked at",
			source.ErrCursorExpired, len(ids), s.cfg.MostChanges)
	}
	if err := r.some(ctx, ids, one); err != nil {
		return err
	}
	return s.move(r, now, from, yield)
}

// changed returns the candidates of whom anything changed since an instant.
func (r *reading) changed(ctx context.Context, from time.Time) ([]int64, error) {
	if err := r.prepare(ctx); err != nil {
		return nil, err
	}
	since := filter{name: "updated_at", text: "gte|" + from.UTC().Format("2006-01-02T15:04:05.000Z")}
	if err := r.readApplications(ctx, since); err != nil {
		return nil, err
	}
	if err := r.readOffers(ctx, since); err != nil {
		return nil, err
	}
	people := map[int64]*candidate{}
	if err := r.readCandidates(ctx, people, since); err != nil {
		return nil, err
	}
	for _, a := range r.apps {
		people[a.candidate] = nil
	}
	for _, o := range r.offers {
		if o.candidate != 0 {
			people[o.candidate] = nil
		}
	}
	return slices.Sorted(maps.Keys(people)), nil
}

// move yields the cursor for the next read: shortly before this one began by the
// server's clock, unless that is plainly wrong, and never earlier than the last one.
func (s *Source) move(r *reading, now, last time.Time, yield func(source.Delta, error) bool) error {
	next := r.begun.Add(-lag)
	if r.begun.IsZero() || r.begun.Sub(now).Abs() > skew {
		next = now.Add(-skew)
	}
	if next.Before(last) {
		next = last
	}
	if !yield(source.Delta{Cursor: source.Cursor(next.UTC().Format(time.RFC3339))}, nil) {
		return errLeft
	}
	return nil
}
