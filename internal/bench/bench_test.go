package main

import (
	"fmt"
	"os"
	"testing"

	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// sizes are the companies to be measured. A million people take minutes, so they
// have to be asked for: PROVISION_MILLION=1.
func sizes() []int {
	list := []int{10_000, 100_000}
	if os.Getenv("PROVISION_MILLION") == "1" {
		list = append(list, million)
	}
	return list
}

func perPerson(b *testing.B, people int) {
	b.Helper()
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(people), "ns/person")
}

func each(b *testing.B, setup func(c people.Company) (func() error, error)) {
	b.Helper()
	for _, size := range sizes() {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			f, err := setup(people.Company{Size: size, Seed: seed})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
			perPerson(b, size)
		})
	}
}

// computing is reconcile.Compute for a company.
func computing(b *testing.B, c people.Company, want, have people.Order) (func() error, error) {
	b.Helper()
	snapshot, err := target.Collect(b.Context(), c.Listing(have))
	in, found := c.Input(c.Desired(want), snapshot), c.Found()
	return func() error { return found.Compute(in) }, err
}

// BenchmarkCompute compares with 1 % joiners, 1 % leavers and 2 % movers.
func BenchmarkCompute(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) { return computing(b, c, c.Sorted(), c.Sorted()) })
}

// BenchmarkComputeSettled compares where nothing changed.
func BenchmarkComputeSettled(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		c.Settled = true
		return computing(b, c, c.Sorted(), c.Sorted())
	})
}

// BenchmarkComputeShuffled compares with desired accounts in any order.
func BenchmarkComputeShuffled(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) { return computing(b, c, c.Shuffled(1), c.Shuffled(2)) })
}

// BenchmarkCollect reads accounts that are listed in order.
func BenchmarkCollect(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) { return collecting(b, c.Listing(c.Sorted())), nil })
}

// BenchmarkCollectShuffled reads accounts that are listed in any order.
func BenchmarkCollectShuffled(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) { return collecting(b, c.Listing(c.Shuffled(2))), nil })
}

func collecting(b *testing.B, l *people.Listing) func() error {
	b.Helper()
	return func() error {
		_, err := target.Collect(b.Context(), l)
		return err
	}
}

// BenchmarkMergeJoin is the limit of BenchmarkCompute.
func BenchmarkMergeJoin(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		return newJoined(c, c.Sorted(), c.Sorted()).merge, nil
	})
}

// BenchmarkHashJoin is the limit of BenchmarkComputeShuffled.
func BenchmarkHashJoin(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		return newJoined(c, c.Shuffled(1), c.Shuffled(2)).hash, nil
	})
}

// BenchmarkPlan plans with fifty rules: read, decide, compare, explain.
func BenchmarkPlan(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		engine, err := newEngine(b.Context(), c, c.Listing(c.Sorted()))
		found := c.Found()
		return func() error {
			plan, err := engine.Plan(b.Context())
			if err != nil {
				return err
			}
			return found.CheckPlan(plan.Targets[0])
		}, err
	})
}

// BenchmarkDecide applies fifty rules to everybody.
func BenchmarkDecide(b *testing.B) {
	each(b, func(c people.Company) (func() error, error) {
		set, err := people.Rules()
		if err != nil {
			return nil, err
		}
		staff, err := source.Collect(b.Context(), people.Directory{Company: c})
		return func() error {
			decider := set.Decider()
			for i := range staff.All() {
				decider.Decide(rules.Person{Identity: i}, people.Noon())
			}
			return nil
		}, err
	})
}
