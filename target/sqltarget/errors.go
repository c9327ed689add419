package sqltarget

import (
	"context"
	"database/sql/driver"
	"errors"
	"reflect"

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
		wrapped = &failure{what + ": " + plain(err.Error()), err}
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
	return plain(text + " (" + r.code + ")")
}

// plain takes control characters out of a text.
func plain(text string) string {
	out := []rune(text)
	for i, c := range out {
		if c < ' ' || c == 0x7f {
			out[i] = ' '
		}
	}
	return string(out)
}

// safeToRetry asks the errors of pgx.
func safeToRetry(err error) bool {
	var safe interface{ SafeToRetry() bool }
	return errors.As(err, &safe) && safe.SafeToRetry()
}

// codeText returns the first text that some error in the chain has under one of
// the names, as a method or as a field: drivers have them, and importing them all
// is no choice.
func codeText(err error, names ...string) string {
	for v := range coded(err, names) {
		if v.Kind() == reflect.String && v.Len() > 0 {
			return v.String()
		}
	}
	return ""
}

// codeNumber does the same for numbers.
func codeNumber(err error, names ...string) (int64, bool) {
	for v := range coded(err, names) {
		switch {
		case v.CanInt():
			return v.Int(), true
		case v.CanUint():
			return int64(v.Uint()), true
		}
	}
	return 0, false
}

// coded yields what the errors of a chain have under the names.
func coded(err error, names []string) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		for _, name := range names {
			if !walk(err, name, yield) {
				return
			}
		}
	}
}

func walk(err error, name string, yield func(reflect.Value) bool) bool {
	if err == nil {
		return true
	}
	if v := member(reflect.ValueOf(err), name); v.IsValid() && !yield(v) {
		return false
	}
	switch e := err.(type) { //nolint:errorlint // this is the walk along the chain
	case interface{ Unwrap() error }:
		return walk(e.Unwrap(), name, yield)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !walk(inner, name, yield) {
				return false
			}
		}
	}
	return true
}

// member calls a method without parameters, or reads a field.
func member(v reflect.Value, name string) reflect.Value {
	if m := v.MethodByName(name); m.IsValid() {
		if t := m.Type(); t.NumIn() == 0 && t.NumOut() == 1 {
			return m.Call(nil)[0]
		}
		return reflect.Value{}
	}
	for v.Kind() == reflect.Pointer && !v.IsNil() {
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	if f, ok := v.Type().FieldByName(name); !ok || !f.IsExported() {
		return reflect.Value{}
	}
	return v.FieldByName(name)
}
