package provision

import (
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// Outcome is how a planned change ended. Every planned change has exactly one.
type Outcome uint8

// The outcomes.
const (
	Done        Outcome = iota + 1 // the target took it
	AlreadySo                      // nothing to do: the account is as wanted, or it was done before
	Held                           // must not run yet
	Skipped                        // not tried: what it needs failed, or the target is unusable
	Failed                         // the target refused it, or every attempt failed
	Unconfirmed                    // it may have happened; the next run finds out
	Stale                          // the account is no longer as it was when planned
	Cancelled                      // the context ended first
)

// Verified is what reading back after a removal has shown.
type Verified uint8

// The verdicts.
const (
	NotRead      Verified = iota // not read back, or nothing readable remains
	Confirmed                    // read back: it is so
	Contradicted                 // read back: it is not so
)

// A Result is what became of one change.
type Result struct {
	Target   string
	Change   reconcile.Change
	Outcome  Outcome
	Account  string       // native id, also of a created account
	Attempts int          // calls made
	Class    target.Class // with Failed and Unconfirmed
	Err      error        // with Failed, Unconfirmed, Skipped and Stale: why
	// LeftOut names the fields that were not written because the account they
	// refer to could not be resolved. The next plan brings them back.
	LeftOut  []string
	Verified Verified
	Reasons  []reconcile.HoldReason // with Held
	Started  time.Time
	Took     time.Duration
}

// A Report says what became of every planned change:
// planned = done + already so + held + skipped + failed + unconfirmed + stale +
// cancelled.
type Report struct {
	Run      string // id of the run in the journal
	Started  time.Time
	Finished time.Time
	Results  []Result // by target, then in plan order
	Findings []Finding
	// Unread lists targets that could not be read, so nothing was planned there.
	Unread []Unread
	// Plan is what was applied.
	Plan *Plan
}

// Unread is a target that could not be read.
type Unread struct {
	Target string
	Err    error
}
