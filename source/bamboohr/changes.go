package bamboohr

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
	"github.com/provision-go/provision/source"
)

const (
	// overlap is how far a read of changes goes back before its cursor. BambooHR keeps
	// whole seconds, and whether "since" includes its own second is not documented.
	overlap = time.Second
	// lag is how late a change may appear in the feed.
	lag = time.Minute
	// skew is how far the server's clock may be from ours.
	skew = 5 * time.Minute
	// oldest is how old a cursor may be. How long BambooHR remembers a deletion is not
	// documented.
	oldest = 30 * 24 * time.Hour
	// early is how far ahead of our clock a cursor may be.
	early = time.Hour
	// batch is how many people are read at once.
	batch = 100
)

// Changes yields who was added, changed or deleted since a cursor, as they are now,
// and last a cursor alone. Whoever changed again and again comes once. Somebody who
// is reported as deleted and can no longer be read is yielded with the status
// Deleted; somebody who changed and cannot be read is left out, for the next full
// read to tell.
//
// What happens by the passing of time, such as a last day that arrives, is no change
// to BambooHR: a full read at regular intervals belongs beside this.
//
// The zero cursor yields everybody. A cursor that is malformed, from the future, more
// than 30 days old, refused, or behind which more than Config.MostChanges lie, yields
// an error wrapping [source.ErrCursorExpired].
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
	now := s.cfg.Clock().UTC()
	if since == "" {
		return s.everybody(ctx, yield)
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
	feed, err := s.changed(ctx, from.Add(-overlap), "")
	if fetchError, ok := errors.AsType[*fetch.Error](err); ok && fetchError.Status == http.StatusBadRequest {
		return fmt.Errorf("%w: %w", source.ErrCursorExpired, err)
	}
	if err != nil {
		return err
	}
	if len(feed.changes) > s.cfg.MostChanges {
		return fmt.Errorf("%w: %d people changed, at most %d are followed one by one",
			source.ErrCursorExpired, len(feed.changes), s.cfg.MostChanges)
	}
	if err := s.follow(ctx, feed.changes, yield); err != nil {
		return err
	}
	if !yield(source.Delta{Cursor: cursorAt(feed.next(from, now))}, nil) {
		return errLeft
	}
	return nil
}

// A change says that something happened to a person.
type change struct {
	id      string
	at      time.Time
	deleted bool
}

// feed is an answer of https://documentation.bamboohr.com/reference/get-changed-employee-ids.
type feed struct {
	changes []change // sorted by time
	latest  time.Time
	served  time.Time // by the server's clock, when it was asked
}

// next returns where the next read of changes begins: at the latest change. Whoever
// changed in that second comes again, for somebody else may have changed in it later.
// When the feed has been quiet for a while it begins close to the server's present
// instead, so that the same people do not come for ever; unless that clock is plainly
// wrong, which would skip changes.
func (f *feed) next(from, now time.Time) time.Time {
	next := from
	if f.latest.After(next) {
		next = f.latest
	}
	quiet := f.served.Add(-lag)
	if off := f.served.Sub(now).Abs(); quiet.After(next) && off <= skew {
		return quiet
	}
	return next
}

func cursorAt(t time.Time) source.Cursor { return source.Cursor(t.UTC().Format(time.RFC3339)) }

// everybody yields a full list, and the instant at which it began.
func (s *Source) everybody(ctx context.Context, yield func(source.Delta, error) bool) error {
	// The feed is asked for its clock only, and before the list: what changes meanwhile
	// comes again.
	feed, err := s.changed(ctx, s.cfg.Clock(), "inserted")
	if err != nil {
		return err
	}
	for identity, err := range s.Identities(ctx) {
		if err != nil {
			return err
		}
		if !yield(source.Delta{Identity: identity}, nil) {
			return errLeft
		}
	}
	if !yield(source.Delta{Cursor: cursorAt(feed.served.Add(-lag))}, nil) {
		return errLeft
	}
	return nil
}

// follow reads the people who changed.
func (s *Source) follow(ctx context.Context, changes []change, yield func(source.Delta, error) bool) error {
	most := batch
	if s.cfg.Strategy == Dataset {
		most = 1 // its filter takes one id
	}
	for some := range slices.Chunk(changes, most) {
		ids := make([]string, len(some))
		for n, c := range some {
			ids[n] = c.id
		}
		people := map[string]source.Identity{}
		for identity, err := range s.reading().list(ctx, ids) {
			if s.refusesFilter(err) {
				return fmt.Errorf("%w: nobody can be read alone: %w", source.ErrCursorExpired, err)
			}
			if err != nil {
				return err
			}
			people[identity.ID] = identity
		}
		for _, c := range some {
			identity, found := people[c.id]
			if !found && c.deleted {
				identity, found = source.Identity{ID: c.id, Status: source.Deleted, StatusRaw: "Deleted"}, true
			}
			if found && !yield(source.Delta{Identity: identity}, nil) {
				return errLeft
			}
		}
	}
	return nil
}

// changed asks who changed since an instant: everybody, or those to whom the one
// thing happened.
func (s *Source) changed(ctx context.Context, since time.Time, what string) (feed, error) {
	query := url.Values{"since": {since.UTC().Format(time.RFC3339)}}
	if what != "" {
		query.Set("type", what)
	}
	asked := time.Now()
	answer, err := s.client.Read(ctx, fetch.Request{Path: "/v1/employees/changed", Query: query})
	if err != nil {
		return feed{}, err
	}
	f, err := readFeed(answer.Body)
	if err != nil {
		return feed{}, answer.Fail(fetch.BadContent, err)
	}
	f.served = s.serverTime(answer.Header).Add(-time.Since(asked))
	return f, nil
}

func readFeed(body []byte) (feed, error) {
	f, listed := feed{}, false
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		switch name := string(key); {
		case name == "latest" && s.Peek() == '"':
			v, err := s.Value()
			if err == nil {
				f.latest, err = time.Parse(time.RFC3339, v.Text())
			}
			return err
		case name == "employees" && s.Peek() == '{':
			listed = true
			return s.Members(func(key []byte) error { return f.add(&s, string(key)) })
		case name == "employees" && s.Peek() == '[':
			// An empty list of PHP, where a map is meant. One with something in it has
			// lost the ids.
			listed = true
			return s.Elements(func() error { return errors.New("the people who changed have no ids") })
		}
		return s.Skip()
	})
	if err == nil {
		err = s.End()
	}
	if err == nil && !listed {
		err = errors.New("there are no changes in it")
	}
	if err != nil {
		return feed{}, err
	}
	slices.SortFunc(f.changes, func(a, b change) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(len(a.id), len(b.id)), cmp.Compare(a.id, b.id))
	})
	return f, nil
}

func (f *feed) add(s *jsonscan.Scanner, id string) error {
	c := change{id: id}
	known := false
	err := s.Members(func(key []byte) error {
		v, err := s.Value()
		if err != nil {
			return err
		}
		switch word := v.Text(); string(key) {
		case "id":
			if word != id {
				return errors.New("a change has two ids")
			}
		case "action":
			known = word == "Inserted" || word == "Updated" || word == "Deleted"
			c.deleted = word == "Deleted"
		case "lastChanged":
			c.at, err = time.Parse(time.RFC3339, word)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case !validID(id):
		return errors.New("a change has no employee id")
	case !known:
		return errors.New("a change is neither Inserted nor Updated nor Deleted")
	}
	f.changes = append(f.changes, c)
	return nil
}
