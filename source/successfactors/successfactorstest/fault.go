package successfactorstest

import (
	"net/http"

	"github.com/provision-go/provision/internal/faulty"
)

// Endpoint is one of the doors of a Server.
type Endpoint string

// The endpoints.
const (
	Token     Endpoint = "token"
	PerPerson Endpoint = "PerPerson"
)

// Spoil is what goes wrong with an answer: a status, other headers, an altered body, a
// connection that ends too early.
type Spoil = faulty.Spoil

// A Fault spoils the answers to some requests.
type Fault struct {
	// Endpoint defaults to all but Token.
	Endpoint Endpoint
	// Later spares the first page of a list: requests without a $skiptoken.
	Later bool
	// Times is how often the fault occurs. Defaults to always.
	Times int
	Spoil
}

type fault struct {
	Fault
	done int
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
func (s *Server) due(endpoint Endpoint, r *http.Request) *fault {
	for _, f := range s.faults {
		if f.Endpoint != endpoint && (f.Endpoint != "" || endpoint == Token) ||
			f.Later && !r.URL.Query().Has("$skiptoken") || f.Times != 0 && f.done >= f.Times {
			continue
		}
		f.done++
		return f
	}
	return nil
}
