// Package ashbytest is an Ashby for tests: an [http.Handler] with people as data, and
// faults as data. It answers what package ashby asks, in the form that the vendor
// documents, and refuses what the documentation does not allow:
//
//	fake := ashbytest.New(ashbytest.Config{Candidates: people, …})
//	server := httptest.NewServer(fake)
//
// The procedures are application.list, application.info, candidate.info, offer.list,
// department.list and location.list. Business errors have the status 200, as there.
// Where Ashby ignores what it does not know, the fake refuses it.
package ashbytest

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says what a Server knows.
type Config struct {
	// APIKey is accepted as the user name of HTTP Basic. Defaults to "test-key".
	APIKey       string
	Candidates   []Candidate
	Applications []Application
	Offers       []Offer
	Jobs         []Job
	Departments  []Place
	Locations    []Place
	// MostSync is how many records a sync may be behind. Defaults to 10,000.
	MostSync int
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's Ashby. It is safe for concurrent use.
type Server struct {
	cfg Config

	mu       sync.Mutex
	version  int // of everything; each change is another one
	tables   map[string]*table
	jobs     map[string]Job
	people   map[string]Candidate
	faults   []*fault
	requests []string
	tokens   map[string]begin
	cursors  map[string]cursor
}

// A begin is where a sync begins.
type begin struct {
	procedure string
	version   int
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.APIKey == "" {
		cfg.APIKey = "test-key"
	}
	if cfg.MostSync == 0 {
		cfg.MostSync = 10_000
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{
		cfg: cfg, tables: map[string]*table{}, jobs: map[string]Job{}, people: map[string]Candidate{},
		tokens: map[string]begin{}, cursors: map[string]cursor{},
	}
	for _, name := range []string{"application", "offer", "department", "location"} {
		s.tables[name] = &table{at: map[string]int{}}
	}
	for _, j := range cfg.Jobs {
		s.jobs[j.ID] = j
	}
	s.PutCandidates(cfg.Candidates...)
	s.PutApplications(cfg.Applications...)
	s.PutOffers(cfg.Offers...)
	for _, p := range cfg.Departments {
		s.put("department", p.ID, p.department)
	}
	for _, p := range cfg.Locations {
		s.put("location", p.ID, p.location)
	}
	return s
}

// Requests returns the procedure and the body of every request so far.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Expire makes every sync token that was given out useless.
func (s *Server) Expire() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		s.tokens[token] = begin{}
	}
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	procedure := strings.TrimPrefix(r.URL.Path, "/")
	s.mu.Lock()
	s.requests = append(s.requests, procedure+" "+string(body))
	s.mu.Unlock()
	healthy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status, answer := s.admit(r, procedure)
		if status == 0 {
			status, answer = http.StatusOK, s.answer(procedure, body, err)
		}
		text, err := json.Marshal(answer)
		if err != nil {
			status, text = http.StatusInternalServerError, []byte(`{"success":false}`)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(text)))
		w.WriteHeader(status)
		_, _ = w.Write(text) // the client may be gone
	})
	if f := s.due(procedure, body); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

// admit returns a status that is an error, or 0.
func (s *Server) admit(r *http.Request, procedure string) (int, row) {
	key, password, ok := r.BasicAuth()
	known := slices.Contains(strings.Fields(
		"application.list application.info candidate.info offer.list department.list location.list"), procedure)
	switch {
	case !known:
		return http.StatusNotFound, refuse("not_found")
	case r.Method != http.MethodPost:
		return http.StatusMethodNotAllowed, refuse("method_not_allowed")
	case !ok:
		return http.StatusUnauthorized, refuse("unauthorized")
	case subtle.ConstantTimeCompare([]byte(key), []byte(s.cfg.APIKey)) != 1 || password != "":
		return http.StatusForbidden, refuse("invalid_api_key")
	case r.Header.Get("Content-Type") != "application/json":
		return http.StatusUnsupportedMediaType, refuse("unsupported_media_type")
	case r.Header.Get("Accept") != "application/json; version=1":
		return http.StatusNotAcceptable, refuse("not_acceptable")
	case r.URL.RawQuery != "":
		return http.StatusBadRequest, refuse("invalid_input")
	}
	return 0, nil
}

func refuse(code string) row {
	return row{"success": false, "errors": []string{code}, "errorInfo": row{"code": code, "message": "Refused: " + code, "requestId": "req_1"}}
}

// A question is the body of a request.
type question struct {
	Limit           *int   `json:"limit"`
	Cursor          string `json:"cursor"`
	SyncToken       string `json:"syncToken"`
	Status          string `json:"status"`
	ID              string `json:"id"`
	ApplicationID   string `json:"applicationId"`
	IncludeArchived *bool  `json:"includeArchived"`
}

func read(procedure string, body []byte) (question, string) {
	var q question
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if decoder.Decode(&q) != nil {
		return q, "invalid_input"
	}
	switch {
	case q.Limit != nil && (*q.Limit < 1 || *q.Limit > 100):
		return q, "invalid_input"
	case q.Status != "" && (procedure != "application.list" || !slices.Contains([]string{"Hired", "Archived", "Active", "Lead"}, q.Status)):
		return q, "invalid_input"
	case q.IncludeArchived != nil && procedure != "department.list" && procedure != "location.list":
		return q, "invalid_input"
	case q.ApplicationID != "" && procedure != "offer.list" && procedure != "application.info":
		return q, "invalid_input"
	case q.ID != "" && procedure != "candidate.info":
		return q, "invalid_input"
	}
	return q, ""
}

func (s *Server) answer(procedure string, body []byte, err error) row {
	q, refused := read(procedure, body)
	if err != nil || refused != "" {
		return refuse(or(refused, "invalid_input"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch procedure {
	case "application.info":
		return s.info("application", q.ApplicationID)
	case "candidate.info":
		return s.candidate(q.ID)
	default:
		return s.list(procedure, q)
	}
}

func or(text, standard string) string {
	if text == "" {
		return standard
	}
	return text
}
