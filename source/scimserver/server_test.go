package scimserver_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// A client sends requests as one tenant.
type client struct {
	t      *testing.T
	server http.Handler
	tenant string
}

func newClient(t *testing.T, change func(*scimserver.Config)) *client {
	t.Helper()
	cfg := config(t)
	if change != nil {
		change(&cfg)
	}
	server, err := scimserver.New(cfg)
	require.NoError(t, err)
	return &client{t: t, server: server, tenant: "acme"}
}

// An answer is what came back, its body as JSON.
type answer struct {
	status int
	header http.Header
	text   string
	body   map[string]any
}

func (a answer) id() string { return a.str("id") }

func (a answer) str(name string) string { s, _ := a.body[name].(string); return s }

func (a answer) resources() []any { list, _ := a.body["Resources"].([]any); return list }

// send sends a request; headers are "Name: value".
func (c *client) send(method, address, body string, headers ...string) answer {
	c.t.Helper()
	path, query, _ := strings.Cut(address, "?")
	r := httptest.NewRequest(method, "http://127.0.0.1/", strings.NewReader(body))
	r.URL = &url.URL{Path: base + path, RawQuery: escapeQuery(query)}
	r.Header.Set("Authorization", "Bearer "+c.tenant)
	if body != "" {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return c.do(r)
}

func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	a := answer{status: w.Code, header: w.Header(), text: w.Body.String()}
	if a.text != "" {
		require.NoError(c.t, json.Unmarshal([]byte(a.text), &a.body), "%s", a.text)
	}
	if wrong := malformed(r, a.status, a.header, a.text); len(wrong) > 0 {
		c.t.Errorf("%s %s: %d\n\t%s", r.Method, r.URL, a.status, strings.Join(wrong, "\n\t"))
	}
	return a
}

// must sends a request that has to succeed.
func (c *client) must(status int, method, address, body string, headers ...string) answer {
	c.t.Helper()
	a := c.send(method, address, body, headers...)
	require.Equal(c.t, status, a.status, "%s %s: %s", method, address, a.text)
	return a
}

// user creates one.
func (c *client) user(name string) string {
	c.t.Helper()
	return c.must(201, "POST", "/Users", fmt.Sprintf(`{"userName":%q}`, name)).id()
}

func (c *client) group(name string, members ...string) string {
	c.t.Helper()
	list := make([]string, len(members))
	for n := range members {
		list[n] = fmt.Sprintf(`{"value":%q}`, members[n])
	}
	return c.must(201, "POST", "/Groups", fmt.Sprintf(`{"displayName":%q,"members":[%s]}`, name, strings.Join(list, ","))).id()
}

func patch(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// An error has the members of RFC 7644, section 3.12, and no others.
func isError(t *testing.T, a answer, status int, scimType string) {
	t.Helper()
	assert.Equal(t, status, a.status, a.text)
	assert.Equal(t, []any{"urn:ietf:params:scim:api:messages:2.0:Error"}, a.body["schemas"])
	assert.Equal(t, fmt.Sprint(status), a.body["status"])
	if scimType == "" {
		assert.NotContains(t, a.body, "scimType", a.text)
	} else {
		assert.Equal(t, scimType, a.body["scimType"], a.text)
	}
	assert.NotEmpty(t, a.body["detail"])
	for name := range a.body {
		assert.Contains(t, []string{"schemas", "status", "scimType", "detail"}, name)
	}
}

func TestErrorsHaveBodies(t *testing.T) {
	c := newClient(t, nil)
	id := c.user("ana")
	for _, test := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		scimType                 string
		header, value            string
	}{
		{name: "no token", method: "GET", path: "/Users", headers: []string{"Authorization: none"}, status: 401, header: "WWW-Authenticate", value: `Bearer realm="SCIM"`},
		{name: "unknown id", method: "GET", path: "/Users/nobody", status: 404},
		{name: "unknown endpoint", method: "GET", path: "/Devices", status: 404},
		{name: "below a resource", method: "GET", path: "/Users/" + id + "/name", status: 404},
		{name: "id of another kind", method: "GET", path: "/Groups/" + id, status: 404},
		{name: "delete all", method: "DELETE", path: "/Users", status: 405, header: "Allow", value: "GET, POST"},
		{name: "post one", method: "POST", path: "/Users/" + id, body: `{}`, status: 405, header: "Allow", value: "GET, PUT, PATCH, DELETE"},
		{name: "get bulk", method: "GET", path: "/Bulk", status: 405, header: "Allow", value: "POST"},
		{name: "write discovery", method: "PUT", path: "/Schemas", status: 405, header: "Allow", value: "GET"},
		{name: "form", method: "POST", path: "/Users", body: "userName=a", headers: []string{"Content-Type: application/x-www-form-urlencoded"}, status: 415},
		{name: "other character set", method: "POST", path: "/Users", body: "{}", headers: []string{"Content-Type: application/json; charset=latin1"}, status: 415},
		{name: "unknown packing", method: "POST", path: "/Users", body: "{}", headers: []string{"Content-Encoding: br"}, status: 415},
		{name: "no gzip", method: "POST", path: "/Users", body: "{}", headers: []string{"Content-Encoding: gzip"}, status: 400, scimType: "invalidSyntax"},
		{name: "no JSON", method: "POST", path: "/Users", body: "{", status: 400, scimType: "invalidSyntax"},
		{name: "an array", method: "POST", path: "/Users", body: "[]", status: 400, scimType: "invalidSyntax"},
		{name: "nothing", method: "POST", path: "/Users", status: 400, scimType: "invalidSyntax"},
		{name: "no userName", method: "POST", path: "/Users", body: `{"displayName":"x"}`, status: 400, scimType: "invalidValue"},
		{name: "taken", method: "POST", path: "/Users", body: `{"userName":"ANA"}`, status: 409, scimType: "uniqueness"},
		{name: "bad filter", method: "GET", path: "/Users?filter=userName eq", status: 400, scimType: "invalidFilter"},
		{name: "unknown attribute", method: "GET", path: `/Users?filter=usrName eq "a"`, status: 400, scimType: "invalidFilter"},
		{name: "password", method: "GET", path: `/Users?filter=password eq "a"`, status: 400, scimType: "invalidFilter"},
		{name: "count", method: "GET", path: "/Users?count=many", status: 400, scimType: "invalidValue"},
		{name: "sortOrder", method: "GET", path: "/Users?sortBy=userName&sortOrder=up", status: 400, scimType: "invalidValue"},
		{name: "sortBy", method: "GET", path: "/Users?sortBy=nothing", status: 400, scimType: "invalidValue"},
		{name: "cursor", method: "GET", path: "/Users?cursor=abc", status: 400, scimType: "invalidCursor"},
		{name: "me", method: "GET", path: "/Me", status: 501},
		{name: "put nobody", method: "PUT", path: "/Users/nobody", body: `{"userName":"x"}`, status: 404},
		{name: "patch nobody", method: "PATCH", path: "/Users/nobody", body: patch(`{"op":"replace","path":"title","value":"x"}`), status: 404},
		{name: "delete nobody", method: "DELETE", path: "/Users/nobody", status: 404},
		{name: "remove without path", method: "PATCH", path: "/Users/" + id, body: patch(`{"op":"remove"}`), status: 400, scimType: "noTarget"},
		{name: "remove the name", method: "PATCH", path: "/Users/" + id, body: patch(`{"op":"remove","path":"userName"}`), status: 400, scimType: "mutability"},
		{name: "write the id", method: "PATCH", path: "/Users/" + id, body: patch(`{"op":"replace","path":"id","value":"x"}`), status: 400, scimType: "mutability"},
		{name: "broken path", method: "PATCH", path: "/Users/" + id, body: patch(`{"op":"replace","path":"emails[","value":"x"}`), status: 400, scimType: "invalidFilter"},
		{name: "unknown member", method: "POST", path: "/Groups", body: `{"displayName":"g","members":[{"value":"nobody"}]}`, status: 400, scimType: "invalidValue"},
		{name: "old version", method: "PUT", path: "/Users/" + id, body: `{"userName":"ana"}`, headers: []string{`If-Match: W/"7"`}, status: 412},
		{name: "delete old version", method: "DELETE", path: "/Users/" + id, headers: []string{`If-Match: "7"`}, status: 412},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := c.send(test.method, test.path, test.body, test.headers...)
			isError(t, a, test.status, test.scimType)
			if test.header != "" {
				assert.Equal(t, test.value, a.header.Get(test.header))
			}
		})
	}
	assert.Equal(t, "ana", c.must(200, "GET", "/Users/"+id, "").str("userName"), "nothing of this has changed anything")
}

func TestAuthorize(t *testing.T) {
	var told []error
	answers := map[string]error{"forbidden": scimserver.ErrForbidden, "down": fmt.Errorf("directory: %w", scimserver.ErrUnavailable), "wrong": errors.New("secret-token-7 is unknown")}
	c := newClient(t, func(cfg *scimserver.Config) {
		cfg.Authorize = func(r *http.Request) (scimserver.Client, error) {
			return scimserver.Client{}, answers[r.Header.Get("Authorization")[len("Bearer "):]]
		}
		cfg.Failed = func(_ *http.Request, err error) { told = append(told, err) }
	})
	for tenant, status := range map[string]int{"forbidden": 403, "down": 503, "wrong": 401, "nobody": 401} {
		c.tenant = tenant
		a := c.send("GET", "/Users", "")
		isError(t, a, status, "")
		assert.NotContains(t, a.text, "secret-token-7")
	}
	assert.Len(t, told, 4)
}

func TestTenantsSeeNothingOfEachOther(t *testing.T) {
	c := newClient(t, nil)
	ana := c.user("ana")
	team := c.group("team", ana)
	other := *c
	other.tenant = "globex"
	assert.Equal(t, 404, other.send("GET", "/Users/"+ana, "").status)
	assert.Equal(t, 404, other.send("DELETE", "/Groups/"+team, "").status)
	assert.EqualValues(t, 0, other.must(200, "GET", "/Users", "").body["totalResults"])
	assert.EqualValues(t, 0, other.must(200, "GET", `/Users?filter=userName eq "ana"`, "").body["totalResults"])
	isError(t, other.send("POST", "/Groups", `{"displayName":"g","members":[{"value":"`+ana+`"}]}`), 400, "invalidValue")
	other.user("ana")
	other.group("team")
}

func TestLimits(t *testing.T) {
	c := newClient(t, func(cfg *scimserver.Config) {
		cfg.Limits = scimserver.Limits{Body: 2000, Operations: 3, Bulk: 2, Scan: 3}
	})
	isError(t, c.send("POST", "/Users", `{"userName":"`+strings.Repeat("a", 3000)+`"}`), 413, "")

	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := io.Copy(z, io.LimitReader(zeros{}, 50<<20))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	isError(t, c.send("POST", "/Users", packed.String()[:1900], "Content-Encoding: gzip"), 413, "")

	packed.Reset()
	z = gzip.NewWriter(&packed)
	_, err = z.Write([]byte(`{"userName":"zip"}`))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	id := c.must(201, "POST", "/Users", packed.String(), "Content-Encoding: GZIP").id()

	op := `{"op":"replace","path":"title","value":"x"}`
	assert.Contains(t, []int{400, 413}, c.send("PATCH", "/Users/"+id, patch(strings.Repeat(op+",", 3)+op)).status)
	isError(t, c.send("POST", "/Bulk", `{"Operations":[{},{},{}]}`), 413, "")

	for n := range 3 {
		c.user(fmt.Sprint("u", n))
	}
	isError(t, c.send("GET", "/Users?filter=title pr", ""), 400, "tooMany")
	c.must(200, "GET", `/Users?filter=userName eq "u1" and title pr`, "")
}

// zeros is an endless file of spaces, which pack well.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for n := range p {
		p[n] = ' '
	}
	return len(p), nil
}

func TestAbuse(t *testing.T) {
	c := newClient(t, nil)
	id := c.user("ana")
	for name, filter := range map[string]string{
		"brackets": strings.Repeat("(", 100_000),
		"terms":    `userName eq "a"` + strings.Repeat(` or userName eq "a"`, 8000),
		"not":      strings.Repeat("not (", 10_000),
	} {
		t.Run(name, func(t *testing.T) {
			isError(t, c.send("GET", "/Users?filter="+filter, ""), 400, "invalidFilter")
		})
	}
	many := strings.TrimSuffix(strings.Repeat(`{"op":"replace","path":"title","value":"x"},`, 10_000), ",")
	status := c.send("PATCH", "/Users/"+id, patch(many)).status
	assert.Contains(t, []int{400, 413}, status)
	isError(t, c.send("POST", "/Users", `{"userName":"`+strings.Repeat("a", 5<<20)+`"}`), 413, "")
	isError(t, c.send("POST", "/Users", strings.Repeat(`{"a":`, 100_000)), 400, "invalidSyntax")
	a := c.send("GET", "/Users/x%0d%0aInjected: 1", "")
	isError(t, a, 404, "")
	assert.Empty(t, a.header.Get("Injected"))
}
