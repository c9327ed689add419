package ashbytest_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/ashby/ashbytest"
)

// ask sends a question as it should be, unless change makes it another one.
func ask(t *testing.T, fake *ashbytest.Server, procedure, body string, change func(*http.Request)) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/"+procedure, strings.NewReader(body))
	r.SetBasicAuth("test-key", "")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json; version=1")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	fake.ServeHTTP(w, r)
	var answer map[string]any
	require.NoError(t, json.Unmarshal(w.Body.Bytes(), &answer))
	return w.Code, answer
}

// What the documentation does not allow is refused as it says: with a status if it is
// about the request, and with the status 200 if it is about what is asked.
func TestRefusals(t *testing.T) {
	fake := ashbytest.New(ashbytest.Population(5))
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	for name, tt := range map[string]struct {
		procedure, body string
		change          func(*http.Request)
		status          int
		code            string
	}{
		"no key":               {"application.list", `{}`, func(r *http.Request) { r.Header.Del("Authorization") }, 401, "unauthorized"},
		"another key":          {"application.list", `{}`, func(r *http.Request) { r.SetBasicAuth("other", "") }, 403, "invalid_api_key"},
		"a password":           {"application.list", `{}`, func(r *http.Request) { r.SetBasicAuth("test-key", "x") }, 403, "invalid_api_key"},
		"GET":                  {"application.list", `{}`, func(r *http.Request) { r.Method = http.MethodGet }, 405, "method_not_allowed"},
		"no version":           {"application.list", `{}`, header("Accept", "application/json"), 406, "not_acceptable"},
		"a form":               {"application.list", `{}`, header("Content-Type", "application/x-www-form-urlencoded"), 415, "unsupported_media_type"},
		"a path":               {"v1/applications", `{}`, nil, 404, "not_found"},
		"a write":              {"application.update", `{}`, nil, 404, "not_found"},
		"no JSON":              {"application.list", `limit=1`, nil, 200, "invalid_input"},
		"a large page":         {"application.list", `{"limit":101}`, nil, 200, "invalid_input"},
		"an unknown parameter": {"application.list", `{"page":2}`, nil, 200, "invalid_input"},
		"an unknown status":    {"application.list", `{"status":"hired"}`, nil, 200, "invalid_input"},
		"a status of offers":   {"offer.list", `{"status":"Hired"}`, nil, 200, "invalid_input"},
		"an unknown cursor":    {"application.list", `{"cursor":"x"}`, nil, 200, "invalid_next_cursor"},
		"an unknown token":     {"application.list", `{"syncToken":"x"}`, nil, 200, "sync_token_invalid"},
		"nobody":               {"candidate.info", `{"id":"x"}`, nil, 200, "candidate_not_found"},
		"no application":       {"application.info", `{"applicationId":"x"}`, nil, 200, "application_not_found"},
	} {
		status, answer := ask(t, fake, tt.procedure, tt.body, tt.change)
		assert.Equal(t, tt.status, status, name)
		assert.Equal(t, false, answer["success"], name)
		assert.Equal(t, tt.code, answer["errorInfo"].(map[string]any)["code"], name)
	}
}

func TestSync(t *testing.T) {
	cfg := ashbytest.Population(5)
	fake := ashbytest.New(cfg)
	read := func(body string) (int, string, string) {
		_, answer := ask(t, fake, "application.list", body, nil)
		require.Equal(t, true, answer["success"], answer)
		next, _ := answer["nextCursor"].(string)
		token, _ := answer["syncToken"].(string)
		assert.Equal(t, next != "", answer["moreDataAvailable"])
		assert.Equal(t, next == "", token != "", "the token comes with the last page")
		return len(answer["results"].([]any)), next, token
	}
	n, next, _ := read(`{"limit":3}`)
	assert.Equal(t, 3, n)
	fake.PutApplications(cfg.Applications[0]) // while the list is read
	n, _, token := read(`{"limit":3,"cursor":"` + next + `"}`)
	assert.Equal(t, 2, n)
	_, answer := ask(t, fake, "application.list", `{"status":"Hired","cursor":"`+next+`"}`, nil)
	assert.Equal(t, false, answer["success"], "a cursor belongs to its question")
	n, _, again := read(`{"syncToken":"` + token + `"}`)
	assert.Equal(t, 1, n, "what changed meanwhile")
	n, _, _ = read(`{"syncToken":"` + again + `"}`)
	assert.Zero(t, n)
	_, answer = ask(t, fake, "offer.list", `{"syncToken":"`+again+`"}`, nil)
	assert.Equal(t, false, answer["success"], "a token belongs to its list")
	fake.Expire()
	_, answer = ask(t, fake, "application.list", `{"syncToken":"`+again+`"}`, nil)
	assert.Equal(t, []any{"sync_token_expired"}, answer["errors"])
	assert.NotEmpty(t, fake.Requests())
}
