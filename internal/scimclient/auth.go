package scimclient

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/oauth"
)

// Auth adds credentials to requests. It shows nothing of them, however it is printed.
// The zero value adds none.
type Auth struct {
	authorize func(ctx context.Context, r *http.Request) error
	renew     func(ctx context.Context) error
	err       error // of its configuration; New returns it
}

// Bearer is a token that does not change.
func Bearer(token string) Auth {
	switch {
	case token == "":
		return Auth{err: errors.New("the token is empty")}
	case strings.ContainsFunc(token, func(r rune) bool { return r <= ' ' || r >= 0x7f }):
		return Auth{err: errors.New("the token has a space, line break or other character in it that no header has")}
	}
	return Auth{authorize: func(_ context.Context, r *http.Request) error {
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}}
}

// Credentials are those of an OAuth 2.0 client; see [oauth.Config].
type Credentials = oauth.Config

// ClientCredentials gets tokens with the client credentials grant (RFC 6749, section
// 4.4). It renews them before they expire, and once when one is refused. All callers
// share one renewal, also those of several clients with the same Auth. A wrong
// configuration is an error of [New].
func ClientCredentials(c Credentials) Auth {
	tokens, err := oauth.New(c)
	if err != nil {
		return Auth{err: err}
	}
	return Auth{authorize: tokens.Authorize, renew: tokens.Renew}
}

// IsZero reports whether there are no credentials.
func (a Auth) IsZero() bool { return a.authorize == nil && a.err == nil }

// Format writes whether there are credentials, for every verb.
func (a Auth) Format(s fmt.State, _ rune) { _, _ = s.Write(a.text()) }

// MarshalText returns the same text; log/slog and encoding/json ask for it.
func (a Auth) MarshalText() ([]byte, error) { return a.text(), nil }

func (a Auth) text() []byte {
	if a.IsZero() {
		return []byte("none")
	}
	return []byte("[secret]")
}
