package scimserver

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"

	"github.com/provision-go/provision/internal/scim"
)

// mediaType is that of all answers (RFC 7644, section 8.1).
const mediaType = "application/scim+json"

// A reply is an answer before it is written.
type reply struct {
	status   int
	location string
	etag     string
	body     []byte // nil: none
	header   map[string]string
}

func (a reply) write(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	for name, value := range a.header {
		h.Set(name, value)
	}
	if a.location != "" {
		h.Set("Location", a.location)
	}
	if a.etag != "" {
		h.Set("ETag", a.etag)
	}
	if a.body == nil {
		w.WriteHeader(a.status)
		return
	}
	h.Set("Content-Type", mediaType)
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	h.Set("Cache-Control", "no-store") // it is about people
	w.WriteHeader(a.status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(a.body) // the client is gone, which changes nothing here
	}
}

// problem is an error with headers of its own.
type problem struct {
	err    *scim.Error
	header map[string]string
}

func (p *problem) Error() string { return p.err.Error() }

func (p *problem) Unwrap() error { return p.err }

// failed turns an error into an answer.
func (s *Server) failed(r *http.Request, err error) reply {
	var header map[string]string
	if p, ok := errors.AsType[*problem](err); ok {
		header = p.header
	}
	told, ok := errors.AsType[*scim.Error](err)
	if !ok {
		s.tell(r, err)
		told = &scim.Error{Status: http.StatusInternalServerError, Detail: "the service could not do this; it is not the fault of the request"}
		if r.Context().Err() != nil {
			told = &scim.Error{Status: http.StatusServiceUnavailable, Detail: "the request ended before it was answered"}
		}
	}
	body, _ := json.Marshal(told)
	return reply{status: told.Status, body: body, header: header}
}

func (s *Server) tell(r *http.Request, err error) {
	if s.cfg.Failed != nil {
		s.cfg.Failed(r, err)
	}
}

// busy is told a client whose write met others too often.
func busy() error {
	return &problem{
		err:    &scim.Error{Status: http.StatusServiceUnavailable, Detail: "too many writes on one resource at once"},
		header: map[string]string{"Retry-After": "1"},
	}
}

// refuse is an error with a status, a scimType and a text.
func refuse(status int, scimType, detail string) error {
	return &scim.Error{Status: status, Type: scimType, Detail: detail}
}

func noResource() error { return refuse(http.StatusNotFound, "", "there is no such resource") }
