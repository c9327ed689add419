package main

import (
	"context"
	"time"

	"github.com/provision-go/provision/internal/bench/limit"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

const seed = 1

// joined is both sides as plain structs.
type joined struct {
	want, have []people.Plain
	out        []limit.Difference
	found      *people.Found
}

func newJoined(c people.Company, want, have people.Order) *joined {
	j := &joined{found: c.Found()}
	j.want, j.have = c.Plain(want, have)
	return j
}

func (j *joined) merge() error {
	j.out = limit.Merge(j.out[:0], j.want, j.have)
	return j.found.Check(len(j.out))
}

func (j *joined) hash() error {
	j.out = limit.Hash(j.out[:0], j.want, j.have)
	return j.found.Check(len(j.out))
}

// repeat runs f until it has seen about a million people, so that small companies
// take long enough to be timed.
func repeat(size int, f func() error) func() error {
	return func() error {
		for range max(1, million/size) {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	}
}

// computeSorted measures reconcile.Compute with both sides sorted by key, as
// source.Collect and target.Collect leave them. What counts is the time on the
// clock: somebody waits for it. The merge join uses one core and Compute all of
// them, which is part of what it promises; the notes tell the CPU time.
func computeSorted(ctx context.Context, r *results) error {
	c := people.Company{Size: million, Seed: seed}
	before := measure.Heap()
	in, err := c.Sides(ctx)
	if err != nil {
		return err
	}
	r.set("compute-heap", float64(measure.Heap()-before)/million)

	settled := people.Company{Size: million / 10, Seed: seed, Settled: true}
	calm, err := settled.Sides(ctx)
	if err != nil {
		return err
	}
	found := settled.Found()
	made, err := measure.Allocations(func() error { return found.Compute(calm) })
	if err != nil {
		return err
	}
	r.set("compute-allocs", float64(made)/float64(settled.Size))
	if !r.wants("compute-sorted-1m") && !r.wants("compute-growth") {
		return nil
	}

	few := people.Company{Size: million / 100, Seed: seed}
	fewIn, err := few.Sides(ctx)
	if err != nil {
		return err
	}
	found, fewFound := c.Found(), few.Found()
	large, small := newJoined(c, c.Sorted(), c.Sorted()), newJoined(few, few.Sorted(), few.Sorted())
	times, err := r.rounds(million,
		measure.Side{Name: "compute", Run: func() error { return found.Compute(in) }},
		measure.Side{Name: "merge join", Run: large.merge},
		measure.Side{Name: "compute, 10k", Run: repeat(few.Size, func() error { return fewFound.Compute(fewIn) })},
		measure.Side{Name: "merge join, 10k", Run: repeat(few.Size, small.merge)},
	)
	if err != nil {
		return err
	}
	r.set("compute-sorted-1m", ratio(times[0].Wall, times[1].Wall))
	r.set("compute-growth", ratio(times[0].Wall, times[2].Wall)/ratio(times[1].Wall, times[3].Wall))
	return nil
}

// computeShuffled measures both sides in an order without any system. What the
// limit does is a hash join that builds its index. Ours is reconcile.Compute with
// the desired accounts shuffled, and the sorting of the accounts, which
// target.Collect has done by then: what it takes for a shuffled listing more than
// for the same accounts in order, each with its memory in the order of the
// listing. What else Collect does (repeats, references, strings) is no part of a
// join and not counted. The time on the clock, as with sorted sides.
func computeShuffled(ctx context.Context, r *results) error {
	c := people.Company{Size: million, Seed: seed}
	want, have := c.Shuffled(1), c.Shuffled(2)
	desired, found := c.Desired(want), c.Found()
	sorted, shuffled := c.Listing(c.Sorted()), c.Listing(have)
	limits := newJoined(c, want, have)
	var in reconcile.Input
	collect := func(l *people.Listing) func() error {
		return func() error {
			snapshot, err := target.Collect(ctx, l)
			in = c.Input(desired, snapshot)
			return err
		}
	}
	times, err := r.cold(3, million,
		measure.Side{Name: "collect in order", Run: collect(sorted)},
		measure.Side{Name: "collect shuffled", Run: collect(shuffled)},
		measure.Side{Name: "compute", Run: func() error { return found.Compute(in) }},
		measure.Side{Name: "hash join", Run: limits.hash},
	)
	if err != nil {
		return err
	}
	r.set("compute-shuffled-1m", ratio(times[1].Wall-times[0].Wall+times[2].Wall, times[3].Wall))
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// fewRounds is how often everything is measured that does not say otherwise.
const fewRounds = 5

// rounds is measure.Rounds. It notes what each side took for one of n.
func (r *results) rounds(n int, sides ...measure.Side) ([]measure.Time, error) {
	times, err := measure.Rounds(fewRounds, sides...)
	r.each(times, n, sides)
	return times, err
}

// cold is measure.Cold. It notes what each side took for one of n.
func (r *results) cold(rounds, n int, sides ...measure.Side) ([]measure.Time, error) {
	times, err := measure.Cold(rounds, sides...)
	r.each(times, n, sides)
	return times, err
}

// again is measure.Again. It notes what each side took for one of n.
func (r *results) again(n int, sides ...measure.Side) ([]measure.Time, error) {
	times, err := measure.Again(fewRounds, sides...)
	r.each(times, n, sides)
	return times, err
}

func (r *results) each(times []measure.Time, n int, sides []measure.Side) {
	for i := range times {
		r.time(sides[i].Name, times[i], n)
	}
}

// time notes what something took for one of n.
func (r *results) time(name string, t measure.Time, n int) {
	r.note("%-18s %6d ns CPU, %6d ns wall", name, t.CPU.Nanoseconds()/int64(n), t.Wall.Nanoseconds()/int64(n))
}
