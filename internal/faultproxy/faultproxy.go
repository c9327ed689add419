// Package faultproxy stands between a client and a server on this machine and breaks
// connections at a given byte: for tests of what real sockets do. It knows nothing of
// the protocol that passes through it.
package faultproxy

import (
	"context"
	"net"
	"sync"
	"time"
)

// Kind is how a direction of a connection ends.
type Kind uint8

// The kinds. The zero value is Pass.
const (
	Pass      Kind = iota // nothing happens to it
	Reset                 // both peers get a reset
	Stall                 // nothing more arrives, and nothing ends
	HalfClose             // the receiver gets an end of file; the other direction goes on
)

// A Fault is what happens to one direction of one connection. The zero value is
// nothing.
type Fault struct {
	Kind Kind
	// After is how many bytes pass before the Kind applies. A direction that carries
	// less than that passes whole.
	After int64
	// Slice is how many bytes are written at once; 0: as they come. Pause is the time
	// between two slices.
	Slice int
	Pause time.Duration
}

// A Fate is what happens to one connection: Up is from the client to the server.
type Fate struct{ Up, Down Fault }

// A Proxy is safe for concurrent use.
type Proxy struct {
	listener net.Listener
	server   string
	fate     func(n int) Fate

	mu       sync.Mutex
	open     map[net.Conn]bool
	number   int
	up, down int64
	closed   bool
	running  sync.WaitGroup
}

// New begins to listen on a loopback address and to connect whoever comes to server,
// a "host:port". The n-th connection, counted from 0, gets fate(n); nil: nothing
// happens to any. The caller closes the proxy.
func New(server string, fate func(n int) Fate) (*Proxy, error) {
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	if fate == nil {
		fate = func(int) Fate { return Fate{} }
	}
	p := &Proxy{listener: listener, server: server, fate: fate, open: map[net.Conn]bool{}}
	p.running.Go(p.accept)
	return p, nil
}

// Addr is where the proxy listens, as "host:port".
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Connections is how many were accepted so far.
func (p *Proxy) Connections() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.number
}

// Bytes is how many were passed on so far, to the server and to the client.
func (p *Proxy) Bytes() (up, down int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.up, p.down
}

// Close ends all connections and waits until nothing of the proxy runs any more.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	p.closed = true
	for conn := range p.open {
		_ = conn.Close()
	}
	p.mu.Unlock()
	p.running.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		server, err := new(net.Dialer).DialContext(context.Background(), "tcp", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		fate := p.fate(p.number)
		p.number++
		p.open[client], p.open[server] = true, true
		if p.closed { // Close has not seen these
			_ = client.Close()
			_ = server.Close()
		}
		p.mu.Unlock()
		p.running.Go(func() {
			var both sync.WaitGroup
			both.Go(func() { p.pass(client, server, fate.Up, &p.up) })
			both.Go(func() { p.pass(server, client, fate.Down, &p.down) })
			both.Wait()
			p.mu.Lock()
			delete(p.open, client)
			delete(p.open, server)
			p.mu.Unlock()
			_ = client.Close()
			_ = server.Close()
		})
	}
}

// pass moves the bytes of one direction. What comes after a stall or a half-close is
// read and dropped, so that the end of the connection is still noticed.
func (p *Proxy) pass(from, to net.Conn, f Fault, passed *int64) {
	left := f.After
	broken := false
	buf := make([]byte, 32<<10)
	for {
		n, err := from.Read(buf)
		if broken {
			n = 0
		}
		end := f.Kind != Pass && int64(n) >= left && !broken
		if end {
			n = int(left)
		}
		left -= int64(n)
		if !p.write(to, buf[:n], f, passed) {
			_ = from.Close()
			return
		}
		if end {
			broken = true
			switch f.Kind {
			case Reset:
				reset(from)
				reset(to)
				return
			case HalfClose:
				halfClose(to)
			default:
			}
		}
		if err != nil {
			if !broken || f.Kind != Stall {
				halfClose(to)
			}
			return
		}
	}
}

// write passes bytes on, in slices. It returns false if the receiver is gone.
func (p *Proxy) write(to net.Conn, b []byte, f Fault, passed *int64) bool {
	for len(b) > 0 {
		n := len(b)
		if f.Slice > 0 {
			n = min(n, f.Slice)
		}
		// Counted first: whoever has the answer sees all of it in Bytes.
		p.count(passed, n)
		if done, err := to.Write(b[:n]); err != nil {
			p.count(passed, done-n)
			return false
		}
		if b = b[n:]; len(b) > 0 || f.Slice > 0 {
			time.Sleep(f.Pause)
		}
	}
	return true
}

func (p *Proxy) count(passed *int64, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	*passed += int64(n)
}

// reset closes a connection without the usual farewell.
func reset(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func halfClose(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.CloseWrite()
	}
}
