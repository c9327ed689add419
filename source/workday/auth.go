package workday

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/secret"
)

// Auth are credentials. It shows nothing of them, however it is printed. The zero
// Auth is none.
type Auth struct {
	user, password secret.Secret
	token          func(ctx context.Context) (string, error)
	renew          func(ctx context.Context) error
}

// Password authenticates as an integration system user: with a WS-Security
// UsernameToken for Get_Workers, with HTTP Basic for a report. Get_Workers wants the
// name as "user@tenant"; the tenant is added there to a name without one. Whether a
// report wants it is not documented: it gets the name as it is given here.
func Password(user, password string) Auth {
	return Auth{user: secret.New(user), password: secret.New(password)}
}

// Token authenticates with an OAuth access token, from
// "https://<host>/ccx/oauth2/<tenant>/token". get is called before every request, at
// the same time by several goroutines, and is expected to return a token that it
// keeps. renew is called once when a token is refused, and get again after it;
// without renew, a refused token ends the read. Errors of both must hold no secrets.
func Token(get func(ctx context.Context) (string, error), renew func(ctx context.Context) error) Auth {
	return Auth{token: get, renew: renew}
}

func (a Auth) check() error {
	if a.token != nil {
		return nil
	}
	user, password := a.user.Reveal(), a.password.Reveal()
	switch {
	case user == "" && password == "":
		return errors.New("no credentials")
	case user == "":
		return errors.New("no user")
	case password == "":
		return errors.New("no password")
	case !clean(user), strings.Contains(user, ":"):
		return errors.New("the user has a colon, a line break or another character that cannot be sent")
	case !clean(password):
		return errors.New("the password has a line break or another character that cannot be sent")
	}
	return nil
}

// clean reports whether a text can stand in XML. A password that was read from a
// file often ends with a line break.
func clean(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == '\uFFFE' || r == '\uFFFF'
	})
}

// bearer adds a token to a request, if that is how it is authenticated.
func (a Auth) bearer(ctx context.Context, r *http.Request) error {
	if a.token == nil {
		return nil
	}
	token, err := a.token(ctx)
	if err != nil {
		return fmt.Errorf("get a token: %w", err)
	}
	if token == "" {
		return errors.New("get a token: it is empty")
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return nil
}

// basic adds a token, or name and password.
func (a Auth) basic(ctx context.Context, r *http.Request) error {
	if a.token == nil {
		r.SetBasicAuth(a.user.Reveal(), a.password.Reveal())
	}
	return a.bearer(ctx, r)
}

// qualified returns the name with its tenant.
func (a Auth) qualified(tenant string) string {
	user := a.user.Reveal()
	if strings.Contains(user, "@") {
		return user
	}
	return user + "@" + tenant
}

// leaks reports whether a text has the password in it. Package fetch knows what it
// put into headers; it does not know what is in a body.
func (a Auth) leaks(text string) bool {
	password := a.password.Reveal()
	return password != "" && strings.Contains(text, password)
}
