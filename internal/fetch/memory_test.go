package fetch_test

import (
	"context"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
)

// respond is a transport made of a function.
type respond func(*http.Request) (*http.Response, error)

func (f respond) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// inMemory returns a client of a server that is reached through pipes, so that
// both may live in a bubble of synctest. What is served ends with the test.
func inMemory(t *testing.T, handler http.HandlerFunc, alter ...func(*fetch.Config)) *fetch.Client {
	t.Helper()
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: handler}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = server.Serve(listener)
	}()
	transport := &http.Transport{DialContext: listener.dial}
	cfg := fetch.Config{System: "acme-hr", Base: "http://acme.example/api", Private: true, Transport: transport}
	for _, a := range alter {
		a(&cfg)
	}
	client, err := fetch.New(cfg)
	require.NoError(t, err)
	t.Cleanup(func() {
		client.Close()
		_ = server.Close()
		<-done
	})
	return client
}

// pipes is a listener in memory.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.closed:
	case <-ctx.Done():
	}
	return nil, net.ErrClosed
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { close(p.closed); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{} }

// answer is a response without a server.
func answer(r *http.Request, status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: newBody(body), Request: r, ContentLength: int64(len(body)), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1}
}

type stringBody struct{ *strings.Reader }

func newBody(s string) stringBody { return stringBody{strings.NewReader(s)} }
func (stringBody) Close() error   { return nil }
