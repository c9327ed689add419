// Package adptest is an ADP for tests: an [http.Handler] with workers as data, and faults
// as data. It answers what package adp reads, in the form that ADP's samples and several
// independent clients show, and refuses what is not known to be allowed:
//
//	authority, err := adptest.NewAuthority()
//	server := httptest.NewUnstartedServer(adptest.New(adptest.Config{People: people}))
//	server.TLS = authority.ServerTLS()
//	server.StartTLS()
//
// The addresses are /auth/oauth/v2/token, /hr/v2/workers, /hr/v2/workers/{aoid} and
// /core/v1/event-notification-messages. All of them want a client certificate that was
// verified, and all but the first a token.
package adptest

import (
	"cmp"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Config says what a Server knows.
type Config struct {
	// ClientID and ClientSecret are accepted for a token, as HTTP Basic or in the body.
	// Default to "test-client" and "test-secret".
	ClientID, ClientSecret string
	// TokenLife is how long a token is good. Defaults to one hour.
	TokenLife time.Duration
	People    []Person
	// NoTotals is a product that refuses count=true.
	NoTotals bool
	// EmptyList ends the list with an empty one in place of the status 204.
	EmptyList bool
	// Clock defaults to [time.Now].
	Clock func() time.Time
}

// A Server plays one company's ADP. It is safe for concurrent use.
type Server struct {
	cfg Config

	mu       sync.Mutex
	order    []string // AOIDs as they are listed
	workers  map[string][]byte
	queue    []message
	sent     int // messages so far
	faults   []*fault
	requests []string
	tokens   map[string]time.Time // until when each is good
	hooks    []func(request string)
}

type message struct {
	id   string
	body []byte
}

// New returns a Server.
func New(cfg Config) *Server {
	if cfg.ClientID == "" {
		cfg.ClientID, cfg.ClientSecret = "test-client", "test-secret"
	}
	cfg.TokenLife = cmp.Or(cfg.TokenLife, time.Hour)
	if cfg.Clock == nil {
		cfg.Clock = time.Now
	}
	s := &Server{cfg: cfg, workers: map[string][]byte{}, tokens: map[string]time.Time{}}
	s.Put(cfg.People...)
	return s
}

// Put adds people, or puts them in the place of those with their AOIDs. The list is in the
// order of AOIDs, so that a newcomer moves those behind.
func (s *Server) Put(people ...Person) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range people {
		s.workers[people[i].AOID] = people[i].JSON()
	}
	s.sort()
}

// PutRaw adds a worker as ADP would send it.
func (s *Server) PutRaw(aoid string, worker []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.workers[aoid] = worker
	s.sort()
}

// Delete removes people.
func (s *Server) Delete(aoids ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, aoid := range aoids {
		delete(s.workers, aoid)
	}
	s.sort()
}

func (s *Server) sort() {
	s.order = s.order[:0]
	for aoid := range s.workers {
		s.order = append(s.order, aoid)
	}
	slices.Sort(s.order)
}

// Send puts a message into the queue of events, and returns its id.
func (s *Server) Send(body string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent++
	id := fmt.Sprintf("0x_414d5120%08d", s.sent)
	s.queue = append(s.queue, message{id, []byte(body)})
	return id
}

// Queued returns the ids of the messages in the queue.
func (s *Server) Queued() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := make([]string, 0, len(s.queue))
	for _, m := range s.queue {
		ids = append(ids, m.id)
	}
	return ids
}

// Event returns a message about one event, as ADP sends it: about a worker, done by
// somebody else.
func Event(name, aoid string) string {
	code := func(value string) map[string]string { return map[string]string{"codeValue": value} }
	body, err := json.Marshal(map[string]any{"events": []any{map[string]any{
		"eventID": "evt-" + name, "serviceCategoryCode": code("hr"), "eventNameCode": code(name), "eventStatusCode": code("complete"),
		"recordDateTime": "2026-11-02T10:00:00Z", "effectiveDateTime": "2026-11-30T00:00:00Z",
		"originator": map[string]string{"associateOID": "G3ORIGINATOR"}, "actor": map[string]string{"associateOID": "G3ACTOR"},
		"data": map[string]any{
			"eventContext": map[string]any{"worker": map[string]string{"associateOID": aoid}},
			"output":       map[string]any{"worker": map[string]any{"associateOID": aoid, "workerStatus": map[string]any{"statusCode": code("Current")}}},
		},
	}}})
	if err != nil {
		return ""
	}
	return string(body)
}

// OnRequest has f called before every request is answered, with its method and its
// address: so people move between two pages. f may call the methods of the Server.
func (s *Server) OnRequest(f func(request string)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hooks = append(s.hooks, f)
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
	asked := r.Method + " " + r.URL.String()
	s.mu.Lock()
	s.requests = append(s.requests, asked)
	hooks := slices.Clone(s.hooks)
	s.mu.Unlock()
	for _, hook := range hooks {
		hook(asked)
	}
	healthy := http.HandlerFunc(s.answer)
	if f := s.due(r); f != nil {
		f.Spoil.Serve(w, r, healthy)
		return
	}
	healthy.ServeHTTP(w, r)
}

const (
	tokenPath  = "/auth/oauth/v2/token" //nolint:gosec // an address, no token
	workerPath = "/hr/v2/workers"
	eventPath  = "/core/v1/event-notification-messages"
)

func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	if r.TLS == nil || len(r.TLS.VerifiedChains) == 0 {
		oauthError(w, http.StatusUnauthorized, "invalid_request", "proper client ssl certificate was not presented")
		return
	}
	if r.URL.Path == tokenPath {
		s.token(w, r)
		return
	}
	if !s.authorized(r) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = w.Write([]byte("<html>Unauthorized</html>"))
		return
	}
	if r.Header.Get("Accept") != "application/json" && r.Header.Get("Accept") != "*/*" {
		Refuse(w, http.StatusForbidden, "no masking may be switched off")
		return
	}
	switch {
	case r.URL.Path == workerPath && r.Method == http.MethodGet:
		s.list(w, r)
	case strings.HasPrefix(r.URL.Path, workerPath+"/") && r.Method == http.MethodGet:
		s.one(w, r, strings.TrimPrefix(r.URL.Path, workerPath+"/"))
	case r.URL.Path == eventPath && r.Method == http.MethodGet:
		s.head(w)
	case strings.HasPrefix(r.URL.Path, eventPath+"/") && r.Method == http.MethodDelete:
		s.remove(w, strings.TrimPrefix(r.URL.Path, eventPath+"/"))
	default:
		Refuse(w, http.StatusNotFound, "no such resource: "+r.Method+" "+r.URL.Path)
	}
}

func (s *Server) authorized(r *http.Request) bool {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	s.mu.Lock()
	defer s.mu.Unlock()
	until, known := s.tokens[token]
	return ok && known && s.cfg.Clock().Before(until)
}

// token gives out a token.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" || r.ParseForm() != nil ||
		r.PostForm.Get("grant_type") != "client_credentials" || strings.Contains(r.URL.RawQuery, "secret") {
		oauthError(w, http.StatusBadRequest, "invalid_request", "Validation error")
		return
	}
	id, hidden, basic := r.BasicAuth()
	if !basic {
		id, hidden = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	if !same(id, s.cfg.ClientID) || !same(hidden, s.cfg.ClientSecret) {
		oauthError(w, http.StatusUnauthorized, "invalid_client", "The given client credentials were not valid")
		return
	}
	s.mu.Lock()
	token := fmt.Sprintf("test-token-%d", len(s.requests))
	s.tokens[token] = s.cfg.Clock().Add(s.cfg.TokenLife)
	s.mu.Unlock()
	write(w, http.StatusOK, map[string]any{
		"access_token": token, "token_type": "Bearer", "expires_in": int(s.cfg.TokenLife.Seconds()), "scope": "api",
	})
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func oauthError(w http.ResponseWriter, status int, code, text string) {
	write(w, status, map[string]string{"error": code, "error_description": text})
}

// Refuse answers with an error as ADP writes it, a sentence for people included.
func Refuse(w http.ResponseWriter, status int, sentence string) {
	code := func(value string) map[string]string { return map[string]string{"codeValue": value} }
	write(w, status, map[string]any{"confirmMessage": map[string]any{
		"protocolStatusCode": code(strconv.Itoa(status)), "protocolCode": code("http"), "requestStatusCode": code("failed"),
		"processMessages": []any{map[string]any{
			"processMessageID": map[string]string{"idValue": "1"}, "messageTypeCode": code("error"),
			"userMessage": map[string]string{"codeValue": "VALIDATION", "messageTxt": sentence},
		}},
	}})
}

func write(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		status, body = http.StatusInternalServerError, []byte(`{}`)
	}
	respond(w, status, body)
}

func respond(w http.ResponseWriter, status int, body []byte) {
	w.Header().Set("Content-Type", "application/json;charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // the client may be gone
}

// parameters reads a query, and says what is wrong with it: every name is known and comes
// once.
func parameters(r *http.Request, known ...string) (url.Values, string) {
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, "the query is malformed"
	}
	for name, given := range query {
		if !slices.Contains(known, name) || len(given) != 1 {
			return nil, "parameter " + name + " is not supported"
		}
	}
	return query, ""
}
