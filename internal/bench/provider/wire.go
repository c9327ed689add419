// Package provider measures a SCIM service provider against a bare handler that
// decodes and encodes the same JSON and does nothing else, both behind net/http on
// this machine.
package provider

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// A Host serves a handler, and sends it requests over a few connections that stay
// open. The client knows no more of HTTP than it needs, so that what is measured is
// the server.
type Host struct {
	server *http.Server
	conns  []*wire
}

type wire struct {
	net.Conn

	in *bufio.Reader
}

var (
	errAnswer = errors.New("unexpected answer")
	errLength = errors.New("an answer without Content-Length")
)

// connections keep two cores busy.
const connections = 4

// Serve starts a host.
func Serve(ctx context.Context, handler http.Handler) (*Host, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h := &Host{server: &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}}
	go func() {
		_ = h.server.Serve(listener) // it ends when it is closed
	}()
	var dialer net.Dialer
	for range connections {
		conn, err := dialer.DialContext(ctx, "tcp", listener.Addr().String())
		if err != nil {
			return nil, errors.Join(err, h.Close())
		}
		h.conns = append(h.conns, &wire{Conn: conn, in: bufio.NewReaderSize(conn, 1<<16)})
	}
	return h, nil
}

// Close ends the server and all connections.
func (h *Host) Close() error {
	var wrong []error
	for _, c := range h.conns {
		wrong = append(wrong, c.Close())
	}
	return errors.Join(append(wrong, h.server.Close())...)
}

// Send sends requests, each connection its share of them one after the other, and
// expects a status of each.
func (h *Host) Send(requests [][]byte, status int) error {
	wrong := make([]error, len(h.conns))
	var wait sync.WaitGroup
	for n, c := range h.conns {
		wait.Go(func() {
			for i := n; i < len(requests) && wrong[n] == nil; i += len(h.conns) {
				wrong[n] = c.send(requests[i], status)
			}
		})
	}
	wait.Wait()
	return errors.Join(wrong...)
}

func (c *wire) send(request []byte, status int) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if _, code, _ := bytes.Cut(line, []byte(" ")); !bytes.HasPrefix(code, strconv.AppendInt(nil, int64(status), 10)) {
		return fmt.Errorf("%w: %s", errAnswer, line)
	}
	length := -1
	for {
		if line, err = c.in.ReadSlice('\n'); err != nil {
			return err
		}
		if len(line) <= len("\r\n") {
			break
		}
		if text, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(text))); err != nil {
				return err
			}
		}
	}
	if length < 0 {
		return errLength
	}
	_, err = io.CopyN(io.Discard, c.in, int64(length))
	return err
}

// Request is a request as it goes over the wire.
func Request(method, path, body string) []byte {
	text := method + " " + path + " HTTP/1.1\r\nHost: app.example\r\nAuthorization: Bearer secret\r\nUser-Agent: bench\r\nAccept: application/scim+json\r\n"
	if body != "" {
		text += "Content-Type: application/scim+json\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n"
	}
	return []byte(text + "\r\n" + body)
}
