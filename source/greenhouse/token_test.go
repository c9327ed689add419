package greenhouse_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

// given returns how many tokens were asked for.
func given(fake *greenhousetest.Server) int {
	n := 0
	for _, r := range fake.Requests() {
		if strings.HasPrefix(r, "POST /token") {
			n++
		}
	}
	return n
}

// One token serves until shortly before it expires, and many readers.
func TestTokens(t *testing.T) {
	now := noon()
	cfg := company()
	cfg.Clock = func() time.Time { return now }
	fake, address := serve(t, cfg)
	s := open(t, address, func(c *greenhouse.Config) { c.Clock = cfg.Clock })
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := s.Identity(context.Background(), "901")
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Equal(t, 1, given(fake))
	now = now.Add(58 * time.Minute)
	collect(t, s)
	assert.Equal(t, 1, given(fake))
	now = now.Add(90 * time.Second)
	collect(t, s)
	assert.Equal(t, 2, given(fake))
	fake.Revoke()
	collect(t, s)
	assert.Equal(t, 3, given(fake))

	// One that is refused again ends the read.
	fake.Break(greenhousetest.Fault{Spoil: greenhousetest.Spoil{Status: http.StatusUnauthorized}})
	_, err := source.Collect(t.Context(), s)
	require.ErrorIs(t, err, source.ErrUnauthorized)
	assert.Equal(t, 4, given(fake))
}

func TestTokenAnswers(t *testing.T) {
	for body, want := range map[string]string{
		`{"access_token":"x","token_type":"Bearer","expires_at":"2026-03-02T13:00:00+0000"}`:    "401",
		`{"access_token":"x","token_type":"bearer","expires_at":"2026-03-02T12:59:59.5+01:00"}`: "expired already",
		`{"access_token":"x","expires_at":"2026-03-02T11:00:00+0000"}`:                          "expired already",
		`{"access_token":"x","expires_at":"soon"}`:                                              "expires_at is no instant",
		`{"access_token":"x","expires_in":3600}`:                                                "401",
		`{"access_token":"x","expires_at":1772456400}`:                                          "401",
		`{"access_token":"x","expires_at":null}`:                                                "401",
		`{"access_token":"x","token_type":"mac"}`:                                               "no bearer token",
		`{"access_token":null}`:                                                                 "no access_token",
		`{}`:                                                                                    "no access_token",
		`[]`:                                                                                    "JSON",
		`{"access_token":"canary-token","expires_at":"2020-01-01T00:00:00+0000"}`:               "expired already",
	} {
		fake, address := serve(t, company())
		fake.Break(greenhousetest.Fault{Endpoint: greenhousetest.Token, Spoil: greenhousetest.Spoil{
			Status: 200, Body: body, Header: map[string]string{"Content-Type": "application/json"},
		}})
		_, err := source.Collect(t.Context(), open(t, address, nil))
		require.ErrorContains(t, err, want, body)
		assert.NotContains(t, err.Error(), "canary")
	}
}

// A wrong secret is an error that shows nothing.
func TestSecrets(t *testing.T) {
	_, address := serve(t, company())
	wrong := open(t, address, func(c *greenhouse.Config) { c.Auth = greenhouse.ClientCredentials(client, "canary-wrong", "") })
	_, err := source.Collect(t.Context(), wrong)
	require.ErrorIs(t, err, source.ErrUnauthorized)
	cfg := greenhouse.Config{Auth: greenhouse.ClientCredentials("canary-id", "canary-secret", "")}
	hook := greenhouse.WebhookConfig{Keys: []string{"canary-key"}}
	for _, shown := range []any{err, wrong, *wrong, cfg, &cfg, cfg.Auth, hook} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			assert.NotContains(t, fmt.Sprintf(verb, shown), "canary")
		}
	}
}

func TestForeignToken(t *testing.T) {
	fake, address := serve(t, company())
	_ = fake
	tokens := []string{"old", "new"}
	renewed := 0
	s := open(t, address, func(c *greenhouse.Config) {
		c.Auth = greenhouse.Token(func(context.Context) (string, error) { return tokens[renewed], nil },
			func(context.Context) error { renewed++; return nil })
	})
	_, err := source.Collect(t.Context(), s)
	require.ErrorIs(t, err, source.ErrUnauthorized)
	assert.Equal(t, 1, renewed)
	for name, get := range map[string]func(context.Context) (string, error){
		"it is empty": func(context.Context) (string, error) { return "", nil },
		"no luck":     func(context.Context) (string, error) { return "", errors.New("no luck") },
	} {
		s := open(t, address, func(c *greenhouse.Config) { c.Auth = greenhouse.Token(get, nil) })
		_, err := source.Collect(t.Context(), s)
		require.ErrorContains(t, err, name)
	}
}

// A limit is waited for, as long as Greenhouse says.
func TestLimits(t *testing.T) {
	for name, tt := range map[string]struct {
		header map[string]string
		waits  time.Duration
	}{
		"Retry-After":          {map[string]string{"Retry-After": "20"}, 20 * time.Second},
		"seconds to the reset": {map[string]string{"X-RateLimit-Reset": "25"}, 25 * time.Second},
		"instant of the reset": {map[string]string{"X-RateLimit-Reset": "946684830"}, 15 * time.Second}, // once; it is past by then
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				cfg := company()
				cfg.Clock = time.Now
				fake := greenhousetest.New(cfg)
				fake.Break(greenhousetest.Fault{Endpoint: greenhousetest.Offers, Page: 2, Times: 2, Spoil: greenhousetest.Spoil{
					Status: 429, Body: `{"message":"Too Many Requests"}`, Header: tt.header,
				}})
				begun := time.Now()
				collect(t, open(t, "http://greenhouse.test", func(c *greenhouse.Config) {
					c.Clock, c.Transport = time.Now, inMemory{fake}
				}))
				waited := time.Since(begun)
				assert.GreaterOrEqual(t, waited, 2*tt.waits)
				assert.Less(t, waited, 2*tt.waits+5*time.Second)
			})
		})
	}
}
