package oauth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/secret"
)

// request is what is sent for a token.
func (s *Source) request(ctx context.Context) (fetch.Request, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if s.cfg.Grant != nil {
		grant, err := s.cfg.Grant(ctx)
		if err != nil {
			return fetch.Request{}, err
		}
		if grant.Get("grant_type") == "" {
			return fetch.Request{}, errors.New("the grant has no grant_type")
		}
		maps.Copy(form, grant)
	}
	maps.Copy(form, s.cfg.Params)
	if len(s.cfg.Scopes) > 0 {
		form.Set("scope", strings.Join(s.cfg.Scopes, " "))
	}
	if s.cfg.InBody || s.cfg.Secret.IsZero() {
		form.Set("client_id", s.cfg.ID)
	}
	if s.cfg.InBody && !s.cfg.Secret.IsZero() {
		form.Set("client_secret", s.cfg.Secret.Reveal())
	}
	return fetch.Request{
		Next: s.address, Body: []byte(form.Encode()), ContentType: "application/x-www-form-urlencoded",
		Header: http.Header{"Cache-Control": {"no-store"}},
	}, nil
}

// identify authenticates the client. RFC 6749, section 2.3.1, has both parts encoded
// as in a form.
func (s *Source) identify(_ context.Context, r *http.Request) error {
	if !s.cfg.InBody && !s.cfg.Secret.IsZero() {
		r.SetBasicAuth(url.QueryEscape(s.cfg.ID), url.QueryEscape(s.cfg.Secret.Reveal()))
	}
	return nil
}

// answer is what a token endpoint says (RFC 6749, section 5.1). Its times are what
// servers are known to send: numbers, numbers as strings, and an instant instead of
// a duration (Greenhouse).
type answer struct {
	Token     string          `json:"access_token"`
	Type      string          `json:"token_type"`
	ExpiresIn json.RawMessage `json:"expires_in"`
	ExpiresAt json.RawMessage `json:"expires_at"`
}

// get asks for a token.
func (s *Source) get(ctx context.Context) (token, error) {
	asked := s.cfg.Now()
	request, err := s.request(ctx)
	if err != nil {
		return token{}, fmt.Errorf("%s: prepare the request for a token: %w", s.cfg.System, err)
	}
	var a answer
	got, err := s.client.JSON(ctx, request, &a)
	switch {
	case err != nil:
		return token{}, err
	case a.Token == "":
		return token{}, got.Fail(fetch.BadContent, errors.New("there is no access_token in the answer"))
	case strings.ContainsFunc(a.Token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return token{}, got.Fail(fetch.BadContent, errors.New("the access_token cannot be in a header"))
	case a.Type != "" && !strings.EqualFold(a.Type, "bearer"):
		return token{}, got.Fail(fetch.BadContent, errors.New("the token_type is not bearer"))
	}
	life, known := lifetime(a, got.Served(asked))
	if known && life <= 0 {
		return token{}, got.Fail(fetch.BadContent, errors.New("the token has expired already"))
	}
	if !known {
		return token{value: secret.New(a.Token)}, nil // until it is refused
	}
	t := token{value: secret.New(a.Token), expires: asked.Add(life)}
	t.renew = t.expires.Add(-min(s.cfg.Early, life/4))
	return t, nil
}

// longest bounds what an answer can say, so that it can be added to an instant.
const longest = 10 * 365 * 24 * time.Hour

// lifetime returns how long a token lasts, if the answer says so. An instant may lack
// the colon that RFC 3339 wants in its zone (Greenhouse).
func lifetime(a answer, asked time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseFloat(unquoted(a.ExpiresIn), 64); err == nil && seconds > 0 {
		return time.Duration(min(seconds, longest.Seconds()) * float64(time.Second)), true
	}
	at := unquoted(a.ExpiresAt)
	end, err := time.Parse(time.RFC3339, at)
	if err != nil {
		end, err = time.Parse("2006-01-02T15:04:05Z0700", at)
	}
	if seconds, wrong := strconv.ParseInt(at, 10, 64); wrong == nil {
		end, err = time.Unix(seconds, 0), nil
	}
	if err != nil {
		return 0, false
	}
	return min(end.Sub(asked), longest), true
}

func unquoted(raw json.RawMessage) string { return strings.Trim(string(raw), `"`) }

// fault keeps of an error answer its code, if RFC 6749, section 5.2, RFC 8707 or
// section 4.1.2.1 list it. Everything else may repeat what was sent.
func fault(e *fetch.Error, _ http.Header, body []byte) {
	var a struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(body, &a) // without a code the status has to do
	e.Message = ""
	switch a.Error {
	case "invalid_client", "unauthorized_client", "invalid_grant", "access_denied":
		e.Message, e.Kind = a.Error, fetch.Unauthorized
	case "invalid_request", "unsupported_grant_type", "invalid_scope", "invalid_target":
		e.Message = a.Error
	case "server_error", "temporarily_unavailable":
		e.Message, e.Kind = a.Error, fetch.Transient
	}
}
