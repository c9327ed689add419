package adptest

import (
	"net/http"
	"strings"

	"github.com/provision-go/provision/internal/faulty"
)

// Endpoint is one of the doors of a Server.
type Endpoint string

// The endpoints.
const (
	Token   Endpoint = tokenPath
	Workers Endpoint = workerPath
	Events  Endpoint = eventPath
)

// Spoil is what goes wrong with an answer: a status, other headers, an altered body, a
// connection that ends too early.
type Spoil = faulty.Spoil

// A Fault spoils the answers to some requests.
type Fault struct {
	// Endpoint defaults to all but Token.
	Endpoint Endpoint
	// Method defaults to all.
	Method string
	// After is how many of the requests that it concerns are answered well before it
	// occurs. Defaults to none.
	After int
	// Times is how often it occurs. Defaults to always.
	Times int
	Spoil
}

type fault struct {
	Fault
	seen, done int
}

// Break switches faults on, in place of those before. The first one that concerns a
// request spoils its answer. Without faults the server is well again.
func (s *Server) Break(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
	for _, f := range faults {
		s.faults = append(s.faults, &fault{Fault: f})
	}
}

// due returns the fault that spoils the answer to a request, nil if none does.
func (s *Server) due(r *http.Request) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Endpoint == "" && r.URL.Path == tokenPath || !strings.HasPrefix(r.URL.Path, string(f.Endpoint)) ||
			f.Method != "" && f.Method != r.Method {
			continue
		}
		if f.seen++; f.seen <= f.After || f.Times != 0 && f.done >= f.Times {
			continue
		}
		f.done++
		return f
	}
	return nil
}
