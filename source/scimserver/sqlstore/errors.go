package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"github.com/provision-go/provision/source/scimserver"
)

// attempts is how often a transaction is tried that the database undoes.
const attempts = 12

// failure is an error of the database without its words: servers quote values,
// which belong into no log. The driver's error is wrapped.
type failure struct {
	text string
	err  error
}

func (e *failure) Error() string { return e.text }
func (e *failure) Unwrap() error { return e.err }

// explain says what failed. Errors of the contract and of the context stay as they
// are.
func explain(ctx context.Context, what string, err error) error {
	if err == nil {
		return nil
	}
	for _, known := range []error{scimserver.ErrNotFound, scimserver.ErrConflict, scimserver.ErrTaken, scimserver.ErrNoMember, errInput} {
		if errors.Is(err, known) {
			return err
		}
	}
	// Some drivers say "interrupted" only.
	if cause := ctx.Err(); cause != nil {
		return fmt.Errorf("sqlstore: %s: %w", what, cause)
	}
	text := "sqlstore: " + what + ": the database failed"
	switch state, code := sqlState(err), resultCode(err); {
	case state == "42P01", state == "3F000":
		text = "sqlstore: " + what + ": the tables are not there: call Create, or run the statements of Config.Schema (SQLSTATE " + state + ")"
	case state != "":
		text += " with SQLSTATE " + state
	case code != 0:
		text += fmt.Sprintf(" with result code %d", code)
	}
	return &failure{text: text, err: err}
}

// errInput is wrapped by what the server did wrong.
var errInput = errors.New("sqlstore: cannot store this")

// undone reports whether the database undid a transaction because of others, so
// that it may be tried again.
func undone(err error) bool {
	switch sqlState(err) {
	case "40001", "40P01", "55P03": // serialization failure, deadlock, lock not available
		return true
	}
	switch resultCode(err) & 0xff {
	case 5, 6: // SQLITE_BUSY, SQLITE_LOCKED
		return true
	}
	return false
}

// wait lets others go first: at random, and longer each time, up to a quarter of a
// second.
func wait(ctx context.Context, attempt int) error {
	most := min(4*time.Millisecond<<attempt, 250*time.Millisecond)
	timer := time.NewTimer(rand.N(most)) //nolint:gosec // nothing secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// sqlState returns the SQLSTATE of PostgreSQL, which drivers have as a method.
func sqlState(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

// resultCode returns the result code of SQLite, 0 if there is none. Drivers have it
// as a method or a field of some type of number, and importing them all is no
// choice.
func resultCode(err error) int64 {
	for ; err != nil; err = errors.Unwrap(err) {
		v := reflect.ValueOf(err)
		if m := v.MethodByName("Code"); m.IsValid() && m.Type().NumIn() == 0 && m.Type().NumOut() == 1 {
			if n := number(m.Call(nil)[0]); n != 0 {
				return n
			}
		}
		v = reflect.Indirect(v)
		if v.Kind() != reflect.Struct {
			continue
		}
		if f, ok := v.Type().FieldByName("Code"); ok && f.IsExported() {
			if n := number(v.FieldByIndex(f.Index)); n != 0 {
				return n
			}
		}
	}
	return 0
}

func number(v reflect.Value) int64 {
	switch {
	case v.CanInt():
		return v.Int()
	case v.CanUint():
		return int64(v.Uint())
	}
	return 0
}
