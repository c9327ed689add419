package oauth

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/secret"
)

// A Source has a token as long as it lasts, and gets the next one in time. It is
// safe for concurrent use: however many ask, one request is under way.
type Source struct {
	cfg     Config
	address string // of the token endpoint
	client  *fetch.Client

	renewals singleflight.Group
	mu       sync.Mutex
	have     token
	count    int64 // of the tokens that there were
}

// token is an access token and its times, which are zero if they are not known.
type token struct {
	value   secret.Secret // so that nothing prints it
	renew   time.Time     // from when on a new one is asked for
	expires time.Time
}

// bound is how long a renewal may take. Those who wait for it may give up earlier.
const bound = 2 * time.Minute

// again is how long after a renewal that failed the next one begins, while the
// token that there is still lasts.
const again = 10 * time.Second

// New returns a source. It connects to nothing. A configuration that cannot work is
// an error that names the field.
func New(cfg Config) (*Source, error) {
	cfg, u, err := cfg.filled()
	if err != nil {
		return nil, fmt.Errorf("oauth: %w", err)
	}
	s := &Source{cfg: cfg, address: u.String()}
	s.client, err = fetch.New(fetch.Config{
		System: cfg.System, Base: (&url.URL{Scheme: u.Scheme, Host: u.Host}).String(), Below: "/",
		Authorize: s.identify, Fault: fault, MaxBody: 1 << 20,
		// Asking twice does no harm. Whoever waits does so for a request of their own.
		Attempts: 3, MaxWait: bound / 8, Timeouts: fetch.Timeouts{Answer: bound / 8, Body: bound / 8},
		TLS: cfg.TLS, Private: cfg.Private, Transport: cfg.Transport,
	})
	if err != nil {
		return nil, fmt.Errorf("oauth: field TokenURL: %w", err)
	}
	return s, nil
}

// Token returns a token that has not expired, as far as is known. It waits for a
// renewal if one is due, as long as ctx lasts; the renewal goes on for the others. A
// renewal that fails is no error while the token that there is lasts.
func (s *Source) Token(ctx context.Context) (string, error) {
	now := s.cfg.Now()
	have, count := s.current()
	if !have.value.IsZero() && (have.renew.IsZero() || now.Before(have.renew)) {
		return have.value.Reveal(), nil
	}
	if err := s.refresh(ctx, count); err != nil {
		if !have.value.IsZero() && now.Before(have.expires) && ctx.Err() == nil {
			s.postpone(count, now)
			return have.value.Reveal(), nil
		}
		return "", err
	}
	have, _ = s.current()
	return have.value.Reveal(), nil
}

// Authorize adds a token to a request: for [fetch.Config].
func (s *Source) Authorize(ctx context.Context, r *http.Request) error {
	value, err := s.Token(ctx)
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+value)
	return nil
}

// Renew gets a new token although the one that there is has not expired: it was
// refused.
func (s *Source) Renew(ctx context.Context) error {
	_, count := s.current()
	return s.refresh(ctx, count)
}

// Close closes the connections that nobody uses.
func (s *Source) Close() { s.client.Close() }

func (s *Source) current() (token, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.have, s.count
}

// postpone has the token that there is used for a while although it is to be
// renewed.
func (s *Source) postpone(count int64, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.count == count {
		s.have.renew = now.Add(min(again, s.have.expires.Sub(now)))
	}
}

// refresh gets a token unless there have been more than count meanwhile.
func (s *Source) refresh(ctx context.Context, count int64) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	done := s.renewals.DoChan(strconv.FormatInt(count, 10), func() (any, error) {
		if _, now := s.current(); now != count {
			return nil, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bound)
		defer cancel()
		t, err := s.get(ctx)
		if err != nil {
			return nil, err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.have = t
		s.count++
		return nil, nil
	})
	select {
	case result := <-done:
		return result.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}
