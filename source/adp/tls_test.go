package adp_test

import (
	"crypto/tls"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
)

// The certificate is shown when a token is asked for and with every request after that:
// each of the two fails without it.
func TestCertificateOnTokenAndRequests(t *testing.T) {
	api := serve(t, adptest.Config{People: staff()})
	other := serve(t, adptest.Config{People: staff()})
	// Two servers with authorities of their own: a client of one is a stranger to the other.
	pool := api.authority.Pool(other.authority)
	_, err := source.Collect(t.Context(), other.open(t, func(c *adp.Config) {
		c.Auth = adp.ClientCredentials("client", secret, until(t, api.authority, time.Hour))
	}))
	require.ErrorContains(t, err, "get a token", "a certificate of somebody else")
	require.ErrorContains(t, err, "tls:")
	assert.Empty(t, other.Requests())

	// Tokens come from one of them and are good at the other, which does not know the client.
	_, err = source.Collect(t.Context(), api.open(t, func(c *adp.Config) {
		c.BaseURL, c.RootCAs = other.url, pool
	}))
	require.ErrorContains(t, err, "GET /hr/v2/workers")
	require.ErrorContains(t, err, "remote error: tls:")
	assert.Equal(t, []string{"POST /auth/oauth/v2/token"}, api.Requests(), "the token was given")
	assert.Empty(t, other.Requests())
}

// The fake refuses who shows no certificate also where TLS does not.
func TestNoCertificate(t *testing.T) {
	fake := adptest.New(adptest.Config{ClientID: "client", ClientSecret: secret, People: staff()})
	_, err := source.Collect(t.Context(), local(t, bare{fake}, nil))
	require.ErrorIs(t, err, source.ErrUnauthorized)
	require.ErrorContains(t, err, "get a token")
	assert.NotContains(t, err.Error(), "certificate was not presented", "sentences are not repeated")
}

func TestExpiredCertificate(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	s := c.open(t, func(cfg *adp.Config) {
		cfg.Auth = adp.ClientCredentials("client", secret, until(t, c.authority, -time.Minute))
	})
	expires, err := s.CertificateExpires(t.Context())
	require.NoError(t, err)
	assert.Less(t, time.Until(expires), time.Duration(0), "a health check sees it")
	_, err = source.Collect(t.Context(), s)
	require.ErrorContains(t, err, "tls:")
}

// A certificate that is renewed while the source lives is used for the next connection.
func TestRotation(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	var now atomic.Pointer[tls.Certificate]
	first, second := until(t, c.authority, time.Hour), until(t, c.authority, 2*time.Hour)
	now.Store(&first)
	asked := 0
	s := c.open(t, func(cfg *adp.Config) {
		cfg.Auth = adp.RotatingCredentials("client", secret, func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			asked++
			return now.Load(), nil
		})
	})
	assert.Equal(t, 7, collect(t, s).Len())
	assert.Equal(t, 2, asked, "for the connection to the tokens, and for the one to the workers")
	before, err := s.CertificateExpires(t.Context())
	require.NoError(t, err)
	now.Store(&second)
	after, err := s.CertificateExpires(t.Context())
	require.NoError(t, err)
	assert.InDelta(t, time.Hour.Seconds(), after.Sub(before).Seconds(), 2)
}

func TestNoRotatingCertificate(t *testing.T) {
	c := serve(t, adptest.Config{People: staff()})
	for says, get := range map[string]func(*tls.CertificateRequestInfo) (*tls.Certificate, error){
		"the vault is sealed": func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
			return nil, errors.New("the vault is sealed")
		},
		"empty":          func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &tls.Certificate{}, nil },
		"certificate is": func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return nil, nil },
	} {
		s := c.open(t, func(cfg *adp.Config) { cfg.Auth = adp.RotatingCredentials("client", secret, get) })
		_, err := s.CertificateExpires(t.Context())
		require.ErrorContains(t, err, says)
	}
}

// A token is used until it is refused, and then fetched anew, also in the middle of a
// list.
func TestTokens(t *testing.T) {
	for _, inBody := range []bool{false, true} {
		c := serve(t, adptest.Config{People: staff()})
		s := c.open(t, func(cfg *adp.Config) { cfg.SecretInBody = inBody })
		collect(t, s)
		collect(t, s)
		tokens := func() int {
			n := 0
			for _, request := range c.Requests() {
				if request == "POST /auth/oauth/v2/token" {
					n++
				}
			}
			return n
		}
		assert.Equal(t, 1, tokens())
		asked := 0
		c.OnRequest(func(request string) {
			if asked++; asked == 2 {
				c.Revoke()
			}
		})
		assert.Equal(t, 7, collect(t, s).Len())
		assert.Equal(t, 2, tokens())
	}
}
