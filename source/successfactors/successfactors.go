package successfactors

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's SuccessFactors Employee Central. It is safe for
// concurrent use.
type Source struct {
	cfg      Config
	client   *fetch.Client
	renew    func(context.Context) error
	words    meanings
	mappings []mapping
	layout   layout
	// Whether Fields has addresses, which are then not chosen by their types.
	ownWork, ownPersonal bool
}

var _ source.DeltaSource = (*Source)(nil)

// New checks the configuration; it asks SuccessFactors nothing. The error joins
// everything that is wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	words := newMeanings(&cfg)
	mappings, wrong := mappingsOf(cfg.Fields, words.types)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("successfactors: %w", err)
	}
	authorize, renew, err := cfg.credentials()
	if err != nil {
		return nil, fmt.Errorf("successfactors: %w", err)
	}
	s := &Source{cfg: cfg, renew: renew, words: words, mappings: mappings, layout: layoutOf(&cfg, mappings)}
	s.client, err = fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Authorize: withSession(authorize), Renew: renew,
		Fault: s.fault, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("successfactors: field BaseURL: %w", err)
	}
	has := func(field string) bool {
		return slices.ContainsFunc(mappings, func(m mapping) bool { return m.Field.Name == field })
	}
	s.ownWork, s.ownPersonal = has("work_email"), has("personal_email")
	return s, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "successfactors.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// Identities yields everybody whom the API user may see: people who work, who have
// left and who have not started. Everybody is read, and held in memory, before the
// first one is yielded, since managers are known by another id than people.
//
// The list is an error unless it is whole: a page that fails or comes twice, a next
// page at another address, nobody at all, nobody whose status is understood, what was
// expanded and goes on elsewhere. SuccessFactors states no totals by itself, see
// Config.Count.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		if err := s.reading().everybody(ctx, yield); err != nil && !errors.Is(err, errLeft) {
			yield(source.Identity{}, fmt.Errorf("list people: %w", err))
		}
	}
}

// Identity reads one person by personIdExternal, by a filter and not by the key: behind
// a key only active users are expanded (SAP note 3436023).
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	if field, _ := source.Field("id"); id == "" || field.Check(id) != nil {
		return source.Identity{}, fmt.Errorf("%w: %q is no id of a person", source.ErrNotFound, excerpt.Of(id))
	}
	var all []source.Identity
	q := question{filters: []string{"personIdExternal eq " + literals([]string{id})}}
	err := s.reading().some(ctx, q, func(i source.Identity, _ error) bool {
		all = append(all, i)
		return true
	})
	switch {
	case err != nil:
		return source.Identity{}, fmt.Errorf("read person %s: %w", excerpt.Of(id), err)
	case len(all) == 0:
		return source.Identity{}, fmt.Errorf("%w: SuccessFactors shows no person %s", source.ErrNotFound, excerpt.Of(id))
	case len(all) > 1:
		return source.Identity{}, fmt.Errorf("read person %s: %w", excerpt.Of(id), source.ErrContested)
	case all[0].ID != id:
		return source.Identity{}, fmt.Errorf("read person %s: %w: somebody else came", excerpt.Of(id), source.ErrIncomplete)
	}
	return all[0], nil
}
