package fetch_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// tokens are credentials that can be renewed.
type tokens struct {
	current  atomic.Int64
	accepted atomic.Int64 // by the system
	renewals atomic.Int64
	err      error
	takes    time.Duration
}

func (k *tokens) config(c *fetch.Config) {
	c.Authorize = func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer token-"+string(rune('a'+k.current.Load())))
		return nil
	}
	c.Renew = func(ctx context.Context) error {
		k.renewals.Add(1)
		select {
		case <-time.After(k.takes):
		case <-ctx.Done():
			return ctx.Err()
		}
		if k.err != nil {
			return k.err
		}
		k.current.Add(1)
		return nil
	}
}

func (k *tokens) serve(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body) // it comes from memory
	}
	if r.Header.Get("Authorization") != "Bearer token-"+string(rune('a'+k.accepted.Load())) {
		return answer(r, 401, `{"error":"expired"}`), nil
	}
	return answer(r, 200, `{"id":"`+strings.TrimSpace(string(body))+`"}`), nil
}

func TestRenewsOnce(t *testing.T) {
	var k tokens
	k.accepted.Store(1)
	client := newClient(t, k.serve, k.config)
	var w worker
	_, err := client.JSON(t.Context(), fetch.Request{Path: "/worker.info", Body: []byte("17")}, &w)
	require.NoError(t, err)
	assert.Equal(t, "17", w.ID, "the body is sent again")
	assert.EqualValues(t, 1, k.renewals.Load())

	_, err = client.JSON(t.Context(), fetch.Request{Body: []byte("17")}, &w)
	require.NoError(t, err)
	assert.EqualValues(t, 1, k.renewals.Load(), "credentials are good now")

	k.accepted.Store(9)
	failed := false
	client = newClient(t, func(r *http.Request) (*http.Response, error) {
		if k.renewals.Load() == 2 && !failed {
			failed = true
			return answer(r, 503, "", "Retry-After", "0"), nil
		}
		return k.serve(r)
	}, k.config)
	_, err = client.Read(t.Context(), fetch.Request{})
	require.ErrorIs(t, err, source.ErrUnauthorized)
	assert.EqualValues(t, 2, k.renewals.Load(), "a second 401 is final")
}

func TestRenewalIsShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := tokens{takes: time.Second}
		k.accepted.Store(1)
		var sent atomic.Int64
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			resp, err := k.serve(r)
			time.Sleep(time.Duration(sent.Add(1)) * 50 * time.Millisecond) // some hear of it after the renewal
			return resp, err
		}, k.config)
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				_, err := client.Read(t.Context(), fetch.Request{Body: []byte("17")})
				assert.NoError(t, err)
			})
		}
		all.Wait()
		assert.EqualValues(t, 1, k.renewals.Load())
	})
}

func TestRenewalOutlivesTheOneWhoAsked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := tokens{takes: 10 * time.Second}
		k.accepted.Store(1)
		client := newClient(t, k.serve, k.config)
		first, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var all sync.WaitGroup
		all.Go(func() {
			_, err := client.Read(first, fetch.Request{Body: []byte("17")})
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
		synctest.Wait()
		_, err := client.Read(t.Context(), fetch.Request{Body: []byte("17")})
		require.NoError(t, err)
		assert.EqualValues(t, 1, k.renewals.Load())
		all.Wait()
	})
}

func TestRenewalFails(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		kind fetch.Kind
	}{
		"refused":   {errors.New("invalid_grant"), fetch.Unauthorized},
		"no access": {&fetch.Error{System: "tokens", Kind: fetch.Refused}, fetch.Unauthorized},
		"down":      {&fetch.Error{System: "tokens", Kind: fetch.Transient}, fetch.Transient},
	} {
		sent := 0
		k := tokens{err: c.err}
		k.accepted.Store(1)
		client := newClient(t, func(r *http.Request) (*http.Response, error) {
			sent++
			return k.serve(r)
		}, k.config)
		_, err := client.Read(t.Context(), fetch.Request{Body: []byte("17")})
		require.ErrorIs(t, err, c.err, name)
		require.ErrorContains(t, err, "renew credentials: ", name)
		assert.Equal(t, c.kind, fetch.KindOf(err), name)
		assert.Equal(t, 1, sent, "%s: whoever renews has repeated it already", name)
		assert.EqualValues(t, 1, k.renewals.Load())
	}
}

func TestRenewalThatHangsEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := tokens{takes: time.Hour}
		k.accepted.Store(1)
		client := newClient(t, k.serve, k.config, func(c *fetch.Config) { c.Timeouts.Answer = time.Minute })
		begin := time.Now()
		_, err := client.Read(t.Context(), fetch.Request{})
		require.ErrorIs(t, err, source.ErrUnauthorized)
		assert.Equal(t, time.Minute, time.Since(begin))
	})
}
