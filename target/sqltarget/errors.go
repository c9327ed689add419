package sqltarget

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/provision-go/provision/internal/sqlerr"
	"github.com/provision-go/provision/target"
)

// failure is an error of the database without its words: servers quote values,
// which belong into no log. The driver's error is wrapped.
type failure struct {
	text string
	err  error
}

func (e *failure) Error() string { return e.text }
func (e *failure) Unwrap() error { return e.err }

// effect says what a statement can have done when no answer came.
type effect uint8

const (
	noEffect  effect = iota // a read, or a transaction that was not committed
	anyEffect               // a write
)

// classify gives an error of the database its class. what is the table concerned.
func (t *Target) classify(err error, what string, may effect) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*target.Error](err); ok {
		return err
	}
	if r, ok := t.d.refusal(err); ok {
		class := r.class
		if class == target.Unclear && may == noEffect {
			class = target.Transient
		}
		return target.Fail(class, &failure{r.text(what), err})
	}
	wrapped := err
	if !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) {
		wrapped = &failure{what + ": " + sqlerr.Plain(err.Error()), err}
	}
	class := target.ClassOf(err)
	_, unsent := errors.AsType[*unsentError](err)
	switch {
	case class != target.Unclear:
	case unsent, safeToRetry(err), errors.Is(err, driver.ErrBadConn):
		// database/sql and its drivers promise with ErrBadConn that nothing was done.
		class = target.NotSent
	case may == noEffect:
		class = target.Transient
	}
	return target.Fail(class, wrapped)
}

// text says what the server refused.
func (r *refusal) text(what string) string {
	text := what + ": the database refused"
	if r.unique {
		text = what + ": a value is taken"
	}
	if r.constraint != "" {
		text += ", constraint " + r.constraint
	}
	if r.column != "" {
		text += ", column " + r.column
	}
	return sqlerr.Plain(text + " (" + r.code + ")")
}

// safeToRetry asks the errors of pgx.
func safeToRetry(err error) bool {
	var safe interface{ SafeToRetry() bool }
	return errors.As(err, &safe) && safe.SafeToRetry()
}
