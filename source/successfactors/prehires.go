package successfactors

import (
	"context"
	"fmt"
	"slices"

	"github.com/provision-go/provision/source"
)

// waits reports whether a person has an employment that is to come, of which no job is
// in force yet.
func (r *reading) waits(p *person) bool {
	return !r.cfg.NoPreHireJobs && p.id != "" && slices.ContainsFunc(p.employments, func(e employment) bool { return r.toCome(&e) })
}

func (r *reading) toCome(e *employment) bool {
	return e.hasJobs && len(e.jobs) == 0 && r.startOf(e).After(r.today)
}

// preHires asks for the jobs of people who have not started. An answer is as of today,
// when they have none; with asOfDate all that hangs on a person is as of that day (SAP
// note 2853045).
func (r *reading) preHires(ctx context.Context, people []person) error {
	waiting := map[source.Date][]*person{}
	for n := range people {
		p := &people[n]
		for m := range p.employments {
			e := &p.employments[m]
			if start := r.startOf(e); r.toCome(e) && !slices.Contains(waiting[start], p) {
				waiting[start] = append(waiting[start], p)
			}
		}
	}
	days := make([]source.Date, 0, len(waiting))
	for day := range waiting {
		days = append(days, day)
	}
	slices.SortFunc(days, source.Date.Compare)
	for _, day := range days {
		for some := range slices.Chunk(waiting[day], batch) {
			if err := r.ahead(ctx, day, some); err != nil {
				return fmt.Errorf("as of %s: %w", day, err)
			}
		}
	}
	return nil
}

// startOf returns the first day of an employment.
func (r *reading) startOf(e *employment) source.Date {
	var i source.Identity
	for n := range e.values {
		if m := &r.mappings[e.values[n].mapping]; m.Field.Name == "hire_date" || m.Field.Name == "start_date" {
			_ = m.fill(&i, &e.values[n]) // a fault is reported when the person is made
		}
	}
	return i.Start()
}

// ahead adds to people what is going to be in force on a day.
func (r *reading) ahead(ctx context.Context, day source.Date, people []*person) error {
	ids := make([]string, len(people))
	byID := make(map[string]*person, len(people))
	for n, p := range people {
		ids[n], byID[p.id] = p.id, p
	}
	q := question{filters: []string{"personIdExternal in " + literals(ids)}, day: day}
	return r.pages(ctx, q, func(then []person) error {
		for n := range then {
			p := byID[then[n].id]
			if p == nil {
				return fmt.Errorf("%w: asked for certain people, somebody else came", source.ErrIncomplete)
			}
			p.add(&then[n])
			then[n] = person{} // its place is not used again
		}
		return nil
	})
}

// add takes what a person lacks today from what is in force later.
func (p *person) add(then *person) {
	if len(p.personal) == 0 {
		p.personal = then.personal
	}
	for n := range p.employments {
		e := &p.employments[n]
		at := slices.IndexFunc(then.employments, func(o employment) bool { return o.userID == e.userID })
		if at < 0 {
			continue
		}
		later := &then.employments[at]
		if len(e.jobs) == 0 {
			e.jobs = later.jobs
		}
		if !e.hasUser && later.hasUser {
			e.user, e.userStatus, e.hasUser = later.user, later.userStatus, true
		}
	}
}
