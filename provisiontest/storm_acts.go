package provisiontest

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/provision-go/provision"
)

// keep makes a plan and keeps it, as another process would find it.
func (w *stormWorld) keep(ctx context.Context) {
	at, truly := w.now(), time.Now()
	plan, err := w.p.engine.Plan(ctx)
	if err != nil {
		return
	}
	_ = w.desk().Submit(ctx, plan)
	text, err := json.Marshal(plan)
	if err != nil {
		w.oracle.breaks("a plan is data", "%v", err)
		return
	}
	again := &provision.Plan{}
	if err := json.Unmarshal(text, again); err != nil {
		w.oracle.breaks("a plan is data", "%v", err)
		return
	}
	w.stored = append(w.stored, storedPlan{again, at, truly, w.oracle.lists[at]})
}

// applyStored applies a plan that was kept, also one that was applied before.
func (w *stormWorld) applyStored(ctx context.Context, a stormAtom) {
	if len(w.stored) == 0 {
		w.keep(ctx)
	}
	if len(w.stored) == 0 {
		return
	}
	kept := w.stored[a.n%len(w.stored)]
	plan := kept.plan
	w.oracle.plannedAt, w.oracle.plannedTruly, w.oracle.planned = kept.at, kept.truly, kept.people
	defer func() { w.oracle.planned = nil }()
	done := map[string]bool{}
	times := 1
	if a.kind == "apply-twice" {
		times = 2
	}
	for range times {
		report, err := w.p.engine.Apply(ctx, plan, nil)
		if err != nil {
			return
		}
		w.conserved(report)
		for i := range report.Results {
			r := &report.Results[i]
			if r.Outcome != provision.Done {
				continue
			}
			recorded := w.oracle.recorded[r.Change.ID] == report.Run // else it is in doubt, and may be repeated
			if done[r.Change.ID] {
				w.oracle.breaks("a change is done once", "%s of %s was done twice by one plan", r.Change.Action, r.Change.Key)
			}
			done[r.Change.ID] = recorded
		}
	}
}

// twoEngines has a second process plan, the first one run, and the second apply
// what it planned.
func (w *stormWorld) twoEngines(ctx context.Context, a stormAtom, id string) {
	second, err := w.start(w.company.set)
	if err != nil {
		return
	}
	plan, err := second.engine.Plan(ctx)
	// A run of one engine for one person and of another for everybody are not
	// coordinated: only what tells accounts apart keeps a second one away.
	if a.m%2 == 0 || w.guessing(w.targets[0]) {
		w.sync(ctx, w.p)
	} else {
		w.one(ctx, w.p, id)
	}
	if err != nil {
		return
	}
	if report, err := second.engine.Apply(ctx, plan, nil); err == nil {
		w.conserved(report)
	}
	if a.m%4 < 2 {
		w.p = second // the first one ends
	}
}

// sideBySide runs for everybody and for one person at the same time.
func (w *stormWorld) sideBySide(ctx context.Context, id string) {
	var both sync.WaitGroup
	both.Go(func() { w.guarded(func() { w.sync(ctx, w.p) }) })
	both.Go(func() { w.guarded(func() { w.one(ctx, w.p, id) }) })
	both.Wait()
}

// guarded makes a panic of the engine a violation.
func (w *stormWorld) guarded(f func()) {
	defer func() {
		if reason := recover(); reason != nil {
			defer w.gate.lock()()
			w.oracle.breaks("an engine does not panic", "%v", reason)
		}
	}()
	f()
}

// forecast asks what would be done in a week. That must not be applied.
func (w *stormWorld) forecast(ctx context.Context) {
	plan, err := w.p.engine.PlanAt(ctx, w.now().Add(7*day))
	if err != nil || len(plan.Targets) == 0 {
		return
	}
	if _, err := w.p.engine.Apply(ctx, plan, nil); !errors.Is(err, provision.ErrForecast) {
		w.oracle.breaks("a forecast is not applied", "the error is %v", err)
	}
}

// otherRules applies a plan that was made with other rules.
func (w *stormWorld) otherRules(ctx context.Context) {
	if w.company.other == nil {
		return
	}
	other, err := w.start(w.company.other)
	if err != nil {
		w.oracle.breaks("an engine starts", "%v", err)
		return
	}
	plan, err := other.engine.Plan(ctx)
	if err != nil || len(plan.Targets) == 0 {
		return
	}
	if _, err := w.p.engine.Apply(ctx, plan, nil); !errors.Is(err, provision.ErrOtherRules) && ctx.Err() == nil {
		w.oracle.breaks("a plan belongs to its rules", "the error is %v", err)
	}
}
