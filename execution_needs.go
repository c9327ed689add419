package provision

import (
	"errors"
	"fmt"
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
