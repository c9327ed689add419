// Package successfactorstest is a SuccessFactors for tests: an [http.Handler] with
// people as data, and faults as data. It answers what package successfactors reads, in
// the form that SAP documents, and refuses what the documentation does not allow:
//
//	fake := successfactorstest.New(successfactorstest.Config{People: people, …})
//	server := httptest.NewServer(fake)
//
// The addresses are /oauth/token, where the signature of an assertion is verified, and
// /odata/v2/PerPerson. Where the documentation is silent the fake is strict: a
// parameter that it does not know is refused.
package successfactorstest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Config says what a Server knows.
type Config struct {
	// CompanyID, APIKey and UserID are those of the client. Default to "acme", "test-key"
	// and "sfapi".
	CompanyID, APIKey, UserID string
	// Certificate is the one that was registered for the client, in PEM. Without one no
	// assertion is accepted.
	Certificate string
	// Tokens are good from the beginning, for those who bring one. Defaults to none.
	Tokens []string
	// TokenLife is how long a token is good. Defaults to 24 hours.
	TokenLife time.Duration
	// Refusal is the status of an answer to a token that is not good: 401 or 403.
	// Defaults to 401.
	Refusal int
	People  []Person
	// Names of foundation objects by their codes, cities and countries of locations.
	Names     map[string]string
	Addresses map[string][2]string
	// RangeReaches has fromDate and toDate reach expanded entities.
	RangeReaches bool
	// NoCount leaves $inlinecount without an answer.
	NoCount bool
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's SuccessFactors. It is safe for concurrent use.
type Server struct {
	cfg    Config
	schema map[string]kind

	mu         sync.Mutex
	ids        []string // sorted
	people     map[string]*stored
	hidden     map[string]bool
	faults     []*fault
	requests   []string
	tokens     map[string]time.Time // until when each is good
	assertions map[string]string    // the token that each gave
	snapshots  []snapshot
	sessions   int
}

// A snapshot is the list of keys that a question had when it was asked first.
type snapshot struct {
	session string
	asked   request
	ids     []string
}

// New returns a Server. Everything in it was changed at the present instant.
func New(cfg Config) *Server {
	cfg.CompanyID, cfg.APIKey, cfg.UserID = cmp.Or(cfg.CompanyID, "acme"), cmp.Or(cfg.APIKey, "test-key"), cmp.Or(cfg.UserID, "sfapi")
	cfg.TokenLife, cfg.Refusal = cmp.Or(cfg.TokenLife, 24*time.Hour), cmp.Or(cfg.Refusal, http.StatusUnauthorized)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{
		cfg: cfg, schema: schema(), people: map[string]*stored{}, hidden: map[string]bool{},
		tokens: map[string]time.Time{}, assertions: map[string]string{},
	}
	for _, token := range cfg.Tokens {
		s.tokens[token] = cfg.Clock().Add(cfg.TokenLife)
	}
	s.Put(cfg.People...)
	return s
}

// Put adds people, or replaces those who are known. What differs from before was
// changed now, and nothing else: a person keeps the instant of their own last change
// when a job of theirs is changed.
func (s *Server) Put(people ...Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range people {
		before, known := s.people[p.ID]
		s.people[p.ID] = store(p, before, s.cfg.Clock())
		if n, _ := slices.BinarySearch(s.ids, p.ID); !known {
			s.ids = slices.Insert(s.ids, n, p.ID)
		}
	}
}

// Delete removes people.
func (s *Server) Delete(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.people, id)
		s.ids = slices.DeleteFunc(s.ids, func(other string) bool { return other == id })
	}
}

// Hide takes people out of sight of the API user, in place of those before.
func (s *Server) Hide(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.hidden)
	for _, id := range ids {
		s.hidden[id] = true
	}
}

// Revoke makes every token that was given out useless.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// Requests returns the method and the address of every request so far.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r.Method+" "+r.URL.String())
	w.Header().Set("Date", s.cfg.Clock().UTC().Format(http.TimeFormat))
	endpoint, answer := s.route(r)
	if f := s.due(endpoint, r); f != nil {
		f.Spoil.Serve(w, r, answer)
		return
	}
	answer.ServeHTTP(w, r)
}

func (s *Server) route(r *http.Request) (Endpoint, http.Handler) {
	switch r.URL.Path {
	case "/oauth/token":
		return Token, http.HandlerFunc(s.giveToken)
	case "/odata/v2/PerPerson":
		return PerPerson, http.HandlerFunc(s.list)
	}
	return "", refused(http.StatusNotFound, "CATEGORY_DENIED", "[LGN0001]Invalid endpoint")
}

// refused answers with an error of OData.
func refused(status int, code, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, status, map[string]any{"error": map[string]any{"code": code, "message": map[string]string{"lang": "en-US", "value": value}}})
	})
}

func invalid(code, value string) http.Handler { return refused(http.StatusBadRequest, code, value) }

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"error":{"code":"TEST","message":{"value":"a value of a test is no JSON"}}}`)
	}
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}

func (s *Server) tokenIsGood(r *http.Request) http.Handler {
	if r.Header.Get("Authorization") == "" {
		return refused(http.StatusForbidden, "CREDENTIALS_MISSING", "[LGN0003]Authentication credentials are required.")
	}
	if _, _, basic := r.BasicAuth(); basic {
		return refused(http.StatusForbidden, "BASIC_AUTH_OR_IP_DISABLED", "[LGN0010]Basic authentication is disabled")
	}
	for token, until := range s.tokens {
		if r.Header.Get("Authorization") == "Bearer "+token && s.cfg.Clock().Before(until) {
			return nil
		}
	}
	return refused(s.cfg.Refusal, "TOKEN_INVALID", "[LGN0022]The access token is either rejected or expired")
}

// session returns the session of a request, and begins one if there is none.
func (s *Server) session(w http.ResponseWriter, r *http.Request) string {
	if c, err := r.Cookie("JSESSIONID"); err == nil {
		return c.Value
	}
	s.sessions++
	id := fmt.Sprintf("session-%d", s.sessions)
	http.SetCookie(w, &http.Cookie{Name: "JSESSIONID", Value: id, Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode})
	w.Header().Set("X-CSRF-Token", "csrf-of-"+id)
	return id
}
