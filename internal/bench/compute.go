package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/provision-go/provision/internal/bench/limit"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/internal/proof"
	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

const seed = 1

// noon is when everything is planned.
func noon() time.Time { return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC) }

// input is what reconcile.Compute gets for a company in an engine that has run
// before: all capabilities, the default policy, a complete read.
func input(size int, desired []target.Desired, actual target.Snapshot) reconcile.Input {
	return reconcile.Input{
		Target: people.App, Capabilities: people.Capabilities(), Owned: people.Owned(), Rules: "rules", At: noon(),
		Scope:   reconcile.Whole(desired, proof.Complete{Source: "hr", People: size, Read: true}, actual),
		History: reconcile.History{Runs: 1, People: size, Managed: actual.Len()},
	}
}

var errWrong = errors.New("the result is wrong")

// compute runs reconcile.Compute and checks that it found everybody.
func compute(c people.Company, in reconcile.Input, found *people.Found) error {
	plan, err := reconcile.Compute(in)
	if err != nil {
		return err
	}
	if changed := found.Joiners + found.Leavers + found.Movers; plan.Unchanged != c.Size-changed || len(plan.Holds) > 0 {
		return fmt.Errorf("%w: %d unchanged, %d held, of %d people %d changed", errWrong, plan.Unchanged, len(plan.Holds), c.Size, changed)
	}
	return nil
}

// plain is both sides as plain structs.
type plain struct {
	want, have []people.Plain
	out        []limit.Difference
	found      *people.Found
}

func newPlain(c people.Company, want, have people.Order) *plain {
	p := &plain{found: c.Found()}
	p.want, p.have = c.Plain(want, have)
	return p
}

// join runs one of the limits and checks that it found everybody.
func (p *plain) join(f func(out []limit.Difference, want, have []people.Plain) []limit.Difference) error {
	p.out = f(p.out[:0], p.want, p.have)
	if changed := p.found.Joiners + p.found.Leavers + p.found.Movers; len(p.out) != changed {
		return fmt.Errorf("%w: %d differ, not %d", errWrong, len(p.out), changed)
	}
	return nil
}

// repeat runs f until it has seen about a million accounts, so that small
// companies take long enough to be timed.
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
// source.Collect and target.Collect leave them. Both sides of a comparison use
// one core, so what counts is CPU time.
func computeSorted(ctx context.Context, r *results) error {
	c := people.Company{Size: million, Seed: seed}
	order := c.Sorted()

	before := measure.Heap()
	desired := c.Desired(order)
	snapshot, err := target.Collect(ctx, c.Listing(order))
	if err != nil {
		return err
	}
	r.set("compute-heap", float64(measure.Heap()-before)/million)
	in := input(c.Size, desired, snapshot)
	found := c.Found()
	ours := measure.Side{Name: "compute", Run: func() error { return compute(c, in, found) }}

	settled := people.Company{Size: million / 10, Seed: seed, Settled: true}
	calm, err := inputOf(ctx, settled)
	if err != nil {
		return err
	}
	made, err := measure.Allocations(func() error { return compute(settled, calm, settled.Found()) })
	if err != nil {
		return err
	}
	r.set("compute-allocs", float64(made)/float64(settled.Size))
	if !r.wants("compute-sorted-1m") && !r.wants("compute-growth") {
		return nil
	}

	large := newPlain(c, order, order)
	limits := measure.Side{Name: "merge join", Run: func() error { return large.join(limit.Merge) }}
	few := people.Company{Size: million / 100, Seed: seed}
	small := newPlain(few, few.Sorted(), few.Sorted())
	fewIn, err := inputOf(ctx, few)
	if err != nil {
		return err
	}
	fewFound := few.Found()
	times, err := measure.Rounds(5, ours, limits,
		measure.Side{Name: "compute, 10k", Run: repeat(few.Size, func() error { return compute(few, fewIn, fewFound) })},
		measure.Side{Name: "merge join, 10k", Run: repeat(few.Size, func() error { return small.join(limit.Merge) })},
	)
	if err != nil {
		return err
	}
	r.times(million, times, "compute", "merge join", "compute, 10k", "merge join, 10k")
	r.set("compute-sorted-1m", ratio(times[0].CPU, times[1].CPU))
	r.set("compute-growth", ratio(times[0].CPU, times[2].CPU)/ratio(times[1].CPU, times[3].CPU))
	runtime.KeepAlive(large)
	return nil
}

// inputOf makes both sides of a company, sorted.
func inputOf(ctx context.Context, c people.Company) (reconcile.Input, error) {
	snapshot, err := target.Collect(ctx, c.Listing(c.Sorted()))
	return input(c.Size, c.Desired(c.Sorted()), snapshot), err
}

// computeShuffled measures both sides in an order without any system. What the
// limit does is a hash join that builds its index. Ours is reconcile.Compute with
// the desired accounts shuffled, and the sorting of the accounts, which
// target.Collect has done by then: what it takes for a shuffled listing more than
// for the same accounts in order, each with its memory in the order of the
// listing. What else Collect does (repeats, references, strings) is no part of a
// join and not counted. One core each, so what counts is CPU time.
func computeShuffled(ctx context.Context, r *results) error {
	c := people.Company{Size: million, Seed: seed}
	want, have := c.Shuffled(1), c.Shuffled(2)
	found := c.Found()
	desired := c.Desired(want)
	sorted, shuffled := c.Listing(c.Sorted()), c.Listing(have)
	limits := newPlain(c, want, have)
	var in reconcile.Input
	collect := func(l *people.Listing) func() error {
		return func() error {
			snapshot, err := target.Collect(ctx, l)
			in = input(c.Size, desired, snapshot)
			return err
		}
	}
	times, err := measure.Rounds(3,
		measure.Side{Name: "collect in order", Run: collect(sorted)},
		measure.Side{Name: "collect shuffled", Run: collect(shuffled)},
		measure.Side{Name: "compute", Run: func() error { return compute(c, in, found) }},
		measure.Side{Name: "hash join", Run: func() error { return limits.join(limit.Hash) }},
	)
	if err != nil {
		return err
	}
	r.times(million, times, "collect in order", "collect shuffled", "compute", "hash join")
	r.set("compute-shuffled-1m", ratio(times[1].CPU-times[0].CPU+times[2].CPU, times[3].CPU))
	return nil
}

func ratio(a, b time.Duration) float64 { return float64(a) / float64(b) }

// times notes what each side took, by person.
func (r *results) times(n int, times []measure.Time, names ...string) {
	for i, name := range names {
		r.note("%-20s %5d ns CPU, %5d ns wall", name, times[i].CPU.Nanoseconds()/int64(n), times[i].Wall.Nanoseconds()/int64(n))
	}
}
