package target

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"syscall"
	"time"
)

// ClassOf returns what an error means for the next step. It looks, in this
// order, at:
//
//   - the first [Error] in the chain: its class;
//   - the sentinels of this package; [ErrUnsupported] and [ErrReadOnly] are
//     [Permanent];
//   - errors of net, crypto/tls and net/http that can only arise before a request
//     is sent (name resolution, dialling, a failed TLS handshake): [NotSent].
//
// Everything else is [Unclear]: the request may have taken effect. So are a
// cancelled or expired context, and a connection that broke while writing or
// reading. A TLS handshake that timed out is Unclear too, because net/http gives
// no way to tell. ClassOf(nil) is Unclear as well and means nothing.
func ClassOf(err error) Class {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Class
	}
	switch {
	case err == nil:
		return Unclear
	case errors.Is(err, ErrUnsupported), errors.Is(err, ErrReadOnly):
		return Permanent
	case errors.Is(err, ErrExists):
		return Exists
	case errors.Is(err, ErrConflict):
		return Conflict
	case errors.Is(err, ErrNotFound):
		return NotFound
	case errors.Is(err, ErrFatal):
		return Fatal
	case beforeSending(err):
		return NotSent
	}
	return Unclear
}

// RetryAfter returns how long the target asked to wait, and 0 if it did not.
func RetryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*Error](err); ok {
		return max(e.RetryAfter, 0)
	}
	return 0
}

// FieldOf returns the attribute that an error is about, and "" if it names none.
func FieldOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Field
	}
	return ""
}

func beforeSending(err error) bool {
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return true
	}
	if op, ok := errors.AsType[*net.OpError](err); ok {
		switch op.Op {
		case "dial", "proxyconnect", "socks connect":
			return true
		}
	}
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, http.ErrSchemeMismatch) {
		return true
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return true
	}
	if alert, ok := errors.AsType[tls.AlertError](err); ok {
		return handshakeAlert(alert)
	}
	// Conn is set only when the first bytes of the peer were no TLS at all.
	header, ok := errors.AsType[tls.RecordHeaderError](err)
	return ok && header.Conn != nil
}

// handshakeAlert reports whether a TLS alert (RFC 8446, section 6.2) is one that
// ends a handshake. A server sends these before it acts on any request.
func handshakeAlert(a tls.AlertError) bool {
	switch a {
	case 40, 42, 43, 44, 45, 46, 48, 49, 70, 71, 109, 112, 115, 116, 120:
		return true
	}
	return false
}
