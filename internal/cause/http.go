package cause

import (
	"crypto/tls"
	"errors"
	"net"
)

// OfStatus returns what a status of HTTP says about why a system could not be read, nil
// if it is none of the sentinels. wait: the answer has a Retry-After.
func OfStatus(status int, wait bool) error {
	switch status {
	case 401, 407:
		return ErrUnauthorized
	case 403:
		return ErrForbidden
	case 429:
		return ErrThrottled
	case 501, 505:
		return nil
	case 503:
		if wait {
			return ErrThrottled
		}
	}
	if status >= 500 {
		return ErrUnavailable
	}
	return nil
}

// OfTransport returns [ErrUnavailable] for an error of a request that got no answer,
// nil if the next attempt would end in the same way: no such host, no trust.
func OfTransport(err error) error {
	if dns, ok := errors.AsType[*net.DNSError](err); ok && dns.IsNotFound {
		return nil
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return nil
	}
	// An alert may come after the handshake: for want of a client's certificate in
	// TLS 1.3. Package crypto/tls has these operations and no exported type.
	if alert, ok := errors.AsType[*net.OpError](err); ok && (alert.Op == "remote error" || alert.Op == "local error") {
		return nil
	}
	return ErrUnavailable
}
