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

// atOnce is how many requests are under way at once.
const atOnce = 32

// absorbing is a target in memory that accepts everything and keeps nothing, so
// that what is measured is the engine.
type absorbing struct{ *loopback.Target }

// Create accepts.
func (absorbing) Create(_ context.Context, req target.CreateRequest) (target.Account, error) {
	return target.Account{ID: req.Key.Identity, Key: req.Key, State: req.State, Attributes: req.Attributes}, nil
}

// Update accepts.
func (absorbing) Update(_ context.Context, req target.UpdateRequest) (target.Account, error) {
	return target.Account{ID: req.Ref.ID, Key: req.Ref.Key, State: target.Enabled, Attributes: req.Set}, nil
}

// applying is a plan that creates an account for everybody, to be applied.
type applying struct {
	company people.Company
	app     target.Target
	journal func() (provision.Journal, error) // nil: in memory
	engine  *provision.Engine
	plan    *provision.Plan
}

// prepare makes a new engine, with the default configuration but for the
// concurrency, and its plan.
func (a *applying) prepare(ctx context.Context) error {
	set, err := people.AccountRules()
	if err != nil {
		return err
	}
	var journal provision.Journal
	if a.journal != nil {
		if journal, err = a.journal(); err != nil {
			return err
		}
	}
	a.engine, err = provision.New(provision.Config{
		Source: people.Directory{Company: a.company}, Targets: []target.Target{a.app}, Rules: set, Concurrency: atOnce,
		Journal: journal,
	})
	if err != nil {
		return err
	}
	a.plan, err = a.engine.Plan(ctx)
	return err
}

var errNotDone = errors.New("not everything was done")

func (a *applying) apply(ctx context.Context) error {
	report, err := a.engine.Apply(ctx, a.plan, nil)
	if err != nil {
		return err
	}
	if err := report.Err(); err != nil {
		return err
	}
	done := 0
	for i := range report.Results {
		if report.Results[i].Outcome == provision.Done {
			done++
		}
	}
	if done < a.company.Size {
		return fmt.Errorf("%w: %d of %d", errNotDone, done, a.company.Size)
	}
	return nil
}

func (a *applying) side(ctx context.Context, name string) measure.Side {
	return measure.Side{
		Name: name, Setup: func() error { return a.prepare(ctx) }, Run: func() error { return a.apply(ctx) },
	}
}

// applyAll measures what an engine adds to the requests that a plan stands for: an
// Apply of creates, 32 at once, over HTTP on this machine against a client that
// makes the same requests and nothing else; and an Apply on a target in memory. A
// pipeline with a bottleneck is what is to be found, so what counts is the time on
// the clock.
func applyAll(ctx context.Context, r *results) error {
	c := people.Company{Size: 20_000, Seed: seed, Settled: true}
	server, err := loopback.Start(ctx, c)
	if err != nil {
		return err
	}
	ours, bare := server.Client(), server.Client()
	overHTTP := &applying{company: c, app: ours.Target()}
	inMemory := &applying{company: c, app: absorbing{ours.Target()}}
	list := c.Creates()
	times, err := r.rounds(c.Size,
		overHTTP.side(ctx, "apply over HTTP"),
		measure.Side{Name: "bare HTTP", Run: func() error { return bare.CreateAll(ctx, list, atOnce) }},
		inMemory.side(ctx, "apply in memory"),
	)
	ours.Close()
	bare.Close()
	if err := errors.Join(err, server.Stop()); err != nil {
		return err
	}
	r.set("apply-http", ratio(times[1].Wall, times[0].Wall))
	r.set("apply-overhead", ratio(times[2].Wall, times[1].Wall))
	return nil
}
