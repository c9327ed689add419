// Package loopback is a system with accounts behind HTTP on this machine: a
// server, a client that makes nothing but requests, and a target on top of the
// same client. The server keeps nothing: it knows a company and answers about
// everybody alike, so that its own time does not depend on how many there are.
package loopback

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/provision-go/provision/internal/bench/people"
)

// Server answers requests about the accounts of a company.
//
//	POST  /users        creates an account: 201 and its native ID
//	PATCH /users/ID     changes it: 200
//	GET   /users/ID     200 and the account
//	GET   /users?key=K  200 and the account
type Server struct {
	company people.Company
	server  *http.Server
	url     string
}

// Start starts a server on a free port of this machine.
func Start(ctx context.Context, c people.Company) (*Server, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &Server{company: c, url: "http://" + listener.Addr().String() + "/users"}
	s.server = &http.Server{Handler: s, ReadHeaderTimeout: time.Minute}
	go func() {
		if err := s.server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			_ = s.server.Close() // clients see it
		}
	}()
	return s, nil
}

// Stop ends the server and all connections.
func (s *Server) Stop() error { return s.server.Close() }

// buffers are for bodies.
type buffers struct{ pool sync.Pool }

func (b *buffers) get() *bytes.Buffer {
	if buf, ok := b.pool.Get().(*bytes.Buffer); ok {
		buf.Reset()
		return buf
	}
	return new(bytes.Buffer)
}

func (b *buffers) put(buf *bytes.Buffer) { b.pool.Put(buf) }

var bodies = &buffers{}

// ServeHTTP answers.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	buf := bodies.get()
	defer bodies.put(buf)
	if _, err := io.Copy(buf, r.Body); err != nil {
		http.Error(w, "unreadable body", http.StatusBadRequest)
		return
	}
	var answer []byte
	status := http.StatusOK
	switch r.Method {
	case http.MethodPost:
		number, ok := people.Number(string(field(buf.Bytes(), "externalId")))
		if !ok {
			http.Error(w, "no externalId", http.StatusBadRequest)
			return
		}
		status = http.StatusCreated
		answer = appendText(append(answer, `{"id":`...), people.AccountID(number))
		answer = append(answer, '}')
	case http.MethodPatch:
		answer = append(answer, "{}"...)
	default:
		number, ok := people.Number(r.URL.Query().Get("key"))
		if id, found := strings.CutPrefix(r.URL.Path, "/users/"); found {
			number, ok = people.AccountNumber(id)
		}
		if !ok || number >= s.company.Size {
			http.Error(w, "no such account", http.StatusNotFound)
			return
		}
		account := s.company.Account(number)
		answer = appendText(append(answer, `{"id":`...), account.ID)
		answer = appendAccount(append(answer, ','), account.Key.String(), account.Attributes.All())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer) // the client sees what is missing
}

// field returns the value of a field of an object that has it without escapes.
func field(body []byte, name string) []byte {
	_, rest, ok := bytes.Cut(body, []byte(`"`+name+`":"`))
	if !ok {
		return nil
	}
	value, _, _ := bytes.Cut(rest, []byte{'"'})
	return value
}
