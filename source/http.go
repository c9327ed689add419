package source

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/asked"
	"github.com/provision-go/provision/internal/cause"
	"github.com/provision-go/provision/internal/retryafter"
)

// FromHTTP returns nil for a status of 2xx and otherwise an error, which matches, with
// [errors.Is]:
//
//	401, 407        ErrUnauthorized
//	403             ErrForbidden
//	429             ErrThrottled
//	503             ErrThrottled with a Retry-After, otherwise ErrUnavailable
//	501, 505        none of them
//	other 5xx       ErrUnavailable
//	anything else   none of them
//
// A 404 does not match [ErrNotFound]: only the connector knows whether the request named
// a person, and only then may it wrap that. A status of 2xx says nothing of the body: an
// answer without the list that was asked for is [ErrBadContent].
//
// The body is neither read nor closed. The text of the error has method, host, path and
// status, never the query, headers or body.
func FromHTTP(resp *http.Response) error {
	if resp == nil {
		return errors.New("no response")
	}
	if resp.StatusCode >= 200 && resp.StatusCode <= 299 {
		return nil
	}
	_, wait := retryafter.Parse(resp.Header.Get("Retry-After"), resp.Header.Get("Date"))
	return because(cause.OfStatus(resp.StatusCode, wait), errors.New(asked.Status(resp)))
}

// FromTransport is for an error of [net/http.Client.Do], and for one of reading the body
// of an answer. The error that it returns matches [ErrUnavailable], with [errors.Is],
// unless nothing but a person helps, as with a host that does not exist or a certificate
// that is not trusted, or the caller gave up ([context.Canceled]). It takes the query,
// the fragment and the user information out of the text: net/http prints the whole
// address, and tokens travel in queries. What net/http wrapped is still in the chain.
// FromTransport(nil) is nil.
func FromTransport(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.Canceled):
		return asked.Failure(err)
	}
	return because(cause.OfTransport(err), asked.Failure(err))
}

// because wraps an error in why a system could not be read, if that is known.
func because(why, err error) error {
	if why == nil {
		return err
	}
	return fmt.Errorf("%w: %w", why, err)
}
