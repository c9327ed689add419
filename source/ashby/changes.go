package ashby

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/provision-go/provision/source"
)

// A position holds the tokens with which the next sync of each list begins.
type position struct {
	Applications string `json:"a"`
	Offers       string `json:"o"`
}

func (p position) cursor() (source.Cursor, error) {
	if p.Applications == "" || p.Offers == "" {
		return "", fmt.Errorf("%w: a list came to its end without a sync token", source.ErrIncomplete)
	}
	text, err := json.Marshal(p)
	return source.Cursor(base64.RawURLEncoding.EncodeToString(text)), err
}

func positionAt(c source.Cursor) (position, error) {
	var p position
	text, err := base64.RawURLEncoding.DecodeString(string(c))
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil || p.Applications == "" || p.Offers == "" {
		return p, fmt.Errorf("%w: it is not one of ours", source.ErrCursorExpired)
	}
	return p, nil
}

// Changes yields those who were hired or have accepted an offer and of whom an
// application or an offer changed since a cursor, as they are now, and last a cursor
// alone. Somebody who is neither any more is left out, and so is whoever was deleted: no
// list names them, and the next full read tells.
//
// The zero cursor yields everybody, for which all applications are read and not only
// those of people who were hired: only the token of such a list shows later that
// somebody is hired no more. A cursor that is not one of ours, whose tokens have expired
// or are behind too much for Ashby, or behind which more than Config.MostChanges
// candidates lie, yields an error wrapping [source.ErrCursorExpired].
func (s *Source) Changes(ctx context.Context, since source.Cursor) iter.Seq2[source.Delta, error] {
	return func(yield func(source.Delta, error) bool) {
		err := s.changes(ctx, since, yield)
		if since != "" && expired(err) {
			err = fmt.Errorf("%w: %w", source.ErrCursorExpired, err)
		}
		if err != nil && !errors.Is(err, errLeft) {
			yield(source.Delta{}, fmt.Errorf("list changes: %w", err))
		}
	}
}

func (s *Source) changes(ctx context.Context, since source.Cursor, yield func(source.Delta, error) bool) error {
	r := s.reading()
	if err := r.prepare(ctx); err != nil {
		return err
	}
	var from position
	if since != "" {
		var err error
		if from, err = positionAt(since); err != nil {
			return err
		}
	}
	next, err := r.sync(ctx, from)
	if err != nil {
		return err
	}
	one := func(i source.Identity) bool { return yield(source.Delta{Identity: i}, nil) }
	if since == "" {
		if err = r.readPlaces(ctx); err == nil {
			err = r.people(one)
		}
	} else {
		err = r.follow(ctx, one)
	}
	if err != nil {
		return err
	}
	// Only now: whoever stores it has seen all that lies before it.
	cursor, err := next.cursor()
	if err != nil {
		return err
	}
	if !yield(source.Delta{Cursor: cursor}, nil) {
		return errLeft
	}
	return nil
}

// sync reads both lists from a position to their ends, and returns the next one.
func (r *reading) sync(ctx context.Context, from position) (position, error) {
	next := position{}
	question := func(token string) map[string]any {
		if token == "" {
			return map[string]any{}
		}
		return map[string]any{"syncToken": token}
	}
	var err error
	// Offers first: whoever is hired in between is in the applications.
	if next.Offers, err = r.readOffers(ctx, question(from.Offers)); err != nil {
		return next, err
	}
	next.Applications, err = list(ctx, r, "application.list", question(from.Applications), r.application,
		func(a *application) string { return a.id }, func(a *application) error {
			r.apps[a.id] = a
			return nil
		})
	return next, err
}

// follow reads the candidates whose applications or offers changed.
func (r *reading) follow(ctx context.Context, yield func(source.Identity) bool) error {
	for _, id := range slices.Sorted(maps.Keys(r.offers)) {
		if r.apps[id] == nil {
			if err := r.readApplication(ctx, id); err != nil {
				return err
			}
		}
	}
	candidates := map[string]bool{}
	for _, a := range r.apps {
		candidates[a.candidate] = true
	}
	if len(candidates) > r.cfg.MostChanges {
		return fmt.Errorf("%w: %d candidates changed, at most %d are looked at", source.ErrCursorExpired, len(candidates), r.cfg.MostChanges)
	}
	for _, id := range slices.Sorted(maps.Keys(candidates)) {
		one := r.Source.reading()
		one.aliases, one.catalogue = r.aliases, r.catalogue
		if err := one.one(ctx, id, yield); err != nil {
			return err
		}
	}
	return nil
}
