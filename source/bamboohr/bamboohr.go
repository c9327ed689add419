package bamboohr

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// A Source reads one company's BambooHR. It is safe for concurrent use.
type Source struct {
	cfg     Config
	client  *fetch.Client
	words   meanings
	columns []column
	byName  map[string]int // place of a column by its name at BambooHR
	// Places of columns that are looked at by themselves.
	id, status int
}

var _ source.DeltaSource = (*Source)(nil)

// New checks the configuration; it asks BambooHR nothing. The error joins
// everything that is wrong and names the fields.
func New(cfg Config) (*Source, error) {
	cfg, err := cfg.filled()
	var columns []column
	if cfg.Strategy <= Dataset {
		var wrong error
		columns, wrong = columnsOf(cfg.Strategy, cfg.Fields)
		err = errors.Join(err, wrong)
	}
	if err != nil {
		return nil, fmt.Errorf("bamboohr: %w", err)
	}
	client, err := fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.BaseURL, Authorize: cfg.Auth.authorize, Renew: cfg.Auth.renew,
		Fault: fault, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("bamboohr: %w", err)
	}
	s := &Source{cfg: cfg, client: client, words: newMeanings(&cfg), columns: columns, byName: map[string]int{}}
	for n := range columns {
		s.byName[columns[n].name] = n
		switch columns[n].field.Name {
		case "id":
			s.id = n
		case "status":
			s.status = n
		}
	}
	return s, nil
}

// fault adds what is particular to BambooHR's errors: its older endpoints say in a
// header what went wrong, and the vendor's own client repeats a 408
// (https://github.com/BambooHR/bhr-api-python).
func fault(e *fetch.Error, h http.Header, _ []byte) {
	if e.Status == http.StatusRequestTimeout {
		e.Kind = fetch.Transient
	}
	if e.Message == "" {
		e.Message = h.Get("X-BambooHR-Error-Message")
	}
}

// Name returns the name from the configuration.
func (s *Source) Name() string { return s.cfg.Name }

// String returns the name. It keeps a printed Source from showing what it is
// configured with.
func (s *Source) String() string { return "bamboohr.Source(" + s.cfg.Name + ")" }

// GoString returns what String returns.
func (s *Source) GoString() string { return s.String() }

// Identities yields everybody whom the API user may see: people who work, who have
// left and who have not started. It asks for page after page as the loop goes on.
//
// The list is an error unless it is whole: a page that fails, a cursor that comes
// twice, fewer people than BambooHR counts, nobody at all, a field that was asked for
// and is not in the answer, and, from the dataset, somebody who was deleted while the
// pages were read, which moves the others.
func (s *Source) Identities(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		r := s.reading()
		// One person is held back: what shows only at the end travels with the last.
		var last source.Identity
		held := false
		for identity, err := range r.list(ctx, nil) {
			if held && !yield(last, nil) {
				return
			}
			if err != nil {
				yield(source.Identity{}, fmt.Errorf("list employees: %w", err))
				return
			}
			last, held = identity, true
		}
		if err := r.complete(ctx); err != nil {
			// The last one is yielded all the same: whatever comes is followed by the error.
			if !held || yield(last, nil) {
				yield(source.Identity{}, fmt.Errorf("list employees: %w", err))
			}
			return
		}
		last.Findings = append(last.Findings, r.findings()...)
		yield(last, nil)
	}
}

// Identity reads one person by the employee id of BambooHR, which is also the one in
// its webhooks. It asks the same endpoint as Identities, so that nothing differs. If
// the dataset refuses the filter for one person, the error wraps
// [source.ErrListOnly], and [source.Read] looks through the list.
func (s *Source) Identity(ctx context.Context, id string) (source.Identity, error) {
	if err := ctx.Err(); err != nil {
		return source.Identity{}, err
	}
	if !validID(id) {
		return source.Identity{}, fmt.Errorf("%w: %q is no employee id of BambooHR", source.ErrNotFound, excerpt.Of(id))
	}
	r := s.reading()
	var found *source.Identity
	for identity, err := range r.list(ctx, []string{id}) {
		switch {
		case r.refusesFilter(err):
			return source.Identity{}, fmt.Errorf("read employee %s: %w: %w", id, source.ErrListOnly, err)
		case err != nil:
			return source.Identity{}, fmt.Errorf("read employee %s: %w", id, err)
		case identity.ID != id:
			return source.Identity{}, fmt.Errorf("read employee %s: %w: somebody else came", id, source.ErrIncomplete)
		case found != nil:
			return source.Identity{}, fmt.Errorf("read employee %s: %w", id, source.ErrContested)
		}
		found = &identity
	}
	if found == nil {
		return source.Identity{}, fmt.Errorf("%w: BambooHR shows no employee %s", source.ErrNotFound, id)
	}
	return *found, nil
}

// list yields people as the chosen strategy finds them: those with the given ids, or
// everybody for nil.
func (r *reading) list(ctx context.Context, ids []string) iter.Seq2[source.Identity, error] {
	return source.Pages(ctx, func(ctx context.Context, cursor string) (source.Page[source.Identity], error) {
		if r.cfg.Strategy == Dataset {
			return r.rows(ctx, cursor, ids)
		}
		return r.employees(ctx, cursor, ids)
	})
}

// complete looks, after the last page of everybody, for what makes a list unfit to
// act on.
func (r *reading) complete(ctx context.Context) error {
	switch {
	case len(r.known)+r.unnamed == 0:
		// A company has somebody, and be it the user who asks. Of an account that may see
		// nobody BambooHR says the same as of an empty one.
		return fmt.Errorf("%w: nobody is listed; look at the access level of the API user", source.ErrIncomplete)
	case len(r.known)+r.unnamed < r.pages.total:
		return fmt.Errorf("%w: %d different people came, BambooHR counts %d",
			source.ErrIncomplete, len(r.known)+r.unnamed, r.pages.total)
	case r.decided == 0:
		return fmt.Errorf("%w: the API user may see the status of nobody; look at its access level", source.ErrIncomplete)
	}
	return r.settled(ctx)
}

// findings returns what concerns nobody in particular: the fields that the API user
// may not see.
func (r *reading) findings() []source.Finding {
	var found []source.Finding
	for n, people := range r.unseen {
		if people > 0 {
			c := &r.columns[n]
			found = append(found, source.Finding{
				Source: r.cfg.Name, Code: source.CodeBadValue, Field: c.field.Name,
				Message: fmt.Sprintf("the API user may not see %s of %d of %d people", c.name, people, len(r.known)),
			})
		}
	}
	return found
}
