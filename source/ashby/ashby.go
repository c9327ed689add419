package ashby

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's Ashby. It is safe for concurrent use.
type Source struct {
	cfg      Config
	client   *fetch.Client
	words    meanings
	mappings map[string][]*mapping // by place
}

var _ source.DeltaSource = (*Source)(nil)

// New checks the configuration; it asks Ashby nothing. The error joins everything that
// is wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	words := newMeanings(&cfg)
	mappings, wrong := mappingsOf(cfg.Fields, words.types)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("ashby: %w", err)
	}
	client, err := fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Authorize: cfg.Auth.authorize, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("ashby: field BaseURL: %w", err)
	}
	return &Source{cfg: cfg, client: client, words: words, mappings: mappings}, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "ashby.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// Identities yields everybody who was ever hired, and everybody whose offer was
// accepted without their being hired, each candidate once; the package documentation
// says with which status.
//
// The list is an error unless it is whole: an answer that says that it failed, a page
// that fails or comes twice, a cursor that is missing or comes twice, nobody at all (see
// Config.AllowEmpty). Ashby states no totals. Hired applications and offers are listed
// apart, and an application whose offer was accepted and that is not among the hired
// ones is asked for by its id: a page of hires that is lost takes nobody away who
// accepted an offer.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		r := s.reading()
		err := r.everybody(ctx)
		if err == nil {
			err = r.people(func(i source.Identity) bool { return yield(i, nil) })
		}
		if err != nil && !errors.Is(err, errLeft) {
			yield(source.Identity{}, fmt.Errorf("list hires: %w", err))
		}
	}
}

// Identity reads one person by the id of the candidate. A candidate who was neither
// hired nor has accepted an offer, and one who was deleted or merged with another, is
// [source.ErrNotFound].
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	var one *source.Identity
	r := s.reading()
	err := r.prepare(ctx)
	if err == nil && !validID(id) {
		return source.Identity{}, fmt.Errorf("%w: %q is no id of a candidate", source.ErrNotFound, excerpt.Of(id))
	}
	if err == nil {
		err = r.one(ctx, r.aliases.Present(id), func(i source.Identity) bool {
			one = &i
			return true
		})
	}
	switch {
	case err != nil:
		return source.Identity{}, fmt.Errorf("read candidate %s: %w", excerpt.Of(id), err)
	case one == nil || one.ID != id:
		return source.Identity{}, fmt.Errorf("%w: candidate %s was not hired, or is gone", source.ErrNotFound, id)
	}
	return *one, nil
}
