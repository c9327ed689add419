package ashbytest

import (
	"encoding/json"

	"github.com/provision-go/provision/internal/faulty"
)

// Spoil is what goes wrong with an answer: a status, other headers, an altered body, a
// connection that ends too early.
type Spoil = faulty.Spoil

// A Fault spoils the answers to some requests.
type Fault struct {
	// Procedure, such as "application.list", defaults to all.
	Procedure string
	// Page is the page that is spoiled, from 1. Defaults to all.
	Page int
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
func (s *Server) due(procedure string, body []byte) *fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	page := 1
	var q question
	if json.Unmarshal(body, &q) == nil && q.Cursor != "" {
		page = s.cursors[q.Cursor].page
	}
	for _, f := range s.faults {
		if f.Procedure != "" && f.Procedure != procedure || f.Page != 0 && f.Page != page || f.Times != 0 && f.done >= f.Times {
			continue
		}
		f.done++
		return f
	}
	return nil
}
