package successfactors_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

// inMemory carries requests to a handler without a network, so that waits take no
// time in a bubble.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	received := r.Clone(r.Context())
	received.Host, received.RequestURI = r.URL.Host, r.URL.RequestURI()
	if received.Body == nil {
		received.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, received)
	response := recorder.Result()
	response.Request = r
	return response, nil
}

// replaced alters an answer.
func replaced(old, by string) successfactorstest.Spoil {
	return successfactorstest.Spoil{Alter: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) }}
}

// A client has a key and its certificate, in PEM.
type client struct{ key, certificate []byte }

var credentials = sync.OnceValue(newClient)

func newClient() client {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "provision"}, NotAfter: noon().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	return client{
		key:         pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
		certificate: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
	}
}

func noon() time.Time { return time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC) }

func saml() successfactors.SAML {
	return successfactors.SAML{
		CompanyID: "acme", APIKey: "test-key", UserID: "sfapi",
		PrivateKey: successfactors.Key(credentials().key), Certificate: string(credentials().certificate),
	}
}

// serve starts a fake, and returns its address.
func serve(t testing.TB, cfg successfactorstest.Config) (*successfactorstest.Server, string) {
	t.Helper()
	if cfg.Clock == nil {
		cfg.Clock = noon
	}
	if cfg.Certificate == "" {
		cfg.Certificate = string(credentials().certificate)
	}
	fake := successfactorstest.New(cfg)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL
}

// open returns a source that reads a fake.
func open(t testing.TB, address string, change func(*successfactors.Config)) *successfactors.Source {
	t.Helper()
	cfg := successfactors.Config{
		BaseURL: address + "/odata/v2", Auth: successfactors.SAMLBearer(saml()), Clock: noon, Private: true, PageSize: 3,
		Countries: map[string]string{"1710-2001": "DE"},
	}
	if change != nil {
		change(&cfg)
	}
	s, err := successfactors.New(cfg)
	require.NoError(t, err)
	return s
}
