package fetch

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// transport returns what a configuration without a Transport of its own sends
// with.
func transport(c Config) http.RoundTripper {
	dialer := &net.Dialer{
		Timeout:   c.Timeouts.Connect,
		KeepAlive: 30 * time.Second,
		Resolver:  c.Resolver,
		Control:   control(c.Private),
	}
	secure := &tls.Config{MinVersion: tls.VersionTLS12}
	if c.TLS != nil {
		secure = c.TLS.Clone()
	}
	return &http.Transport{
		Proxy:                  nil, // one from the environment would connect past the check of addresses
		DialContext:            dialer.DialContext,
		TLSClientConfig:        secure,
		TLSHandshakeTimeout:    c.Timeouts.Connect,
		ForceAttemptHTTP2:      true, // a dialer of one's own turns HTTP/2 off
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: c.Timeouts.Idle, PingTimeout: c.Timeouts.Connect},
		MaxIdleConns:           c.Connections,
		MaxIdleConnsPerHost:    c.Connections,
		IdleConnTimeout:        90 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}
