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

	"github.com/provision-go/provision/internal/retryafter"
)

// enough is how much of an answer with an error status is looked at.
const enough = 64 << 10

// statusError reads the beginning of an answer and closes it.
func (x *exchange) statusError(resp *http.Response) *Error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, enough)) // what came is all that counts
	_ = resp.Body.Close()                                    // nothing is lost
	return x.refusal(resp.StatusCode, resp.Header, body)
}

// refusal makes an error out of an answer whose status is one.
func (x *exchange) refusal(status int, h http.Header, body []byte) *Error {
	wait, stated := retryafter.Parse(h.Get("Retry-After"), h.Get("Date"))
	e := &Error{
		Status:  status,
		Kind:    kindOfStatus(status, stated),
		Message: message(h, body),
		// Fault may find that the wait counts.
		RetryAfter: wait,
	}
	e.System, e.Method, e.Path = x.client.cfg.System, x.method, x.path
	if x.client.cfg.Fault != nil {
		x.client.cfg.Fault(e, h, body)
	}
	e.RetryAfter = min(max(e.RetryAfter, 0), retryafter.Max)
	if !e.Kind.retried() {
		e.RetryAfter = 0
	}
	e.Message = oneLine(e.Message)
	return x.finish(e)
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

// lost reports whether an error is of the connection, not of what was said on it:
// another attempt may succeed.
func lost(err error) bool {
	var network net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) ||
		errors.Is(err, syscall.EPIPE) || errors.Is(err, net.ErrClosed) || errors.As(err, &network) && network.Timeout()
}

// finish completes an error and takes out of it what must not be shown.
func (x *exchange) finish(e *Error) *Error {
	e.System, e.Method, e.Path = x.client.cfg.System, x.method, x.path
	if x.leaks(e.Message) {
		e.Message = ""
	}
	if e.Err == nil {
		return e
	}
	switch text := e.Err.Error(); {
	case x.leaks(text):
		e.Err = errors.New("not shown: a credential is in it")
	case oneLine(text) != text:
		e.Err = &shown{oneLine(text), e.Err}
	}
	return e
}

// shown is an error with a text that is fit to be shown.
type shown struct {
	text string
	err  error
}

func (e *shown) Error() string { return e.text }
func (e *shown) Unwrap() error { return e.err }

func (x *exchange) fail(kind Kind, format string, args ...any) *Error {
	return x.finish(&Error{Kind: kind, Status: x.status(), Err: fmt.Errorf(format, args...)})
}

func (x *exchange) status() int {
	switch {
	case x.response != nil:
		return x.response.StatusCode
	case x.failure != nil:
		return x.failure.Status
	}
	return 0
}
