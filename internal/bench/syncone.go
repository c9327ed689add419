package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/loopback"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
)

// syncing is an engine that remembers a whole company and what changed today, and
// the company's movers: the server never learns, so each of them is out of date
// every time.
type syncing struct {
	engine *provision.Engine
	client *loopback.Client
	server *loopback.Server
	movers []string
	next   int
}

// asItIs is the target itself.
func asItIs(t *loopback.Target) target.Target { return t }

// newSyncing sees the server through a target.
func newSyncing(ctx context.Context, size int, see func(*loopback.Target) target.Target) (*syncing, error) {
	c := people.Company{Size: size, Seed: seed}
	journal, err := c.JournalOfCreates(ctx)
	if err != nil {
		return nil, err
	}
	set, err := people.AccountRules()
	if err != nil {
		return nil, err
	}
	s := &syncing{}
	for _, n := range c.Shuffled(1) {
		if c.Kind(int(n)) == people.Mover {
			s.movers = append(s.movers, people.ID(int(n)))
		}
	}
	if s.server, err = loopback.Start(ctx, c); err != nil {
		return nil, err
	}
	s.client = s.server.Client()
	s.engine, err = provision.New(provision.Config{
		Source: people.Directory{Company: c}, Targets: []target.Target{see(s.client.Target())}, Rules: set, Journal: journal,
		Clock: people.Noon,
	})
	return s, err
}

func (s *syncing) stop() error {
	s.client.Close()
	return s.server.Stop()
}

// sync brings the next movers up to date, one after the other.
func (s *syncing) sync(ctx context.Context, n int) error {
	for range n {
		id := s.movers[s.next%len(s.movers)]
		s.next++
		report, err := s.engine.SyncOne(ctx, id)
		if err != nil {
			return err
		}
		if err := report.Err(); err != nil {
			return err
		}
		if len(report.Results) != 1 || report.Results[0].Outcome != provision.Done {
			return fmt.Errorf("%w: %d results for %s", errNotDone, len(report.Results), id)
		}
	}
	return nil
}

// syncOne measures whether an event about one person costs more when a million
// others are remembered, of whom one in fifty changed today: a read of the source,
// one of the target, and one write.
// Both sides do the same one after the other, so what counts is CPU time; the
// server's is in it.
func syncOne(ctx context.Context, r *results) error {
	const n = 500
	open := func(size int) (*syncing, error) { return newSyncing(ctx, size, asItIs) }
	return amongMany(r, "syncone-1m", n, open, func(s *syncing) error { return s.sync(ctx, n) })
}

// amongMany measures whether something costs more among a million people than among a
// thousand.
func amongMany[T interface{ stop() error }](r *results, figure string, n int, open func(size int) (T, error), run func(T) error) error {
	large, err := open(million)
	if err != nil {
		return err
	}
	small, err := open(million / 1000)
	if err != nil {
		return err
	}
	times, err := r.rounds(n,
		measure.Side{Name: "one of 1,000,000", Run: func() error { return run(large) }},
		measure.Side{Name: "one of 1,000", Run: func() error { return run(small) }},
	)
	if err := errors.Join(err, large.stop(), small.stop()); err != nil {
		return err
	}
	r.set(figure, ratio(times[0].CPU, times[1].CPU))
	return nil
}
