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

// needError says that what a change needs was not done. Its text shows no
// sensitive value of that other change.
type needError struct {
	text string
	err  error // of the other change; may be nil
}

func newNeedError(r *Result) *needError {
	text := fmt.Sprintf("needs %s, which was %s", changeName(&r.Change), r.Outcome)
	if r.Err != nil {
		text += ": " + errorText(r)
	}
	return &needError{text: text, err: r.Err}
}

func (e *needError) Error() string { return e.text }

// Unwrap returns the error of the change that was not done.
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
