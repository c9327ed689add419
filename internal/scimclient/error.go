package scimclient

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/secret"
)

// Error is a request that failed. Its text has method, host, path, status and
// scimType, and neither bodies nor queries nor credentials.
type Error struct {
	System string
	Method string
	Host   string
	Path   string // escaped, without the query
	// Status is 0 if no answer came. It is 2xx if the answer was a success and could
	// not be read: a write has taken effect then.
	Status int
	// ScimType is what the answer says, such as "uniqueness", or "" (RFC 7644, section
	// 3.12). Many service providers leave it out or use another one.
	ScimType string
	Kind     fetch.Kind
	// RetryAfter is how long the service provider asks to wait.
	RetryAfter time.Duration
	// Err is what went wrong beside the status, or nil: for an error without a status,
	// the error of the transport.
	Err error

	detail           secret.Secret // what the answer says to people
	retryAfter, date string        // headers
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
	return out.String()
}

// Unwrap returns Err.
func (e *Error) Unwrap() error { return e.Err }

// Mentions reports whether what the service provider says to people has one of some
// words in it, whatever their case: "already exists", "userName". The text itself is
// not shown, because it repeats values.
func (e *Error) Mentions(words ...string) bool {
	text := strings.ToLower(e.detail.Reveal())
	for _, w := range words {
		if text != "" && strings.Contains(text, strings.ToLower(w)) {
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
	path, _ := url.PathUnescape(e.Path)
	return &http.Response{
		StatusCode: e.Status, Header: h, Body: http.NoBody,
		Request: &http.Request{Method: e.Method, URL: &url.URL{Scheme: "https", Host: e.Host, Path: path, RawPath: e.Path}},
	}
}
