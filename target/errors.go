package target

import (
	"errors"
	"time"
)

// Class says what an error means for the next step. Errors are classified by
// the connector and never matched by text.
type Class uint8

// The classes. The zero value is Unclear.
const (
	// Unclear: the request may or may not have taken effect (a timeout after
	// sending, a connection lost while waiting).
	Unclear Class = iota
	// NotSent: the request certainly had no effect (refused connection, DNS).
	NotSent
	// Throttled: refused for now; see RetryAfter.
	Throttled
	// Transient: the target failed in a way that usually passes (5xx).
	Transient
	// Exists: an account that clashes is there already; Field names the
	// attribute, "" if the target does not say.
	Exists
	// Conflict: the account changed since the version that was given.
	Conflict
	// NotFound: there is no such account or entitlement.
	NotFound
	// Permanent: this request will never succeed (invalid value, unsupported).
	Permanent
	// Fatal: no request to this target will succeed now (bad credentials).
	Fatal
)

// Sentinels for [errors.Is]; an [Error] matches the one of its class. ErrUnsupported
// and ErrReadOnly have no class of their own: both are [Permanent].
var (
	ErrExists      = errors.New("already exists")
	ErrConflict    = errors.New("changed meanwhile")
	ErrNotFound    = errors.New("not found")
	ErrFatal       = errors.New("target unusable")
	ErrUnsupported = errors.New("not supported by the target")
	ErrReadOnly    = errors.New("target is read-only")
)

// Error is a classified error of a target. The text of Err must hold no secrets;
// Err may be nil.
type Error struct {
	Class      Class
	RetryAfter time.Duration // with Throttled or Transient; 0 = not stated
	Field      string        // with Exists and Permanent: the attribute concerned
	Err        error
}

// Fail gives an error a class. It never returns nil: without err the error reads
// as the words of its class.
func Fail(class Class, err error) error { return &Error{Class: class, Err: err} }

// ExistsError says that an account that clashes is there already. The field is
// the attribute that clashes, "" if the target does not say. err may be nil.
func ExistsError(field string, err error) error {
	return &Error{Class: Exists, Field: field, Err: err}
}

// InvalidError says that the target will never accept the value of an attribute.
// err may be nil.
func InvalidError(field string, err error) error {
	return &Error{Class: Permanent, Field: field, Err: err}
}

// ThrottledError says that the target refused for now. after is how long it asks
// to wait, 0 if it does not say; a negative time counts as 0. err may be nil.
func ThrottledError(after time.Duration, err error) error {
	return &Error{Class: Throttled, RetryAfter: max(after, 0), Err: err}
}

// Error returns the text of Err, or the words of the class, after the field.
func (e *Error) Error() string {
	text := e.Class.words()
	if e.Err != nil {
		text = e.Err.Error()
	}
	if e.Field != "" {
		return e.Field + ": " + text
	}
	return text
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the sentinel of the error's class.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrExists:
		return e.Class == Exists
	case ErrConflict:
		return e.Class == Conflict
	case ErrNotFound:
		return e.Class == NotFound
	case ErrFatal:
		return e.Class == Fatal
	}
	return false
}

// words say what the class means, for errors that have no text of their own.
func (c Class) words() string {
	switch c {
	case Unclear:
		return "may or may not have taken effect"
	case NotSent:
		return "not sent"
	case Throttled:
		return "refused for now"
	case Transient:
		return "failed for now"
	case Exists:
		return ErrExists.Error()
	case Conflict:
		return ErrConflict.Error()
	case NotFound:
		return ErrNotFound.Error()
	case Permanent:
		return "refused for good"
	case Fatal:
		return ErrFatal.Error()
	}
	return c.String()
}
