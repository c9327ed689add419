package scimclient

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/secret"
)

// ErrIncomplete is wrapped by errors of listings that could not be read to their
// end: pages repeat, resources went missing, the list does not stay the same.
var ErrIncomplete = errors.New("list is incomplete")

// Error is a request that failed. Its text has method, host, path, status and
// scimType, and neither bodies nor queries nor credentials. It matches, with
// [errors.Is], the sentinels of package source as a [fetch.Error] does.
type Error struct {
	System string
	Method string
	Host   string
	Path   string // escaped, without the query
	// Status is 0 if no answer came. It is 2xx if the answer was a success and could
	// not be read: a write has taken effect then.
	Status int
	// ScimType is what the answer says, if it is one of the words of RFC 7644, section
	// 3.12, or RFC 9865, section 2.1: "uniqueness". Many service providers leave it
	// out or use another one.
	ScimType string
	Kind     fetch.Kind
	// RetryAfter is how long the service provider asks to wait. It is set with
	// Throttled and Transient.
	RetryAfter time.Duration
	// Err is what went wrong beside the status, or nil. Without a status its chain has
	// the error of the transport.
	Err error

	said             secret.Secret // the beginning of the answer
	retryAfter, date string        // headers of the answer
}

// Error returns "system: METHOD host/path: status text: scimType: err".
func (e *Error) Error() string {
	var out strings.Builder
	if e.System != "" {
		out.WriteString(e.System + ": ")
	}
	out.WriteString(e.Method + " " + e.Host + e.Path)
	if e.Status != 0 && (e.Status < 200 || e.Status > 299) {
		out.WriteString(": " + strconv.Itoa(e.Status))
		if text := http.StatusText(e.Status); text != "" {
			out.WriteString(" " + text)
		}
	}
	if e.ScimType != "" {
		out.WriteString(": " + e.ScimType)
	}
	if e.Err != nil {
		out.WriteString(": " + e.Err.Error())
	}
	if e.RetryAfter > 0 {
		out.WriteString(" (asked to wait " + e.RetryAfter.String() + ")")
	}
	return out.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is the sentinel of the error's kind.
func (e *Error) Is(target error) bool { return (&fetch.Error{Kind: e.Kind}).Is(target) }

// Mentions reports whether what the service provider answered has one of some words
// in it, whatever their case: "already exists", "userName". The answer itself is
// shown to nobody, because it repeats values.
func (e *Error) Mentions(words ...string) bool {
	said := strings.ToLower(e.said.Reveal())
	for _, w := range words {
		if said != "" && strings.Contains(said, strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// Response returns the answer as package target classifies it, without a body, or
// nil if no answer came.
func (e *Error) Response() *http.Response {
	if e.Status == 0 {
		return nil
	}
	h := http.Header{}
	if e.retryAfter != "" {
		h.Set("Retry-After", e.retryAfter)
	}
	if e.date != "" {
		h.Set("Date", e.date)
	}
	u := &url.URL{Scheme: "https", Host: e.Host, Path: e.Path}
	if path, err := url.PathUnescape(e.Path); err == nil {
		u.Path, u.RawPath = path, e.Path
	}
	return &http.Response{StatusCode: e.Status, Header: h, Body: http.NoBody, Request: &http.Request{Method: e.Method, URL: u}}
}

// StatusOf returns the status of the [*Error] in err's chain, and 0 without one.
func StatusOf(err error) int {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Status
	}
	return 0
}
