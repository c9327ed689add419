package provision

import (
	"context"
	"errors"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// execution runs the changes of one plan on one target. It is made for one run
// and thrown away.
//
// As many goroutines as the configured concurrency make the calls (worker) and
// take one change after the other from the dispatch, which decides what runs when.
// A change that has to wait before it is repeated keeps its account to itself, but
// none of those goroutines.
type execution struct {
	target  target.Target
	config  Config // with defaults filled in
	run     string
	undo    string // the run that this one takes back, "" if none
	actor   string
	masks   reconcile.Masks
	changes []reconcile.Change // to be run, in plan order
	// fresh: planned just now in this process, so only removals need a second
	// look before they are written.
	fresh bool

	// record makes entries durable, all or none. If it fails before a call, the
	// call is not made and the execution stops: what cannot be remembered must not
	// be done. It is called by one goroutine at a time, with a context that does
	// not end with the run's.
	record func(ctx context.Context, entries ...Entry) error
	// within says how long a write may take, at most as long as is wanted. If it fails,
	// nothing may be written any more. Nil: as long as is wanted.
	within func(ctx context.Context, wanted time.Duration) (time.Duration, error)
	// spent reports whether the journal says that a change was done since it was
	// planned.
	spent func(change string) bool
	// overtaken says why a change must not run any more: since it was planned its person
	// has left, or come back. Nil: nothing can.
	overtaken func(*reconcile.Change) error
	// known gives the native id that the journal remembers for a key.
	known func(target.Key) (string, bool)
	// heardOf reports whether the journal knows of an account of a key, or of a create
	// that may have made one. Nil: it knows of none.
	heardOf func(target.Key) bool
	// owner gives the key that the journal remembers for a native id, zero if none.
	owner func(id string) target.Key
	// touched reports whether another run wrote to the account since the plan was
	// made. Nil: nobody did.
	touched func(target.Key) bool
	// lock keeps other runs of the same engine off an account until the returned
	// function is called. Nil: there are none.
	lock func(target.Key) (unlock func())
	// tryLock is lock, unless it would have to wait. Nil: lock never waits for long.
	tryLock func(target.Key) (unlock func(), free bool)
	// names are the values that a create chose or that a delete sets free, and that are
	// to be reserved. Nil: none.
	names func(*reconcile.Change) []reconcile.Name
	// progress is told every result, one at a time, and keeps none. May be nil.
	progress func(*Result)

	// Set by do.
	lasting   context.Context // goes on when the run's ends
	name      string
	can       target.Capabilities
	journal   *ledger
	dispatch  *dispatch
	accounts  *accountIDs
	versions  *versions
	catalogue *catalogue
	stopped   *stopError // set at the end: why the target got nothing more
}

// do runs the changes and returns one result for each, in the same order. It
// returns when every call has ended; no goroutine outlives it.
//
// When ctx ends, no further call is started. A write under way is not broken
// off: whether it took effect would then be unknown. It ends by itself or with
// the call timeout, and is reported and journalled as always.
func (x *execution) do(ctx context.Context) []Result {
	if len(x.changes) == 0 {
		return nil
	}
	x.name = x.target.Name()
	x.can = x.target.Capabilities()
	x.lasting = context.WithoutCancel(ctx)
	x.journal = newLedger(x.record)
	x.accounts = newAccountIDs(len(x.changes))
	x.versions = newVersions()
	x.catalogue = newCatalogue()
	d := newDispatch(x)
	x.dispatch = d
	d.run(ctx)
	x.stopped, _ = errors.AsType[*stopError](d.halt)
	return d.results
}
