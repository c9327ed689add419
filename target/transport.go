package target

import (
	"errors"
	"net/url"
	"strings"
)

// FromTransport classifies an error of [net/http.Client.Do], as [ClassOf] does,
// and takes the query, the fragment and the user information out of its text:
// net/http prints the whole address, and tokens travel in queries. errors.Is and
// errors.As still see what net/http wrapped. FromTransport(nil) is nil.
func FromTransport(err error) error {
	if err == nil {
		return nil
	}
	class := ClassOf(err)
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = &transportError{text: strings.ToUpper(u.Op) + " " + place(u.URL), err: u.Err}
	}
	return &Error{Class: class, Err: err}
}

// place returns host and path of an address.
func place(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "an address that cannot be read"
	}
	return u.Host + u.EscapedPath()
}

type transportError struct {
	text string
	err  error
}

func (e *transportError) Error() string { return e.text + ": " + e.err.Error() }
func (e *transportError) Unwrap() error { return e.err }
