package provision_test

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
)

// pipes is a listener without a socket, so that a bubble's clock may stand behind it.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
	// refuse says what becomes of the n-th connection, counted from 0.
	refuse func(n int) refusal

	mu sync.Mutex
	n  int
}

type refusal uint8

const (
	accepted refusal = iota
	refused          // nobody listens
	dropped          // accepted, and closed before anything is read
)

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error {
	p.once.Do(func() { close(p.closed) })
	return nil
}

func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (p *pipes) dial(ctx context.Context, network, _ string) (net.Conn, error) {
	p.mu.Lock()
	what := p.refuse(p.n)
	p.n++
	p.mu.Unlock()
	if what == refused {
		return nil, &net.OpError{Op: "dial", Net: network, Addr: p.Addr(), Err: syscall.ECONNREFUSED}
	}
	ours, theirs := net.Pipe()
	if what == dropped {
		return ours, theirs.Close()
	}
	select {
	case p.conns <- theirs:
		return ours, nil
	case <-p.closed:
		return nil, &net.OpError{Op: "dial", Net: network, Addr: p.Addr(), Err: syscall.ECONNREFUSED}
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// serveInBubble serves a handler to the transport that it returns, until the test is
// over. It is for tests in a bubble.
func serveInBubble(t *testing.T, handler http.Handler, refuse func(n int) refusal) *http.Transport {
	t.Helper()
	listener := &pipes{conns: make(chan net.Conn), closed: make(chan struct{}), refuse: refuse}
	server := &http.Server{Handler: handler}
	served := make(chan struct{})
	go func() {
		defer close(served)
		_ = server.Serve(listener)
	}()
	transport := &http.Transport{DialContext: listener.dial, MaxIdleConnsPerHost: 8}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
		<-served
		synctest.Wait()
	})
	return transport
}
