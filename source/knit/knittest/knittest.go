// Package knittest is a Knit for tests: it answers the request for a sync, and pushes
// what the sync finds, signed, to a handler.
//
//	fake := knittest.New(knittest.Config{APIKey: "key", People: knittest.Population(100)})
//	connector, err := knit.New(knit.Config{Transport: fake, APIKey: "key", Store: knit.NewMemory()})
//	...
//	run, err := fake.Sync(connector, "initial_sync")  // or connector.Start, and then
//	err = fake.Deliver(connector)                     // what was started
//
// It is made after the vendor's documentation
// (https://developers.getknit.dev/docs/starting-a-employee-data-sync) and refuses what
// that does not allow. A [Push] can be altered on its way, see [Way]: come twice, late,
// never, unsigned.
package knittest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config says what the fake is.
type Config struct {
	// APIKey is what requests have to carry and pushes are signed with. It is required.
	APIKey string
	// Integration is the id of the only integration. Defaults to "int_1".
	Integration string
	// People are all who are in the system behind Knit.
	People []Person
	// Clock says when events are triggered. Defaults to [time.Now].
	Clock func() time.Time
	// NoTimes leaves triggeredAt out of events, as the samples of the vendor do.
	NoTimes bool
}

// A Server is a Knit with one integration. It is safe for concurrent use.
type Server struct {
	cfg Config

	mu      sync.Mutex
	people  map[string]Person
	known   map[string]string // what was pushed last, by id
	pending []string          // types of syncs that were started
	asked   []string          // bodies of requests
	runs    int
	events  int
	answer  http.Handler // in place of ours
}

// New returns a fake.
func New(cfg Config) *Server {
	if cfg.Integration == "" {
		cfg.Integration = "int_1"
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{cfg: cfg, people: map[string]Person{}, known: map[string]string{}}
	s.Put(cfg.People...)
	return s
}

// Put adds people, or changes those with the same id.
func (s *Server) Put(people ...Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range people {
		s.people[p.ID] = p
	}
}

// Remove takes people out of the system behind Knit.
func (s *Server) Remove(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.people, id)
	}
}

// Answer lets another handler answer requests, nil for none.
func (s *Server) Answer(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = h
}

// Asked returns the bodies of the requests that were accepted.
func (s *Server) Asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.asked)
}

// ServeHTTP answers POST /v1.0/sync.start.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.answer != nil {
		s.answer.ServeHTTP(w, r)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	refuse := func(status int, why string) {
		w.WriteHeader(status)
		_ = json.NewEncoder(w).Encode(map[string]any{"success": false, "error": map[string]string{"msg": why}})
	}
	var body struct {
		DataType string   `json:"dataType"`
		Models   []string `json:"models"`
		SyncType string   `json:"syncType"`
	}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(&body); {
	case r.Method != http.MethodPost || !strings.HasSuffix(r.URL.Path, "/sync.start") || r.URL.RawQuery != "":
		refuse(http.StatusNotFound, "no such endpoint")
	case r.Header.Get("Authorization") != "Bearer "+s.cfg.APIKey:
		refuse(http.StatusUnauthorized, "the API key is not valid")
	case r.Header.Get("X-Knit-Integration-Id") != s.cfg.Integration:
		refuse(http.StatusBadRequest, "no such integration")
	case err != nil || body.DataType != "employee" || len(body.Models) == 0 || !slices.Contains([]string{"initial_sync", "delta_sync"}, body.SyncType):
		refuse(http.StatusBadRequest, "the request is not valid")
	default:
		text, _ := json.Marshal(body) // of texts it cannot fail
		s.asked = append(s.asked, string(text))
		s.pending = append(s.pending, body.SyncType)
		_ = json.NewEncoder(w).Encode(map[string]any{"success": true, "data": map[string]string{"syncJobId": s.job()}})
	}
}

func (s *Server) job() string { return "sj_" + s.cfg.Integration }

// RoundTrip lets the fake be a transport.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	return carry(s, r), nil
}
