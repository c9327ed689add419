package scimfake

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// bulk does the operations of a bulk request (RFC 7644, section 3.7), one after the other.
func (s *Server) bulk(w http.ResponseWriter, r *http.Request, body []byte) {
	var request struct {
		Schemas    []string
		Operations []struct {
			Method, Path, BulkID, Version string
			Data                          json.RawMessage
		}
	}
	err := json.Unmarshal(body, &request)
	switch {
	case err != nil || !slices.Contains(request.Schemas, "urn:ietf:params:scim:api:messages:2.0:BulkRequest"):
		s.fail(w, bad("invalidSyntax"))
		return
	case len(request.Operations) > s.Quirks.Bulk:
		s.fail(w, &fault{http.StatusRequestEntityTooLarge, ""})
		return
	}
	answers := []Object{}
	for _, op := range request.Operations {
		one := r.Clone(r.Context())
		one.Method, one.URL.Path, one.URL.RawPath = op.Method, "/scim/v2"+op.Path, ""
		one.Header.Del("If-Match")
		if op.Version != "" {
			one.Header.Set("If-Match", op.Version)
		}
		rec := &recorder{header: http.Header{}}
		s.route(rec, one, op.Data)
		answers = append(answers, s.answered(op.Method, op.Path, op.BulkID, rec))
	}
	switch s.Quirks.BulkReply {
	case "reversed":
		slices.Reverse(answers)
	case "cut":
		answers = answers[:len(answers)-1]
	}
	s.write(w, http.StatusOK, Object{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:BulkResponse"}, "Operations": answers,
	})
}

// answered is what a bulk answer says of one operation.
func (s *Server) answered(method, path, bulkID string, rec *recorder) Object {
	shown := Object{}
	_ = json.Unmarshal(rec.body.Bytes(), &shown) // some have none
	location := rec.header.Get("Location")
	if location == "" && method != http.MethodPost {
		location = "https://elsewhere.example/scim/v2" + path
	}
	a := Object{"method": method, "status": strconv.Itoa(rec.status), "location": location}
	if bulkID != "" {
		a["bulkId"] = bulkID
	}
	if tag := rec.header.Get("ETag"); tag != "" {
		a["version"] = tag
	}
	if len(shown) > 0 && (rec.status >= http.StatusBadRequest || s.Quirks.BulkReply == "shown" && !strings.HasPrefix(path, "/Groups")) {
		a["response"] = shown
	}
	return a
}
