package fetch_test

import (
	"context"
	"crypto/tls"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// Connections are used again: as many as there are reads at a time, and also when
// some reads fail for good.
func TestConnectionsAreKept(t *testing.T) {
	const width = 10
	var together sync.WaitGroup
	var opened atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/missing" {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		together.Done()
		together.Wait() // each has a connection of its own
		_, _ = io.WriteString(w, "{}")
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: server.URL, Private: true})
	require.NoError(t, err)
	defer client.Close()
	for range 3 {
		together.Add(width)
		var all sync.WaitGroup
		for range width {
			all.Go(func() {
				_, err := client.Read(t.Context(), fetch.Request{Path: "/"})
				assert.NoError(t, err)
			})
		}
		all.Wait()
		_, err := client.Read(t.Context(), fetch.Request{Path: "/missing"})
		require.Error(t, err)
	}
	assert.EqualValues(t, width, opened.Load())
}

// A connection serves the repetition too: what is left of the answer is read.
func TestConnectionIsKeptForTheRepetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent, dialled := 0, 0
		client := inMemory(t, func(w http.ResponseWriter, r *http.Request) {
			switch sent++; {
			case sent < 3:
				w.WriteHeader(http.StatusServiceUnavailable)
				_, _ = io.WriteString(w, strings.Repeat("busy ", 10_000))
			case r.URL.Path != "/api/there":
				http.Redirect(w, r, "/api/there", http.StatusFound)
			default:
				_, _ = io.WriteString(w, "{}")
			}
		}, func(c *fetch.Config) {
			transport, _ := c.Transport.(*http.Transport)
			dial := transport.DialContext
			transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
				dialled++
				return dial(ctx, network, address)
			}
		})
		_, err := client.Read(t.Context(), fetch.Request{})
		require.NoError(t, err)
		assert.Equal(t, 4, sent)
		assert.Equal(t, 1, dialled)
	})
}

func TestHTTP2BreaksOff(t *testing.T) {
	var sent atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, 2, r.ProtoMajor)
		sent.Add(1)
		_, _ = io.WriteString(w, `[{"id":"1"},`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	transport, _ := server.Client().Transport.(*http.Transport)
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: server.URL, Private: true, TLS: transport.TLSClientConfig, Attempts: 1})
	require.NoError(t, err)
	defer client.Close()
	_, err = client.Read(t.Context(), fetch.Request{})
	require.ErrorIs(t, err, source.ErrUnavailable)
	for _, err = range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
		continue
	}
	require.ErrorIs(t, err, source.ErrUnavailable)
	assert.EqualValues(t, 2, sent.Load())
}

func TestClientCertificate(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") }))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS12, ClientAuth: tls.RequireAnyClientCert}
	server.StartTLS()
	defer server.Close()

	for version, name := range map[uint16]string{tls.VersionTLS12: "TLS 1.2", tls.VersionTLS13: "TLS 1.3"} {
		transport, _ := server.Client().Transport.(*http.Transport)
		cfg := fetch.Config{System: "acme-hr", Base: server.URL, Private: true, TLS: transport.TLSClientConfig.Clone()}
		cfg.TLS.MaxVersion = version
		client, err := fetch.New(cfg)
		require.NoError(t, err)
		_, err = client.Read(t.Context(), fetch.Request{})
		assert.Equal(t, fetch.Refused, fetch.KindOf(err), "%s: %v", name, err)
		assert.NotContains(t, err.Error(), "attempt", "%s: not repeated", name)
		client.Close()

		cfg.TLS.Certificates = server.TLS.Certificates
		client, err = fetch.New(cfg)
		require.NoError(t, err)
		_, err = client.Read(t.Context(), fetch.Request{})
		require.NoError(t, err, name)
		client.Close()
	}
}
