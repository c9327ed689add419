package target

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/provision-go/provision/internal/retryafter"
)

// FromHTTP returns nil for a status of 2xx and otherwise a classified error:
//
//	401, 407            Fatal: the credentials are wrong for every request
//	403                 Permanent: some systems protect single accounts this way, and
//	                    one of them must not stop everybody's leavers. With a
//	                    Retry-After it is Throttled (GitHub's secondary limits).
//	404, 410            NotFound
//	408, 421, 425       Transient
//	409                 Exists, without a field
//	412                 Conflict
//	429                 Throttled
//	503                 Throttled with a Retry-After, otherwise Transient
//	501, 505            Permanent
//	other 5xx           Transient
//	3xx, other 4xx      Permanent: following a redirect would send a write elsewhere
//	anything else       Unclear
//
// A 5xx may come from a gateway after the system behind it has done the work, so
// a Transient create counts as unclear in the executor: it looks for the account
// before it tries again.
//
// Connectors for systems that use a status otherwise (a 409 for a locked
// account, a 400 for a duplicate) look at the body and build their own [Error].
// The body is neither read nor closed. The text of the error has method, host,
// path and status, never the query, headers or body.
func FromHTTP(resp *http.Response) error {
	if resp == nil {
		return Fail(Unclear, &statusError{text: "no response"})
	}
	code := resp.StatusCode
	if code >= 200 && code <= 299 {
		return nil
	}
	wait, stated := retryafter.Parse(resp.Header.Get("Retry-After"), resp.Header.Get("Date"))
	e := &Error{Class: classOfStatus(code, stated), Err: &statusError{text: describe(resp)}}
	if e.Class == Throttled || e.Class == Transient {
		e.RetryAfter = wait
	}
	return e
}

func classOfStatus(code int, wait bool) Class {
	switch code {
	case 401, 407:
		return Fatal
	case 404, 410:
		return NotFound
	case 408, 421, 425:
		return Transient
	case 409:
		return Exists
	case 412:
		return Conflict
	case 429:
		return Throttled
	case 501, 505:
		return Permanent
	case 403:
		if wait {
			return Throttled
		}
		return Permanent
	case 503:
		if wait {
			return Throttled
		}
		return Transient
	}
	switch code / 100 {
	case 3, 4:
		return Permanent
	case 5:
		return Transient
	}
	return Unclear
}

// statusError is the text of a status.
type statusError struct{ text string }

func (e *statusError) Error() string { return e.text }

func describe(resp *http.Response) string {
	var out strings.Builder
	if r := resp.Request; r != nil && r.URL != nil {
		// An empty method means GET to net/http.
		method := r.Method
		if method == "" {
			method = http.MethodGet
		}
		// URL.Host is without the user information.
		out.WriteString(method + " " + r.URL.Host + r.URL.EscapedPath() + ": ")
	}
	out.WriteString(strconv.Itoa(resp.StatusCode))
	// The reason phrase of the response is the server's text; ours is not.
	if text := http.StatusText(resp.StatusCode); text != "" {
		out.WriteString(" " + text)
	}
	return out.String()
}
