package provision

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"github.com/provision-go/provision/target"
)

// ErrQuarantined says that a change was not tried because its target is in
// quarantine.
var ErrQuarantined = errors.New("the target is in quarantine")

// StopCause is why a target gets nothing more for a while. It is stored and does
// not change.
type StopCause string

// The causes.
const (
	// StopCredentials: it refused our credentials, or said otherwise that no call
	// would succeed.
	StopCredentials StopCause = "credentials"
	// StopDown: calls in a row got no useful answer, and so did single tries after
	// each rest.
	StopDown StopCause = "down"
	// StopFailures: more than 40 % of the changes of a run failed, and at least 20.
	StopFailures StopCause = "failures"
	// StopAsked: it asked several changes in a row to wait longer than a run does.
	StopAsked StopCause = "asked-to-wait"
)

// Quarantined is a target that is left alone because it is sick. A run before
// Next leaves its changes Skipped, with ErrQuarantined, but for what ends the
// access of leavers: that is tried, one change alone at first. A run at Next or
// later tries one change alone. If that works the quarantine is over, and the rest
// follows in the same run. Reading and planning go on meanwhile, and so does
// everything on other targets. [Desk.Resume] ends it at once.
type Quarantined struct {
	Target string    `json:"target"`
	Cause  StopCause `json:"cause"`
	Reason string    `json:"reason"` // in words, without values
	Since  time.Time `json:"since"`
	Next   time.Time `json:"next"`            // 1 h, 6 h, 12 h, then a day after the last try
	Tries  int       `json:"tries,omitempty"` // in vain since then
}

// String says it in one line, with what to do.
func (q Quarantined) String() string {
	text := q.Target + ": in quarantine since " + moment(q.Since) + ": " + q.Reason + "; next try "
	if q.Tries > 0 {
		text = q.Target + ": in quarantine since " + moment(q.Since) + ": " + q.Reason +
			fmt.Sprintf(", tried again in vain %d times; next try ", q.Tries)
	}
	return printable(text + moment(q.Next) + ". Until then only leavers lose access there. " + q.Cause.remedy() +
		", then Desk.Resume ends it at once")
}

// remedy is what somebody can do.
func (c StopCause) remedy() string {
	switch c {
	case StopCredentials:
		return "Renew the credentials or their rights"
	case StopDown:
		return "Look whether the target can be reached"
	case StopFailures:
		return "Look at what failed in the report"
	case StopAsked:
		return "Ask for a higher limit of calls, or lower Config.Rates"
	}
	return "Look at the target"
}

// quarantineError is why a change is not tried.
func quarantineError(q *Quarantined) error {
	return fmt.Errorf("%w since %s: %s; next try %s", ErrQuarantined, moment(q.Since), q.Reason, moment(q.Next))
}

// ends reports whether the end of one change shows that the target works again.
// After too many failures only success does: an answer shows nothing then.
func (q Quarantined) ends(o Outcome, class target.Class) bool {
	switch o {
	case Done, AlreadySo:
		return true
	case Failed:
		return q.Cause != StopFailures && !ofTarget(class)
	case Held, Skipped, Unconfirmed, Stale, Cancelled:
	}
	return false
}

// stopError says why nothing more may be sent to a target in a run.
type stopError struct {
	cause StopCause
	wait  time.Duration // with StopAsked
	err   error
}

func (e *stopError) Error() string { return e.err.Error() }
func (e *stopError) Unwrap() error { return e.err }

func formatQuarantined(b *bytes.Buffer, list []Quarantined) {
	for _, q := range list {
		fmt.Fprintf(b, "!! %s\n", q)
	}
}

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }
