package greenhousetest

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The limits of Harvest v3.
const (
	defaultPage = 100
	mostPage    = 500
	mostIDs     = 50
	mostFields  = 50
)

// A request is what an endpoint was asked.
type request struct {
	endpoint     Endpoint
	page         int // from 1
	limit        int
	after        string // the last id of the page before
	filters      map[string][]string
	fields       []string // nil for all
	since, until time.Time
}

func (q *request) next() request {
	behind := *q
	behind.page++
	return behind
}

func unprocessable(message string) *refusal {
	return &refusal{http.StatusUnprocessableEntity, message}
}

// parameters are the filters of each endpoint beside those that all have.
func parameters(e Endpoint) []string {
	switch e {
	case Applications:
		return []string{"candidate_ids", "job_ids", "status"}
	case Offers:
		return []string{"application_ids", "job_ids", "candidate_ids", "opening_ids", "current_only", "status"}
	case Candidates:
		return []string{"private", "email", "tag"}
	case Jobs:
		return []string{"department_id", "office_id", "status"}
	default:
		return []string{"parent_id", "external_id"}
	}
}

// readQuery reads the parameters of a list.
func (s *Server) readQuery(asked request, raw string) (request, *refusal) {
	query, err := url.ParseQuery(raw)
	if err != nil {
		return asked, unprocessable("malformed query")
	}
	if cursor, given := query["cursor"]; given {
		// "cursor must be the sole param."
		s.mu.Lock()
		next, known := s.cursors[cursor[0]]
		s.mu.Unlock()
		if len(query) != 1 || !known || next.endpoint != asked.endpoint {
			return asked, unprocessable("cursor is invalid, expired, or used with other parameters")
		}
		return next, nil
	}
	asked.limit, asked.filters = defaultPage, map[string][]string{}
	for name, values := range query {
		if len(values) != 1 {
			return asked, unprocessable(name + " is given more than once")
		}
		if refused := s.readParameter(&asked, name, values[0]); refused != nil {
			return asked, refused
		}
	}
	return asked, nil
}

func (s *Server) readParameter(asked *request, name, value string) *refusal {
	switch {
	case name == "per_page":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 || n > mostPage {
			return unprocessable("per_page must be between 1 and 500")
		}
		asked.limit = n
	case name == "fields":
		asked.fields = strings.Split(value, ",")
		return s.checkFields(asked)
	case name == "updated_at":
		return readRange(asked, value)
	case name != "ids" && !slices.Contains(parameters(asked.endpoint), name):
		return unprocessable("unknown parameter " + name)
	case strings.HasSuffix(name, "ids"):
		ids := strings.Split(value, ",")
		for _, id := range ids {
			if _, err := strconv.ParseUint(id, 10, 63); err != nil {
				return unprocessable(name + " must be integers")
			}
		}
		if len(ids) > mostIDs {
			return unprocessable(name + " takes at most 50 ids")
		}
		asked.filters[name] = ids
	case name == "status":
		return readStatus(asked, value)
	case name == "current_only":
		if value != "true" && value != "false" {
			return unprocessable("current_only must be a boolean")
		}
	default:
		return unprocessable("this fake does not know " + name)
	}
	return nil
}

// readStatus knows the words of each filter. An application in process is found as
// "active".
func readStatus(asked *request, value string) *refusal {
	words := map[Endpoint][]string{
		Applications: {"active", "rejected", "hired", "converted"},
		Offers:       {"Created", "Accepted", "Rejected", "Deprecated"},
		Jobs:         {"open", "draft", "closed"},
	}
	if !slices.Contains(words[asked.endpoint], value) {
		return unprocessable("status is not included in the list")
	}
	if value == "active" {
		value = "in_process"
	}
	asked.filters["status"] = []string{value}
	return nil
}

// readRange reads gte|INSTANT and gte|INSTANT|lte|INSTANT.
func readRange(asked *request, value string) *refusal {
	parts := strings.Split(value, "|")
	if len(parts)%2 != 0 {
		return unprocessable("updated_at: want operator|datetime")
	}
	for n := 0; n < len(parts); n += 2 {
		at, err := time.Parse(time.RFC3339, parts[n+1])
		switch {
		case err != nil:
			return unprocessable("updated_at: no datetime")
		case parts[n] == "gte":
			asked.since = at
		case parts[n] == "lte":
			asked.until = at
		default:
			return unprocessable("updated_at: unknown operator")
		}
	}
	return nil
}

// checkFields knows the fields of the first record that there is.
func (s *Server) checkFields(asked *request) *refusal {
	if len(asked.fields) > mostFields {
		return unprocessable("fields takes at most 50 names")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rows := s.tables[asked.endpoint].rows
	for _, name := range asked.fields {
		if len(rows) == 0 {
			break
		}
		if _, known := rows[0][name]; !known {
			return unprocessable("fields: unknown " + name)
		}
	}
	return nil
}

func (q *request) matches(r row) bool {
	for name, values := range q.filters {
		field := name
		if strings.HasSuffix(name, "ids") {
			field = strings.TrimSuffix(name, "s")
		}
		if !slices.Contains(values, text(r[field])) {
			return false
		}
	}
	if q.since.IsZero() && q.until.IsZero() {
		return true
	}
	at, err := time.Parse(time.RFC3339, text(r["updated_at"]))
	return err == nil && !at.Before(q.since) && (q.until.IsZero() || !at.After(q.until))
}

// chosen is the part of a record that was asked for.
func (q *request) chosen(r row) row {
	if q.fields == nil {
		return r
	}
	part := row{}
	for _, name := range q.fields {
		part[name] = r[name]
	}
	return part
}
