package greenhouse

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/jsonscan"
)

// tokens fetches access tokens with the credentials of a client and keeps one. It is
// safe for concurrent use.
type tokens struct {
	client *fetch.Client
	form   []byte
	clock  func() time.Time

	turn  chan struct{} // holds one element; whoever has it may look at the rest
	token string
	until time.Time // zero if the server did not say
}

func newTokens(cfg *Config) (*tokens, error) {
	id, hidden := cfg.Auth.id, cfg.Auth.secret
	client, err := fetch.New(fetch.Config{
		System: cfg.Name, Base: cfg.TokenURL, Private: cfg.Private, Transport: cfg.Transport,
		Authorize: func(_ context.Context, r *http.Request) error {
			r.SetBasicAuth(id, hidden.Reveal())
			return nil
		},
	})
	if err != nil {
		return nil, fmt.Errorf("field TokenURL: %w", err)
	}
	form := url.Values{"grant_type": {"client_credentials"}}
	if cfg.Auth.user != "" {
		form.Set("sub", cfg.Auth.user)
	}
	t := &tokens{client: client, form: []byte(form.Encode()), clock: cfg.Clock, turn: make(chan struct{}, 1)}
	t.turn <- struct{}{}
	return t, nil
}

// lock waits for the turn of the caller.
func (t *tokens) lock(ctx context.Context) error {
	select {
	case <-t.turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t *tokens) unlock() { t.turn <- struct{}{} }

func (t *tokens) authorize(ctx context.Context, r *http.Request) error {
	if err := t.lock(ctx); err != nil {
		return err
	}
	defer t.unlock()
	if t.token == "" || !t.until.IsZero() && !t.clock().Before(t.until) {
		if err := t.get(ctx); err != nil {
			return err
		}
	}
	r.Header.Set("Authorization", "Bearer "+t.token)
	return nil
}

// renew fetches another token after one was refused.
func (t *tokens) renew(ctx context.Context) error {
	if err := t.lock(ctx); err != nil {
		return err
	}
	defer t.unlock()
	return t.get(ctx)
}

func (t *tokens) get(ctx context.Context) error {
	t.token, t.until = "", time.Time{}
	asked := t.clock()
	answer, err := t.client.Read(ctx, fetch.Request{Body: t.form, ContentType: "application/x-www-form-urlencoded"})
	if err != nil {
		return fmt.Errorf("get a token: %w", err)
	}
	token, life, err := readToken(answer.Body, servedAt(answer.Header, asked))
	if err != nil {
		return fmt.Errorf("get a token: %w", answer.Fail(fetch.BadContent, err))
	}
	t.token = token
	if life > 0 {
		// The time that counts is the server's, and a request takes some of it.
		t.until = asked.Add(life - min(life/10, time.Minute))
	}
	return nil
}

// servedAt returns the instant of an answer by the server's clock, or ours.
func servedAt(h http.Header, ours time.Time) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t
	}
	return ours
}

// readToken returns a token and for how long it is good, 0 if nothing says so: it is
// then used until it is refused. Greenhouse states the end, in expires_at, and not, as
// RFC 6749, section 5.1, has it, the seconds; both are read.
func readToken(body []byte, now time.Time) (string, time.Duration, error) {
	token, life, stated := "", time.Duration(0), false
	s := jsonscan.New(body)
	err := s.Members(func(key []byte) error {
		v, err := s.Value()
		if err != nil || v.Kind == jsonscan.Null {
			return err
		}
		switch string(key) {
		case "access_token":
			token = v.Text()
		case "token_type":
			if !strings.EqualFold(v.Text(), "bearer") {
				return errors.New("it is no bearer token")
			}
		case "expires_at":
			until, err := parseExpiry(v.Text())
			if err != nil {
				return err
			}
			life, stated = until.Sub(now), true
		case "expires_in":
			if seconds, err := strconv.ParseInt(v.Text(), 10, 32); err == nil && !stated {
				life = time.Duration(seconds) * time.Second
			}
		}
		return nil
	})
	switch {
	case err != nil:
		return "", 0, err
	case token == "":
		return "", 0, errors.New("there is no access_token in it")
	case stated && life <= 0:
		return "", 0, errors.New("the token has expired already")
	}
	return token, life, nil
}

// parseExpiry reads an instant such as 2026-11-23T03:00:00+0000, without the colon
// that RFC 3339 wants, or with it.
func parseExpiry(text string) (time.Time, error) {
	for _, layout := range []string{"2006-01-02T15:04:05-0700", time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil && seconds > 0 {
		return time.Unix(seconds, 0), nil
	}
	return time.Time{}, errors.New("expires_at is no instant")
}
