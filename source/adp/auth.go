package adp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"time"

	"github.com/provision-go/provision/internal/secret"
)

// Auth are credentials: those of a client, and its certificate. It shows nothing of
// them, however it is printed. The zero Auth is none.
type Auth struct {
	id     string
	secret secret.Secret
	// A function, because a certificate has its private key in it.
	certificate func(*tls.CertificateRequestInfo) (*tls.Certificate, error)
	static      bool
}

// ClientCredentials authenticates with an id and a secret of ADP's developer portal,
// and with the certificate that ADP signed for that client, its private key included
// (https://developers.adp.com). ADP wants the certificate when a token is asked for and
// with every request after that. It comes from [tls.X509KeyPair], for instance.
func ClientCredentials(clientID, clientSecret string, certificate tls.Certificate) Auth {
	get := func(*tls.CertificateRequestInfo) (*tls.Certificate, error) { return &certificate, nil }
	if len(certificate.Certificate) == 0 && certificate.PrivateKey == nil {
		get = nil
	}
	return Auth{id: clientID, secret: secret.New(clientSecret), certificate: get, static: true}
}

// RotatingCredentials is [ClientCredentials] with a certificate that may change while
// the source lives. get is called for every new connection, at the same time by several
// goroutines, as [tls.Config.GetClientCertificate] is, and by
// [Source.CertificateExpires] with an info that says nothing about a connection and has
// no context. It never returns nil without an error, and its errors hold no secrets.
func RotatingCredentials(
	clientID, clientSecret string, get func(*tls.CertificateRequestInfo) (*tls.Certificate, error),
) Auth {
	return Auth{id: clientID, secret: secret.New(clientSecret), certificate: get}
}

// String shows that there are credentials, or that there are none.
func (a Auth) String() string {
	if a.id == "" && a.secret.IsZero() && a.certificate == nil {
		return "adp.Auth(none)"
	}
	return "adp.Auth"
}

// GoString returns what String returns.
func (a Auth) GoString() string { return a.String() }

// check says what is missing. A certificate that does not change is looked at; that it
// has expired is for ADP to say, for clocks differ.
func (a Auth) check() error {
	switch {
	case a.id == "":
		return errors.New("Auth: no client id")
	case a.secret.IsZero():
		return errors.New("Auth: no client secret")
	case a.certificate == nil:
		return errors.New("Auth: no client certificate, which ADP wants for tokens and for requests")
	case !a.static:
		return nil
	}
	_, err := a.leaf()
	if err != nil {
		return fmt.Errorf("Auth: %w", err)
	}
	return nil
}

// leaf returns the client's own certificate.
func (a Auth) leaf() (*x509.Certificate, error) {
	c, err := a.certificate(&tls.CertificateRequestInfo{Version: tls.VersionTLS13, SignatureSchemes: []tls.SignatureScheme{
		tls.PSSWithSHA256, tls.PKCS1WithSHA256, tls.ECDSAWithP256AndSHA256, tls.Ed25519,
	}})
	switch {
	case err != nil:
		return nil, fmt.Errorf("get the client certificate: %w", err)
	case c == nil || len(c.Certificate) == 0:
		return nil, errors.New("the client certificate is empty")
	case c.PrivateKey == nil:
		return nil, errors.New("the client certificate has no private key")
	case c.Leaf != nil:
		return c.Leaf, nil
	}
	leaf, err := x509.ParseCertificate(c.Certificate[0])
	if err != nil {
		return nil, fmt.Errorf("the client certificate: %w", err)
	}
	return leaf, nil
}

// secure returns how connections are made.
func secure(cfg *Config) *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: cfg.RootCAs, GetClientCertificate: cfg.Auth.certificate}
}

// CertificateExpires returns the last instant at which the client certificate is valid,
// for a health check: once it is past, ADP answers nothing any more, and a new one has
// to be requested and signed. It connects to nothing. The error says that there is no
// certificate, which only [RotatingCredentials] can cause.
func (s *Source) CertificateExpires(ctx context.Context) (time.Time, error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, err
	}
	leaf, err := s.cfg.Auth.leaf()
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: %w", s.cfg.Name, err)
	}
	return leaf.NotAfter, nil
}
