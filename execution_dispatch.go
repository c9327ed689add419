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

// dispatch decides which change runs when, and takes the results. It belongs to
// whoever has the turn. A worker that has ended one attempt takes the next by
// itself, so that nobody waits for a third; the goroutine that calls run starts
// workers that have nothing to do, and waits for what only time brings.
type dispatch struct {
	x    *execution
	jobs chan *attempt // to the workers that have nothing to do
	// stirred tells run that there is something to be seen to.
	stirred chan struct{}

	turn turn
	schedule
	pace    pace
	results []Result
	last    map[int32][]int32  // last removal of an account → its removals, plan order
	begun   map[int32]*attempt // to be repeated, or to be read back
	delayed delays             // those of begun whose time has not come
	spare   []*attempt         // done with
	running int
	aside   int         // of running, how many make no calls for now
	back    []chan bool // of those that want to make calls again
	workers int
	pool    sync.WaitGroup
	// halt is why nothing more is started on this target.
	halt error
}

func newDispatch(x *execution) *dispatch {
	width := min(x.config.Concurrency, len(x.changes))
	return &dispatch{
		schedule: newSchedule(x.changes), x: x, pace: newPace(width),
		results: make([]Result, len(x.changes)), last: lastRemovals(x.changes),
		begun: map[int32]*attempt{},
		jobs:  make(chan *attempt, width*aheadOfCalls), stirred: make(chan struct{}, 1), turn: newTurn(),
	}
}

func (d *dispatch) run(ctx context.Context) {
	defer d.pool.Wait()
	defer close(d.jobs)
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	over := ctx.Done()
	d.turn.take()
	defer d.turn.pass()
	for d.open > 0 {
		if d.halted(ctx) && d.running == 0 {
			d.abandon(ctx)
			return
		}
		wake := d.start(ctx)
		if d.running == 0 && wake.IsZero() {
			if d.open > 0 && !d.halted(ctx) {
				d.ready.push(d.knot())
			}
			continue
		}
		var alarm <-chan time.Time
		if !wake.IsZero() {
			timer.Reset(time.Until(wake))
			alarm = timer.C
		}
		d.turn.pass()
		select {
		case <-d.stirred:
		case <-alarm:
		case <-over:
			over = nil
		}
		d.turn.take()
	}
}

func (d *dispatch) halted(ctx context.Context) bool { return d.halt != nil || ctx.Err() != nil }

// stir has run look again.
func (d *dispatch) stir() {
	select {
	case d.stirred <- struct{}{}:
	default: // it will
	}
}

// swap takes back an attempt and returns another one to be made, nil if there is
// none.
func (d *dispatch) swap(ctx context.Context, a *attempt) *attempt {
	d.turn.take()
	defer d.turn.pass()
	now := time.Now()
	d.settle(ctx, a, now)
	waits := a.again
	if !waits && a.stage != verifying {
		d.spare = append(d.spare, a) // it has its result
	}
	next := d.take(ctx, now)
	// What waits may have another time now, and there may be work for others.
	if next == nil || waits || len(d.ready) > 0 && d.room(now) {
		d.stir()
	}
	return next
}

// start gives work to those who have none. It returns when to look again if
// nothing ends before; zero: not by time alone.
func (d *dispatch) start(ctx context.Context) time.Time {
	now := time.Now()
	for a := d.take(ctx, now); a != nil; a = d.take(ctx, now) {
		d.hand(ctx, a)
	}
	if d.halted(ctx) {
		return time.Time{}
	}
	if len(d.ready)+len(d.back) > 0 {
		if wait := d.pace.opens(now, d.calling()); wait > 0 {
			return now.Add(wait)
		}
		return time.Time{} // until one under way has ended
	}
	if len(d.delayed) > 0 {
		return d.delayed[0].at
	}
	return time.Time{}
}

// take returns an attempt that may be made now, nil if there is none. While the journal
// is slow, new ones come first as long as fewer wait to come back than calls may be made
// at once: their intents are recorded during those calls, and none has to wait for it.
func (d *dispatch) take(ctx context.Context, now time.Time) *attempt {
	if d.halted(ctx) || len(d.back) >= d.pace.width || !d.x.journal.slow() {
		d.readmit(ctx, now) // else those would wait as long as there are new ones
	}
	if d.halted(ctx) {
		return nil
	}
	for len(d.delayed) > 0 && !d.delayed[0].at.After(now) {
		d.ready.push(heap.Pop(&d.delayed).(delay).index) //nolint:forcetypeassert // it holds nothing else
	}
	var next *attempt
	for next == nil && len(d.ready) > 0 && d.room(now) {
		if next = d.admit(ctx, d.ready.pop(), now); next != nil {
			next.sent = now
			d.running++
		}
	}
	d.readmit(ctx, now)
	return next
}

// room reports whether one more attempt may begin.
func (d *dispatch) room(now time.Time) bool {
	return d.running < d.pace.width*aheadOfCalls && d.pace.opens(now, d.calling()) == 0
}

// admit returns the attempt at a change, or ends the change if no call is needed
// for that, and returns nil.
func (d *dispatch) admit(ctx context.Context, i int32, now time.Time) *attempt {
	if a := d.begun[i]; a != nil {
		delete(d.begun, i)
		return a
	}
	c := &d.changes[i]
	r := &d.results[i]
	*r = Result{Target: d.x.name, Change: *c, Account: c.Account}
	if d.x.spent != nil && d.x.spent(c.ID) {
		r.Outcome = AlreadySo
		d.conclude(ctx, i)
		return nil
	}
	a := d.attempt()
	*a = attempt{change: c, result: r, index: i, account: c.Account}
	for _, need := range c.Needs {
		err := d.lacking(i, need)
		switch {
		case err == nil:
		case need.Field == "":
			r.Outcome, r.Err = Skipped, err
			d.conclude(ctx, i)
			return nil
		default:
			a.leaveOut(need.Field, err)
		}
	}
	r.Started = d.x.config.Clock()
	a.began = now
	return a
}

// attempt returns one to be filled in.
func (d *dispatch) attempt() *attempt {
	if n := len(d.spare); n > 0 {
		a := d.spare[n-1]
		d.spare = d.spare[:n-1]
		return a
	}
	return &attempt{}
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
func (d *dispatch) settle(ctx context.Context, a *attempt, now time.Time) {
	d.running--
	if a.aside {
		d.aside--
		a.aside = false
	}
	if err := d.pace.note(a, now); err != nil && a.halt == nil {
		a.halt = &resultError{text: withoutSensitive(err.Error(), a.change), err: err}
	}
	if a.halt != nil && d.halt == nil {
		d.halt = a.halt
		d.x.logHalt(ctx, a, a.halt)
	}
	if a.again {
		d.x.logAgain(ctx, a)
		d.postpone(a, now)
		return
	}
	if a.stage == verifying {
		if !d.verified(a) {
			if !d.halted(ctx) {
				d.postpone(a, now)
				return
			}
			d.verified(a)
		}
		d.finish(ctx, a.index)
		return
	}
	a.result.Took = now.Sub(a.began)
	d.conclude(ctx, a.index)
}

// postpone lets an attempt come again when its time has come.
func (d *dispatch) postpone(a *attempt, now time.Time) {
	d.begun[a.index] = a
	heap.Push(&d.delayed, delay{at: now.Add(a.wait), index: a.index})
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
		d.x.progress(&d.results[i])
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
			d.x.conclude(a, func() error { return d.x.journal.add(d.x.lasting, a.entry[:]) })
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
