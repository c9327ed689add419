// Package workdaytest is a Workday for tests: an [http.Handler] with workers as data,
// and faults as data. It answers what package workday reads, in the documented form,
// and refuses what the schema and the documentation do not allow:
//
//	fake := workdaytest.New(workdaytest.Config{Workers: workers})
//	server := httptest.NewServer(fake)
//
// The endpoints:
//
//	POST /ccx/service/{tenant}/Human_Resources/{version}           Get_Workers, SOAP 1.1
//	GET  /ccx/service/customreport2/{tenant}/{owner}/{report}      a report as a web service
//
// It has a memory: whoever asks for a day or a moment of entry is told what was known
// and in force then. Without a moment of entry, later pages are about later people.
// Where the documentation is silent the fake is strict: an element, an attribute or a
// parameter that it does not know is refused.
package workdaytest

import (
	"cmp"
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Config says what a Server knows.
type Config struct {
	// Tenant defaults to "acme".
	Tenant string
	// User and Password are accepted. They default to "isu" and "test-password".
	User, Password string
	// Token is accepted as a bearer token. Defaults to none.
	Token string
	// Workers worked, work or will work here. They were entered long ago.
	Workers []Worker
	// FieldService is the Workday ID of the service that gives calculated fields.
	// Defaults to none.
	FieldService string
	// ListsHires says that the list of a day has people whose hire takes effect later.
	// Defaults to false: only the transaction log has them.
	ListsHires bool
	// Report is the report that is offered. Defaults to none.
	Report Report
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's Workday. It is safe for concurrent use.
type Server struct {
	cfg Config

	mu       sync.Mutex
	history  map[string][]version // by Workday ID, oldest first
	ids      []string             // sorted
	hidden   map[string]bool
	faults   []*fault
	requests []Request
	// What costs something is kept until somebody changes.
	rendered map[string][]byte
	chosen   map[string][]string
}

// A version is what was known of a worker from a moment on.
type version struct {
	entered time.Time
	worker  Worker
}

// A Request is a request that came.
type Request struct {
	Method, URL string
	Header      http.Header
	Body        string
}

// New returns a Server.
func New(cfg Config) *Server {
	cfg.Tenant, cfg.User = cmp.Or(cfg.Tenant, "acme"), cmp.Or(cfg.User, "isu")
	cfg.Password = cmp.Or(cfg.Password, "test-password")
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{cfg: cfg, history: map[string][]version{}, hidden: map[string]bool{}}
	s.forget()
	s.enter(time.Time{}, cfg.Workers)
	return s
}

// Put enters workers now, new ones or other facts about those who are known.
func (s *Server) Put(workers ...Worker) { s.enter(s.cfg.Clock(), workers) }

func (s *Server) enter(at time.Time, workers []Worker) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range workers {
		if s.history[w.WID] == nil {
			s.ids = append(s.ids, w.WID)
		}
		s.history[w.WID] = append(s.history[w.WID], version{at, w})
	}
	slices.Sort(s.ids)
	s.forget()
}

// Hide makes workers disappear without a word, as when the security group of the
// user no longer covers them.
func (s *Server) Hide(wids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, wid := range wids {
		s.hidden[wid] = true
	}
	s.forget()
}

func (s *Server) forget() {
	s.rendered, s.chosen = map[string][]byte{}, map[string][]string{}
}

// Requests returns every request so far, in the order in which they came.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	base := "/ccx/service/"
	switch {
	case strings.HasPrefix(r.URL.Path, base+"customreport2/"):
		s.serveReport(w, r, strings.TrimPrefix(r.URL.Path, base+"customreport2/"))
	case strings.HasPrefix(r.URL.Path, base):
		s.serveWorkers(w, r, strings.TrimPrefix(r.URL.Path, base))
	default:
		http.NotFound(w, r)
	}
}

func (s *Server) note(r *http.Request, body string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, Request{r.Method, r.URL.String(), r.Header.Clone(), body})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// bearer reports whether a request has the token.
func (s *Server) bearer(r *http.Request) bool {
	token, is := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return is && s.cfg.Token != "" && same(token, s.cfg.Token)
}

// known returns what was known of a worker at a moment.
func (s *Server) known(wid string, at time.Time) (Worker, bool) {
	if s.hidden[wid] {
		return Worker{}, false
	}
	found, ok := Worker{}, false
	for _, v := range s.history[wid] {
		if !v.entered.After(at) {
			found, ok = v.worker, true
		}
	}
	return found, ok
}
