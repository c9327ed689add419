package bambootest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/bamboohr/bambootest"
)

func at() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func serve(t *testing.T, fake *bambootest.Server, method, path, body string, change func(http.Header)) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.SetBasicAuth("test-key", "x")
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if change != nil {
		change(r.Header)
	}
	w := httptest.NewRecorder()
	fake.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	return string(body)
}

const (
	list    = "/api/v1/employees"
	data    = "/api/v2/datasets/employee/data"
	changed = "/api/v1/employees/changed"
)

// What the documentation does not allow is refused as it says.
func TestRefusals(t *testing.T) {
	header := func(name, value string) func(http.Header) {
		return func(h http.Header) {
			if value == "" {
				h.Del(name)
				return
			}
			h.Set(name, value)
		}
	}
	tests := map[string]struct {
		method, path, body string
		header             func(http.Header)
		status             int
		says               string
	}{
		"no credentials":         {"GET", list, "", header("Authorization", ""), 401, ""},
		"another key":            {"GET", list, "", header("Authorization", "Basic b3RoZXI6eA=="), 401, ""},
		"another token":          {"GET", list, "", header("Authorization", "Bearer other"), 401, ""},
		"no token is none":       {"GET", list, "", header("Authorization", "Bearer "), 401, ""},
		"no Accept":              {"GET", list, "", header("Accept", ""), 406, "X-BambooHR-Error-Message"},
		"XML":                    {"GET", changed + "?since=2026-03-02T11:00:00Z", "", header("Accept", "application/xml"), 406, ""},
		"JSON and more":          {"GET", list, "", header("Accept", "application/json, */*"), 406, ""},
		"nothing there":          {"GET", "/api/v1/employees/directory", "", nil, 404, ""},
		"another dataset":        {"POST", "/api/v2/datasets/benefit/data", `{"fields":["eeid"]}`, nil, 404, ""},
		"POST to the list":       {"POST", list, `{}`, nil, 405, ""},
		"GET of the dataset":     {"GET", data, "", nil, 405, ""},
		"unknown parameter":      {"GET", list + "?limit=5", "", nil, 400, "BadRequest"},
		"parameter twice":        {"GET", list + "?sort=status&sort=status", "", nil, 400, "BadRequest"},
		"sort":                   {"GET", list + "?sort=hireDate", "", nil, 400, "invalid sort field"},
		"page too large":         {"GET", list + "?page[limit]=2501", "", nil, 400, "BadRequest"},
		"page of none":           {"GET", list + "?page[limit]=0", "", nil, 400, "BadRequest"},
		"cursor":                 {"GET", list + "?page[after]=2", "", nil, 400, "BadPage"},
		"ids":                    {"GET", list + "?filter[ids]=42,x", "", nil, 400, "BadRequest"},
		"whoever asks":           {"GET", list + "?filter[ids][]=0", "", nil, 400, "BadRequest"},
		"no body":                {"POST", data, "", header("Content-Type", "application/json"), 400, "INVALID_ARGUMENT"},
		"a charset":              {"POST", data, `{"fields":["eeid"]}`, header("Content-Type", "application/json; charset=utf-8"), 400, "Content-Type"},
		"no fields":              {"POST", data, `{"fields":[]}`, nil, 400, "INVALID_ARGUMENT"},
		"unknown member":         {"POST", data, `{"fields":["eeid"],"limit":5}`, nil, 400, "INVALID_ARGUMENT"},
		"unknown field":          {"POST", data, `{"fields":["eeid","workEmail"]}`, nil, 400, "Invalid field name: employee_workEmail"},
		"parameters of old":      {"POST", data + "?page=2", `{"fields":["eeid"]}`, nil, 400, "INVALID_ARGUMENT"},
		"dataset page too large": {"POST", data, `{"fields":["eeid"],"pageSize":1001}`, nil, 422, "pageSize"},
		"page zero":              {"POST", data, `{"fields":["eeid"],"page":0}`, nil, 422, "INVALID_PAGINATION"},
		"no such page":           {"POST", data, `{"fields":["eeid"],"page":2}`, nil, 422, "no such page"},
		"order by what is not asked": {
			"POST", data, `{"fields":["eeid"],"orderBy":"hireDate asc"}`, nil, 400, "UE-1001",
		},
		"order without direction": {"POST", data, `{"fields":["eeid"],"orderBy":"eeid"}`, nil, 422, "asc or desc"},
		"a filter of two ids":     {"POST", data, `{"fields":["eeid"],"filter":"eeid in ('1','2')"}`, nil, 422, "INVALID_FILTER"},
		"since nothing":           {"GET", changed, "", nil, 400, "X-BambooHR-Error-Message"},
		"a plus not encoded":      {"GET", changed + "?since=2026-03-02T11:00:00+00:00", "", nil, 400, "X-BambooHR-Error-Message"},
		"another type":            {"GET", changed + "?since=2026-03-02T11:00:00Z&type=moved", "", nil, 400, ""},
		"changed of whom":         {"GET", changed + "?since=2026-03-02T11:00:00Z&limit=1", "", nil, 400, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			fake := bambootest.New(bambootest.Config{People: bambootest.Population(3), Clock: at})
			answer := serve(t, fake, tt.method, tt.path, tt.body, tt.header)
			body := text(t, answer)
			assert.Equal(t, tt.status, answer.StatusCode, body)
			if strings.HasPrefix(tt.says, "X-") {
				assert.NotEmpty(t, answer.Header.Get(tt.says))
				assert.Empty(t, body)
				return
			}
			assert.Contains(t, body, tt.says)
		})
	}
}

// What it allows is answered in the documented form.
func TestAnswers(t *testing.T) {
	people := bambootest.Population(3)
	people[0].Restricted = []string{"workEmail"}
	people[0].Custom = map[string]any{"customField1": []string{"a"}}
	fake := bambootest.New(bambootest.Config{People: people, Clock: at, Token: "tok", Custom: []string{"customField1"}})
	bearer := func(h http.Header) { h.Set("Authorization", "Bearer tok") }

	page := text(t, serve(t, fake, "GET", list+"?sort=employeeId&page[limit]=2&fields=workEmail,hireDate,nonsense", "", bearer))
	var listed struct {
		Data []map[string]any
		Meta struct {
			Total int
			Page  struct{ NextCursor *string }
		}
		Links struct{ Next struct{ Href string } } `json:"_links"`
	}
	require.NoError(t, json.Unmarshal([]byte(page), &listed))
	require.Len(t, listed.Data, 2)
	assert.Equal(t, 3, listed.Meta.Total)
	assert.Equal(t, "1", listed.Data[0]["employeeId"])
	assert.Nil(t, listed.Data[0]["workEmail"])
	assert.Equal(t, []any{"workEmail"}, listed.Data[0]["_restrictedFields"])
	assert.NotContains(t, listed.Data[1], "_restrictedFields")
	assert.NotContains(t, listed.Data[0], "nonsense")
	assert.Contains(t, listed.Data[0], "photoUrl")
	assert.Contains(t, listed.Links.Next.Href, *listed.Meta.Page.NextCursor)
	next := text(t, serve(t, fake, "GET", list+"?sort=employeeId&page[limit]=2&page[after]="+*listed.Meta.Page.NextCursor, "", nil))
	assert.Contains(t, next, `"employeeId":"3"`)
	assert.Contains(t, next, `"nextCursor":null`)
	assert.NotContains(t, next, `"next":`)

	rows := text(t, serve(t, fake, "POST", data, `{"fields":["eeid","email","customField1","terminationDate"],"orderBy":"eeid asc","pageSize":2}`, nil))
	assert.JSONEq(t, `{"data":[
		{"fields":{"eeid":"1","email":"","customField1":["a"],"terminationDate":"0000-00-00"},"_restrictedFields":["employee_email"]},
		{"fields":{"eeid":"2","email":"person.2@acme.example","customField1":null,"terminationDate":"0000-00-00"}}],
		"links":{"next":"https://example.com/api/v2/datasets/employee/data?page=2"},
		"meta":{"page":1,"pageSize":2,"totalPages":2,"totalItems":3}}`, rows)

	feed := text(t, serve(t, fake, "GET", changed+"?since=2026-03-02T12:00:00Z", "", nil))
	assert.JSONEq(t, `{"latest":"2026-03-02T12:00:00+00:00","employees":[]}`, feed)
	fake.Delete("2")
	feed = text(t, serve(t, fake, "GET", changed+"?since=2026-03-02T11:59:59Z&type=deleted", "", nil))
	assert.JSONEq(t, `{"latest":"2026-03-02T12:00:00+00:00","employees":{
		"2":{"id":"2","action":"Deleted","lastChanged":"2026-03-02T12:00:00+00:00"}}}`, feed)
	assert.Contains(t, text(t, serve(t, fake, "GET", list, "", nil)), `"total":2`)
}

func TestFaults(t *testing.T) {
	fake := bambootest.New(bambootest.Config{People: bambootest.Population(3), Clock: at})
	status := func(path string) int { return serve(t, fake, "GET", path, "", nil).StatusCode }
	fake.Break(
		bambootest.Fault{Endpoint: bambootest.Employees, Page: 1, Times: 2, Spoil: bambootest.Spoil{Status: 503}},
		bambootest.Fault{Endpoint: bambootest.Changed, Spoil: bambootest.Spoil{Status: 500}},
	)
	assert.Equal(t, 503, status(list))
	assert.Equal(t, 500, status(changed+"?since=2026-03-02T12:00:00Z"))
	assert.Equal(t, 503, status(list))
	assert.Equal(t, 200, status(list))
	assert.Equal(t, 500, status(changed+"?since=2026-03-02T12:00:00Z"))
	fake.Break()
	assert.Equal(t, 200, status(changed+"?since=2026-03-02T12:00:00Z"))
	assert.Len(t, fake.Requests(), 6)
}

func TestPopulation(t *testing.T) {
	people := bambootest.Population(1000)
	assert.Equal(t, people, bambootest.Population(1000))
	ids := map[string]bool{}
	for _, p := range people {
		ids[p.ID] = true
	}
	assert.Len(t, ids, 1000)
}
