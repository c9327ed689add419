package target_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func TestErrorMatchesItsSentinel(t *testing.T) {
	sentinels := []error{
		target.ErrExists, target.ErrConflict, target.ErrNotFound, target.ErrFatal, target.ErrUnsupported, target.ErrReadOnly,
	}
	match := map[target.Class]error{
		target.Exists: target.ErrExists, target.Conflict: target.ErrConflict,
		target.NotFound: target.ErrNotFound, target.Fatal: target.ErrFatal,
	}
	for c := target.Unclear; c <= target.Fatal; c++ {
		err := fmt.Errorf("create E1: %w", target.Fail(c, io.EOF))
		assert.Equal(t, c, target.ClassOf(err))
		assert.ErrorIs(t, err, io.EOF)
		for _, s := range sentinels {
			assert.Equal(t, errors.Is(match[c], s), errors.Is(err, s), "%s is %v", c, s)
		}
		assert.NotEmpty(t, target.Fail(c, nil).Error())
	}
}

func TestErrorText(t *testing.T) {
	assert.EqualError(t, target.ExistsError("userName", nil), "userName: already exists")
	assert.EqualError(t, target.ExistsError("", errors.New("taken")), "taken")
	assert.EqualError(t, target.InvalidError("email", errors.New("bad")), "email: bad")
	assert.EqualError(t, target.Fail(target.Class(99), nil), "Class(99)")
	assert.Equal(t, "email", target.FieldOf(fmt.Errorf("x: %w", target.InvalidError("email", nil))))
	assert.Empty(t, target.FieldOf(io.EOF))
	err := target.ThrottledError(3*time.Second, nil)
	assert.Equal(t, 3*time.Second, target.RetryAfter(err))
	assert.Zero(t, target.RetryAfter(target.ThrottledError(-1, nil)))
	assert.Zero(t, target.RetryAfter(&target.Error{RetryAfter: -1}))
	assert.Zero(t, target.RetryAfter(io.EOF))
}

func TestClassOfBareErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want target.Class
	}{
		{nil, target.Unclear},
		{errors.New("boom"), target.Unclear},
		{context.Canceled, target.Unclear},
		{context.DeadlineExceeded, target.Unclear},
		{target.ErrUnsupported, target.Permanent},
		{target.ErrReadOnly, target.Permanent},
		{target.ErrExists, target.Exists},
		{target.ErrConflict, target.Conflict},
		{target.ErrNotFound, target.NotFound},
		{target.ErrFatal, target.Fatal},
		{&net.DNSError{Err: "no such host", IsTimeout: true}, target.NotSent},
		{&net.OpError{Op: "dial", Err: os.ErrDeadlineExceeded}, target.NotSent},
		{&net.OpError{Op: "proxyconnect", Err: io.EOF}, target.NotSent},
		{&net.OpError{Op: "read", Err: io.EOF}, target.Unclear},
		{&net.OpError{Op: "write", Err: os.ErrDeadlineExceeded}, target.Unclear},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(42)}, target.NotSent},
		{&net.OpError{Op: "remote error", Err: tls.AlertError(20)}, target.Unclear},
		{tls.RecordHeaderError{Msg: "garbage"}, target.Unclear},
		{&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, target.NotSent},
		{target.Fail(target.Transient, &net.OpError{Op: "dial"}), target.Transient},
	} {
		assert.Equal(t, c.want, target.ClassOf(c.err), "%v", c.err)
		if c.err != nil {
			assert.Equal(t, c.want, target.ClassOf(fmt.Errorf("update E1: %w", c.err)), "wrapped %v", c.err)
		}
	}
}

// What net/http really returns, not what we believe it does.
func TestClassOfRealConnections(t *testing.T) {
	ln, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := ln.Addr().String()
	require.NoError(t, ln.Close())

	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = discard()
	secure.StartTLS()
	defer secure.Close()
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	dropping := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	defer dropping.Close()

	for name, c := range map[string]struct {
		url  string
		want target.Class
	}{
		"refused":             {"http://" + closed, target.NotSent},
		"unknown host":        {"http://host.invalid", target.NotSent},
		"unknown certificate": {secure.URL, target.NotSent},
		"no TLS there":        {strings.Replace(plain.URL, "http:", "https:", 1), target.NotSent},
		"dropped":             {dropping.URL, target.Unclear},
	} {
		client := &http.Client{Transport: &http.Transport{}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.url, strings.NewReader("x"))
		require.NoError(t, err)
		resp, err := client.Do(req)
		if err == nil {
			_ = resp.Body.Close()
		}
		assert.Equal(t, c.want, target.ClassOf(err), "%s: %v", name, err)
		client.CloseIdleConnections()
	}
}
