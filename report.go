package provision

import (
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
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
type Report struct { //nolint:recvcheck // JSON of a value is that of a pointer
	Run      string // id of the run in the journal
	Started  time.Time
	Finished time.Time
	Results  []Result // by target, then in plan order
	Findings []Finding
	// Unread lists targets that could not be read, so nothing was planned there.
	Unread []Unread
	// Quarantined are targets that runs leave alone from now on, but for what ends the
	// access of leavers.
	Quarantined []Quarantined
	// Plan is what was applied.
	Plan *Plan
	// terminates: the run of a TerminateNow.
	terminates bool
	masks      map[string]reconcile.Masks // by target; for JSON
}

// Unread is a target that could not be read.
type Unread struct {
	Target string
	Err    error
	heard  heard
}
