package bambootest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// The limits of a page of the list of employees.
const (
	defaultLimit = 250
	maxLimit     = 2500
)

func badRequest(message string) *refusal {
	return &refusal{status: http.StatusBadRequest, code: "BadRequest", message: message}
}

// readEmployees reads the parameters of list-employees.
func (s *Server) readEmployees(r *http.Request) (request, *refusal) {
	asked := request{endpoint: Employees, key: r.URL.RawQuery, page: 1, limit: defaultLimit, fields: s.columns.defaults()}
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return asked, badRequest("malformed query")
	}
	for name, values := range query {
		if len(values) != 1 && name != "filter[ids][]" {
			return asked, badRequest(name + " is given more than once")
		}
		if refused := s.readParameter(&asked, name, values); refused != nil {
			return asked, refused
		}
	}
	query.Del("page[after]")
	asked.links = "https://" + r.Host + r.URL.Path + "?" + query.Encode()
	return asked, nil
}

func (s *Server) readParameter(asked *request, name string, values []string) *refusal {
	switch value := values[0]; name {
	case "fields":
		asked.fields = slices.Clip(asked.fields)
		for field := range strings.SplitSeq(value, ",") {
			// Names that it does not know are ignored silently, as the reference says.
			if c, known := s.columns.byList[field]; known && !slices.ContainsFunc(asked.fields, func(o column) bool { return o.list == c.list }) {
				asked.fields = append(asked.fields, c)
			}
		}
	case "sort":
		for rule := range strings.SplitSeq(value, ",") {
			switch strings.TrimPrefix(rule, "-") {
			case "employeeId", "firstName", "lastName", "preferredName", "jobTitleName", "status":
			default:
				return badRequest("invalid sort field")
			}
		}
		asked.sorted = value == "employeeId"
	case "page[limit]":
		limit, err := strconv.Atoi(value)
		if err != nil || limit < 1 || limit > maxLimit {
			return badRequest("page[limit] must be from 1 to 2500")
		}
		asked.limit = limit
	case "page[after]":
		page, after, ok := readCursor(value)
		if !ok {
			return &refusal{status: http.StatusBadRequest, code: "BadPage", message: "malformed cursor"}
		}
		asked.page, asked.after = page+1, after
	case "filter[ids]":
		asked.ids = strings.Split(value, ",")
	case "filter[ids][]":
		asked.ids = values
	default:
		return badRequest("unknown parameter " + name)
	}
	for _, id := range asked.ids {
		if _, err := strconv.ParseUint(id, 10, 63); err != nil || id == "0" {
			return badRequest("filter[ids] must be employee ids")
		}
	}
	return nil
}

// A cursor names the last person of a page. What is in it is the server's business.
func cursor(page int, id string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(itoa(page) + ":" + id))
}

func readCursor(text string) (page int, id string, ok bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return 0, "", false
	}
	number, id, found := strings.Cut(string(raw), ":")
	page, err = strconv.Atoi(number)
	return page, id, found && err == nil && page > 0
}

// employees renders a page of the list.
func (s *Server) employees(asked request) ([]byte, *refusal) {
	ids := s.ids
	if asked.ids != nil {
		ids = slices.DeleteFunc(slices.Clone(s.ids), func(id string) bool { return !slices.Contains(asked.ids, id) })
	}
	if !asked.sorted {
		ids = slices.Clone(ids)
		slices.SortFunc(ids, func(a, b string) int {
			p, q := s.people[a], s.people[b]
			return cmp.Or(cmp.Compare(p.LastName, q.LastName), cmp.Compare(p.FirstName, q.FirstName), compareIDs(a, b))
		})
	}
	begin := 0
	if asked.after != "" {
		// "the boundary employee changed between calls (for example, was deleted …)"
		at := slices.Index(ids, asked.after)
		if at < 0 {
			return nil, &refusal{status: http.StatusBadRequest, code: "BadPage", message: "the cursor points at nobody"}
		}
		begin = at + 1
	}
	end := min(begin+asked.limit, len(ids))

	out := writer{}
	out.raw(`{"data":[`)
	for n, id := range ids[begin:end] {
		p := s.people[id]
		out.separate(n)
		s.employee(&out, &p, asked.fields)
	}
	out.raw(`],"meta":{"total":`).raw(itoa(len(ids))).raw(`,"page":{"limit":`).raw(itoa(asked.limit)).raw(`,"nextCursor":`)
	next := ""
	if end < len(ids) {
		next = cursor(asked.page, ids[end-1])
		out.text(next)
	} else {
		out.raw("null")
	}
	out.raw(`,"prevCursor":null}},"_links":{"self":{"href":`).text(asked.links).raw("}")
	if next != "" {
		out.raw(`,"next":{"href":`).text(asked.links + "&page%5Bafter%5D=" + url.QueryEscape(next)).raw("}")
	}
	out.raw("}}")
	return out.bytes, nil
}

// employee renders one person. What may not be seen is null and named.
func (s *Server) employee(out *writer, p *Person, fields []column) {
	var hidden []string
	out.raw("{")
	for n, c := range fields {
		out.separate(n).text(c.list).raw(":")
		value := c.value(s, p)
		switch {
		case s.restricted(p, c):
			hidden = append(hidden, c.list)
			out.raw("null")
		case value == "":
			out.raw("null")
		default:
			out.value(value)
		}
	}
	if hidden != nil {
		out.raw(`,"_restrictedFields":`).value(hidden)
	}
	out.raw("}")
}
