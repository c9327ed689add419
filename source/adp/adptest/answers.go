package adptest

import (
	"net/http"
	"slices"
	"strconv"
)

const mostTop = 100

// list answers with a page.
func (s *Server) list(w http.ResponseWriter, r *http.Request) {
	query, wrong := parameters(r, "$top", "$skip", "count")
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
		body = append(body, s.workers[aoid]...)
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
	if _, wrong := parameters(r); wrong != "" {
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
	respond(w, http.StatusOK, slices.Concat([]byte(`{"workers":[`), worker, []byte(`]}`)))
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
