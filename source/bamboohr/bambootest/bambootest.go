// Package bambootest is a BambooHR for tests: an [http.Handler] with people as
// data, and faults as data. It answers what package bamboohr reads, in the form
// that the vendor documents, and refuses what the documentation does not allow:
//
//	fake := bambootest.New(bambootest.Config{People: people})
//	server := httptest.NewServer(fake)
//
// The endpoints, by the pages of https://documentation.bamboohr.com/reference:
//
//	GET  /api/v1/employees                list-employees
//	POST /api/v2/datasets/employee/data   get-data-from-dataset-v2
//	GET  /api/v1/employees/changed        get-changed-employee-ids
//
// Where the documentation is silent the fake is strict: a query parameter or a
// field of a request that it does not name is refused.
package bambootest

import (
	"crypto/subtle"
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
	APIKey string
	// Token is accepted as a bearer token. Defaults to none.
	Token string
	// People work, worked or will work here.
	People []Person
	// Custom are the names of custom fields, such as "customField4047". The dataset
	// knows them; the list of employees does not.
	Custom []string
	// Restricted are the fields of everybody that the API user may not see, by their
	// names in the list of employees or among Custom.
	Restricted []string
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's BambooHR. It is safe for concurrent use.
type Server struct {
	cfg     Config
	columns columns

	mu       sync.Mutex
	people   map[string]Person
	ids      []string // sorted by number
	changes  map[string]change
	faults   []*fault
	requests []string
	rendered map[string][]byte         // answers, until somebody changes
	lists    map[string]map[string]int // ids of the words in the company's lists, until somebody changes
}

// New returns a Server. Everybody in it was inserted at the present instant.
func New(cfg Config) *Server {
	if cfg.APIKey == "" {
		cfg.APIKey = "test-key"
	}
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{
		cfg: cfg, columns: newColumns(cfg.Custom),
		people: map[string]Person{}, changes: map[string]change{}, rendered: map[string][]byte{}, lists: map[string]map[string]int{},
	}
	s.Put(cfg.People...)
	return s
}

// Put adds people, or replaces those with the same ID.
func (s *Server) Put(people ...Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range people {
		action := "Updated"
		if _, known := s.people[p.ID]; !known {
			action = "Inserted"
			s.ids = append(s.ids, p.ID)
		}
		s.people[p.ID] = p
		s.note(p.ID, action)
	}
	slices.SortFunc(s.ids, compareIDs)
}

// Delete removes people for good, which BambooHR reports as a change.
func (s *Server) Delete(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.people, id)
		s.ids = slices.DeleteFunc(s.ids, func(known string) bool { return known == id })
		s.note(id, "Deleted")
	}
}

// Hide makes people disappear without a word, as when the access level of the API
// user no longer covers them.
func (s *Server) Hide(ids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range ids {
		delete(s.people, id)
		s.ids = slices.DeleteFunc(s.ids, func(known string) bool { return known == id })
	}
	s.forget()
}

func (s *Server) note(id, action string) {
	s.changes[id] = change{action, s.cfg.Clock().UTC().Truncate(time.Second)}
	s.forget()
}

func (s *Server) forget() {
	clear(s.rendered)
	clear(s.lists)
}

// Requests returns the method and the URL of every request so far, in the order in
// which they came.
func (s *Server) Requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.requests = append(s.requests, r.Method+" "+r.URL.String())
	s.mu.Unlock()
	w.Header().Set("Date", s.cfg.Clock().UTC().Format(http.TimeFormat))
	asked, refused := s.read(r)
	healthy := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		switch {
		case refused != nil:
			refused.write(w)
		default:
			s.answer(w, asked)
		}
	})
	if f := s.due(asked); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

// read checks what all endpoints have in common and lets one of them read the
// rest of the request.
func (s *Server) read(r *http.Request) (request, *refusal) {
	endpoint, method, known := Endpoint(""), "", true
	switch r.URL.Path {
	case "/api/v1/employees":
		endpoint, method = Employees, http.MethodGet
	case "/api/v1/employees/changed":
		endpoint, method = Changed, http.MethodGet
	case "/api/v2/datasets/employee/data":
		endpoint, method = Dataset, http.MethodPost
	default:
		known = false
	}
	asked := request{endpoint: endpoint}
	switch {
	case !known:
		return asked, &refusal{status: http.StatusNotFound}
	case r.Method != method:
		return asked, &refusal{status: http.StatusMethodNotAllowed}
	case !s.authorized(r):
		return asked, &refusal{status: http.StatusUnauthorized}
	case r.Header.Get("Accept") != "application/json":
		// The older endpoints answer with XML unless the header is exactly this; the
		// newer ones have no other form.
		return asked, &refusal{status: http.StatusNotAcceptable, message: "send Accept: application/json"}
	}
	switch endpoint {
	case Employees:
		return s.readEmployees(r)
	case Dataset:
		return s.readDataset(r)
	default:
		return s.readChanged(r)
	}
}

func (s *Server) authorized(r *http.Request) bool {
	if key, _, ok := r.BasicAuth(); ok {
		return same(key, s.cfg.APIKey)
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return ok && s.cfg.Token != "" && same(token, s.cfg.Token)
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// answer writes the answer to a request that is in order. Answers are kept until
// somebody changes, so that serving a large company again costs nothing.
func (s *Server) answer(w http.ResponseWriter, asked request) {
	s.mu.Lock()
	body, kept := s.rendered[asked.key]
	var refused *refusal
	if !kept {
		switch asked.endpoint {
		case Employees:
			body, refused = s.employees(asked)
		case Dataset:
			body, refused = s.dataset(asked)
		default:
			body = s.changed(asked)
		}
		if refused == nil {
			s.rendered[asked.key] = body
		}
	}
	s.mu.Unlock()
	if refused != nil {
		refused.write(w)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // the client may be gone
}

func compareIDs(a, b string) int {
	if len(a) != len(b) {
		return len(a) - len(b)
	}
	return strings.Compare(a, b)
}
