package greenhouse

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/provision-go/provision/internal/secret"
)

// Auth are credentials. It shows nothing of them, however it is printed. The zero
// Auth is none.
type Auth struct {
	authorize func(ctx context.Context, r *http.Request) error
	renew     func(ctx context.Context) error
	// Of ClientCredentials, for which New makes the two above.
	id, user string
	secret   secret.Secret
}

// ClientCredentials authenticates with a client of Greenhouse's Dev Center, of the type
// "Harvest V3 (OAuth)" (https://harvestdocs.greenhouse.io/docs/authentication). user is
// the id of the user on whose behalf it asks, who has to be a Site Admin; "" leaves it
// to Greenhouse, which then takes the user that belongs to the client. Tokens are
// fetched, kept until shortly before they expire, and fetched anew.
func ClientCredentials(clientID, clientSecret, user string) Auth {
	if clientID == "" || clientSecret == "" {
		return Auth{}
	}
	return Auth{id: clientID, secret: secret.New(clientSecret), user: user}
}

// Token authenticates with an access token from elsewhere, such as that of a partner
// whose refresh tokens change with every use and have to be stored. get is called
// before every request, at the same time by several goroutines. renew is called once
// when a token is refused, and get again after it; without renew, a refused token ends
// the read. Errors of both must hold no secrets.
func Token(get func(ctx context.Context) (string, error), renew func(ctx context.Context) error) Auth {
	if get == nil {
		return Auth{}
	}
	return Auth{renew: renew, authorize: func(ctx context.Context, r *http.Request) error {
		token, err := get(ctx)
		if err != nil {
			return fmt.Errorf("get a token: %w", err)
		}
		if token == "" {
			return errors.New("get a token: it is empty")
		}
		r.Header.Set("Authorization", "Bearer "+token)
		return nil
	}}
}

func (a Auth) missing() bool { return a.authorize == nil && a.id == "" }

// String shows that there are credentials, or that there are none.
func (a Auth) String() string {
	if a.missing() {
		return "greenhouse.Auth(none)"
	}
	return "greenhouse.Auth"
}

// GoString returns what String returns.
func (a Auth) GoString() string { return a.String() }
