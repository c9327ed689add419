package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/source/memsource"
)

// maxPush is how many bytes a push may have.
const maxPush = 64 << 10

// receiver takes pushes. What a push says about a person is kept if it is newer
// than what we have; then that person is looked at, whatever the push said. So a
// push that comes twice, late or out of order does no harm.
type receiver struct {
	people *memsource.Source
	engine *provision.Engine

	// mu lets one push in at a time: between looking at somebody and writing, no
	// other push about them may come.
	mu      sync.Mutex
	version map[string]int // of what is in people, by person
}

// push says that somebody changed.
type push struct {
	ID      string  `json:"id"`
	Version int     `json:"version"`
	Person  *person `json:"person"` // nil: only a hint
}

// ServeHTTP answers with the report. A 503 asks the sender to send the push again.
func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	var p push
	if err := json.NewDecoder(http.MaxBytesReader(w, req.Body, maxPush)).Decode(&p); err != nil || p.ID == "" {
		http.Error(w, "this is no push", http.StatusBadRequest)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p.Person != nil && p.Version > r.version[p.ID] {
		r.version[p.ID] = p.Version
		r.people.Put(p.Person.identity(p.ID))
	}
	report, err := r.engine.SyncOne(req.Context(), p.ID)
	if err == nil {
		err = report.Err()
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	var answer strings.Builder
	fmt.Fprint(&answer, report)
	for _, finding := range report.Findings {
		fmt.Fprintln(&answer, finding)
	}
	_, _ = io.WriteString(w, answer.String()) // the sender is gone if this fails
}
