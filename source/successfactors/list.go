package successfactors

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// errLeft says that the loop was left.
var errLeft = errors.New("the loop was left")

// batch is how many people are asked for by their ids at once: their names stand in
// the address.
const batch = 40

// everybody yields everybody. Managers are given by their user ids, and whose they are
// shows only at the end: nobody is yielded before everybody was read.
func (r *reading) everybody(ctx context.Context, yield func(source.Identity, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.ask(ctx, question{all: true}); err != nil {
		return err
	}
	switch {
	case len(r.waiting) == 0:
		// A company has somebody, and be it the user who asks.
		return fmt.Errorf("%w: nobody is listed; look at the permissions of the API user", source.ErrIncomplete)
	case r.decided == 0:
		return fmt.Errorf("%w: not one status is understood; look at the permissions of the API user, and at Status", source.ErrIncomplete)
	}
	r.resolve(nil)
	if f := r.addresses(); f != nil {
		r.waiting[0].Findings = append(r.waiting[0].Findings, *f)
	}
	return r.yield(ctx, yield)
}

// some yields those who are meant by a question.
func (r *reading) some(ctx context.Context, q question, yield func(source.Identity, error) bool) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := r.ask(ctx, q); err != nil {
		return err
	}
	others, err := r.managers(ctx)
	if err != nil && fetch.KindOf(err) != fetch.Refused { // then they stay unresolved, with a finding
		return fmt.Errorf("look for managers: %w", err)
	}
	r.resolve(others)
	return r.yield(ctx, yield)
}

func (r *reading) yield(ctx context.Context, yield func(source.Identity, error) bool) error {
	for _, i := range r.waiting {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !yield(i, nil) {
			return errLeft
		}
	}
	return nil
}

// ask asks a question and makes identities of the people who come. Those who have not
// started wait until everybody was read, so that few questions are asked for them.
func (r *reading) ask(ctx context.Context, q question) error {
	var later []person
	err := r.pages(ctx, q, func(people []person) error {
		for n := range people {
			p := &people[n]
			r.enlist(p)
			if r.waits(p) {
				later = append(later, *p)
				*p = person{} // its place is not used again
				continue
			}
			r.waiting = append(r.waiting, r.identity(p))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := r.preHires(ctx, later); err != nil {
		return fmt.Errorf("look for the jobs of people who have not started: %w", err)
	}
	for n := range later {
		r.waiting = append(r.waiting, r.identity(&later[n]))
	}
	return nil
}

// enlist keeps whose the user ids of a person are. One that two people have is
// nobody's.
func (r *reading) enlist(p *person) {
	for n := range p.employments {
		id := p.employments[n].userID
		if id == "" || p.id == "" {
			continue
		}
		if other, taken := r.users[id]; taken && other != p.id {
			r.users[id] = ""
			continue
		}
		r.users[id] = p.id
	}
}

// resolve gives managers the ids of people: by the employments that were read, and by
// others.
func (r *reading) resolve(others map[string]string) {
	of := func(userID string) (string, string) {
		id, known := r.users[userID]
		if !known {
			id, known = others[userID]
		}
		switch {
		case !known:
			return "", fmt.Sprintf("the manager is the user %q, who is nobody in the answers", excerpt.Of(userID))
		case id == "":
			return "", fmt.Sprintf("the manager is the user %q, who is several people", excerpt.Of(userID))
		}
		return id, ""
	}
	for n := range r.waiting {
		i := &r.waiting[n]
		if user := i.Manager.ID; user != "" {
			var fault string
			if i.Manager.ID, fault = of(user); fault != "" {
				i.Findings = append(i.Findings, bad("manager", fault))
			}
		}
		for n := range i.Employments {
			if at := &i.Employments[n].Manager; at.ID != "" {
				at.ID, _ = of(at.ID) // of the employment that counts it was said
			}
		}
	}
}

// managers asks whose the user ids of managers are who are not among those who were
// read.
func (r *reading) managers(ctx context.Context) (map[string]string, error) {
	missing := map[string]bool{}
	note := func(id string) {
		if _, known := r.users[id]; !known && id != "" {
			missing[id] = true
		}
	}
	for n := range r.waiting {
		note(r.waiting[n].Manager.ID)
		for _, e := range r.waiting[n].Employments {
			note(e.Manager.ID)
		}
	}
	users := map[string]string{}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(missing)), batch) {
		lookup := r.Source.reading()
		lookup.session = r.session
		err := lookup.pages(ctx, question{filters: []string{"employmentNav/userId in " + literals(some)}}, func(people []person) error {
			for n := range people {
				lookup.enlist(&people[n])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		maps.Copy(users, lookup.users)
	}
	return users, nil
}

// addresses returns what is to be said if there are addresses and none is for work.
func (r *reading) addresses() *source.Finding {
	if r.unaddressed == 0 || r.addressed > 0 || r.cfg.PrimaryEmail || len(r.cfg.WorkEmailTypes) == 0 {
		return nil
	}
	types := slices.Sorted(maps.Keys(r.emailTypes))
	return &source.Finding{
		Source: r.cfg.Name, Code: source.CodeBadValue, Field: "work_email",
		Message: fmt.Sprintf("none of %d addresses is of a type in WorkEmailTypes; they are of the types %q",
			r.unaddressed, types[:min(len(types), 8)]),
	}
}
