package successfactorstest

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func clock() time.Time { return time.Date(2026, time.November, 29, 12, 0, 0, 0, time.UTC) }

// ask asks a server that knows a token.
func ask(s *Server, query url.Values, change func(*http.Request)) *httptest.ResponseRecorder {
	s.tokens["t"] = clock().Add(time.Hour)
	r := httptest.NewRequest(http.MethodGet, "/odata/v2/PerPerson?"+query.Encode(), http.NoBody)
	r.Header.Set("Authorization", "Bearer t")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func good() url.Values {
	return url.Values{
		"$format": {"json"}, "$select": {"personIdExternal,employmentNav/userId"}, "$expand": {"employmentNav"},
		"$filter": {"employmentNav/userNav/status in 't','f','e'"}, "customPageSize": {"2"}, "paging": {"snapshot"},
	}
}

func small() *Server {
	cfg := Population(7)
	cfg.Clock = clock
	return New(cfg)
}

// What the documentation does not allow is refused.
func TestRefuses(t *testing.T) {
	for name, change := range map[string]func(url.Values){
		"XML":                         func(q url.Values) { q.Del("$format") },
		"$skip":                       func(q url.Values) { q.Set("$skip", "10") },
		"$top":                        func(q url.Values) { q.Set("$top", "10") },
		"another paging":              func(q url.Values) { q.Set("paging", "cursor") },
		"large pages":                 func(q url.Values) { q.Set("customPageSize", "1001") },
		"everything":                  func(q url.Values) { q.Del("$select") },
		"a property that is none":     func(q url.Values) { q.Set("$select", "personIdExternal,title") },
		"a navigation as a property":  func(q url.Values) { q.Set("$select", "employmentNav") },
		"a navigation that is none":   func(q url.Values) { q.Set("$expand", "jobInfoNav") },
		"what is not expanded":        func(q url.Values) { q.Del("$expand") },
		"two kinds of days":           func(q url.Values) { q.Set("asOfDate", "2026-01-01"); q.Set("fromDate", "2026-01-01") },
		"no day":                      func(q url.Values) { q.Set("asOfDate", "01.01.2026") },
		"a filter that is none":       func(q url.Values) { q.Set("$filter", "personIdExternal like 'x'") },
		"a filter without its end":    func(q url.Values) { q.Set("$filter", "(personIdExternal eq 'x'") },
		"a filter with more behind":   func(q url.Values) { q.Set("$filter", "personIdExternal eq 'x' 'y'") },
		"a filter of nothing":         func(q url.Values) { q.Set("$filter", "nothing eq 'x'") },
		"an instant without its type": func(q url.Values) { q.Set("$filter", "lastModifiedDateTime ge '2026-01-01T00:00:00Z'") },
		"a count of something else":   func(q url.Values) { q.Set("$inlinecount", "none") },
		"twice":                       func(q url.Values) { q.Add("$format", "json") },
		"a page of nobody's snapshot": func(q url.Values) { q.Set("$skiptoken", "MDowCg==") },
	} {
		query := good()
		change(query)
		w := ask(small(), query, nil)
		assert.Equal(t, http.StatusBadRequest, w.Code, name)
		assert.Contains(t, w.Body.String(), `"error":{"code":"COE_`, name)
	}
	for name, change := range map[string]func(*http.Request){
		"no credentials": func(r *http.Request) { r.Header.Del("Authorization") },
		"HTTP Basic":     func(r *http.Request) { r.SetBasicAuth("sfapi@acme", "x") },
	} {
		assert.Equal(t, http.StatusForbidden, ask(small(), good(), change).Code, name)
	}
	assert.Equal(t, http.StatusUnauthorized, ask(small(), good(), func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }).Code)
	assert.Equal(t, http.StatusMethodNotAllowed, ask(small(), good(), func(r *http.Request) { r.Method = http.MethodPost }).Code)
	assert.Equal(t, http.StatusNotFound, ask(small(), good(), func(r *http.Request) { r.URL.Path = "/odata/v2/EmpJob" }).Code)
}

type page struct {
	D struct {
		Results []struct{ PersonIDExternal string }
		Next    string `json:"__next"`
	}
}

// A snapshot keeps its people whatever happens meanwhile, in one session.
func TestSnapshot(t *testing.T) {
	s := small()
	w := ask(s, good(), nil)
	cookies := w.Result().Cookies()
	require.Len(t, cookies, 1)
	seen := map[string]bool{}
	for range 10 {
		var p page
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p), w.Body.String())
		for _, person := range p.D.Results {
			seen[person.PersonIDExternal] = true
		}
		if p.D.Next == "" {
			break
		}
		s.Put(Person{ID: "000" + p.D.Next, Employments: []Employment{{UserID: "x"}}})
		next, err := url.Parse(p.D.Next)
		require.NoError(t, err)
		assert.Equal(t, http.StatusBadRequest, ask(s, next.Query(), nil).Code, "without the session")
		w = ask(s, next.Query(), func(r *http.Request) { r.AddCookie(cookies[0]) })
	}
	assert.Len(t, seen, 7)
}

// Without a word on users' statuses only active users are listed, and what is in force
// depends on the day.
func TestDefaults(t *testing.T) {
	cfg := Population(20)
	cfg.Clock = clock
	s := New(cfg)
	count := func(change func(url.Values)) (int, string) {
		query := good()
		query.Set("customPageSize", "1000")
		change(query)
		w := ask(s, query, nil)
		var p page
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
		return len(p.D.Results), w.Body.String()
	}
	all, _ := count(func(url.Values) {})
	assert.Equal(t, 20, all)
	active, _ := count(func(q url.Values) { q.Del("$filter") })
	assert.Equal(t, 18, active, "two have left")
	jobs := func(day string) string {
		_, body := count(func(q url.Values) {
			q.Set("$select", "personIdExternal,employmentNav/jobInfoNav/emplStatusNav/externalCode")
			q.Set("$expand", "employmentNav,employmentNav/jobInfoNav,employmentNav/jobInfoNav/emplStatusNav")
			q.Set("$filter", "personIdExternal in '100009' and employmentNav/userNav/status in 't','f'")
			if day != "" {
				q.Set("asOfDate", day)
			}
		})
		return body
	}
	assert.Contains(t, jobs(""), `"externalCode":"T"`)
	assert.Contains(t, jobs("2026-06-30"), `"externalCode":"A"`)
	assert.Contains(t, jobs("1999-01-01"), `"jobInfoNav":{"results":[]}`)
}

// What differs was changed, and nothing else.
func TestPut(t *testing.T) {
	now := clock()
	cfg := Population(3)
	cfg.Clock = func() time.Time { return now }
	s := New(cfg)
	now = now.Add(time.Hour)
	p := Population(3).People[1]
	p.Employments[0].Jobs[0].Title = "Lead"
	s.Put(p)
	changed := s.people[p.ID].changed
	assert.True(t, changed["person"].Equal(clock()))
	assert.True(t, changed["work "+p.Employments[0].UserID].Equal(clock()))
	assert.True(t, changed["jobs "+p.Employments[0].UserID].Equal(now))
	s.Delete(p.ID)
	assert.Len(t, s.ids, 2)
	assert.False(t, strings.Contains(strings.Join(s.ids, " "), p.ID))
}
