package provision

import (
	"errors"
	"fmt"

	"github.com/provision-go/provision/reconcile"
)

var (
	errNotInRun = errors.New("needs a change that is held or not in this run")
	errCircle   = errors.New("needs a change that waits for this one")
)

// needError says that what a change needs was not done.
type needError struct {
	change  string
	outcome Outcome
	err     error // may be nil
}

func (e *needError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("needs %s, which was %s", e.change, e.outcome)
	}
	return fmt.Sprintf("needs %s, which was %s: %v", e.change, e.outcome, e.err)
}

func (e *needError) Unwrap() error { return e.err }

// changeName names a change for people: its action and whom it concerns.
func changeName(c *reconcile.Change) string { return c.Action.String() + " " + subject(c) }

// subject names whom or what a change concerns: the key, else the native id,
// and the entitlement if there is one.
func subject(c *reconcile.Change) string {
	name := c.Key.String()
	if name == "" {
		name = c.Account
	}
	entitlement := c.Entitlement.String()
	switch {
	case entitlement == "":
		return name
	case name == "":
		return entitlement
	}
	return name + " " + entitlement
}
