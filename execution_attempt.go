package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// stage is what an attempt does when it is its turn.
type stage uint8

const (
	trying      stage = iota // make the call
	readingBack              // find out whether a create took effect
	clashing                 // find out whose account is in the way of a create
	verifying                // look whether removals hold
)

// attempt is one change on its way to its result. Between two turns it belongs
// to the dispatcher, during a turn to one worker.
type attempt struct {
	change  *reconcile.Change
	result  *Result // nil while verifying
	index   int32
	stage   stage
	account string // native id, once it is known
	began   time.Time
	sent    time.Time // begin of this turn
	worker  *worker
	unlock  func()   // its account, at the end of this turn
	entry   [1]Entry // for the journal

	failures int       // calls in vain, reads included
	rounds   int       // conflicts
	absent   int       // reads in a row that did not find the account
	aside    bool      // it makes no more calls in this turn
	intent   bool      // the journal knows that a call is about to be made
	unclear  error     // a write may have taken effect: what it said
	clash    error     // what a create said that met another account
	seen     time.Time // when the account was looked at
	version  string    // as seen
	leave    []string  // fields that are not written
	why      error     // why the first of them is not
	secrets  map[string]target.Secret
	doubted  bool  // a create of it was unclear once
	dropped  bool  // it cannot be done any more, and is not owed
	err      error // of the last call that failed

	// What the dispatcher learns from a turn.
	again    bool // it wants another turn
	wait     time.Duration
	answered bool  // some call was answered
	failed   error // what the last call said, if it failed
	parked   bool
	halt     error // nothing more may be done on this target
	found    []target.Account
	read     bool // with verifying: found is what is there
}

// come asks for another turn.
func (a *attempt) come(wait time.Duration) { a.again, a.wait = true, wait }

// end gives the attempt its outcome. The class counts with Failed and
// Unconfirmed only.
func (a *attempt) end(o Outcome, class target.Class, err error) {
	a.again = false
	a.result.Outcome, a.result.Err = o, err
	if o == Failed || o == Unconfirmed {
		a.result.Class = class
	}
	if o == Done {
		a.result.LeftOut = a.leave
	}
}

// leaveOut keeps a field from being written.
func (a *attempt) leaveOut(field string, why error) {
	if a.leaves(field) {
		return
	}
	a.leave = append(a.leave, field)
	if a.why == nil {
		a.why = fmt.Errorf("%s: %w", field, why)
	}
}

func (a *attempt) leaves(field string) bool {
	return slices.Contains(a.leave, field)
}

// heard notes how a call ended, for the pace of the target.
func (a *attempt) heard(err error) {
	a.failed = err
	if err == nil {
		a.answered = true
	} else {
		a.err = err
	}
}

// attempt gives a change its turn. It returns false if another worker has the attempt
// by now.
func (x *execution) attempt(ctx context.Context, a *attempt) bool {
	a.again, a.answered, a.failed = false, false, nil
	x.logBegin(ctx, a)
	unlock, ok := x.own(ctx, a)
	a.unlock = unlock
	switch {
	case !ok:
		a.come(0) // not to be repeated: the dispatcher ends it
	case a.stage == trying && !a.intent && x.spent != nil && x.spent(a.change.ID):
		a.result.Account = a.change.Account // another run has done it meanwhile
		a.end(AlreadySo, 0, nil)
		a.unlock()
		return true
	case a.stage == trying:
		if !x.try(ctx, a) {
			return false
		}
	case a.stage == readingBack:
		x.readBack(ctx, a)
	case a.stage == clashing:
		x.meet(ctx, a)
	case a.stage == verifying:
		x.verify(ctx, a)
	}
	x.turned(ctx, a)
	return true
}

// turned ends the turn of an attempt.
func (x *execution) turned(ctx context.Context, a *attempt) {
	defer a.unlock()
	if a.again || a.stage == verifying {
		return
	}
	a.result.Account = a.account
	x.conclude(a, func() error {
		_, err := x.note(ctx, a, false)
		return err
	})
}

// try makes the call, after everything that has to come before it. It returns false if
// another worker has the attempt by now.
func (x *execution) try(ctx context.Context, a *attempt) bool {
	if x.tooLate(a) || !x.locate(ctx, a) || x.mustLook(a) && !x.look(ctx, a) {
		return true
	}
	if x.besides(a) {
		a.end(Stale, 0, errUnsure)
		return true
	}
	p, ok := x.resolve(ctx, a)
	// Its person may have come back while the account was looked at: what is known when
	// the intent is durable counts.
	if !ok || !x.intend(ctx, a) || x.tooLate(a) {
		return true
	}
	if ctx.Err() != nil {
		a.come(0) // not to be repeated: the dispatcher ends it
		return true
	}
	limit, err := x.limit()
	if err != nil {
		a.halt = err
		a.come(0) // as above
		return true
	}
	made, mine, err := x.write(a, p, limit)
	if mine {
		x.wrote(ctx, a, made, err)
	}
	return mine
}

// limit is how long the next write may take.
func (x *execution) limit() (time.Duration, error) {
	if x.within == nil {
		return x.config.CallTimeout, nil
	}
	return x.within(x.lasting, x.config.CallTimeout)
}

// locate finds the native id of the account that the change is about. It returns
// false if the attempt ends or waits instead.
func (x *execution) locate(ctx context.Context, a *attempt) bool {
	c := a.change
	if a.account != "" || c.Action == reconcile.Create || c.Action == reconcile.CreateEntitlement {
		return true
	}
	id, err := x.accountOf(ctx, a, c.Key)
	if err != nil {
		x.readFailed(ctx, a, err)
		return false
	}
	if id == "" {
		x.gone(a)
		return false
	}
	a.account = id
	return true
}

// intend makes durable that a call is about to be made, once for each change. It
// returns false if the attempt ends or waits instead.
func (x *execution) intend(ctx context.Context, a *attempt) bool {
	if a.intent {
		return true
	}
	a.entry[0] = x.entry(a, Intent)
	may, err := x.note(ctx, a, true)
	if err != nil {
		a.halt = err
		if errors.Is(err, ErrFenced) {
			a.end(Skipped, 0, err)
		} else {
			a.end(Failed, target.NotSent, err)
		}
		return false
	}
	a.intent = true
	if !may {
		a.come(0) // not to be repeated: the dispatcher ends it
	}
	return may
}

// conclude makes durable how a change ended, if a call was intended, if it turned out
// to be so already, or that it is no longer owed.
func (x *execution) conclude(a *attempt, write func() error) {
	if !a.intent && a.result.Outcome != AlreadySo && !a.dropped {
		return
	}
	e := &a.entry[0]
	if *e = x.entry(a, Happened); a.dropped {
		*e = Entry{At: e.At, Kind: Dropped, Run: e.Run, Target: e.Target, Key: e.Key, Account: e.Account, Action: e.Action}
	} else {
		e.Outcome = a.result.Outcome
		x.learn(a, e)
		if a.result.Err != nil && e.Outcome != Skipped { // that one is of another change
			e.Text = forJournal(a.result.Err, a.change, &x.masks)
		}
	}
	if err := write(); err != nil {
		a.halt = err
		a.result.Err = errors.Join(a.result.Err, err)
	}
}

func (x *execution) entry(a *attempt, kind EntryKind) Entry {
	c := a.change
	var names []reconcile.Name
	if x.names != nil {
		names = x.maskedNames(c)
	}
	return Entry{
		At: x.config.Clock(), Kind: kind, Run: x.run, Target: x.name, Change: c.ID, Action: c.Action, Key: c.Key,
		Account: a.account, Entitlement: c.Entitlement, Phase: c.Phase, To: c.HandoverTo,
		Names: names, Fields: x.kept(a), Undo: x.undoes(c),
	}
}

// done ends an attempt that the target has taken.
func (x *execution) done(a *attempt, made target.Account) {
	c := a.change
	switch c.Action {
	case reconcile.Create:
		owner := made.Key
		if !x.can.Keys && x.owner != nil {
			owner = x.owner(made.ID)
		}
		if made.ID == "" || !owner.IsZero() && owner != c.Key {
			// Somebody else's account, or none: nothing more must happen to it.
			a.end(Unconfirmed, target.Unclear, fmt.Errorf("%w: account %q with key %q", errNotOurs, made.ID, owner))
			return
		}
		a.account = made.ID
		x.accounts.add(c.Key, made.ID, true)
	case reconcile.Adopt:
		x.accounts.add(c.Key, a.account, false)
	case reconcile.Delete:
		x.accounts.drop(c.Key)
	default:
	}
	if x.can.Versions && a.account != "" {
		// Grants and the like may alter the version as well, and do not tell.
		x.versions.set(a.account, made.Version)
	}
	a.end(Done, 0, nil)
}
