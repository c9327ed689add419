package adptest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const mostTop = 100

// list answers with a page.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	query, wrong := parameters(r, "$top", "$skip", "count", "$select")
	top, badTop := strconv.Atoi(query.Get("$top"))
	skip, badSkip := strconv.Atoi(query.Get("$skip"))
	switch {
	case wrong != "":
	case badTop != nil || top < 1 || top > mostTop:
		wrong = "Top must be within the allowed range: more than 0 and at most 100"
	case badSkip != nil || skip < 0:
		wrong = "Skip must be a number"
	case query.Has("count") && (s.cfg.NoTotals || query.Get("count") != "true"):
		wrong = "parameter count is not supported"
	}
	if wrong == "" {
		wrong = wrongSelect(query)
	}
	if wrong != "" {
		Refuse(w, http.StatusBadRequest, wrong)
		return
	}
	s.mu.Lock()
	body := []byte(`{"workers":[`)
	rows := s.order[min(skip, len(s.order)):min(skip+top, len(s.order))]
	for n, aoid := range rows {
		if n > 0 {
			body = append(body, ',')
		}
		body = append(body, choose(s.workers[aoid], query)...)
	}
	all := len(s.order)
	s.mu.Unlock()
	if len(rows) == 0 && !s.cfg.EmptyList {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body = append(body, ']')
	if query.Has("count") {
		body = append(body, `,"meta":{"totalNumber":`+strconv.Itoa(all)+`}`...)
	}
	respond(w, http.StatusOK, append(body, '}'))
}

// one answers with one worker.
func (s *Server) one(w http.ResponseWriter, r *http.Request, aoid string) {
	query, wrong := parameters(r, "$select")
	if wrong == "" {
		wrong = wrongSelect(query)
	}
	if wrong != "" {
		Refuse(w, http.StatusBadRequest, wrong)
		return
	}
	s.mu.Lock()
	worker, ok := s.workers[aoid]
	s.mu.Unlock()
	if !ok {
		Refuse(w, http.StatusNotFound, "no worker "+aoid)
		return
	}
	respond(w, http.StatusOK, slices.Concat([]byte(`{"workers":[`), choose(worker, query), []byte(`]}`)))
}

// wrongSelect says what is wrong with a $select: every path lies below workers, and is at
// most two names deep.
func wrongSelect(query url.Values) string {
	for _, path := range paths(query) {
		if names := strings.Split(path, "/"); names[0] != "workers" || len(names) < 2 || len(names) > 3 || slices.Contains(names, "") {
			return "select is not supported: " + path
		}
	}
	return ""
}

func paths(query url.Values) []string {
	if !query.Has("$select") {
		return nil
	}
	return strings.Split(query.Get("$select"), ",")
}

// choose leaves of a worker what a $select names.
func choose(worker []byte, query url.Values) []byte {
	if !query.Has("$select") {
		return worker
	}
	var whole map[string]json.RawMessage
	if json.Unmarshal(worker, &whole) != nil {
		return worker
	}
	kept := map[string]any{}
	for _, path := range paths(query) {
		names := strings.Split(path, "/")[1:]
		member, ok := whole[names[0]]
		switch {
		case !ok:
		case len(names) == 1:
			kept[names[0]] = member
		default:
			var inner map[string]json.RawMessage
			if json.Unmarshal(member, &inner) != nil || inner[names[1]] == nil {
				continue
			}
			part, _ := kept[names[0]].(map[string]json.RawMessage)
			if part == nil {
				part = map[string]json.RawMessage{}
				kept[names[0]] = part
			}
			part[names[1]] = inner[names[1]]
		}
	}
	body, err := json.Marshal(kept)
	if err != nil {
		return worker
	}
	return body
}

// head answers with the first message of the queue.
func (s *Server) head(w http.ResponseWriter) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("adp-msg-msgid", s.queue[0].id)
	respond(w, http.StatusOK, s.queue[0].body)
}

// remove takes the first message off the queue, and answers with it. No other one can be
// removed.
func (s *Server) remove(w http.ResponseWriter, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 || s.queue[0].id != id {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	body := s.queue[0].body
	s.queue = s.queue[1:]
	respond(w, http.StatusOK, body)
}
