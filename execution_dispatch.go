package provision

import (
	"container/heap"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/provision-go/provision/reconcile"
)

// dispatch decides which change runs when, hands it to a worker and takes the
// result. All of its state belongs to the goroutine that calls run.
type dispatch struct {
	schedule
	x       *execution
	pace    pace
	results []Result
	last    map[int32][]int32  // last removal of an account → its removals, plan order
	begun   map[int32]*attempt // to be repeated, or to be read back
	delayed delays             // those of begun whose time has not come
	jobs    chan *attempt      // to the workers
	back    chan *attempt      // from the workers
	running int
	// halt is why nothing more is started on this target.
	halt error
}

func newDispatch(x *execution) *dispatch {
	width := min(x.config.Concurrency, len(x.changes))
	return &dispatch{
		schedule: newSchedule(x.changes), x: x, pace: newPace(width),
		results: make([]Result, len(x.changes)), last: lastRemovals(x.changes),
		begun: map[int32]*attempt{},
		jobs:  make(chan *attempt, width), back: make(chan *attempt, width),
	}
}

func (d *dispatch) run(ctx context.Context) {
	var workers sync.WaitGroup
	defer workers.Wait()
	defer close(d.jobs)
	for range d.pace.width {
		workers.Go(func() {
			for a := range d.jobs {
				d.x.attempt(ctx, a)
				d.back <- a
			}
		})
	}
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	over := ctx.Done()
	for d.open > 0 {
		if d.halted(ctx) && d.running == 0 {
			d.abandon(ctx)
			return
		}
		wake := d.start(ctx)
		if d.running == 0 && wake.IsZero() {
			if d.open > 0 && !d.halted(ctx) {
				d.admit(ctx, d.knot())
			}
			continue
		}
		var alarm <-chan time.Time
		if !wake.IsZero() {
			timer.Reset(time.Until(wake))
			alarm = timer.C
		}
		select {
		case a := <-d.back:
			d.settle(ctx, a)
		case <-alarm:
		case <-over:
			over = nil
		}
	}
}

func (d *dispatch) halted(ctx context.Context) bool { return d.halt != nil || ctx.Err() != nil }

// start hands out what may run now. It returns when to look again if nothing
// ends before; zero: not by time alone.
func (d *dispatch) start(ctx context.Context) time.Time {
	if d.halted(ctx) {
		return time.Time{}
	}
	now := time.Now()
	for len(d.delayed) > 0 && !d.delayed[0].at.After(now) {
		d.ready.push(heap.Pop(&d.delayed).(delay).index) //nolint:forcetypeassert // it holds nothing else
	}
	for len(d.ready) > 0 {
		if wait := d.pace.opens(now, d.running); wait > 0 {
			return now.Add(wait)
		} else if wait < 0 {
			return time.Time{} // until one under way has ended
		}
		d.admit(ctx, d.ready.pop())
	}
	if len(d.delayed) > 0 {
		return d.delayed[0].at
	}
	return time.Time{}
}

// admit hands a change to a worker, or ends it if no call is needed for that.
func (d *dispatch) admit(ctx context.Context, i int32) {
	if a := d.begun[i]; a != nil {
		delete(d.begun, i)
		d.send(a)
		return
	}
	c := &d.changes[i]
	r := &d.results[i]
	*r = Result{Target: d.x.name, Change: *c, Account: c.Account}
	if d.x.spent != nil && d.x.spent(c.ID) {
		r.Outcome = AlreadySo
		d.conclude(ctx, i)
		return
	}
	a := &attempt{change: c, result: r, index: i, account: c.Account}
	for _, need := range c.Needs {
		err := d.lacking(i, need)
		switch {
		case err == nil:
		case need.Field == "":
			r.Outcome, r.Err = Skipped, err
			d.conclude(ctx, i)
			return
		default:
			a.leaveOut(need.Field, err)
		}
	}
	r.Started = d.x.config.Clock()
	a.began = time.Now()
	d.send(a)
}

func (d *dispatch) send(a *attempt) {
	a.sent = time.Now()
	d.running++
	d.jobs <- a
}

// lacking says why a need is not met; nil if it is.
func (d *dispatch) lacking(i int32, need reconcile.Need) error {
	on, here := d.find(need.Change)
	if !here {
		if d.x.spent != nil && d.x.spent(need.Change) {
			return nil
		}
		return fmt.Errorf("%w: %s", errNotInRun, need.Change)
	}
	if on == i || !d.ended[on] {
		return fmt.Errorf("%w: %s", errCircle, changeName(&d.changes[on]))
	}
	r := &d.results[on]
	switch r.Outcome {
	case Done, AlreadySo:
		return nil
	case Skipped:
		if need, ok := errors.AsType[*needError](r.Err); ok {
			return need // the root of a chain says more than its links
		}
	default:
	}
	return newNeedError(r)
}

// settle takes back what a worker has tried.
func (d *dispatch) settle(ctx context.Context, a *attempt) {
	d.running--
	if err := d.pace.note(a, time.Now()); err != nil && a.halt == nil {
		a.halt = &resultError{text: withoutSensitive(err.Error(), a.change), err: err}
	}
	if a.halt != nil && d.halt == nil {
		d.halt = a.halt
		d.x.logHalt(ctx, a, a.halt)
	}
	if a.again {
		d.x.logAgain(ctx, a)
		d.postpone(a)
		return
	}
	if a.stage == verifying {
		if !d.verified(a) {
			if !d.halted(ctx) {
				d.postpone(a)
				return
			}
			d.verified(a)
		}
		d.finish(ctx, a.index)
		return
	}
	a.result.Took = time.Since(a.began)
	d.conclude(ctx, a.index)
}

// postpone lets an attempt come again when its time has come.
func (d *dispatch) postpone(a *attempt) {
	d.begun[a.index] = a
	heap.Push(&d.delayed, delay{at: time.Now().Add(a.wait), index: a.index})
}

// conclude finishes a change that has its result, after reading back what its
// account has lost.
func (d *dispatch) conclude(ctx context.Context, i int32) {
	if a := d.toVerify(i); a != nil && !d.halted(ctx) {
		d.begun[i] = a
		d.ready.push(i)
		return
	}
	d.finish(ctx, i)
}

func (d *dispatch) finish(ctx context.Context, i int32) {
	d.schedule.end(i)
	d.x.logEnd(ctx, &d.results[i])
	if d.x.progress != nil {
		d.x.progress(d.results[i])
	}
}

// abandon ends everything that is still open.
func (d *dispatch) abandon(ctx context.Context) {
	for n := range d.changes {
		i := int32(n)
		if d.ended[i] {
			continue
		}
		r := &d.results[i]
		a := d.begun[i]
		switch {
		case a == nil:
			c := &d.changes[i]
			*r = Result{Target: d.x.name, Change: *c, Account: c.Account}
			r.Outcome, r.Err = d.untried(ctx)
		case a.stage == verifying:
			d.verified(a)
		default:
			if r.Attempts == 0 {
				r.Outcome, r.Err = d.untried(ctx)
			} else {
				d.x.giveUp(a, a.err)
			}
			r.Account = a.account
			d.x.conclude(ctx, a)
			r.Took = time.Since(a.began)
		}
		d.finish(ctx, i)
	}
}

func (d *dispatch) untried(ctx context.Context) (Outcome, error) {
	if d.halt != nil {
		return Skipped, d.halt
	}
	return Cancelled, context.Cause(ctx)
}
