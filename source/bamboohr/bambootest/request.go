package bambootest

import (
	"encoding/json"
	"net/http"
	"time"
)

// A request is what an endpoint was asked.
type request struct {
	endpoint Endpoint
	key      string // the same for the same question
	page     int    // from 1
	fields   []column
	ids      []string // nil for everybody
	limit    int
	after    string // ID of the last person of the page before
	sorted   bool   // by ID
	links    string // the address to build links on
	since    time.Time
	action   string
}

// A refusal is an error as the endpoint documents it.
type refusal struct {
	status  int
	code    string
	message string
	problem bool // RFC 7807, as the datasets have it
}

func (f *refusal) write(w http.ResponseWriter) {
	switch {
	case f.problem:
		w.Header().Set("Content-Type", "application/problem+json")
		w.WriteHeader(f.status)
		writeJSON(w, map[string]any{
			"type": "about:blank", "title": http.StatusText(f.status), "status": f.status,
			"code": f.code, "detail": f.message, "details": []string{},
		})
	case f.code != "":
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(f.status)
		writeJSON(w, map[string]any{"error": map[string]string{"code": f.code, "message": f.message}})
	default:
		// The older endpoints have an empty body and say why in a header.
		if f.message != "" {
			w.Header().Set("X-BambooHR-Error-Message", f.message)
		}
		w.WriteHeader(f.status)
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	_ = json.NewEncoder(w).Encode(v) // the client may be gone
}
