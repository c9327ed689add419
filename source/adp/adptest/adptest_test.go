package adptest_test

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

	"github.com/provision-go/provision/source/adp/adptest"
)

// ask sends a request to a handler and returns what it answers.
func ask(t *testing.T, h http.Handler, method, target, body string, header map[string]string) (int, string) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func token(t *testing.T, h http.Handler) map[string]string {
	t.Helper()
	form := url.Values{"grant_type": {"client_credentials"}, "client_id": {"test-client"}, "client_secret": {"test-secret"}}
	status, body := ask(t, h, "POST", "/auth/oauth/v2/token", form.Encode(), map[string]string{"Content-Type": "application/x-www-form-urlencoded"})
	require.Equal(t, 200, status, body)
	var answer struct {
		Token string `json:"access_token"`
	}
	require.NoError(t, json.Unmarshal([]byte(body), &answer))
	return map[string]string{"Authorization": "Bearer " + answer.Token, "Accept": "application/json"}
}

// What is not known to be allowed is refused.
func TestRefusals(t *testing.T) {
	fake := adptest.New(adptest.Config{People: adptest.Population(5)})
	h := adptest.Verified(fake)
	good := token(t, h)
	with := func(name, value string) map[string]string {
		all := map[string]string{"Authorization": good["Authorization"], "Accept": good["Accept"]}
		all[name] = value
		return all
	}
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	tests := []struct {
		method, target, body string
		header               map[string]string
		want                 int
	}{
		{"GET", "/hr/v2/workers?$top=2&$skip=0", "", good, 200},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&count=true", "", good, 200},
		{"GET", "/hr/v2/workers?%24top=2&%24skip=0", "", good, 200},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&$select=workers/associateOID,workers/person/legalName", "", good, 200},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&$select=associateOID", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&$select=workers/a/b/c", "", good, 400},
		{"GET", "/hr/v2/workers/G3TEST0000000001?$select=workers/associateOID", "", good, 200},
		{"GET", "/hr/v2/workers?$top=2&$skip=5", "", good, 204},
		{"GET", "/hr/v2/workers?$top=2&$skip=500", "", good, 204},
		{"GET", "/hr/v2/workers?$top=101&$skip=0", "", good, 400},
		{"GET", "/hr/v2/workers?$top=0&$skip=0", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$skip=-1", "", good, 400},
		{"GET", "/hr/v2/workers?$skip=0", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$top=3&$skip=0", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&count=false", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$skip=0&page=1", "", good, 400},
		{"GET", "/hr/v2/workers?$top=2&$skip=0", "", with("Accept", "application/json;masked=false"), 403},
		{"GET", "/hr/v2/workers?$top=2&$skip=0", "", with("Authorization", "Bearer x"), 401},
		{"GET", "/hr/v2/workers?$top=2&$skip=0", "", nil, 401},
		{"POST", "/hr/v2/workers", "{}", good, 404},
		{"GET", "/hr/v2/workers/G3TEST0000000001", "", good, 200},
		{"GET", "/hr/v2/workers/G3TEST0000000001?$top=1", "", good, 400},
		{"GET", "/hr/v2/workers/G3NOBODY", "", good, 404},
		{"GET", "/hr/v1/workers", "", good, 404},
		{"GET", "/core/v1/event-notification-messages", "", good, 204},
		{"DELETE", "/core/v1/event-notification-messages/1", "", good, 404},
		{"POST", "/auth/oauth/v2/token", "grant_type=password", form, 400},
		{"POST", "/auth/oauth/v2/token", "grant_type=client_credentials&client_id=test-client&client_secret=x", form, 401},
		{"POST", "/auth/oauth/v2/token", "grant_type=client_credentials", nil, 400},
		{"GET", "/auth/oauth/v2/token", "", form, 400},
	}
	for _, tt := range tests {
		status, body := ask(t, h, tt.method, tt.target, tt.body, tt.header)
		assert.Equal(t, tt.want, status, "%s %s: %s", tt.method, tt.target, body)
		// Without a certificate nothing of it is answered.
		status, _ = ask(t, fake, tt.method, tt.target, tt.body, tt.header)
		assert.Equal(t, 401, status, "%s %s", tt.method, tt.target)
	}
	without := adptest.Verified(adptest.New(adptest.Config{People: adptest.Population(5), NoTotals: true, EmptyList: true}))
	good = token(t, without)
	status, _ := ask(t, without, "GET", "/hr/v2/workers?$top=2&$skip=0&count=true", "", good)
	assert.Equal(t, 400, status)
	status, body := ask(t, without, "GET", "/hr/v2/workers?$top=2&$skip=9", "", good)
	assert.Equal(t, 200, status)
	assert.JSONEq(t, `{"workers":[]}`, body)
}

// The queue shows its first message until that one is deleted, and no other one can be.
func TestQueue(t *testing.T) {
	fake := adptest.New(adptest.Config{})
	h := adptest.Verified(fake)
	good := token(t, h)
	first, second := fake.Send(`{"a":1}`), fake.Send(`{"b":2}`)
	for range 2 {
		_, body := ask(t, h, "GET", "/core/v1/event-notification-messages", "", good)
		assert.JSONEq(t, `{"a":1}`, body)
	}
	status, _ := ask(t, h, "DELETE", "/core/v1/event-notification-messages/"+second, "", good)
	assert.Equal(t, 404, status)
	status, _ = ask(t, h, "DELETE", "/core/v1/event-notification-messages/"+first, "", good)
	assert.Equal(t, 200, status)
	_, body := ask(t, h, "GET", "/core/v1/event-notification-messages", "", good)
	assert.JSONEq(t, `{"b":2}`, body)
	assert.Equal(t, []string{second}, fake.Queued())
}

// A token is good for its life, and over TLS nobody gets one without a certificate.
func TestTokenLife(t *testing.T) {
	now := time.Now()
	h := adptest.Verified(adptest.New(adptest.Config{TokenLife: time.Minute, Clock: func() time.Time { return now }}))
	good := token(t, h)
	status, _ := ask(t, h, "GET", "/core/v1/event-notification-messages", "", good)
	assert.Equal(t, 204, status)
	now = now.Add(time.Hour)
	status, _ = ask(t, h, "GET", "/core/v1/event-notification-messages", "", good)
	assert.Equal(t, 401, status)
}

func TestPopulation(t *testing.T) {
	people := adptest.Population(1000)
	assert.Equal(t, people, adptest.Population(1000))
	words := map[string]int{}
	for i := range people {
		words[people[i].Status.Value]++
		require.True(t, json.Valid(people[i].JSON()))
	}
	assert.Equal(t, map[string]int{"Active": 950, "Terminated": 50}, words)
}
