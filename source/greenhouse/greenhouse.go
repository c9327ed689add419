package greenhouse

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's Greenhouse. It is safe for concurrent use.
type Source struct {
	cfg      Config
	client   *fetch.Client
	words    meanings
	mappings []mapping
	// Places of mappings, by record and then by field or by key of a custom field.
	plain, custom [recordCount]map[string][]int
}

var _ source.DeltaSource = (*Source)(nil)

// New checks the configuration; it asks Greenhouse nothing. The error joins
// everything that is wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	words := newMeanings(&cfg)
	mappings, wrong := mappingsOf(cfg.Fields, words.types)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("greenhouse: %w", err)
	}
	authorize, renew := cfg.Auth.authorize, cfg.Auth.renew
	if authorize == nil {
		t, err := newTokens(&cfg)
		if err != nil {
			return nil, fmt.Errorf("greenhouse: %w", err)
		}
		authorize, renew = t.authorize, t.renew
	}
	client, err := fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Authorize: authorize, Renew: renew,
		Fault: fault, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("greenhouse: field BaseURL: %w", err)
	}
	s := &Source{cfg: cfg, client: client, words: words, mappings: mappings}
	for r := range recordCount {
		s.plain[r], s.custom[r] = map[string][]int{}, map[string][]int{}
	}
	for n := range mappings {
		m := &mappings[n]
		if m.custom != "" {
			s.custom[m.record][m.custom] = append(s.custom[m.record][m.custom], n)
		} else {
			s.plain[m.record][m.plain] = append(s.plain[m.record][m.plain], n)
		}
	}
	return s, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "greenhouse.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// Identities yields everybody who was ever hired, and everybody whose offer was
// accepted without their being hired, each candidate once; the package documentation
// says with which status.
//
// The list is an error unless it is whole: a page that fails or comes twice, a cursor
// that comes twice, nobody at all (see Config.AllowEmpty), candidates of whom not one
// may be read. Greenhouse states no totals. Hired applications and accepted offers are
// listed apart, and what one of the lists lacks is asked for by its id, so that a page
// that is lost from one of them takes nobody away who is hired on an accepted offer.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		r := s.reading()
		if err := r.everybody(ctx, yield); err != nil && !errors.Is(err, errLeft) {
			yield(source.Identity{}, fmt.Errorf("list hires: %w", err))
		}
	}
}

// Identity reads one person by the id of the candidate. It asks for the same as
// Identities, so that nothing differs. A candidate who was neither hired nor has
// accepted an offer, and one who was deleted or merged with another, is
// [source.ErrNotFound].
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	r := s.reading()
	if err := r.prepare(ctx); err != nil {
		return source.Identity{}, fmt.Errorf("read candidate %s: %w", excerpt.Of(id), err)
	}
	number, ok := parseID([]byte(r.aliases.Present(id)))
	if !ok {
		return source.Identity{}, fmt.Errorf("%w: %q is no id of a candidate", source.ErrNotFound, excerpt.Of(id))
	}
	var one *source.Identity
	err := r.some(ctx, []int64{number}, func(i source.Identity, err error) bool {
		one = &i
		return err == nil
	})
	switch {
	case err != nil:
		return source.Identity{}, fmt.Errorf("read candidate %s: %w", id, err)
	case one == nil:
		return source.Identity{}, fmt.Errorf("%w: candidate %s was not hired, or is gone", source.ErrNotFound, id)
	case one.ID != id:
		return source.Identity{}, fmt.Errorf("read candidate %s: %w: somebody else came", id, source.ErrIncomplete)
	}
	return *one, nil
}
