package provision

import (
	"context"
	"time"
)

// aheadOfCalls is how many attempts may be under way for each call that may be made at
// once: the others wait for the journal, or for an account, and meanwhile the target
// need not wait for them.
const aheadOfCalls = 8

// stepAside lets another attempt make calls while this one waits for something else
// than the target. Whoever may make calls waits for nothing else, so that two runs that
// wait for each other's accounts both get on.
func (d *dispatch) stepAside(ctx context.Context) {
	d.turn.take()
	defer d.turn.pass()
	d.aside++
	now := time.Now()
	for a := d.take(ctx, now); a != nil; a = d.take(ctx, now) {
		d.hand(ctx, a)
	}
}

// comeBack waits until the attempt may make calls again. It returns false if nothing
// more may be done.
func (d *dispatch) comeBack(ctx context.Context) bool {
	d.turn.take()
	now := time.Now()
	if d.halted(ctx) || len(d.back) == 0 && d.pace.opens(now, d.calling()) == 0 {
		d.aside--
		defer d.turn.pass()
		return !d.halted(ctx)
	}
	may := make(chan bool, 1)
	d.back = append(d.back, may)
	d.stir() // it may be time that has to pass
	d.turn.pass()
	return <-may
}

// calling is how many attempts may be making calls.
func (d *dispatch) calling() int { return d.running - d.aside }

// readmit lets attempts go on that want to come back, as far as there is room; all of
// them, with false, if nothing more may be done.
func (d *dispatch) readmit(ctx context.Context, now time.Time) {
	for len(d.back) > 0 && (d.halted(ctx) || d.pace.opens(now, d.calling()) == 0) {
		d.aside--
		d.back[0] <- !d.halted(ctx)
		d.back = d.back[1:]
	}
}

// hand gives an attempt to a worker. There are as many as attempts under way.
func (d *dispatch) hand(ctx context.Context, a *attempt) {
	if d.running > d.workers {
		d.workers++
		d.pool.Add(1) // a worker may end after its place was taken
		go newWorker(ctx, d.x).run(ctx, nil)
	}
	d.jobs <- a
}

// note writes an entry of an attempt. While a slow journal writes, the attempt steps
// aside, unless whoever set up the run wants one change after the other. With more it
// wants to make calls afterwards; it returns false if it may not.
func (x *execution) note(ctx context.Context, a *attempt, more bool) (bool, error) {
	if x.config.Concurrency == 1 || !x.journal.slow() {
		return true, x.journal.add(x.lasting, a.entry[:])
	}
	x.dispatch.stepAside(ctx)
	err := x.journal.add(x.lasting, a.entry[:])
	if !more || err != nil {
		a.aside = true // until it is settled
		return false, err
	}
	return x.dispatch.comeBack(ctx), nil
}

// own waits for the account of an attempt. It returns false, and how to let go of it
// all the same, if nothing more may be done.
func (x *execution) own(ctx context.Context, a *attempt) (func(), bool) {
	if x.lock == nil {
		return func() {}, true
	}
	if x.tryLock == nil {
		return x.lock(a.change.Key), true
	}
	if unlock, free := x.tryLock(a.change.Key); free {
		return unlock, true
	}
	x.dispatch.stepAside(ctx)
	unlock := x.lock(a.change.Key)
	return unlock, x.dispatch.comeBack(ctx)
}
