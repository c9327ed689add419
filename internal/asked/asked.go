// Package asked names HTTP requests in errors: by method, host and path. It shows no
// query, header, body or user information, because credentials travel there.
package asked

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Status returns "GET host/path: 409 Conflict". Without a request it is the status alone.
func Status(resp *http.Response) string {
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

// Failure returns an error of [http.Client.Do] without the address that net/http
// prints. What net/http wrapped is still in its chain.
func Failure(err error) error {
	u, ok := errors.AsType[*url.Error](err)
	if !ok {
		return err
	}
	return &failure{text: strings.ToUpper(u.Op) + " " + place(u.URL), err: u.Err}
}

// place returns host and path of an address.
func place(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	return u.Host + u.EscapedPath()
}

type failure struct {
	text string
	err  error
}

func (e *failure) Error() string { return e.text + ": " + e.err.Error() }
func (e *failure) Unwrap() error { return e.err }
