package scimsource

import (
	"crypto/tls"
	"net/http"
	"net/url"
	"time"

	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/internal/secret"
)

// Auth are credentials. It shows nothing of them, however it is printed. The zero Auth
// is none: a Transport may add them.
type Auth struct{ auth scimclient.Auth }

// MarshalText says whether there are credentials.
func (a Auth) MarshalText() ([]byte, error) { return a.auth.MarshalText() }

// Bearer authenticates with a token that does not change (RFC 6750).
func Bearer(token string) Auth { return Auth{scimclient.Bearer(token)} }

// Secret is a value that nothing prints.
type Secret = secret.Secret

// NewSecret keeps a value.
func NewSecret(value string) Secret { return secret.New(value) }

// Credentials are those of an OAuth 2.0 client.
type Credentials struct {
	// TokenURL is the address of the token endpoint. It is required, and may come from
	// a customer.
	TokenURL string
	// ID and Secret are those of the client. ID is required. Without a Secret the
	// client authenticates by the certificate in TLS (RFC 8705).
	ID     string
	Secret Secret
	// InBody sends ID and Secret in the body. Defaults to basic authentication.
	InBody bool
	// Scopes are asked for, and Params sent too: "audience", "resource". Params hold no
	// secrets.
	Scopes []string
	Params url.Values
	// Early is how long before its end a token is renewed, and never more than a
	// quarter of its life. Defaults to 1 minute.
	Early time.Duration
	// TLS adds a client certificate or an authority of one's own.
	TLS *tls.Config
	// Private and Transport are as those of Config.
	Private   bool
	Transport http.RoundTripper
}

// ClientCredentials authenticates with tokens of the client credentials grant (RFC
// 6749, section 4.4). They are renewed before they expire, and once when one is
// refused. What is wrong with c is an error of [New].
func ClientCredentials(c Credentials) Auth {
	return Auth{scimclient.ClientCredentials(scimclient.Credentials{
		System: "token endpoint", TokenURL: c.TokenURL, ID: c.ID, Secret: c.Secret, InBody: c.InBody, Scopes: c.Scopes, Params: c.Params,
		Early: c.Early, TLS: c.TLS, Private: c.Private, Transport: c.Transport,
	})}
}
