package greenhousetest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

func at() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func ask(t *testing.T, fake *greenhousetest.Server, method, path, body string, change func(*http.Request)) *http.Response {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if change != nil {
		change(r)
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

func basic(id, secret string) func(*http.Request) {
	return func(r *http.Request) {
		r.SetBasicAuth(id, secret)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
}

// token gets one and returns what puts it into a request.
func token(t *testing.T, fake *greenhousetest.Server) func(*http.Request) {
	t.Helper()
	answer := ask(t, fake, "POST", "/token", "grant_type=client_credentials&sub=7", basic("test-client", "test-secret"))
	require.Equal(t, 200, answer.StatusCode)
	var given map[string]string
	require.NoError(t, json.Unmarshal([]byte(text(t, answer)), &given))
	assert.Equal(t, "2026-03-02T13:00:00+0000", given["expires_at"])
	return func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+given["access_token"]) }
}

func newFake() *greenhousetest.Server {
	cfg := greenhousetest.Population(60)
	cfg.Clock = at
	return greenhousetest.New(cfg)
}

// What the documentation does not allow is refused as it says.
func TestRefusals(t *testing.T) {
	fake := newFake()
	bearer := token(t, fake)
	list := "/v3/applications"
	for name, tt := range map[string]struct {
		method, path, body string
		change             func(*http.Request)
		status             int
	}{
		"no credentials":             {"GET", list, "", nil, 401},
		"another token":              {"GET", list, "", func(r *http.Request) { r.Header.Set("Authorization", "Bearer other") }, 401},
		"the API token of version 1": {"GET", list, "", basic("test-secret", ""), 401},
		"a wrong secret":             {"POST", "/token", "grant_type=client_credentials", basic("test-client", "other"), 401},
		"another grant":              {"POST", "/token", "grant_type=password", basic("test-client", "test-secret"), 400},
		"more in the form":           {"POST", "/token", "grant_type=client_credentials&scope=all", basic("test-client", "test-secret"), 400},
		"GET of a token":             {"GET", "/token", "", basic("test-client", "test-secret"), 405},
		"version 1":                  {"GET", "/v1/applications", "", bearer, 404},
		"one record":                 {"GET", list + "/55", "", bearer, 404},
		"POST":                       {"POST", list, "{}", bearer, 405},
		"a large page":               {"GET", list + "?per_page=501", "", bearer, 422},
		"an empty page":              {"GET", list + "?per_page=0", "", bearer, 422},
		"a page number":              {"GET", list + "?page=2", "", bearer, 422},
		"too many ids":               {"GET", list + "?ids=" + strings.Repeat("1,", 50) + "1", "", bearer, 422},
		"no id":                      {"GET", list + "?candidate_ids=x", "", bearer, 422},
		"a status of the answer":     {"GET", list + "?status=in_process", "", bearer, 422},
		"a status in small letters":  {"GET", "/v3/offers?status=accepted", "", bearer, 422},
		"applications of candidates": {"GET", "/v3/candidates?application_ids=1", "", bearer, 422},
		"an unknown field":           {"GET", list + "?fields=id,applied_at", "", bearer, 422},
		"an unknown cursor":          {"GET", list + "?cursor=x", "", bearer, 422},
		"an operator":                {"GET", list + "?updated_at=after%7C2026-03-02T12:00:00Z", "", bearer, 422},
		"no operator":                {"GET", list + "?updated_at=2026-03-02T12:00:00Z", "", bearer, 422},
		"a flag":                     {"GET", "/v3/offers?current_only=1", "", bearer, 422},
		"twice":                      {"GET", list + "?per_page=1&per_page=2", "", bearer, 422},
	} {
		answer := ask(t, fake, tt.method, tt.path, tt.body, tt.change)
		assert.Equal(t, tt.status, answer.StatusCode, "%s: %s", name, text(t, answer))
	}
}

func TestPages(t *testing.T) {
	fake := newFake()
	bearer := token(t, fake)
	address, n, pages := "/v3/applications?status=hired&per_page=25&fields=id,status", 0, 0
	for address != "" {
		answer := ask(t, fake, "GET", address, "", bearer)
		require.Equal(t, 200, answer.StatusCode)
		var rows []map[string]any
		require.NoError(t, json.Unmarshal([]byte(text(t, answer)), &rows))
		for _, r := range rows {
			assert.Equal(t, "hired", r["status"])
			assert.Len(t, r, 2)
		}
		n, pages = n+len(rows), pages+1
		address = ""
		if link := answer.Header.Get("Link"); link != "" {
			before, _, _ := strings.Cut(strings.TrimPrefix(link, "<"), ">")
			u, err := url.Parse(before)
			require.NoError(t, err)
			assert.Len(t, u.Query(), 1, "nothing but the cursor")
			extra := ask(t, fake, "GET", u.RequestURI()+"&per_page=25", "", bearer)
			assert.Equal(t, 422, extra.StatusCode)
			address = u.RequestURI()
		}
	}
	assert.Equal(t, [2]int{59, 3}, [2]int{n, pages})
	assert.Contains(t, text(t, ask(t, fake, "GET", "/v3/offers?application_ids=11,12&current_only=true", "", bearer)), `"application_id":11`)
	assert.Equal(t, "[]", text(t, ask(t, fake, "GET", "/v3/candidates?updated_at=gte%7C2026-03-02T12:00:01.000Z", "", bearer)))
	fake.Delete(greenhousetest.Candidates, "1")
	assert.Equal(t, "[]", text(t, ask(t, fake, "GET", "/v3/applications?candidate_ids=1", "", bearer)))
	fake.Revoke()
	assert.Equal(t, 401, ask(t, fake, "GET", "/v3/jobs", "", bearer).StatusCode)
}
