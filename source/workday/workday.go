package workday

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's workers through Get_Workers. It is safe for
// concurrent use.
type Source struct {
	cfg     Config
	client  *fetch.Client
	words   meanings
	columns []column
	shape   *shape
	flags   []string // of Response_Group
	zone    *time.Location
}

var _ source.DeltaSource = (*Source)(nil)

// mostBody bounds a page: of the largest size it has about a thousand people with
// some 20 KB each.
const mostBody = 128 << 20

// New checks the configuration; it asks Workday nothing. The error joins everything
// that is wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	columns, wrong := columnsOf(cfg.Fields, cfg.FieldService)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("workday: %w", err)
	}
	s := &Source{cfg: cfg, words: newMeanings(cfg.Vocabulary), columns: columns, flags: groupFlags(&cfg)}
	s.shape = answerShape(columns, &s.cfg)
	if s.zone, err = time.LoadLocation(cfg.Zone); err != nil {
		return nil, fmt.Errorf("workday: Zone: %w", err)
	}
	s.client, err = cfg.Connection.client(fetch.Config{
		System: cfg.Name, Authorize: cfg.Connection.Auth.bearer, Fault: s.fault, MaxBody: mostBody,
	})
	if err != nil {
		return nil, fmt.Errorf("workday: %w", err)
	}
	return s, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "workday.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// Identities yields everybody whom the integration user may see: people who work,
// who have left and who have not started. It asks for page after page as the loop
// goes on.
//
// The list is an error unless it is whole: a page that fails, other numbers than
// Workday states, somebody who comes twice in place of somebody else, nobody at all,
// nobody of whom more than the reference may be seen.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		r := s.reading(true)
		last, held := source.Identity{}, false // one is held back: it takes what shows only at the end
		for identity, err := range r.everybody(ctx) {
			if held && !yield(last, nil) {
				return
			}
			if err != nil {
				yield(source.Identity{}, fmt.Errorf("list workers: %w", err))
				return
			}
			last, held = identity, true
		}
		if held {
			last.Findings = slices.Concat(last.Findings, r.findings())
			yield(last, nil)
		}
	}
}

// Identity reads one person by the Workday ID. What is seen is the present moment;
// somebody who has not started is read as of their first day.
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	if !validWID(id) {
		return source.Identity{}, fmt.Errorf("%w: %q is no Workday ID", source.ErrNotFound, excerpt.Of(id))
	}
	found, err := s.reading(false).one(ctx, id)
	switch {
	case err != nil:
		return source.Identity{}, fmt.Errorf("read worker %s: %w", id, err)
	case len(found) == 0:
		return source.Identity{}, fmt.Errorf("%w: Workday shows no worker %s", source.ErrNotFound, id)
	case len(found) > 1:
		return source.Identity{}, fmt.Errorf("read worker %s: %w", id, source.ErrContested)
	case found[0].ID != id:
		return source.Identity{}, fmt.Errorf("read worker %s: %w: somebody else came", id, source.ErrIncomplete)
	}
	return found[0], nil
}
