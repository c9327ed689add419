package provision

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// ErrNotTerminated says that nobody of that name was terminated at once, or that they
// were reinstated since.
var ErrNotTerminated = errors.New("nobody of that name is terminated")

// A Departure is what the journal knows of somebody who has left.
type Departure struct {
	Identity string `json:"identity"`
	// At is when access ended: the termination, or the first step on the first account.
	At time.Time `json:"at"`
	// Terminated: somebody ended it at once, and no reinstatement followed. Actor and
	// Reason say who and why; they are empty for those who left as the source said.
	Terminated bool   `json:"terminated,omitempty"`
	Actor      string `json:"actor,omitempty"`
	Reason     string `json:"reason,omitempty"`
	// Accounts are those that were closed or deleted because of it and are so still, as
	// far as we have done it, sorted by target and key. Somebody who was terminated may
	// have none, or none yet.
	Accounts []DepartedAccount `json:"accounts,omitempty"`
}

// DepartedAccount is an account that its person has left.
type DepartedAccount struct {
	Target  string     `json:"target"`
	Key     target.Key `json:"key"`
	Account string     `json:"account,omitempty"` // native id
	At      time.Time  `json:"at"`                // when the first step was done
	Deleted bool       `json:"deleted,omitempty"`
}

// Departed reports whether somebody has left and is not back, from the journal alone:
// no source or target is asked. It is for whoever makes accounts at a first login, and
// for receivers of events, which must not bring back who was removed. An account that
// was opened or made again is not in it any more. Somebody who is merely missing from
// the source, on leave or suspended has not left. Who may have been closed, because a
// process died, counts as departed until a run has looked.
//
// It says nothing of people whose accounts were closed by somebody else, or before the
// journal began. The error is that of the journal.
func (e *Engine) Departed(ctx context.Context, identityID string) (Departure, bool, error) {
	if err := e.catchUp(ctx); err != nil {
		return Departure{}, false, fmt.Errorf("departure of %s: %w", identityID, err)
	}
	e.mu.RLock()
	defer e.mu.RUnlock()
	d := Departure{Identity: identityID}
	if t, ok := e.state.terminated[identityID]; ok {
		d.At, d.Terminated, d.Actor, d.Reason = t.At, true, t.Actor, t.Reason
	}
	for _, c := range e.state.closedFor(identityID) {
		if c.takenBack {
			continue
		}
		d.Accounts = append(d.Accounts, DepartedAccount{
			Target: c.target, Key: c.key, Account: c.account, At: c.at, Deleted: c.deleted,
		})
		if d.At.IsZero() || c.at.Before(d.At) {
			d.At = c.at
		}
	}
	slices.SortFunc(d.Accounts, func(a, b DepartedAccount) int {
		return cmp.Or(cmp.Compare(a.Target, b.Target), a.Key.Compare(b.Key))
	})
	return d, d.Terminated || len(d.Accounts) > 0, nil
}

// Reinstate takes back that somebody was terminated at once: from now on plans follow
// the source again, also those for one person, and the rules say what a rehire waits
// for. It writes to no target. Errors wrap [ErrNotTerminated], [ErrIncomplete],
// [ErrSelfApproval] and [ErrNotAllowed]: an actor must be set, and nobody reinstates
// themselves. Expires means nothing here.
func (d *Desk) Reinstate(ctx context.Context, identityID string, by Decision) error {
	st, err := d.read(ctx)
	if err != nil {
		return err
	}
	defer d.keep(st)
	if _, ok := st.terminated[identityID]; !ok {
		return fmt.Errorf("reinstate %s: %w", identityID, ErrNotTerminated)
	}
	if strings.TrimSpace(by.Actor) == "" {
		return fmt.Errorf("reinstate %s: %w", identityID, ErrIncomplete)
	}
	by = Decision{Actor: by.Actor, Identity: by.Identity, Reason: by.Reason, At: d.Clock()}
	person := Pending{Hold: reconcile.Hold{Change: reconcile.Change{Key: target.Key{Identity: identityID}}}}
	if err = ErrSelfApproval; !st.ownPerson(&by, identityID) {
		err = d.allowed(ctx, person, by)
	}
	if err != nil {
		return fmt.Errorf("reinstate %s: %w", identityID, err)
	}
	return d.append(ctx, Entry{At: by.At, Kind: Reinstating, Key: target.Key{Identity: identityID}, Decision: &by})
}

// Terminated returns the people whose access somebody ended at once and who were not
// reinstated, oldest first.
func (d *Desk) Terminated(ctx context.Context) ([]Departure, error) {
	st, err := d.read(ctx)
	if err != nil {
		return nil, err
	}
	defer d.keep(st)
	out := make([]Departure, 0, len(st.terminated))
	for id, t := range st.terminated {
		out = append(out, Departure{Identity: id, At: t.At, Terminated: true, Actor: t.Actor, Reason: t.Reason})
	}
	slices.SortFunc(out, func(a, b Departure) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Identity, b.Identity))
	})
	return out, nil
}
