package workday

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/provision-go/provision/source"
)

// everybody yields the people of today, then those whose hire is still to come.
func (r *reading) everybody(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		for i, err := range r.pages(ctx, nil) {
			if err == nil {
				r.meet(&i)
			}
			if err == nil && r.later(&i) {
				continue
			}
			if !yield(i, err) || err != nil {
				return
			}
		}
		if err := r.complete(); err != nil {
			yield(source.Identity{}, err)
			return
		}
		for _, more := range []iter.Seq2[source.Identity, error]{r.hires(ctx), r.begun(ctx)} {
			for i, err := range more {
				if !yield(i, err) || err != nil {
					return
				}
			}
		}
	}
}

// later puts somebody off whose hire is to come: what they will be is known as of
// their first day only.
func (r *reading) later(i *source.Identity) bool {
	if i.Status != source.PreHire || !i.HireDate.After(r.today) || i.ID == "" {
		return false
	}
	r.future = append(r.future, *i)
	return true
}

// hires yields people whom the list of today lacks because their hire takes effect
// later. Whether it has them is not documented.
func (r *reading) hires(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		if r.cfg.PreHireDays < 0 {
			return
		}
		for i, err := range r.pages(ctx, &window{
			effective: true, from: r.today.In(r.zone), through: r.today.AddDays(r.cfg.PreHireDays).In(r.zone),
			types: []string{"Hire Employee", "Contract Contingent Worker"},
		}) {
			if err != nil {
				yield(i, fmt.Errorf("hires to come: %w", err))
				return
			}
			if r.meet(&i) || r.later(&i) {
				continue
			}
			if !yield(i, nil) {
				return
			}
		}
	}
}

// begun reads the people who were put off as of their first day.
func (r *reading) begun(ctx context.Context) iter.Seq2[source.Identity, error] {
	return func(yield func(source.Identity, error) bool) {
		people := r.future
		r.future = nil
		slices.SortStableFunc(people, func(a, b source.Identity) int { return a.HireDate.Compare(b.HireDate) })
		for len(people) > 0 {
			n := 1
			for n < len(people) && n < r.cfg.PageSize && people[n].HireDate == people[0].HireDate {
				n++
			}
			if err := r.asOfHire(ctx, people[:n]); err != nil {
				yield(source.Identity{}, fmt.Errorf("hires of %s: %w", people[0].HireDate, err))
				return
			}
			for _, i := range people[:n] {
				if !yield(i, nil) {
					return
				}
			}
			people = people[n:]
		}
	}
}

// asOfHire replaces people by what they will be on the day of their hire. Whoever is
// not in the answer, or was not hired for that day by it, stays as they are: without
// the day, they would work already.
func (r *reading) asOfHire(ctx context.Context, people []source.Identity) error {
	q := question{asOf: people[0].HireDate, page: 1}
	places := map[string]int{}
	for n := range people {
		q.people = append(q.people, people[n].ID)
		places[people[n].ID] = n
	}
	found, counted, err := r.ask(ctx, q)
	if err != nil {
		return err
	}
	if err := counted.check(1, len(found), counted); err != nil {
		return err
	}
	for n := range found {
		if at, asked := places[found[n].ID]; asked && found[n].HireDate == q.asOf {
			people[at] = found[n]
		}
	}
	return nil
}

// one reads the worker with a Workday ID: nobody, or one.
func (r *reading) one(ctx context.Context, id string) ([]source.Identity, error) {
	days := []source.Date{r.today}
	if r.cfg.PreHireDays > 0 {
		days = append(days, r.today.AddDays(r.cfg.PreHireDays)) // nobody before they are hired
	}
	for _, day := range days {
		people, counted, err := r.ask(ctx, question{people: []string{id}, asOf: day, page: 1})
		if unknownReference(err, id) {
			return nil, nil
		}
		if err == nil {
			err = counted.check(1, len(people), counted)
		}
		if err != nil {
			return nil, err
		}
		found := slices.Clone(people)
		found = slices.DeleteFunc(found, func(i source.Identity) bool { return r.later(&i) })
		for i, err := range r.begun(ctx) {
			if err != nil {
				return nil, err
			}
			found = append(found, i)
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return nil, nil
}
