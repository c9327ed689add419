package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/provision-go/provision/internal/sqlerr"
)

// failure is an error of the database or its driver without its words, which may
// quote values. The error itself is wrapped.
type failure struct {
	text string
	errs []error
}

func (e *failure) Error() string   { return e.text }
func (e *failure) Unwrap() []error { return e.errs }

// blame takes the words out of an error of the database.
func (s *Store) blame(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}
	if ended := ctx.Err(); ended != nil {
		// Drivers have words of their own for that.
		return &failure{ended.Error(), []error{ended, err}}
	}
	if f, ok := errors.AsType[*failure](err); ok {
		return f
	}
	if code, _ := s.d.refusal(err); code != "" {
		return &failure{sqlerr.Plain("the database refused (" + code + ")"), []error{err}}
	}
	return &failure{sqlerr.Plain(harmless(err)), []error{err}}
}

// harmless returns the words of an error that quotes no values, and the type of any
// other.
func harmless(err error) string {
	if e, ok := errors.AsType[net.Error](err); ok {
		return e.Error()
	}
	for _, known := range []error{driver.ErrBadConn, sql.ErrConnDone, sql.ErrTxDone, io.EOF, io.ErrUnexpectedEOF, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if closed := "sql: database is closed"; err.Error() == closed {
		return closed
	}
	return fmt.Sprintf("the driver failed (%T)", err)
}

// lost reports whether somebody else was faster, so that nothing was done.
func (s *Store) lost(err error) bool {
	if _, ok := errors.AsType[*failure](err); !ok {
		return false
	}
	_, lost := s.d.refusal(err)
	return lost
}
