package ashby

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

// errLeft says that the loop was left.
var errLeft = errors.New("the loop was left")

// A reading is one read, of everybody or of a few people. It belongs to one
// goroutine.
type reading struct {
	*Source
	today   source.Date
	apps    map[string]*application // by id
	offers  map[string]*offer       // the one that counts, by application
	aliases hiring.Aliases
	texts   map[string]string // that many records have
	hires   []hiring.Hire     // of the present person
	parts   []source.Identity
	*catalogue
}

// A catalogue is what many people share, read once.
type catalogue struct {
	read                   bool
	departments, locations map[string]*place
}

func (s *Source) reading() *reading {
	return &reading{
		Source: s, today: source.DateOf(s.cfg.Clock().UTC()),
		apps: map[string]*application{}, offers: map[string]*offer{}, texts: map[string]string{},
		catalogue: &catalogue{departments: map[string]*place{}, locations: map[string]*place{}},
	}
}

func (r *reading) prepare(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		r.aliases, err = hiring.AliasesFrom(ctx, r.cfg.Aliases)
	}
	return err
}

// everybody reads the applications of everybody who was hired or has accepted an
// offer.
func (r *reading) everybody(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	_, err := list(ctx, r, "application.list", map[string]any{"status": "Hired"}, r.application,
		func(a *application) string { return a.id }, func(a *application) error {
			r.apps[a.id] = a
			if status, fault := r.words.status(a.status); status != source.PreHire && fault == "" {
				return fmt.Errorf("%w: asked for hired applications, one came that is %q", source.ErrIncomplete, excerpt.Of(a.status))
			}
			return nil
		})
	if err != nil {
		return err
	}
	if _, err := r.readOffers(ctx, map[string]any{}); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(r.offers)) {
		if r.apps[id] == nil && r.offers[id].accepted() {
			if err := r.readApplication(ctx, id); err != nil {
				return err
			}
		}
	}
	if err := r.readPlaces(ctx); err != nil {
		return err
	}
	if len(r.apps) == 0 && !r.cfg.AllowEmpty {
		return fmt.Errorf("%w: nobody was ever hired; look at the permissions of the API key, or set AllowEmpty", source.ErrIncomplete)
	}
	return nil
}

// readOffers reads offers and keeps the one that counts of each application.
func (r *reading) readOffers(ctx context.Context, question map[string]any) (string, error) {
	return list(ctx, r, "offer.list", question, r.offer, func(o *offer) string { return o.id }, func(o *offer) error {
		if o.status == "" && o.acceptance == "" {
			return fmt.Errorf("%w: an offer has no status", source.ErrIncomplete)
		}
		if o.better(r.offers[o.application]) {
			r.offers[o.application] = o
		}
		return nil
	})
}

// readApplication reads one application. One that is gone is none.
func (r *reading) readApplication(ctx context.Context, id string) error {
	a, err := info(ctx, r, "application.info", map[string]any{"applicationId": id}, r.application)
	switch {
	case fetch.KindOf(err) == fetch.NotFound && isRefusal(err):
		return nil
	case err != nil:
		return err
	case a.id != id:
		return fmt.Errorf("application.info: %w: asked for one application, another one came", source.ErrIncomplete)
	}
	r.apps[id] = &a
	return nil
}

// isRefusal tells what Ashby says of a record from an address that is not there.
func isRefusal(err error) bool {
	_, ok := errors.AsType[*refusal](err)
	return ok
}

// readPlaces reads departments and locations, once, if they are mapped.
func (r *reading) readPlaces(ctx context.Context) error {
	if r.read {
		return nil
	}
	r.read = true
	for _, p := range []struct {
		procedure, place string
		into             map[string]*place
	}{{"department.list", "job.department", r.departments}, {"location.list", "job.location", r.locations}} {
		if r.mappings[p.place] == nil {
			continue
		}
		_, err := list(ctx, r, p.procedure, map[string]any{"includeArchived": true}, readPlace,
			func(one *place) string { return one.id }, func(one *place) error {
				p.into[one.id] = one
				return nil
			})
		if err != nil {
			return err
		}
	}
	return nil
}

// one yields a candidate, if an application counts.
func (r *reading) one(ctx context.Context, id string, yield func(source.Identity) bool) error {
	c, err := info(ctx, r, "candidate.info", map[string]any{"id": id}, readCandidate)
	switch {
	case fetch.KindOf(err) == fetch.NotFound && isRefusal(err):
		return nil
	case err != nil:
		return err
	case c.id != id:
		return nil // merged into another one
	}
	for _, application := range c.applications {
		if err := r.readApplication(ctx, application); err != nil {
			return err
		}
		a := r.apps[application]
		if a == nil {
			continue
		}
		if a.candidate != id {
			return fmt.Errorf("application.info: %w: an application of somebody else came", source.ErrIncomplete)
		}
		// Ashby ignores what it does not know: offers of others may come as well, and
		// belong to no application here.
		if _, err := r.readOffers(ctx, map[string]any{"applicationId": application}); err != nil {
			return err
		}
	}
	if err := r.readPlaces(ctx); err != nil {
		return err
	}
	return r.people(yield)
}

// people yields the candidates of all applications that count.
func (r *reading) people(yield func(source.Identity) bool) error {
	byCandidate := map[string][]*application{}
	for _, id := range slices.Sorted(maps.Keys(r.apps)) {
		if a := r.apps[id]; r.counts(a) {
			byCandidate[a.candidate] = append(byCandidate[a.candidate], a)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(byCandidate)) {
		if !yield(r.identity(id, byCandidate[id])) {
			return errLeft
		}
	}
	return nil
}
