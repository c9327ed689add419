package adp

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/oauth"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's ADP. It is safe for concurrent use.
type Source struct {
	cfg      Config
	client   *fetch.Client
	words    meanings
	units    map[string]string // field, by folded type
	mailbox  map[string]bool   // whether a kind of address is for work, by its folded name
	mappings []mapping
	fixed    map[string]bool // fields that Config.Fields decides
	selects  string          // what is asked for, "" for everything
}

var _ source.Source = (*Source)(nil)

// New checks the configuration; it asks ADP nothing. The error joins everything that is
// wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	mappings, wrong := mappingsOf(cfg.Fields)
	if err := errors.Join(err, wrong); err != nil {
		return nil, fmt.Errorf("adp: %w", err)
	}
	s := &Source{
		cfg: cfg, words: newMeanings(&cfg), units: unitsOf(cfg.Units), mailbox: mailKindsOf(cfg.MailKinds),
		mappings: mappings, fixed: map[string]bool{},
	}
	for field := range cfg.Fields {
		s.fixed[field] = true
	}
	if cfg.Select {
		s.selects = "$select=" + strings.Join(selected(mappings), ",")
	}
	tokens, err := oauth.New(oauth.Config{
		System: cfg.Name, TokenURL: cfg.TokenURL, ID: cfg.Auth.id, Secret: cfg.Auth.secret, InBody: cfg.SecretInBody,
		Now: cfg.Clock, TLS: secure(&cfg), Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("adp: %w", err)
	}
	s.client, err = fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Renew: tokens.Renew, Fault: fault,
		Authorize: func(ctx context.Context, r *http.Request) error {
			if err := tokens.Authorize(ctx, r); err != nil {
				return fmt.Errorf("get a token: %w", err)
			}
			return nil
		},
		TLS: secure(&cfg), Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("adp: field BaseURL: %w", err)
	}
	return s, nil
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "adp.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// header is what goes with every request. The type that is accepted stays
// application/json: with "masked=false" behind it ADP would send national ids and birth
// dates in full.
func (s *Source) header() http.Header {
	h := http.Header{}
	if s.cfg.RoleCode != "" {
		h.Set("roleCode", s.cfg.RoleCode)
	}
	return h
}

// Identities yields everybody whom the client may see: people who work, who have left
// and, where the product lists them, who have not started.
//
// The whole list is read before the first one is yielded, one page after the other,
// because ADP pages by number without a snapshot: whoever is hired or removed
// meanwhile moves the others. Each page after a full one begins with the last worker of
// the page before; if somebody else is there, or if the total changes, the list is read
// again, at most Config.Readings times.
//
// The list is an error unless it is whole: a page that fails or comes twice, an end
// where there must be somebody, fewer people than ADP counts, nobody at all, or people
// who go on moving.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		people, err := s.everybody(ctx)
		if err != nil {
			yield(source.Identity{}, fmt.Errorf("list workers: %w", err))
			return
		}
		for _, i := range people {
			if !yield(i, nil) {
				return
			}
		}
	}
}

// Identity reads one person by the associateOID, which is also the one in an [Event].
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	if !validID(id) {
		return source.Identity{}, fmt.Errorf("%w: %q is no associateOID of ADP", source.ErrNotFound, excerpt.Of(id))
	}
	request := fetch.Request{Path: "/hr/v2/workers/{aoid}", Args: []string{id}, Header: s.header()}
	if s.selects != "" {
		request.Next = "?" + s.selects
	}
	answer, err := s.client.Read(ctx, request)
	if fetch.KindOf(err) == fetch.NotFound || nothing(err) {
		return source.Identity{}, fmt.Errorf("%w: ADP shows no worker %s: %w", source.ErrNotFound, id, err)
	}
	if err != nil {
		return source.Identity{}, fmt.Errorf("read worker %s: %w", id, err)
	}
	r := s.reading()
	page, err := r.page(answer.Body)
	if err != nil {
		return source.Identity{}, fmt.Errorf("read worker %s: %w", id, answer.Fail(fetch.BadContent, err))
	}
	switch {
	case len(page.people) == 0:
		return source.Identity{}, fmt.Errorf("%w: ADP shows no worker %s", source.ErrNotFound, id)
	case len(page.people) > 1:
		return source.Identity{}, fmt.Errorf("read worker %s: %w", id, source.ErrContested)
	case page.people[0].ID != id:
		return source.Identity{}, fmt.Errorf("read worker %s: %w: somebody else came", id, source.ErrIncomplete)
	}
	return page.people[0], nil
}

// nothing reports whether an error is the answer 204, which is how ADP says that there
// is nothing.
func nothing(err error) bool {
	e, ok := errors.AsType[*fetch.Error](err)
	return ok && e.Status == http.StatusNoContent
}
