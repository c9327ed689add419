package provision

import (
	"maps"
	"slices"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// targetState is what is remembered of one target.
type targetState struct {
	runs      int
	people    int
	managed   int
	lastRead  time.Time            // PlannedAt of the last whole run
	missedAt  time.Time            // PlannedAt of the last one that proved who is missing
	heard     readAlone            // the last whole read of the source, whatever came of the run
	lastAlone time.Time            // the latest PlannedAt of a run for one person
	alone     map[string]readAlone // by identity; unless a whole run has read later
	doubted   uint64               // position of the end of the last whole run at a time that was not believed
	wholeEnd  uint64               // position of its end

	open     map[matter]openCall // calls whose end nobody knows
	accounts map[target.Key]reconcile.Past
	ids      map[target.Key]string // native ids
	owners   map[string]target.Key // whose they are
	missing  map[target.Key]struct{}
	retained map[target.Key]time.Time // since when they are known as closed, of somebody who has left
	owed     []reconcile.Obligation
	spent    map[string]uint64 // change → position of its success
	recent   map[reconcile.Action]*recentKeys
	pending  map[string]Pending // by change

	losing   map[reconcile.Loss]time.Time // since when a revoke is held, or due and not done
	losingBy map[reconcile.Loss]string    // the pending change that says so
	reserved map[reconcile.Name]reconcile.Reservation
	names    map[target.Key][]reconcile.Name // of reserved
	parted   map[reconcile.Name]time.Time    // when an account was gone whose key is trying again
	undone   map[string]undone               // by the change that would do it again
	redos    map[string]string               // from the change that undid it to that one
	// protected are the accounts that rules protect by a condition.
	protected map[target.Key]protection

	granted []pastGrant // in the order of positions
	forgot  uint64      // position up to which granted is not complete
	// troubles are the accounts that could not be made or opened.
	troubles map[target.Key]trouble
	guarding

	heldAt     map[string]uint64            // position of what is pending, by change
	failed     map[string]reconcile.Failure // by change; gone once it is done
	failedIn   map[string]string            // the run of its last failure
	written    map[target.Key][]writtenField
	notKept    map[string]bool // imprints of written that do not stay
	quarantine *quarantine     // nil: the target is in use
}

// forgetOwed forgets an obligation that was met or dropped.
func (t *targetState) forgetOwed(e *Entry) {
	t.owed = slices.DeleteFunc(t.owed, func(o reconcile.Obligation) bool {
		return o.Key == e.Key && o.Account == e.Account && o.Action == e.Action
	})
}

// dropped folds that a step no longer applies. What was not handed over is with the account
// still: should its person leave again, that it was closed for the first time is not all.
func (t *targetState) dropped(e *Entry) {
	t.forgetOwed(e)
	if past := t.accounts[e.Key]; e.Action == reconcile.Handover && past.Phase == target.Left {
		past.Left, past.Phase = true, target.PhaseUnknown
		t.accounts[e.Key] = past
	}
}

// owes reports whether a departure left this undone.
func (t *targetState) owes(key target.Key, account string, action reconcile.Action) bool {
	return slices.ContainsFunc(t.owed, func(o reconcile.Obligation) bool {
		return o.Key == key && o.Account == account && o.Action == action
	})
}

// happened folds the end of a change.
func (t *targetState) happened(e *Entry) {
	t.settleNames(e)
	t.healthOf(e)
	if e.Outcome != Done && e.Outcome != AlreadySo {
		if e.Outcome == Unconfirmed {
			t.suspect(e)
		}
		t.doubt(e)
		return
	}
	t.spent[e.Change] = e.Position
	t.offDesk(e.Change)
	t.settleLoss(e)
	t.noteWritten(e)
	if e.Action == reconcile.Grant {
		t.noteGrant(e)
	}
	if e.Action == reconcile.EndSessions || e.Action == reconcile.Handover {
		t.forgetOwed(e)
	}
	if e.Key.IsZero() {
		return
	}
	if e.Outcome == AlreadySo {
		t.alreadySo(e)
		return
	}
	if e.Action == reconcile.Delete {
		t.deleted(e)
	} else {
		t.remember(e)
	}
	// What goes with another change is not counted: a leaver's revokes follow their
	// disable, a joiner's grants their create.
	created := t.recent[reconcile.Create]
	joiner := created != nil && created.has(e.Key, e.At.Add(-window))
	if e.Action == reconcile.Revoke && e.Phase == target.Left || e.Action == reconcile.Grant && joiner {
		return
	}
	t.noteRecent(e)
}

// doubt folds an intent, and the end of a change that was not done: what we find
// on the target later may be our own doing all the same. An account that was to be
// opened is in a phase that we do not know. One that was to be closed and turns out to be
// so was closed for that. An account that was to be made may be there, if the process died
// or nobody could tell.
func (t *targetState) doubt(e *Entry) {
	past, known := t.accounts[e.Key]
	may := e.Kind == Intent || e.Outcome == Unconfirmed
	switch e.Action {
	case reconcile.Enable, reconcile.Disable:
		if known {
			past.Left = past.HasLeft()
			past.Phase = target.PhaseUnknown
			if may && e.Action == reconcile.Disable {
				past.Phase = e.Phase
			}
			t.accounts[e.Key] = past
		}
	case reconcile.Create:
		past.Doubted = may
		if past.Doubted || known {
			t.accounts[e.Key] = past
		}
		if empty := past.Phase == 0 && len(past.Granted) == 0 && past.MissingReads == 0; empty && !past.Doubted {
			delete(t.accounts, e.Key) // it was there for the doubt only
		}
	default:
	}
}

// deleted forgets an account.
func (t *targetState) deleted(e *Entry) {
	delete(t.accounts, e.Key)
	delete(t.owners, t.ids[e.Key])
	delete(t.ids, e.Key)
	delete(t.missing, e.Key)
	t.forgetWritten(e.Key)
	delete(t.protected, e.Key)
}

// alreadySo folds a change that turned out to be so already.
func (t *targetState) alreadySo(e *Entry) {
	if e.Action == reconcile.Delete {
		if t.ids[e.Key] == e.Account { // else the key has another account by now
			t.deleted(e)
		}
		return
	}
	past, known := t.accounts[e.Key]
	if known && (e.Action == reconcile.Enable || e.Action == reconcile.Disable) {
		past.Left = e.Action == reconcile.Disable && past.HasLeft()
		past.Phase = e.Phase
		t.accounts[e.Key] = past
	}
}

// remember folds what a successful change says about its account.
func (t *targetState) remember(e *Entry) {
	past, known := t.accounts[e.Key]
	if !known || past.Doubted {
		past.Phase = e.Phase // whatever we did, the account was as this phase has it
	}
	past.Doubted = false
	past.Left = leftBy(e, past.Left)
	switch e.Action {
	case reconcile.Create, reconcile.Adopt, reconcile.Enable:
		past.Phase, past.ClosedAt = e.Phase, time.Time{}
	case reconcile.Disable:
		past.Phase, past.ClosedAt = e.Phase, e.At
	case reconcile.Grant:
		if i, found := slices.BinarySearchFunc(past.Granted, e.Entitlement, target.Entitlement.Compare); !found {
			past.Granted = slices.Insert(slices.Clone(past.Granted), i, e.Entitlement)
		}
	case reconcile.Revoke:
		if i, found := slices.BinarySearchFunc(past.Granted, e.Entitlement, target.Entitlement.Compare); found {
			past.Granted = slices.Delete(slices.Clone(past.Granted), i, i+1)
		}
	case reconcile.EndSessions, reconcile.Handover:
		past.Left = past.HasLeft() // done in a leave that came after
		past.Phase = e.Phase       // they go with a disable
	case reconcile.CreateEntitlement, reconcile.Update, reconcile.Delete:
	}
	t.accounts[e.Key] = past
	if e.Account != "" {
		t.ids[e.Key], t.owners[e.Account] = e.Account, e.Key
	}
}

// ended folds the end of a run. Only a whole read counts, and only once: the
// same plan applied again is no second witness of an absence.
func (t *targetState) ended(end *RunTotal, position uint64) {
	if !end.Whole {
		if end.Identity != "" && end.PlannedAt.After(t.lastAlone) && !doubted(end, reconcile.GuardClock) {
			t.lastAlone = end.PlannedAt
		}
		return
	}
	if !end.PlannedAt.After(t.lastRead) {
		if doubted(end, reconcile.GuardClock) {
			t.doubted = position
		}
		return
	}
	if doubted(end, reconcile.GuardClock) && !t.lastRead.Equal(end.PlannedAt.Add(-1)) {
		t.listed(end) // the time proves nothing, and nobody accepted it
		t.doubted = position
		return
	}
	t.lastRead = end.PlannedAt
	t.forgetFailures(end.PlannedAt)
	t.forgetOldWritten(end.PlannedAt)
	t.forgetRecent(end.PlannedAt.Add(-window - ahead))
	if t.runs == 0 {
		// A first run is for getting started: what it gave is no pace to go on from.
		maps.DeleteFunc(t.recent, func(a reconcile.Action, _ *recentKeys) bool { return !a.Removes() })
	}
	if t.runs > 0 || !end.Broken {
		t.runs++ // a first run that broke off is not over
	}
	t.managed = end.Managed
	t.learn(end)
	still := t.listed(end)
	if !end.Proved {
		return // nor does it replace the last read that was believed
	}
	t.people, t.missedAt = end.People, end.PlannedAt
	for k := range still {
		// Of two reads at one instant nobody knows which was first: whom a run for one
		// person has found is not missing.
		if r, found := t.alone[k.Identity]; found && !r.whole && !r.at.Before(end.PlannedAt) {
			continue
		}
		t.miss(k, end.PlannedAt)
	}
}

// miss counts a read that does not have somebody. Earlier ones by a clock that was ahead of
// it prove nothing.
func (t *targetState) miss(k target.Key, at time.Time) {
	past := t.accounts[k]
	if past.MissingSince.IsZero() || past.MissingSince.After(at) {
		past.MissingSince, past.MissingReads = at, 0
	}
	past.MissingReads++
	t.accounts[k] = past
	t.missing[k] = struct{}{}
}

// listed folds that whoever is listed is there, however the read was, and returns who
// is not.
func (t *targetState) listed(end *RunTotal) map[target.Key]struct{} {
	still := make(map[target.Key]struct{}, len(end.Missing))
	for _, k := range end.Missing {
		still[k] = struct{}{}
	}
	for k := range t.missing {
		if _, ok := still[k]; !ok {
			t.found(k)
		}
	}
	return still
}

// found forgets that somebody was missing.
func (t *targetState) found(k target.Key) {
	past := t.accounts[k]
	past.MissingSince, past.MissingReads = time.Time{}, 0
	t.accounts[k] = past
	delete(t.missing, k)
}
