package oauth

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/provision-go/provision/internal/secret"
)

// Config says where tokens come from.
type Config struct {
	// System names the system in errors. It is required.
	System string
	// TokenURL is the address of the token endpoint. It is required; its scheme is
	// https, http needs Private. It may have a query and holds no credentials.
	TokenURL string
	// ID and Secret are those of the client. ID is required. Without a Secret the
	// client authenticates by its certificate (RFC 8705), and ID is in the body.
	ID     string
	Secret secret.Secret
	// InBody sends ID and Secret in the body. Defaults to false: they are sent by
	// basic authentication, which is what all servers have to support (RFC 6749,
	// section 2.3.1).
	InBody bool
	// Scopes are asked for, if there are any.
	Scopes []string
	// Params are sent too: "audience", "resource", "sub". They hold no secrets.
	Params url.Values
	// Grant makes the parameters of another grant than client credentials, such as the
	// assertion of RFC 7522, anew for each request; grant_type has to be among them. They
	// may hold secrets, its error must not. It is called by one goroutine at a time.
	// Defaults to client credentials.
	Grant func(ctx context.Context) (url.Values, error)
	// Early is how long before its end a token is renewed, and never more than a
	// quarter of its life. Defaults to 1 minute.
	Early time.Duration
	// Now defaults to [time.Now].
	Now func() time.Time

	// TLS, Private and Transport are as in package fetch. A client that has to show a
	// certificate has it in TLS.
	TLS       *tls.Config
	Private   bool
	Transport http.RoundTripper
}

func (c Config) filled() (Config, *url.URL, error) {
	u, err := url.Parse(c.TokenURL)
	switch {
	case c.System == "":
		return c, nil, errors.New("field System: empty")
	case c.TokenURL == "":
		return c, nil, errors.New("field TokenURL: empty")
	case err != nil || u.Host == "":
		return c, nil, errors.New("field TokenURL: it is not a URL with a host")
	case u.Scheme != "https" && (u.Scheme != "http" || !c.Private):
		return c, nil, errors.New("field TokenURL: wanted https; http needs Private")
	case u.User != nil:
		return c, nil, errors.New("field TokenURL: credentials do not belong into an address")
	case c.ID == "":
		return c, nil, errors.New("field ID: empty")
	case c.Early < 0:
		return c, nil, errors.New("field Early: negative")
	}
	for _, name := range []string{"grant_type", "client_id", "client_secret", "scope"} {
		if c.Params.Has(name) {
			return c, nil, fmt.Errorf("field Params: %s is set by the other fields", name)
		}
	}
	for _, s := range c.Scopes {
		if s == "" || strings.ContainsAny(s, " \t\r\n") {
			return c, nil, errors.New("field Scopes: wanted one scope per element, without spaces")
		}
	}
	if c.Early == 0 {
		c.Early = time.Minute
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, u, nil
}
