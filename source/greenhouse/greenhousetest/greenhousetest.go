// Package greenhousetest is a Greenhouse for tests: an [http.Handler] with people as
// data, and faults as data. It answers what package greenhouse reads of Harvest v3, in
// the form that the vendor documents, and refuses what the documentation does not
// allow:
//
//	fake := greenhousetest.New(greenhousetest.Config{Candidates: people, …})
//	server := httptest.NewServer(fake)
//
// The addresses are /token and, below /v3, applications, candidates, offers, jobs,
// departments and offices. Where the documentation is silent the fake is strict: a
// parameter that it does not name is refused.
package greenhousetest

import (
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says what a Server knows.
type Config struct {
	// ClientID and ClientSecret are accepted as HTTP Basic by /token. Default to
	// "test-client" and "test-secret".
	ClientID, ClientSecret string
	// TokenLife is how long a token is good. Defaults to one hour.
	TokenLife    time.Duration
	Candidates   []Candidate
	Applications []Application
	Offers       []Offer
	Jobs         []Job
	Departments  []Place
	Offices      []Place
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's Greenhouse. It is safe for concurrent use.
type Server struct {
	cfg Config

	mu       sync.Mutex
	tables   map[Endpoint]*table
	faults   []*fault
	requests []string
	tokens   map[string]time.Time // until when each is good
	cursors  map[string]request
}

// New returns a Server. Everything in it was changed at the present instant, unless
// it says otherwise.
func New(cfg Config) *Server {
	if cfg.ClientID == "" {
		cfg.ClientID, cfg.ClientSecret = "test-client", "test-secret"
	}
	if cfg.TokenLife == 0 {
		cfg.TokenLife = time.Hour
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{cfg: cfg, tables: map[Endpoint]*table{}, tokens: map[string]time.Time{}, cursors: map[string]request{}}
	for _, e := range []Endpoint{Applications, Candidates, Offers, Jobs, Departments, Offices} {
		s.tables[e] = &table{at: map[string]int{}}
	}
	s.PutCandidates(cfg.Candidates...)
	s.PutJobs(cfg.Jobs...)
	s.PutApplications(cfg.Applications...)
	s.PutOffers(cfg.Offers...)
	for _, p := range cfg.Departments {
		s.put(Departments, p.ID, p.row())
	}
	for _, p := range cfg.Offices {
		s.put(Offices, p.ID, p.row())
	}
	return s
}

// Requests returns the method and the address of every request so far.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Revoke makes every token that was given out useless.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r.Method+" "+r.URL.String())
	s.mu.Unlock()
	w.Header().Set("Date", s.cfg.Clock().UTC().Format(http.TimeFormat))
	asked, refused := s.read(r)
	healthy := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case refused != nil:
			refused.write(w)
		case asked.endpoint == Token:
			s.giveToken(w)
		default:
			s.answer(w, r, asked)
		}
	})
	if f := s.due(asked); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

func (s *Server) read(r *http.Request) (request, *refusal) {
	if r.URL.Path == "/token" {
		return request{endpoint: Token, page: 1}, s.readToken(r)
	}
	endpoint := Endpoint(strings.TrimPrefix(r.URL.Path, "/v3/"))
	asked := request{endpoint: endpoint, page: 1}
	_, known := s.tables[endpoint]
	switch {
	case !known || !strings.HasPrefix(r.URL.Path, "/v3/"):
		return asked, &refusal{http.StatusNotFound, "Resource not found"}
	case r.Method != http.MethodGet:
		return asked, &refusal{http.StatusMethodNotAllowed, "Method not allowed"}
	case !s.authorized(r):
		return asked, &refusal{http.StatusUnauthorized, "Unauthorized"}
	}
	return s.readQuery(asked, r.URL.RawQuery)
}

func (s *Server) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	until, known := s.tokens[token]
	return ok && known && s.cfg.Clock().Before(until)
}

func (s *Server) readToken(r *http.Request) *refusal {
	id, hidden, ok := r.BasicAuth()
	switch {
	case r.Method != http.MethodPost:
		return &refusal{http.StatusMethodNotAllowed, "Method not allowed"}
	case !ok || !same(id, s.cfg.ClientID) || !same(hidden, s.cfg.ClientSecret):
		return &refusal{http.StatusUnauthorized, "invalid_client"}
	case r.Header.Get("Content-Type") != "application/x-www-form-urlencoded":
		return &refusal{http.StatusBadRequest, "invalid_request"}
	}
	if r.ParseForm() != nil || r.PostForm.Get("grant_type") != "client_credentials" {
		return &refusal{http.StatusBadRequest, "unsupported_grant_type"}
	}
	for name, values := range r.PostForm {
		if name != "grant_type" && name != "sub" || len(values) != 1 {
			return &refusal{http.StatusBadRequest, "invalid_request"}
		}
	}
	return nil
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// giveToken answers with a token. The end of its life is an instant without a colon
// in its offset; there are no seconds to it.
func (s *Server) giveToken(w http.ResponseWriter) {
	s.mu.Lock()
	token := fmt.Sprintf("test-token-%d", len(s.requests))
	until := s.cfg.Clock().Add(s.cfg.TokenLife).Truncate(time.Second)
	s.tokens[token] = until
	s.mu.Unlock()
	writeJSON(w, http.StatusOK, map[string]string{
		"token_type": "Bearer", "access_token": token, "expires_at": until.UTC().Format("2006-01-02T15:04:05-0700"),
	})
}

// answer writes a page.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, asked request) {
	s.mu.Lock()
	rows, next := s.tables[asked.endpoint].page(asked)
	if next.after != "" {
		cursor := "c" + strconv.Itoa(len(s.cursors)*7919+1)
		s.cursors[cursor] = next
		w.Header().Set("Link", fmt.Sprintf(`<http://%s/v3/%s?cursor=%s>; rel="next"`, r.Host, asked.endpoint, cursor))
	}
	s.mu.Unlock()
	w.Header().Set("X-RateLimit-Limit", "75")
	w.Header().Set("X-RateLimit-Remaining", "74")
	writeJSON(w, http.StatusOK, rows)
}

// A refusal is an error as Greenhouse answers it.
type refusal struct {
	status  int
	message string
}

func (f *refusal) write(w http.ResponseWriter) {
	writeJSON(w, f.status, map[string]string{"message": f.message})
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{"message":"a value of a test is no JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}
