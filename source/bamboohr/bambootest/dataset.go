package bambootest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// The limits of a page of the dataset.
const (
	defaultPageSize = 100
	maxPageSize     = 1000
)

func problem(status int, code, detail string) *refusal {
	return &refusal{status: status, code: code, message: detail, problem: true}
}

// readDataset reads the body of get-data-from-dataset-v2.
func (s *Server) readDataset(r *http.Request) (request, *refusal) {
	asked := request{endpoint: Dataset, page: 1, limit: defaultPageSize, links: "https://" + r.Host + r.URL.Path}
	if r.URL.RawQuery != "" {
		return asked, problem(http.StatusBadRequest, "INVALID_ARGUMENT", "parameters belong into the body")
	}
	if r.Header.Get("Content-Type") != "application/json" {
		return asked, problem(http.StatusBadRequest, "INVALID_ARGUMENT", "send Content-Type: application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		return asked, problem(http.StatusBadRequest, "INVALID_ARGUMENT", "unreadable body")
	}
	question := struct {
		Fields   []string `json:"fields"`
		Filter   string   `json:"filter"`
		OrderBy  string   `json:"orderBy"`
		Page     *int     `json:"page"`
		PageSize *int     `json:"pageSize"`
	}{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&question); err != nil || len(question.Fields) == 0 {
		return asked, problem(http.StatusBadRequest, "INVALID_ARGUMENT", "malformed body, or no fields")
	}
	asked.key = string(body)
	if question.Page != nil {
		asked.page = *question.Page
	}
	if question.PageSize != nil {
		asked.limit = *question.PageSize
	}
	if asked.page < 1 || asked.limit < 1 || asked.limit > maxPageSize {
		return asked, problem(http.StatusUnprocessableEntity, "INVALID_PAGINATION", "pageSize is at most 1000")
	}
	for _, field := range question.Fields {
		c, known := s.columns.byData[field]
		if !known {
			return asked, problem(http.StatusBadRequest, "INVALID_ARGUMENT", "Invalid field name: employee_"+field)
		}
		asked.fields = append(asked.fields, c)
	}
	if refused := readOrder(&asked, question.OrderBy, question.Fields); refused != nil {
		return asked, refused
	}
	refused := readFilter(&asked, question.Filter)
	return asked, refused
}

func readOrder(asked *request, orderBy string, fields []string) *refusal {
	if orderBy == "" {
		return nil
	}
	for rule := range strings.SplitSeq(orderBy, ",") {
		field, direction, _ := strings.Cut(strings.TrimSpace(rule), " ")
		if !slices.Contains(fields, field) {
			return problem(http.StatusBadRequest, "UE-1001", "orderBy names a field that is not among the fields")
		}
		if direction != "asc" && direction != "desc" {
			return problem(http.StatusUnprocessableEntity, "INVALID_ORDER", "want asc or desc")
		}
	}
	asked.sorted = orderBy == "eeid asc"
	return nil
}

// readFilter understands the one filter that reads one person. "in" takes one value
// on fields that are no options.
func readFilter(asked *request, filter string) *refusal {
	if filter == "" {
		return nil
	}
	found := regexp.MustCompile(`^eeid (?:eq '(\d+)'|in \('(\d+)'\))$`).FindStringSubmatch(filter)
	if found == nil {
		return problem(http.StatusUnprocessableEntity, "INVALID_FILTER", "this filter is not understood")
	}
	asked.ids = []string{found[1] + found[2]}
	return nil
}

// dataset renders a page of rows.
func (s *Server) dataset(asked request) ([]byte, *refusal) {
	ids := s.ids
	if asked.ids != nil {
		ids = slices.DeleteFunc(slices.Clone(s.ids), func(id string) bool { return !slices.Contains(asked.ids, id) })
	}
	if !asked.sorted {
		// "with no orderBy the row order is unspecified": the worst that may be.
		ids = slices.Clone(ids)
		slices.Reverse(ids)
		if asked.page%2 == 0 {
			slices.Reverse(ids)
		}
	}
	pages := (len(ids) + asked.limit - 1) / asked.limit
	if asked.page > max(pages, 1) {
		return nil, problem(http.StatusUnprocessableEntity, "INVALID_PAGINATION", "there is no such page")
	}
	begin := (asked.page - 1) * asked.limit
	out := writer{}
	out.raw(`{"data":[`)
	for n, id := range ids[begin:min(begin+asked.limit, len(ids))] {
		p := s.people[id]
		out.separate(n)
		s.row(&out, &p, asked.fields)
	}
	out.raw(`],"links":{`)
	if asked.page > 1 {
		out.raw(`"prev":`).text(asked.links + "?page=" + itoa(asked.page-1))
	}
	if asked.page < pages {
		out.separate(asked.page - 1).raw(`"next":`).text(asked.links + "?page=" + itoa(asked.page+1))
	}
	out.raw(`},"meta":{"page":`).raw(itoa(asked.page)).raw(`,"pageSize":`).raw(itoa(asked.limit))
	out.raw(`,"totalPages":`).raw(itoa(pages)).raw(`,"totalItems":`).raw(itoa(len(ids))).raw("}}")
	return out.bytes, nil
}

// row renders one person. What may not be seen is empty and named.
func (s *Server) row(out *writer, p *Person, fields []column) {
	var hidden []string
	out.raw(`{"fields":{`)
	for n, c := range fields {
		out.separate(n).text(c.data).raw(":")
		value := c.value(s, p)
		switch {
		case s.restricted(p, c):
			hidden = append(hidden, "employee_"+c.data)
			out.raw(`""`)
		case value == "" && c.date:
			out.raw(`"0000-00-00"`)
		default:
			out.value(value)
		}
	}
	out.raw("}")
	if hidden != nil {
		out.raw(`,"_restrictedFields":`).value(hidden)
	}
	out.raw("}")
}
