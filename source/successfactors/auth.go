package successfactors

import (
	"cmp"
	"context"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/secret"
)

// Auth are credentials. It shows nothing of them, however it is printed. The zero
// Auth is none.
type Auth struct {
	authorize func(ctx context.Context, r *http.Request) error
	renew     func(ctx context.Context) error
	saml      *SAML
}

// SAML are the credentials of an OAuth client whose key signs SAML assertions, as
// registered under Manage OAuth2 Client Applications.
type SAML struct {
	// CompanyID is the id of the company, case-sensitive. It is required.
	CompanyID string
	// APIKey is the key that SuccessFactors shows for the client. It is required.
	APIKey string
	// UserID is the user whose permissions count: the userId, or the user name with
	// ByUsername. It is required.
	UserID string
	// ByUsername says that UserID is a user name. Defaults to false.
	ByUsername bool
	// PrivateKey is the RSA key in PEM, PKCS #8 or PKCS #1, without a passphrase, and
	// Certificate the X.509 certificate in PEM that was registered for the client. Both
	// are required, unless Assertion is set.
	PrivateKey  secret.Secret
	Certificate string

	// Issuer and Audience are what the assertion says of them. Both default to
	// "www.successfactors.com", which is what independent clients send.
	Issuer, Audience string
	// Lifetime is for how long an assertion may be used. Defaults to 10 minutes.
	Lifetime time.Duration
	// Assertion replaces the signing: it returns a signed assertion in base64, from an
	// identity provider that the client trusts. Its error must hold no secrets. Defaults
	// to nil: PrivateKey signs.
	Assertion func(ctx context.Context) (string, error)
}

// Key keeps a private key in PEM for [SAML].
func Key(pem []byte) secret.Secret { return secret.New(string(pem)) }

// SAMLBearer authenticates by OAuth 2.0 with a SAML assertion (RFC 7522), which is
// made and signed here; the private key is sent to nobody. Tokens are fetched, kept
// until shortly before they expire, and fetched anew.
func SAMLBearer(saml SAML) Auth { return Auth{saml: &saml} }

// Token authenticates with an access token from elsewhere. get is called before every
// request, at the same time by several goroutines. renew is called once when a token
// is refused, and get again after it; without renew, a refused token ends the read.
// Errors of both must hold no secrets.
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

// SandboxKey authenticates at SAP's public sandbox, api.sap.com, with the header
// APIKey. Companies have no such key.
func SandboxKey(key string) Auth {
	if key == "" {
		return Auth{}
	}
	return Auth{authorize: func(_ context.Context, r *http.Request) error {
		r.Header.Set("APIKey", key)
		return nil
	}}
}

// String shows that there are credentials, or that there are none.
func (a Auth) String() string {
	if a.authorize == nil && a.saml == nil {
		return "successfactors.Auth(none)"
	}
	return "successfactors.Auth"
}

// GoString returns what String returns.
func (a Auth) GoString() string { return a.String() }

// filled checks credentials and fills in the defaults.
func (c SAML) filled() (SAML, *signer, error) {
	var errs []error
	for _, field := range [][2]string{{"CompanyID", c.CompanyID}, {"APIKey", c.APIKey}, {"UserID", c.UserID}} {
		if field[1] == "" && (field[0] != "UserID" || c.Assertion == nil) {
			errs = append(errs, fmt.Errorf("field %s: empty", field[0]))
		}
	}
	for _, field := range [][2]string{
		{"CompanyID", c.CompanyID}, {"APIKey", c.APIKey}, {"UserID", c.UserID}, {"Issuer", c.Issuer}, {"Audience", c.Audience},
	} {
		if !utf8.ValidString(field[1]) || strings.ContainsFunc(field[1], unicode.IsControl) {
			errs = append(errs, fmt.Errorf("field %s: a control character or a damaged one is in it", field[0]))
		}
	}
	if c.Lifetime < 0 {
		errs = append(errs, errors.New("field Lifetime: it is negative"))
	}
	c.Issuer, c.Audience = cmp.Or(c.Issuer, "www.successfactors.com"), cmp.Or(c.Audience, "www.successfactors.com")
	c.Lifetime = cmp.Or(c.Lifetime, 10*time.Minute)
	if c.Assertion != nil {
		return c, nil, errors.Join(errs...)
	}
	s, err := newSigner(c.PrivateKey, c.Certificate)
	return c, s, errors.Join(append(errs, err)...)
}

// newSigner reads a key and its certificate.
func newSigner(key secret.Secret, certificate string) (*signer, error) {
	private, err := parseKey(key.Reveal())
	if err != nil {
		return nil, fmt.Errorf("field PrivateKey: %w", err)
	}
	block, _ := pem.Decode([]byte(certificate))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("field Certificate: it is no certificate in PEM")
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, errors.New("field Certificate: it cannot be read")
	}
	if public, ok := parsed.PublicKey.(*rsa.PublicKey); !ok || !public.Equal(&private.PublicKey) {
		return nil, errors.New("field Certificate: it belongs to another key than PrivateKey")
	}
	return &signer{key: private, certificate: block.Bytes}, nil
}

// parseKey says nothing of what it read.
func parseKey(text string) (*rsa.PrivateKey, error) {
	const shortest = 2048
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("it is not in PEM")
	}
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, errors.New("it is neither PKCS #8 nor PKCS #1, or has a passphrase")
		}
		var ok bool
		if key, ok = parsed.(*rsa.PrivateKey); !ok {
			return nil, errors.New("it is no RSA key")
		}
	}
	if key.N.BitLen() < shortest {
		return nil, fmt.Errorf("it has %d bits, at least %d are wanted", key.N.BitLen(), shortest)
	}
	return key, nil
}

// assertion returns an assertion in base64, with padding and without line breaks.
func (c SAML) assertion(ctx context.Context, s *signer, recipient string, now time.Time) (string, error) {
	if c.Assertion != nil {
		assertion, err := c.Assertion(ctx)
		if err == nil && assertion == "" {
			err = errors.New("it is empty")
		}
		if err != nil {
			return "", fmt.Errorf("get an assertion: %w", err)
		}
		return assertion, nil
	}
	signed, err := s.assertion(claim{
		id: newID(), issuer: c.Issuer, audience: c.Audience, recipient: recipient, user: c.UserID, apiKey: c.APIKey,
		byUsername: c.ByUsername, at: now, until: now.Add(c.Lifetime),
	})
	return base64.StdEncoding.EncodeToString([]byte(signed)), err
}
