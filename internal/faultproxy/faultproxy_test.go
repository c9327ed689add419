package faultproxy_test

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/faultproxy"
)

// echo is a server that sends back what it gets, and says how much that was.
func echo(t *testing.T) (string, *atomic.Int64) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var got atomic.Int64
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				_, _ = io.Copy(conn, io.TeeReader(conn, counter{&got}))
			}()
		}
	}()
	return listener.Addr().String(), &got
}

type counter struct{ n *atomic.Int64 }

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	return len(p), nil
}

// talk sends a text, ends its own half, and returns what came back.
func talk(t *testing.T, addr string, text []byte) ([]byte, error) {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	require.NoError(t, conn.SetDeadline(time.Now().Add(5*time.Second)))
	go func() {
		_, _ = conn.Write(text)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
	}()
	return io.ReadAll(conn)
}

func TestFates(t *testing.T) {
	text := bytes.Repeat([]byte("0123456789"), 500)
	for name, c := range map[string]struct {
		fate  faultproxy.Fate
		back  int // bytes that come back; -1: as many as get through before a reset
		fault error
	}{
		"nothing":         {faultproxy.Fate{}, len(text), nil},
		"sliced":          {faultproxy.Fate{Up: faultproxy.Fault{Slice: 100}, Down: faultproxy.Fault{Slice: 7}}, len(text), nil},
		"down half":       {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.HalfClose, After: 1234}}, 1234, nil},
		"up half":         {faultproxy.Fate{Up: faultproxy.Fault{Kind: faultproxy.HalfClose, After: 1234}}, 1234, nil},
		"half at once":    {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.HalfClose}}, 0, nil},
		"down reset":      {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Reset, After: 1234}}, -1, syscall.ECONNRESET},
		"up reset":        {faultproxy.Fate{Up: faultproxy.Fault{Kind: faultproxy.Reset, After: 1234}}, -1, syscall.ECONNRESET},
		"beyond the end":  {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.Reset, After: 1 << 20}}, len(text), nil},
		"half and sliced": {faultproxy.Fate{Down: faultproxy.Fault{Kind: faultproxy.HalfClose, After: 33, Slice: 10}}, 33, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server, _ := echo(t)
			proxy, err := faultproxy.New(server, func(int) faultproxy.Fate { return c.fate })
			require.NoError(t, err)
			defer func() { assert.NoError(t, proxy.Close()) }()
			back, err := talk(t, proxy.Addr(), text)
			require.ErrorIs(t, err, c.fault)
			assert.True(t, bytes.HasPrefix(text, back), "in order, unchanged")
			if c.back >= 0 {
				assert.Len(t, back, c.back)
			} else {
				assert.LessOrEqual(t, len(back), 1234)
			}
		})
	}
}

// Nothing ends by itself, and closing ends everything.
func TestStall(t *testing.T) {
	server, got := echo(t)
	proxy, err := faultproxy.New(server, func(n int) faultproxy.Fate {
		return [...]faultproxy.Fate{
			{Down: faultproxy.Fault{Kind: faultproxy.Stall, After: 3}},
			{Up: faultproxy.Fault{Kind: faultproxy.Stall, After: 3}},
		}[n]
	})
	require.NoError(t, err)
	for range 2 {
		conn, err := net.Dial("tcp", proxy.Addr())
		require.NoError(t, err)
		_, err = conn.Write([]byte("0123456789"))
		require.NoError(t, err)
		first := make([]byte, 3)
		_, err = io.ReadFull(conn, first)
		require.NoError(t, err)
		assert.Equal(t, "012", string(first))
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(20*time.Millisecond)))
		_, err = conn.Read(first)
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		t.Cleanup(func() { _ = conn.Close() })
	}
	assert.EqualValues(t, 10+3, got.Load())
	up, down := proxy.Bytes()
	assert.EqualValues(t, 13, up)
	assert.EqualValues(t, 6, down)
	assert.Equal(t, 2, proxy.Connections())
	require.NoError(t, proxy.Close())
	_, err = net.Dial("tcp", proxy.Addr())
	require.Error(t, err)
}
