package provisiontest

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"time"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

// stormWorld is everything that a tenant plays with: the systems, which outlive every
// process, and the process that runs now.
type stormWorld struct {
	config  *StormConfig
	town    *stormTown
	tenant  string
	seed    uint64
	people  int // how many work here in the beginning, at most
	company *stormCompany
	oracle  *stormOracle
	// gate keeps what the systems and the oracle remember in order.
	gate    turnstile
	record  *stormRecord
	targets []*stormCore
	log     *stormLog
	p       *stormProcess
	decides *provision.Desk // see desk
	stored  []storedPlan
	ahead   time.Duration // how far the clock of the process is off
	draw    *rand.Rand    // for people
}

// storedPlan is a plan that may be applied later.
type storedPlan struct {
	plan   *provision.Plan
	at     time.Time                   // by the clock of the process
	truly  time.Time                   // when it was
	people map[string]*source.Identity // as they were listed then
}

// stormProcess is a process with an engine. It dies once: from then on nothing that
// it does has an effect.
type stormProcess struct {
	engine *provision.Engine
	dead   atomic.Bool
	// ticks is how much more may happen before it dies, or before its run is cut
	// short. A call is two: one before and one after its effect.
	ticks atomic.Int64
	armed func()
}

func (p *stormProcess) tick() {
	if p.armed != nil && p.ticks.Add(-1) == 0 {
		p.armed()
	}
}

// newStormWorld makes the world of one tenant, which has some times as many people as
// the configuration says.
func newStormWorld(c *StormConfig, town *stormTown, tenant string, seed uint64, times int) (*stormWorld, error) {
	company := c.company(seed)
	w := &stormWorld{
		config: c, town: town, tenant: tenant, seed: seed, people: times * c.People, company: company,
		draw: stormRand(seed, uint64(len(town.worlds))+1),
	}
	w.oracle = newStormOracle(w, company.judge)
	w.record = &stormRecord{w: w, gone: map[string]bool{}, old: map[string]source.Identity{}}
	w.log = &stormLog{w: w}
	w.log.calm()
	for _, name := range company.targets {
		inner := town.space(c, name, tenant, seed)
		w.targets = append(w.targets, &stormCore{
			w: w, inner: inner, name: name, can: inner.Capabilities(), counts: map[string]int{},
		})
	}
	for range times * (3 + w.draw.IntN(max(c.People-2, 1))) {
		w.join()
	}
	var err error
	w.p, err = w.start(w.company.set)
	return w, err
}

// now is the time by the clock of the processes.
func (w *stormWorld) now() time.Time { return time.Now().Add(w.ahead) }

// start begins a new process on the same journal.
func (w *stormWorld) start(set *rules.Set) (*stormProcess, error) {
	p := &stormProcess{}
	var people source.Source = &stormSource{w.record, p}
	if w.config.Source != nil {
		people = w.config.Source(people)
	}
	targets := make([]target.Target, len(w.targets))
	for i, core := range w.targets {
		targets[i] = &stormTarget{core, p}
	}
	var err error
	p.engine, err = provision.New(provision.Config{
		Source: people, Targets: targets, Rules: set, Policy: *w.config.Policy,
		Journal: stormJournal{w.log, p}, Clock: w.now, Concurrency: 1 + int(w.seed%3),
		Retry:   provision.Retry{Attempts: 3, Base: time.Second, Max: 2 * time.Second},
		MaskKey: []byte(stormMaskKey), Masking: stormMasking(w.seed), Logger: slog.New(stormLogger{w}), Secrets: stormSecret,
	})
	return p, err
}

// stormSecret is the value of every secret attribute.
func stormSecret(context.Context, provision.SecretRequest) (target.Secret, error) {
	return target.NewSecret("the secret of every storm"), nil
}

func (w *stormWorld) restart() {
	p, err := w.start(w.company.set)
	if err != nil {
		w.oracle.breaks("an engine starts", "%v", err)
		return
	}
	w.p = p
	clear(w.oracle.open) // whoever intended it is dead
}

// step lets one step happen.
func (w *stormWorld) step(ctx context.Context, s *stormStep) {
	w.calm()
	time.Sleep(s.wait)
	w.record.remember()
	for _, a := range s.events {
		w.event(a)
	}
	for _, a := range s.faults {
		w.fault(ctx, a)
	}
	for _, a := range s.desk {
		w.decide(ctx, a)
	}
	w.oracle.forget()
	w.act(ctx, s.act)
	w.check(ctx)
}

// calm ends what was broken in a step.
func (w *stormWorld) calm() {
	for _, t := range w.targets {
		t.calm()
	}
	w.record.fault = sourceFault{}
	w.log.calm()
	w.ahead = 0
}

// act has the engine do something.
func (w *stormWorld) act(ctx context.Context, a stormAtom) {
	defer func() {
		if reason := recover(); reason != nil {
			w.oracle.breaks("an engine does not panic", "%s: %v", a, reason)
		}
	}()
	id := personID(a.n % len(w.record.truth))
	switch a.kind {
	case "sync":
		w.sync(ctx, w.p)
	case "one", "one-twice":
		w.one(ctx, w.p, id)
		if a.kind == "one-twice" {
			w.one(ctx, w.p, id)
		}
	case "one-forged":
		w.one(ctx, w.p, "nobody")
	case "interrupted":
		ctx, cancel := context.WithCancel(ctx)
		w.p.ticks.Store(int64(a.n%60) + 1)
		w.p.armed = cancel
		w.sync(ctx, w.p)
		w.p.armed = nil
		cancel()
	case "killed":
		p := w.p
		p.ticks.Store(int64(a.n%80) + 1)
		p.armed = func() { p.dead.Store(true) }
		if a.m%4 == 0 {
			w.one(ctx, p, id)
		} else {
			w.sync(ctx, p)
		}
		p.dead.Store(true)
		w.restart()
	case "restart":
		w.restart()
		w.decides = nil
	case "plan":
		w.keep(ctx)
	case "apply-stored", "apply-twice":
		w.applyStored(ctx, a)
	case "two-engines":
		w.twoEngines(ctx, a, id)
	case "side-by-side":
		w.sideBySide(ctx, id)
	case "forecast":
		w.forecast(ctx)
	case "other-rules":
		w.otherRules(ctx)
	}
}

// sync runs for everybody.
func (w *stormWorld) sync(ctx context.Context, p *stormProcess) {
	if report, err := p.engine.Sync(ctx); err == nil {
		w.conserved(report)
	}
}

// one runs for one person.
func (w *stormWorld) one(ctx context.Context, p *stormProcess, id string) {
	if report, err := p.engine.SyncOne(ctx, id); err == nil {
		w.conserved(report)
	}
}

// conserved checks that every planned change has a result.
func (w *stormWorld) conserved(report *provision.Report) {
	planned := 0
	for _, tp := range report.Plan.Targets {
		planned += len(tp.Changes) + len(tp.Holds)
	}
	sum := 0
	for _, n := range report.Counts() {
		sum += n
	}
	none := slices.ContainsFunc(report.Results, func(r provision.Result) bool { return r.Outcome == 0 })
	if len(report.Results) != planned || sum != planned || none {
		w.oracle.breaks("planned = sum of outcomes", "%d changes are planned, %d have a result", planned, sum)
	}
	w.separate(report)
}
