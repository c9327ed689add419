package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/provision-go/provision/internal/bench/fifty"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/rules"
)

var errDiff = errors.New("not the differences that there are")

// whatIf measures rules.Compare: what a change of rules would do to ten thousand
// people, before it is made. Three of fifty rules are other ones, one is new and
// one is off, and some hundred people are concerned. The limit decides for
// everybody by both sets and compares nothing. What counts is CPU time.
func whatIf(_ context.Context, r *results) error {
	const size = 10_000
	before, err := fifty.Set()
	if err != nil {
		return err
	}
	after, err := fifty.Changed()
	if err != nil {
		return err
	}
	staff := make([]rules.Person, size)
	for n, i := range fifty.People(size) {
		staff[n] = rules.Person{Identity: &i}
	}
	changed := 0
	sides := []measure.Side{
		{Name: "what-if", Run: func() error {
			diff := rules.Compare(before, after, slices.Values(staff), fifty.Noon())
			changed = len(diff.Changed)
			if diff.People != size || changed < size/100 || changed > size/10 {
				return fmt.Errorf("%w: %d of %d people", errDiff, changed, diff.People)
			}
			return nil
		}},
		{Name: "decide twice", Run: func() error {
			for _, set := range []*rules.Set{before, after} {
				decider := set.Decider()
				for n := range staff {
					decider.Decide(staff[n], fifty.Noon())
				}
			}
			return nil
		}},
	}
	times, err := measure.Rounds(steady, sides...)
	if err != nil {
		return err
	}
	r.each(times, size, sides)
	r.note("%d of %d people would have something else", changed, size)
	r.set("whatif-10k", ratio(times[0].CPU, times[1].CPU))
	return nil
}
