package source_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

// causes are the sentinels that an error matches.
func causes(err error) []error {
	var is []error
	for _, why := range []error{
		source.ErrUnauthorized, source.ErrForbidden, source.ErrThrottled, source.ErrUnavailable, source.ErrBadContent, source.ErrNotFound,
	} {
		if errors.Is(err, why) {
			is = append(is, why)
		}
	}
	return is
}

func TestFromHTTPSaysWhyASystemCouldNotBeRead(t *testing.T) {
	for why, codes := range map[error][]int{
		source.ErrUnauthorized: {401, 407},
		source.ErrForbidden:    {403},
		source.ErrThrottled:    {429},
		source.ErrUnavailable:  {500, 502, 503, 504, 520},
		nil:                    {0, 101, 302, 304, 400, 404, 410, 422, 501, 505},
	} {
		for _, code := range codes {
			err := source.FromHTTP(&http.Response{StatusCode: code})
			require.Error(t, err, code)
			var want []error
			if why != nil {
				want = []error{why}
			}
			assert.Equal(t, want, causes(err), code)
		}
	}
	waits := &http.Response{StatusCode: 503, Header: http.Header{"Retry-After": {"30"}}}
	assert.Equal(t, []error{source.ErrThrottled}, causes(source.FromHTTP(waits)))
	for _, code := range []int{200, 204, 299} {
		assert.NoError(t, source.FromHTTP(&http.Response{StatusCode: code}), code)
	}
	assert.Error(t, source.FromHTTP(nil))
}

func TestFromHTTPTextHoldsNoSecrets(t *testing.T) {
	u, err := url.Parse("https://me:canary@api.example/workers/a%20b?token=canary#canary")
	require.NoError(t, err)
	err = source.FromHTTP(&http.Response{
		StatusCode: 401, Status: "canary", Header: http.Header{"Set-Cookie": {"canary"}},
		Request: &http.Request{Method: "GET", URL: u, Header: http.Header{"Authorization": {"canary"}}},
	})
	assert.EqualError(t, err, "credentials are not accepted: GET api.example/workers/a%20b: 401 Unauthorized")
}

func TestFromTransportTellsWhatPassesFromWhatDoesNot(t *testing.T) {
	assert.NoError(t, source.FromTransport(nil))
	leaky := func(err error) error {
		return fmt.Errorf("%w", &url.Error{Op: "Get", URL: "https://me:canary@api.example/workers?token=canary#canary", Err: err})
	}
	for _, passes := range []error{io.ErrUnexpectedEOF, context.DeadlineExceeded, &net.DNSError{IsTimeout: true}, &net.OpError{Op: "dial", Err: io.EOF}} {
		for _, err := range []error{source.FromTransport(leaky(passes)), source.FromTransport(passes)} {
			assert.Equal(t, []error{source.ErrUnavailable}, causes(err), passes)
			assert.ErrorIs(t, err, passes)
			assert.NotContains(t, err.Error(), "canary")
		}
	}
	for _, stays := range []error{
		context.Canceled, &net.DNSError{IsNotFound: true}, &tls.CertificateVerificationError{Err: io.EOF}, &net.OpError{Op: "remote error", Err: io.EOF},
	} {
		err := source.FromTransport(leaky(stays))
		assert.Empty(t, causes(err), stays)
		assert.ErrorIs(t, err, stays)
		assert.NotContains(t, err.Error(), "canary")
	}
	err := source.FromTransport(leaky(io.ErrUnexpectedEOF))
	assert.EqualError(t, err, "unavailable for now: GET api.example/workers: unexpected EOF")
}

// A server that nobody trusts, by net/http itself.
func TestFromTransportOfAServerThatIsNotTrusted(t *testing.T) {
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	defer server.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	err = source.FromTransport(err)
	require.Error(t, err)
	assert.Empty(t, causes(err), err)
}
