package provision

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Why a change ends as it does, where no call says so.
var (
	errGone      = errors.New("the account is gone")
	errNotOurs   = errors.New("the target answered the create with another account")
	errNoAccount = errors.New("no account")
	errSeveral   = errors.New("more than one account carries the key")
	errOthers    = errors.New("the account carries another key by now")
	errUnmanaged = errors.New("the account carries no key any more")
	errOpened    = errors.New("the account was opened since the plan was made; plan again")
	errStale     = errors.New("the account is no longer as it was when planned")
	errNoID      = errors.New("the target returned no native id")
	errNoSecrets = errors.New("Config.Secrets is not set")
)

// judge decides what follows a call that failed.
func (x *execution) judge(ctx context.Context, a *attempt, err error) {
	create := a.change.Action == reconcile.Create
	if errors.Is(err, errHangs) {
		a.unclear = err // it may still happen: nothing is done twice meanwhile
		x.giveUp(a, err)
		return
	}
	switch class := target.ClassOf(err); class {
	case target.Exists, target.Conflict:
		switch {
		case create:
			a.stage, a.clash = clashing, err
			x.meet(ctx, a)
		case class == target.Exists || a.change.Action == reconcile.CreateEntitlement:
			x.giveUp(a, err)
		default:
			x.conflict(a, err)
		}
	case target.NotFound:
		x.notFound(ctx, a, err)
	case target.Transient:
		if create && !x.can.IdempotentCreate {
			x.doubt(a, err)
			return
		}
		if create {
			a.unclear, a.doubted = err, true // if no repetition tells, nobody knows
		}
		x.repeat(a, err)
	case target.Unclear:
		if create {
			x.doubt(a, err)
			return
		}
		a.unclear = err
		x.repeat(a, err)
	case target.NotSent, target.Throttled:
		x.repeat(a, err)
	case target.Permanent, target.Fatal:
		x.giveUp(a, err)
	}
}

// conflictRounds is how often a change that met another writer is looked at
// again.
const conflictRounds = 3

// conflict follows a write that met another writer.
func (x *execution) conflict(a *attempt, err error) {
	if a.rounds++; a.rounds > conflictRounds {
		a.end(Stale, 0, fmt.Errorf("the account keeps changing while it is written: %w", err))
		return
	}
	a.seen, a.version = time.Time{}, ""
	x.versions.set(a.account, "")
	if a.rounds == 1 {
		a.come(0)
		return
	}
	a.come(x.config.Retry.backoff(a.rounds, a.change))
}

// notFound follows a write to something that the target does not know. The
// account is looked for before that is believed: it may be the entitlement, or
// the one to hand over to, that is gone.
func (x *execution) notFound(ctx context.Context, a *attempt, err error) {
	c := a.change
	if c.Action == reconcile.Create || c.Action == reconcile.CreateEntitlement {
		x.giveUp(a, err)
		return
	}
	found, failed := x.find(ctx, a, target.Find{ID: a.account})
	switch {
	case failed != nil:
		x.readFailed(ctx, a, failed)
	case len(found) == 0 && x.accounts.isNew(c.Key) && !c.Action.Removes() && a.failures+1 < x.config.Retry.attempts():
		x.repeat(a, err) // made in this run: the target has not noticed yet
	case len(found) == 0:
		x.gone(a)
	case c.Action == reconcile.Revoke && !holds(found[0], c.Entitlement):
		x.already(a)
	default:
		x.giveUp(a, err)
	}
}

// gone ends a change whose account is not there. Nothing of it can be handed over any
// more: who owes that is told, or it would be tried for ever.
func (x *execution) gone(a *attempt) {
	if a.change.Standing(nil) == reconcile.AlreadySo {
		x.already(a)
		return
	}
	a.dropped = a.change.Action == reconcile.Handover && !a.intent
	a.end(Stale, 0, errGone)
}

// already ends a change that reading has shown to be so.
func (x *execution) already(a *attempt) {
	outcome := AlreadySo
	if a.unclear != nil {
		outcome = Done // it was one of our calls
	}
	a.end(outcome, 0, nil)
	if leavesTrace(a.change.Action) {
		a.result.Verified = Confirmed
	}
}
