package scimserver_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// pipes is a listener whose connections are in memory, so that time can be faked.
type pipes struct {
	conns chan net.Conn
	done  chan struct{}
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { close(p.done); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

// dialer serves a handler as its documentation says, and returns what connects to it.
func dialer(t *testing.T, h http.Handler, change func(*http.Server)) func() net.Conn {
	t.Helper()
	l := &pipes{conns: make(chan net.Conn), done: make(chan struct{})}
	server := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	if change != nil {
		change(server)
	}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return func() net.Conn {
		ours, theirs := net.Pipe()
		l.conns <- theirs
		t.Cleanup(func() { _ = ours.Close() })
		return ours
	}
}

// drip sends a byte each second, until it is stopped.
func drip(conn net.Conn) func() {
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			if _, err := conn.Write([]byte(" ")); err != nil {
				return
			}
			time.Sleep(time.Second)
		}
	})
	return func() {
		_ = conn.Close()
		wait.Wait()
	}
}

const header = "Host: app.example\r\nAuthorization: Bearer acme\r\nContent-Type: application/scim+json\r\n"

func newServer(t *testing.T, limits scimserver.Limits) *scimserver.Server {
	t.Helper()
	cfg := config(t)
	cfg.Limits = limits
	server, err := scimserver.New(cfg)
	require.NoError(t, err)
	return server
}

// A client that sends a byte of its body now and then is answered 408, and its
// connection is closed.
func TestSlowBody(t *testing.T) {
	for _, test := range []struct {
		limits scimserver.Limits
		change func(*http.Server)
		want   time.Duration
	}{
		{want: 30 * time.Second},
		{limits: scimserver.Limits{Receive: 5 * time.Second}, want: 5 * time.Second},
		{change: func(s *http.Server) { s.ReadTimeout = 15 * time.Second }, want: 15 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			conn := dialer(t, newServer(t, test.limits), test.change)()
			start := time.Now()
			_, err := io.WriteString(conn, "POST /scim/v2/Users HTTP/1.1\r\n"+header+"Content-Length: 1000\r\n\r\n")
			require.NoError(t, err)
			defer drip(conn)()
			in := bufio.NewReader(conn)
			answer, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			assert.Equal(t, http.StatusRequestTimeout, answer.StatusCode)
			text, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			assert.Contains(t, string(text), `"status":"408"`)
			assert.Equal(t, test.want, time.Since(start))
			_, err = in.ReadByte()
			assert.Error(t, err, "the connection is closed")
		})
	}
}

// Nor does one that is refused before its body is read.
func TestSlowBodyOfARefusedRequest(t *testing.T) {
	for _, request := range []string{
		"POST /scim/v2/Users HTTP/1.1\r\nHost: app.example\r\n", "PUT /scim/v2/Users HTTP/1.1\r\n" + header, "GET /scim/v2/Users HTTP/1.1\r\n" + header,
	} {
		synctest.Test(t, func(t *testing.T) {
			conn := dialer(t, newServer(t, scimserver.Limits{}), nil)()
			start := time.Now()
			_, err := io.WriteString(conn, request+"Content-Length: 100000\r\n\r\n")
			require.NoError(t, err)
			defer drip(conn)()
			_, err = io.ReadAll(conn)
			require.NoError(t, err)
			assert.LessOrEqual(t, time.Since(start), 31*time.Second)
		})
	}
}

// A client that never takes its answer does not keep a goroutine.
func TestSlowReader(t *testing.T) {
	for _, test := range []struct {
		limits scimserver.Limits
		change func(*http.Server)
		want   time.Duration
	}{
		{want: time.Minute},
		{limits: scimserver.Limits{Send: 5 * time.Second}, want: 5 * time.Second},
		{change: func(s *http.Server) { s.WriteTimeout = 15 * time.Second }, want: 15 * time.Second},
	} {
		for _, path := range []string{"/Users", "/ServiceProviderConfig"} { // a long answer and a short one
			synctest.Test(t, func(t *testing.T) {
				server := newServer(t, test.limits)
				c := &client{t: t, server: server, tenant: "acme"}
				for n := range 100 {
					c.user(fmt.Sprint("user", n))
				}
				closed := make(chan time.Time, 1)
				conn := dialer(t, server, func(s *http.Server) {
					s.ConnState = func(_ net.Conn, state http.ConnState) {
						if state == http.StateClosed {
							closed <- time.Now()
						}
					}
					if test.change != nil {
						test.change(s)
					}
				})()
				start := time.Now()
				_, err := io.WriteString(conn, "GET /scim/v2"+path+" HTTP/1.1\r\n"+header+"\r\n")
				require.NoError(t, err)
				assert.Equal(t, test.want, (<-closed).Sub(start))
			})
		}
	}
}

// A slow header is the server's business, as the documentation says.
func TestSlowHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := dialer(t, newServer(t, scimserver.Limits{}), nil)()
		start := time.Now()
		_, err := io.WriteString(conn, "GET /scim/v2/Users HTTP/1.1\r\nHost: app")
		require.NoError(t, err)
		_, err = io.ReadAll(conn)
		require.NoError(t, err)
		assert.Equal(t, 10*time.Second, time.Since(start))
	})
}

// What was set for one request does not end the next one on the same connection.
func TestConnectionIsUsedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		conn := dialer(t, newServer(t, scimserver.Limits{}), nil)()
		in := bufio.NewReader(conn)
		for n := range 5 {
			body := fmt.Sprintf(`{"userName":"user%d"}`, n)
			go func() {
				_, _ = io.WriteString(conn, fmt.Sprintf("POST /scim/v2/Users HTTP/1.1\r\n%sContent-Length: %d\r\n\r\n", header, len(body)))
				time.Sleep(20 * time.Second)
				_, _ = io.Copy(conn, strings.NewReader(body))
			}()
			answer, err := http.ReadResponse(in, nil)
			require.NoError(t, err)
			assert.Equal(t, http.StatusCreated, answer.StatusCode)
			time.Sleep(20 * time.Second) // it takes its time to read, too
			_, err = io.Copy(io.Discard, answer.Body)
			require.NoError(t, err)
			time.Sleep(90 * time.Second) // the server waits two minutes
		}
	})
}

// The time for a body is not one for the answer.
func TestSlowStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config(t)
		cfg.Changed = func(ctx context.Context, _ scimserver.Change) {
			time.Sleep(45 * time.Second)
			assert.NoError(t, ctx.Err())
		}
		server, err := scimserver.New(cfg)
		require.NoError(t, err)
		conn := dialer(t, server, nil)()
		_, err = io.WriteString(conn, "POST /scim/v2/Users HTTP/1.1\r\n"+header+"Content-Length: 18\r\n\r\n"+`{"userName":"ana"}`)
		require.NoError(t, err)
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		require.NoError(t, err)
		assert.Equal(t, http.StatusCreated, answer.StatusCode)
		_, err = io.Copy(io.Discard, answer.Body)
		require.NoError(t, err)
	})
}
