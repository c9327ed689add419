package fetch

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/cause"
)

// Kind says what a failed read means for the next step.
type Kind uint8

// The kinds. The zero value is Other.
const (
	// Other: none of the below. The context ended, Authorize or Renew failed.
	Other Kind = iota
	// Refused: this request will not succeed as it is. A status of 3xx or 4xx that
	// has no kind of its own, 501 and 505, a redirect that must not be followed, a
	// certificate that is not trusted, a host that does not exist, an address that
	// must not be connected to.
	Refused
	// 401 and 407: the credentials are missing, wrong or expired.
	Unauthorized
	// Forbidden: 403. The credentials do not allow this.
	Forbidden
	// NotFound: 404 and 410. It does not match source.ErrNotFound: only the
	// connector knows whether the request named a person.
	NotFound
	// Throttled: 429, and 503 with a Retry-After.
	Throttled
	// Transient: other 5xx, no connection, no answer in time, an answer that
	// breaks off.
	Transient
	// BadContent: the answer came and is not what was asked for: HTML, broken or
	// foreign JSON, nothing at all, too much.
	BadContent
)

func (k Kind) String() string {
	switch k {
	case Other:
		return "other"
	case Refused:
		return "refused"
	case Unauthorized:
		return "unauthorized"
	case Forbidden:
		return "forbidden"
	case NotFound:
		return "not-found"
	case Throttled:
		return "throttled"
	case Transient:
		return "transient"
	case BadContent:
		return "bad-content"
	}
	return "Kind(" + strconv.Itoa(int(k)) + ")"
}

// retried reports whether a read that failed so may be repeated.
func (k Kind) retried() bool { return k == Throttled || k == Transient }

// KindOf returns the kind of the [*Error] in err's chain, and Other without one.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Other
}

// Error is a read that failed. It matches, with [errors.Is], the sentinel of its
// kind in package source: ErrUnauthorized, ErrForbidden, ErrThrottled,
// ErrUnavailable for Transient and ErrBadContent.
//
// It holds no credentials: no header, no value of a query, no user information,
// and no text of an answer that repeats a credential.
type Error struct {
	System string // Config.System
	Method string
	Path   string // as it was sent, without the query
	Status int    // 0 if no answer came
	Kind   Kind
	// Attempts is how often it was tried, 0 if it could not be.
	Attempts int
	// RetryAfter is how long the system asks to wait, 0 if it does not say. It is
	// set with Throttled and Transient.
	RetryAfter time.Duration
	// Message is what the system said, on one line and clipped, or "".
	Message string
	// Err is what went wrong beside the status, or nil.
	Err error
}

// Error returns "system: METHOD path: status text: message: err (attempt 5, asked
// to wait 1m0s)"; what does not apply is left out.
func (e *Error) Error() string {
	var out strings.Builder
	if e.System != "" {
		out.WriteString(e.System + ": ")
	}
	out.WriteString(e.Method + " " + e.Path)
	// A status of success says nothing about what went wrong.
	if e.Status != 0 && (e.Status < 200 || e.Status > 299) {
		out.WriteString(": " + strconv.Itoa(e.Status))
		if text := http.StatusText(e.Status); text != "" {
			out.WriteString(" " + text)
		}
	}
	if e.Message != "" {
		out.WriteString(": " + e.Message)
	}
	if e.Err != nil {
		out.WriteString(": " + e.Err.Error())
	}
	var notes []string
	if e.Attempts > 1 {
		notes = append(notes, "attempt "+strconv.Itoa(e.Attempts))
	}
	if e.RetryAfter > 0 {
		notes = append(notes, "asked to wait "+e.RetryAfter.String())
	}
	if notes != nil {
		out.WriteString(" (" + strings.Join(notes, ", ") + ")")
	}
	return out.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the sentinel of the error's kind.
func (e *Error) Is(target error) bool {
	switch target {
	case cause.ErrUnauthorized:
		return e.Kind == Unauthorized
	case cause.ErrForbidden:
		return e.Kind == Forbidden
	case cause.ErrThrottled:
		return e.Kind == Throttled
	case cause.ErrUnavailable:
		return e.Kind == Transient
	case cause.ErrBadContent:
		return e.Kind == BadContent
	}
	return false
}

// KindOfStatus returns the kind of an answer with a status and no Retry-After.
func KindOfStatus(status int) Kind { return kindOfStatus(status, false) }

func kindOfStatus(status int, wait bool) Kind {
	switch status {
	case 401, 407:
		return Unauthorized
	case 403:
		return Forbidden
	case 404, 410:
		return NotFound
	case 429:
		return Throttled
	case 501, 505:
		return Refused
	case 503:
		if wait {
			return Throttled
		}
		return Transient
	}
	if status >= 500 {
		return Transient
	}
	return Refused
}
