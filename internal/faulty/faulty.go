// Package faulty spoils the answers of a fake server, for tests of connectors.
// A fake says which requests a fault concerns; a [Spoil] says what becomes of the
// answer. Both are plain data, so that one table of faults serves many tests.
package faulty

import (
	"bytes"
	"maps"
	"net/http"
	"strconv"
)

// A Spoil is what goes wrong with an answer. The zero Spoil changes nothing.
type Spoil struct {
	// Status replaces the whole answer by this status, Header and Body. The handler
	// is then not asked.
	Status int
	// Header is set on the answer, in place of what the handler set by these names.
	Header map[string]string
	Body   string
	// Alter changes the body of an answer that the handler gave.
	Alter func(body []byte) []byte
	// Cut ends the connection after so many bytes of the body, behind a
	// Content-Length that promises all of them. 0 cuts nothing; below 0 counts from
	// the end.
	Cut int
}

// Serve answers as next does, except for what is spoiled.
func (s Spoil) Serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	answer := recorder{header: http.Header{}, status: http.StatusOK}
	if s.Status != 0 {
		answer.status = s.Status
		answer.body.WriteString(s.Body)
	} else {
		next.ServeHTTP(&answer, r)
	}
	body := answer.body.Bytes()
	if s.Alter != nil {
		body = s.Alter(bytes.Clone(body))
	}
	maps.Copy(w.Header(), answer.header)
	for name, value := range s.Header {
		w.Header().Set(name, value)
	}
	// The server closes a connection whose handler wrote less than it promised.
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(answer.status)
	_, _ = w.Write(body[:s.kept(len(body))]) // the client may be gone, which is no concern of a fault
}

// kept returns how many of n bytes are sent.
func (s Spoil) kept(n int) int {
	switch {
	case s.Cut > 0:
		return min(s.Cut, n)
	case s.Cut < 0:
		return max(n+s.Cut, 0)
	}
	return n
}

// recorder holds an answer back until it is complete.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
