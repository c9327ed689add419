package provision

import (
	"context"
	"errors"

	"github.com/provision-go/provision/reconcile"
	"github.com/provision-go/provision/target"
)

// ownErrors are those of this package whose texts hold no values.
func ownErrors() []error {
	return []error{
		errGone, errNotOurs, errNoAccount, errSeveral, errOthers, errUnmanaged, errOpened, errStale, errNoID, errNoSecrets, errHangs,
		errNameGiven, errProtected, errByRules, errOldUndo, errLapsed, errUnsure, errOldProof, errLeftSince, errNotRun,
		errReadSince, errTerminated, errReinstated, errNotDue, errNotInRun, errCircle, ErrQuarantined, ErrContradicted,
		ErrFenced, errJournal, context.Canceled, context.DeadlineExceeded,
	}
}

// forJournal is the text of an error for the journal and the log: without the values of
// the change, and with masks without a word that a target has said, because it may quote
// what is in no field of the change.
func forJournal(err error, c *reconcile.Change, m *reconcile.Masks) string {
	if m.ID == "" {
		return withoutValues(err.Error(), c)
	}
	return maskedError(err)
}

// maskedError says what is known of an error without its text: why we ended it, or the
// class of what the target said.
func maskedError(err error) string {
	switch {
	case errors.As(err, new(*needError)):
		return "needs a change that was not done"
	case errors.As(err, new(*panicError)):
		return "a function panicked"
	}
	for _, own := range ownErrors() {
		if errors.Is(err, own) {
			return own.Error()
		}
	}
	return "the target said: " + target.ClassOf(err).String()
}
