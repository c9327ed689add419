package greenhouse

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/internal/hiring"
)

// errLeft says that the loop was left.
var errLeft = errors.New("the loop was left")

// everybody yields everybody who was hired or has accepted an offer.
func (r *reading) everybody(ctx context.Context, yield func(source.Identity, error) bool) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	if err := r.readApplications(ctx, filter{name: "status", text: "hired"}); err != nil {
		return err
	}
	if err := r.readOffers(ctx, filter{name: "status", text: "Accepted"}); err != nil {
		return err
	}
	if err := r.complete(ctx); err != nil {
		return err
	}
	read, people, err := r.people(ctx, yield)
	switch {
	case err != nil:
		return err
	case people == 0 && !r.cfg.AllowEmpty:
		return fmt.Errorf("%w: nobody was ever hired; look at the rights of the API user, or set AllowEmpty", source.ErrIncomplete)
	case people > 0 && read == 0:
		return fmt.Errorf("%w: not one of %d candidates may be read; look at the rights of the API user", source.ErrIncomplete, people)
	}
	return nil
}

// complete asks for what the two lists lack of each other: applications whose offer
// was accepted and that are not hired, and offers of hires that nobody accepted.
func (r *reading) complete(ctx context.Context) error {
	var missing []int64
	for id := range r.offers {
		if r.apps[id] == nil {
			missing = append(missing, id)
		}
	}
	if err := inBatches("ids", missing, func(f filter) error { return r.readApplications(ctx, f) }); err != nil {
		return err
	}
	r.stand()
	var bare []int64
	for id := range r.apps {
		if r.offers[id] == nil {
			bare = append(bare, id)
		}
	}
	return inBatches("application_ids", bare, func(f filter) error { return r.readOffers(ctx, f) })
}

// stand puts applications without a status in the place of those that may not be read
// and whose offer was accepted: then nothing is decided about the candidate.
func (r *reading) stand() {
	for id, o := range r.offers {
		if r.apps[id] == nil && accepted(o) && o.candidate != 0 {
			r.apps[id] = &application{common: common{id: id}, candidate: o.candidate}
		}
	}
}

// some yields those of the candidates who were hired or have accepted an offer.
func (r *reading) some(ctx context.Context, ids []int64, yield func(source.Identity, error) bool) error {
	return inBatches("candidate_ids", ids, func(f filter) error {
		one := r.Source.reading()
		one.aliases, one.catalogue = r.aliases, r.catalogue
		if err := one.readApplications(ctx, f); err != nil {
			return err
		}
		if err := one.readOffers(ctx, f); err != nil {
			return err
		}
		one.stand()
		_, _, err := one.people(ctx, yield)
		return err
	})
}

func (r *reading) prepare(ctx context.Context) error {
	err := ctx.Err()
	if err == nil {
		r.aliases, err = hiring.AliasesFrom(ctx, r.cfg.Aliases)
	}
	return err
}

// people yields the candidates of all applications that count, and returns how many
// of them could be read.
func (r *reading) people(ctx context.Context, yield func(source.Identity, error) bool) (read, all int, err error) {
	byCandidate := map[int64][]*application{}
	for _, id := range slices.Sorted(maps.Keys(r.apps)) {
		if a := r.apps[id]; r.counts(a) {
			byCandidate[a.candidate] = append(byCandidate[a.candidate], a)
		}
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(byCandidate)), batch) {
		known := make(map[int64]*candidate, len(some))
		if err := r.readCandidates(ctx, known, filter{name: "ids", ids: some}); err != nil {
			return 0, 0, err
		}
		apps := make([][]*application, len(some))
		for n, id := range some {
			apps[n] = byCandidate[id]
		}
		if err := r.readJobs(ctx, apps); err != nil {
			return 0, 0, err
		}
		for n, id := range some {
			c := known[id]
			if all++; c != nil {
				read++
			}
			if !yield(r.identity(id, c, apps[n]), nil) {
				return 0, 0, errLeft
			}
		}
	}
	return read, all, nil
}

func (r *reading) readCandidates(ctx context.Context, into map[int64]*candidate, f filter) error {
	return list(ctx, r, "candidates", r.ask(r.asked(candidates), f), r.candidate,
		func(c *candidate) int64 { return c.id }, func(c *candidate) error {
			into[c.id] = c
			return f.only("ids", c.id)
		})
}
