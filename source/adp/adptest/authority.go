package adptest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"time"
)

// An Authority signs the certificates of clients and of a server, as ADP does, for
// tests.
type Authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// NewAuthority returns an authority with a new key. It panics if the machine has no
// randomness.
func NewAuthority() *Authority {
	a := &Authority{key: newKey()}
	a.certificate = sign(&x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "adptest"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(10, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}, nil, a.key, a.key)
	return a
}

func newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	return key
}

// sign returns a certificate for a key; without a parent it signs itself.
func sign(template, parent *x509.Certificate, key, with *ecdsa.PrivateKey) *x509.Certificate {
	if parent == nil {
		parent = template
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), with)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return certificate
}

func (a *Authority) issue(template *x509.Certificate) tls.Certificate {
	key := newKey()
	template.SerialNumber, template.NotBefore = big.NewInt(time.Now().UnixNano()), time.Now().Add(-time.Hour)
	template.KeyUsage = x509.KeyUsageDigitalSignature
	leaf := sign(template, a.certificate, key, a.key)
	return tls.Certificate{Certificate: [][]byte{leaf.Raw}, PrivateKey: key}
}

// Client returns a certificate of a client that is valid until an instant.
func (a *Authority) Client(notAfter time.Time) tls.Certificate {
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

// Serve starts a server on this machine that answers as a handler does, and talks only
// to clients with a certificate of the authority. The caller closes it.
func Serve(h http.Handler, a *Authority) *httptest.Server {
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // of handshakes that are meant to fail
	server.TLS = &tls.Config{
		MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: a.Pool(),
		Certificates: []tls.Certificate{a.issue(&x509.Certificate{
			Subject: pkix.Name{CommonName: "server"}, NotAfter: time.Now().AddDate(1, 0, 0), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
			ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		})},
	}
	server.StartTLS()
	return server
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
