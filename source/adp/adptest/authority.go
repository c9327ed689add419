package adptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"time"
)

// An Authority signs the certificates of clients and of a server on this machine, as ADP
// does, for tests.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	server      tls.Certificate
}

// NewAuthority returns an authority with a new key.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("adptest: %w", err)
	}
	a := &Authority{key: key}
	if a.certificate, err = a.sign(&x509.Certificate{
		Subject: pkix.Name{CommonName: "adptest"}, IsCA: true, BasicConstraintsValid: true,
		NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}, key); err != nil {
		return nil, err
	}
	a.server, err = a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "server"}, NotAfter: time.Now().AddDate(1, 0, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	return a, err
}

// sign returns a certificate for a key. The first one is the authority's own.
func (a *Authority) sign(template *x509.Certificate, key *ecdsa.PrivateKey) (*x509.Certificate, error) {
	parent := a.certificate
	if parent == nil {
		parent = template
	}
	template.SerialNumber, template.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour)
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), a.key)
	if err != nil {
		return nil, fmt.Errorf("adptest: %w", err)
	}
	return x509.ParseCertificate(der)
}

func (a *Authority) issue(template *x509.Certificate) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("adptest: %w", err)
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	leaf, err := a.sign(template, key)
	if err != nil {
		return tls.Certificate{}, err
	}
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}, nil
}

// Client returns a certificate of a client that is valid until an instant, which may be
// past.
func (a *Authority) Client(notAfter time.Time) (tls.Certificate, error) {
	return a.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "client"}, NotAfter: notAfter, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	})
}

// Pool returns the pool by which the certificates of the authority, and of others, are
// checked.
func (a *Authority) Pool(others ...*Authority) *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	for _, other := range others {
		pool.AddCert(other.certificate)
	}
	return pool
}

// ServerTLS returns how a server on 127.0.0.1 talks only to clients with a certificate of
// the authority: for the TLS of a [net/http/httptest.Server].
func (a *Authority) ServerTLS() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.Pool(),
		Certificates: []tls.Certificate{a.server},
	}
}

// Verified returns a handler whose requests look as if their client had shown a
// certificate of the authority: for a [Server] that is called without a network.
func Verified(h http.Handler) http.Handler {
	state := &tls.ConnectionState{VerifiedChains: [][]*x509.Certificate{{{}}}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.Clone(r.Context())
		r.TLS = state
		h.ServeHTTP(w, r)
	})
}
