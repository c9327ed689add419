package bambootest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A change is the last thing that happened to a person.
type change struct {
	action string
	at     time.Time
}

// changedForm is how the endpoint writes instants.
const changedForm = "2006-01-02T15:04:05-07:00"

// readChanged reads the parameters of get-changed-employee-ids.
func (s *Server) readChanged(r *http.Request) (request, *refusal) {
	asked := request{endpoint: Changed, key: r.URL.RawQuery, page: 1}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return asked, &refusal{status: http.StatusBadRequest, message: "malformed query"}
	}
	for name, values := range query {
		if name != "since" && name != "type" || len(values) != 1 {
			return asked, &refusal{status: http.StatusBadRequest, message: "unknown parameter " + name}
		}
	}
	// A plus sign that was not encoded arrives as a space and is no instant.
	since, err := time.Parse(time.RFC3339, query.Get("since"))
	if err != nil {
		return asked, &refusal{status: http.StatusBadRequest, message: "since is not an ISO 8601 date"}
	}
	asked.since = since
	switch action := query.Get("type"); action {
	case "", "all":
	case "inserted", "updated", "deleted":
		asked.action = strings.ToUpper(action[:1]) + action[1:]
	default:
		return asked, &refusal{status: http.StatusBadRequest, message: "unknown type"}
	}
	return asked, nil
}

// changed renders who changed. It leaves out who changed in the very second that is
// asked for: the documentation does not say whether they belong to the answer.
func (s *Server) changed(asked request) []byte {
	ids := make([]string, 0, len(s.changes))
	latest := asked.since
	for id, c := range s.changes {
		if c.at.After(asked.since) && (asked.action == "" || asked.action == c.action) {
			ids = append(ids, id)
			if c.at.After(latest) {
				latest = c.at
			}
		}
	}
	slices.SortFunc(ids, compareIDs)
	out := writer{}
	out.raw(`{"latest":`).text(latest.Format(changedForm)).raw(`,"employees":`)
	if len(ids) == 0 {
		out.raw("[]}") // what PHP makes of an empty map
		return out.bytes
	}
	for n, id := range ids {
		if n == 0 {
			out.raw("{")
		}
		c := s.changes[id]
		out.separate(n).text(id).raw(`:{"id":`).text(id).raw(`,"action":`).text(c.action)
		out.raw(`,"lastChanged":`).text(c.at.Format(changedForm)).raw("}")
	}
	out.raw("}}")
	return out.bytes
}
