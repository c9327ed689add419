package reconcile

import (
	"time"

	"github.com/provision-go/provision/target"
)

// Failure is what is remembered of a change that failed and was not done since. It
// is about one Change.ID: other data, another account or other rules make another
// change, which does not wait.
type Failure struct {
	Times int          // in a row, from 1
	Since time.Time    // the first of them
	Last  time.Time    // the last of them
	Until time.Time    // not tried before; zero: not before somebody approves it
	Class target.Class // of the last of them
}

// EndsAccess reports whether the change takes access from somebody who has left:
// their disable, the end of their sessions, and what they are revoked. It waits
// for no later try and for no quarantine.
func (c *Change) EndsAccess() bool {
	return c.Phase == target.Left && (c.Action == Disable || c.Action == EndSessions || c.Action == Revoke)
}

// park holds what failed before until its next try. What ends the access of a
// leaver, and what that needs, is reported instead.
func (p *planner) park() {
	if len(p.in.History.Failed) == 0 {
		return
	}
	spared := p.spared()
	for _, n := range p.nodes {
		f, failed := p.in.History.Failed[n.ID]
		switch {
		case !failed:
		case n.EndsAccess():
			p.note(Finding{
				Code: CodeStillOpen, Key: n.Key, Account: n.Account, Label: n.Label,
				Message: "still has access after leaving: " + n.Action.String() + n.what() + " " + f.text() +
					"; every run tries it again, and somebody should look",
			})
		case spared[n], !f.Until.IsZero() && !f.Until.After(p.in.At):
		default:
			n.park(f)
			if len(n.reasons) == 1 && !f.Until.IsZero() {
				p.await(n.Action, f.Until.UTC())
			}
		}
	}
}

func (n *node) park(f Failure) {
	text := f.text()
	if f.Until.IsZero() {
		text += "; not tried again until somebody approves it"
	} else {
		text += "; tried again from " + instant(f.Until) + ", or when somebody approves it"
	}
	n.reasons = append(n.reasons, HoldReason{
		Kind: Parked, Text: text, Until: f.Until.UTC().Round(0), Since: f.Last.UTC().Round(0), Approvable: true,
	})
}

// spared are the changes without which access of a leaver could not be ended.
func (p *planner) spared() map[*node]bool {
	out := map[*node]bool{}
	var spare func(n *node)
	spare = func(n *node) {
		if out[n] {
			return
		}
		out[n] = true
		for _, e := range n.needs {
			if e.field == "" {
				spare(e.to)
			}
		}
	}
	for _, n := range p.nodes {
		if n.EndsAccess() {
			spare(n)
		}
	}
	return out
}

// what names the entitlement of a change: " group:sales".
func (n *node) what() string {
	if n.Entitlement.Kind == "" {
		return ""
	}
	return " " + clean(n.Entitlement.String())
}

// text says how often it failed: "failed 3 times since 2026-03-01 12:00 UTC, last
// as permanent".
func (f Failure) text() string {
	if f.Times == 1 {
		return "failed on " + instant(f.Last) + " as " + f.Class.String()
	}
	return "failed " + plural(f.Times, "time", "times") + " since " + instant(f.Since) + ", last as " + f.Class.String()
}
