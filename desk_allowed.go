package provision

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/provision-go/provision/target"
)

// Why a decision is refused.
var (
	// ErrSelfApproval says that somebody decides about their own access.
	ErrSelfApproval = errors.New("nobody decides about their own access; somebody else has to")
	// ErrNotAllowed says that [Desk.May] refused.
	ErrNotAllowed = errors.New("not allowed to decide this")
	// ErrExpired says that a decision would end before it begins.
	ErrExpired = errors.New("the decision has expired; set Expires to a later time")
	// ErrDeparted says that the person has left since the change was held.
	ErrDeparted = errors.New("the person has left since this was held; plan again")
)

// own reports whether a decision is about whoever makes it: whether Identity or
// Actor, without white space around them, is the identity, the key, the label or
// the native id of the account that the change is about, in the plan or in the
// journal. The letters A to Z equal a to z, and nothing else is folded; an empty
// text equals nothing.
func (s *state) own(by *Decision, p *Pending) bool {
	c := &p.Hold.Change
	return by.names(c.Key.Identity, c.Key.String(), c.Label, c.Account, s.of(p.Target).ids[c.Key])
}

// ownPerson reports whether a decision about all of somebody is about whoever makes it:
// own, with every account that the journal knows.
func (s *state) ownPerson(by *Decision, identityID string) bool {
	if by.names(identityID) {
		return true
	}
	for _, t := range s.targets {
		for key, id := range t.ids {
			if key.Identity == identityID && by.names(key.String(), id) {
				return true
			}
		}
	}
	return slices.ContainsFunc(s.closed[identityID], func(c closing) bool { return by.names(c.account) })
}

// names reports whether whoever decided is called one of these.
func (d *Decision) names(subjects ...string) bool {
	for _, who := range []string{d.Identity, d.Actor} {
		who = strings.TrimSpace(who)
		for _, subject := range subjects {
			if who != "" && target.FoldEqual(who, strings.TrimSpace(subject)) {
				return true
			}
		}
	}
	return false
}

// allowed asks May. One that panics allows nothing.
func (d *Desk) allowed(ctx context.Context, p Pending, by Decision) (err error) {
	if d.May == nil {
		return nil
	}
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("%w: %w", ErrNotAllowed, &panicError{reason: reason})
		}
	}()
	if err := d.May(ctx, p, by); err != nil {
		return fmt.Errorf("%w: %w", ErrNotAllowed, err)
	}
	return nil
}

// stale says why nothing of that name waits, as far as the journal knows.
func (s *state) stale(change string) error {
	for _, t := range s.targets {
		if t.spent[change] > 0 {
			return fmt.Errorf("%w: it was done already", ErrNotPending)
		}
	}
	return fmt.Errorf("%w: it is unknown, or no plan holds it any more; look at Pending", ErrNotPending)
}

// departed reports whether whom a held change gives something to has left since it
// was held.
func (s *state) departed(p *Pending) bool {
	c := &p.Hold.Change
	d, left := s.leaving[c.Key.Identity]
	return left && givesSomebody(c) && d.position > s.of(p.Target).heldAt[c.ID]
}

// mayRelease refuses a release of what is about the actor alone, and asks May about
// each change.
func (d *Desk) mayRelease(ctx context.Context, st *state, guards []Pending, by Decision) error {
	others := 0
	for i := range guards {
		own, err := d.own(st, &by, &guards[i])
		if err != nil {
			return err
		}
		if !own {
			others++
		}
	}
	if others == 0 {
		return ErrSelfApproval
	}
	for i := range guards {
		if err := d.allowed(ctx, guards[i], by); err != nil {
			return err
		}
	}
	return nil
}
