// Package cause holds the sentinel errors that say why a system of record could
// not be read. Package source shows them to users; package fetch, which no user
// can import, gives them to its errors.
package cause

import "errors"

// What they mean is said where users see them, in package source.
var (
	ErrUnauthorized = errors.New("credentials are not accepted")
	ErrForbidden    = errors.New("permission is missing")
	ErrThrottled    = errors.New("too many requests")
	ErrUnavailable  = errors.New("unavailable for now")
	ErrBadContent   = errors.New("answer cannot be understood")
)
