package sourcetest

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
)

// mostRequests is how often a read may ask: many more times than any that ends.
const mostRequests = 10_000

// A reply is an answer of a fake.
type reply struct {
	status int
	header http.Header
	body   []byte
	cut    bool // the connection ends in the middle of the body
	broken bool // there is no answer: the connection breaks
}

// An httpFault is what becomes of a reply about people. last is the one that was
// given before, nil if none was.
type httpFault struct {
	name string
	// lasts: all replies that follow are spoiled too.
	lasts bool
	spoil func(r reply, last *reply) reply
}

// spoiling is a transport to a fake whose replies go wrong.
type spoiling struct {
	fake  http.Handler
	about func(r *http.Request) bool
	fault httpFault
	at    int // the reply that is spoiled, counted from 1; 0: none

	mu   sync.Mutex
	seen int
	last *reply
}

var errReset = errors.New("connection reset by peer")

// count returns how many requests were about people, and whether they were too many.
func (s *spoiling) count() (int, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.seen, s.seen > mostRequests
}

// RoundTrip asks the fake.
func (s *spoiling) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	given := s.ask(r)
	if s.about != nil && !s.about(r) {
		return given.response(r)
	}
	if s.seen++; s.seen > mostRequests {
		return nil, errEndless
	}
	if s.at > 0 && (s.seen == s.at || s.fault.lasts && s.seen > s.at) {
		given = s.fault.spoil(given, s.last)
	}
	s.last = &given
	return given.response(r)
}

// ask lets the fake see a request as a server would.
func (s *spoiling) ask(r *http.Request) reply {
	received := r.Clone(r.Context())
	received.RequestURI = r.URL.RequestURI()
	received.Host = r.URL.Host
	if received.Body == nil {
		received.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	s.fake.ServeHTTP(recorder, received)
	return reply{status: recorder.Code, header: recorder.Header(), body: recorder.Body.Bytes()}
}

func (r reply) response(to *http.Request) (*http.Response, error) {
	if r.broken {
		return nil, errReset
	}
	var body io.Reader = bytes.NewReader(r.body)
	if r.cut {
		body = io.MultiReader(bytes.NewReader(r.body[:len(r.body)/2]), cutOff{})
	}
	header := maps.Clone(r.header)
	header.Del("Content-Length") // of the body before it was spoiled
	return &http.Response{
		Status: strconv.Itoa(r.status) + " " + http.StatusText(r.status), StatusCode: r.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(body), ContentLength: int64(len(r.body)), Request: to,
	}, nil
}

type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
