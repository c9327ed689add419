package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/internal/bench/measure"
	"github.com/provision-go/provision/internal/bench/people"
	"github.com/provision-go/provision/target"
)

// planned is a company's target, and notes when it has been read.
type planned struct {
	*people.Listing
	mu   sync.Mutex
	read time.Time     // when Collect was through with it; zero before
	cpu  time.Duration // used by then
}

// Capabilities notes the first time that it is asked after reset: Collect asks
// before it reads, and an engine asks again once Collect has returned.
func (p *planned) Capabilities() target.Capabilities {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.Listed() && p.read.IsZero() {
		p.read, p.cpu = time.Now(), measure.CPU()
	}
	return p.Listing.Capabilities()
}

func (p *planned) reset() {
	p.Reset()
	p.read = time.Time{}
}

var errNotSeen = errors.New("the engine did not ask for the capabilities after reading")

// planFifty measures what Engine.Plan does after everybody has been read: decide
// fifty rules for each person, compare, and explain what changes; with the default
// configuration, in an engine that has run before. A person waits for it, so what
// counts is the time on the clock, with all cores. The limit is the merge join of
// compute-sorted-1m.
func planFifty(ctx context.Context, r *results) error {
	c := people.Company{Size: million, Seed: seed}
	found, app := c.Found(), &planned{Listing: c.Listing(c.Sorted())}
	engine, err := newEngine(ctx, c, app)
	if err != nil {
		return err
	}
	limits := newJoined(c, c.Sorted(), c.Sorted())
	var wall, cpu []time.Duration
	times, err := r.cold(3, million,
		measure.Side{Name: "whole plan", Run: func() error {
			app.reset()
			plan, err := engine.Plan(ctx)
			end, used := time.Now(), measure.CPU()
			if err != nil {
				return err
			}
			if app.read.IsZero() {
				return errNotSeen
			}
			wall, cpu = append(wall, end.Sub(app.read)), append(cpu, used-app.cpu)
			return found.CheckPlan(plan.Targets[0])
		}},
		measure.Side{Name: "merge join", Run: limits.merge},
	)
	if err != nil {
		return err
	}
	deciding := measure.Time{Wall: measure.Median(wall), CPU: measure.Median(cpu)}
	r.time("decide and compute", deciding, million)
	r.set("plan-1m-50-rules", ratio(deciding.Wall, times[1].Wall))
	return nil
}

// newEngine makes an engine with the default configuration that has run before.
func newEngine(ctx context.Context, c people.Company, app target.Target) (*provision.Engine, error) {
	set, err := people.Rules()
	if err != nil {
		return nil, err
	}
	journal, err := c.Journal(ctx)
	if err != nil {
		return nil, err
	}
	return provision.New(provision.Config{
		Source: people.Directory{Company: c}, Targets: []target.Target{app}, Rules: set, Journal: journal, Clock: people.Noon,
	})
}
