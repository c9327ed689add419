package fetch

import (
	"compress/flate"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"syscall"
)

// errRedirect is wrapped by what stops a redirect.
var errRedirect = errors.New("redirect is not followed")

// redirect is the [http.Client]'s CheckRedirect. A redirect may lead where the
// address of a next page may, and no further.
func (c *Client) redirect(to *http.Request, via []*http.Request) error {
	const most = 5
	if len(via) > most {
		return fmt.Errorf("%w: it is the sixth", errRedirect)
	}
	if via[0].Method != http.MethodGet {
		return fmt.Errorf("%w: the method is %s", errRedirect, via[0].Method)
	}
	if err := c.permit(to.URL); err != nil {
		return fmt.Errorf("%w: %w", errRedirect, err)
	}
	return nil
}

// transportError gives an error of [http.Client.Do] a kind, and says whether it
// is final whatever its kind is.
func (x *exchange) transportError(ctx context.Context, err error) (*Error, bool) {
	// Its text has the whole address in it.
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	if ctx.Err() != nil {
		return &Error{Kind: Other, Err: ctx.Err()}, true
	}
	if local, ok := errors.AsType[*localError](err); ok {
		return &Error{Kind: local.kind, Err: local.err}, true
	}
	if errors.Is(err, errRedirect) || errors.Is(err, errAddress) {
		return &Error{Kind: Refused, Err: err}, true
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return &Error{Kind: Refused, Err: err}, true
	}
	// An alert may come after the handshake: for want of a client's certificate in
	// TLS 1.3. Package crypto/tls has these operations and no exported type.
	if alert, ok := errors.AsType[*net.OpError](err); ok && (alert.Op == "remote error" || alert.Op == "local error") {
		return &Error{Kind: Refused, Err: err}, true
	}
	return &Error{Kind: Transient, Err: err}, false
}

// broken is what a body ends with that does not come to its end.
func (x *exchange) broken(err error) *Error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.As(err, &corrupt):
		return x.fail(BadContent, "the answer is damaged: %w", err)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return x.fail(Other, "%w", err)
	}
	return x.fail(Transient, "the answer breaks off: %w", err)
}

// broken reports whether an error is of the connection, not of what was said on
// it: another attempt may succeed.
func broken(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed) || errors.As(err, &network) && network.Timeout()
}
