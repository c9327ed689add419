package scimserver_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/scimserver"
)

// dropped is a ResponseWriter that keeps the status.
type dropped struct {
	header http.Header
	status int
}

func (d *dropped) Header() http.Header         { return d.header }
func (d *dropped) WriteHeader(status int)      { d.status = status }
func (d *dropped) Write(p []byte) (int, error) { return len(p), nil }

func worker(n int) string {
	return fmt.Sprintf(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],`+
		`"externalId":"00u%07d","userName":"ana.silva%d@acme.example","name":{"formatted":"Ana Silva %d","familyName":"Silva %d","givenName":"Ana"},`+
		`"displayName":"Ana Silva %d","title":"Engineer","active":true,"emails":[{"value":"ana.silva%d@acme.example","type":"work","primary":true}],`+
		`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"employeeNumber":"%06d","department":"Platform %d","costCenter":"CC-%d"}}`,
		n, n, n, n, n, n, n, n%40, n%7)
}

// BenchmarkServer is the handler alone, without net/http around it, among 10,000 users.
func BenchmarkServer(b *testing.B) {
	const held = 10_000
	server, err := scimserver.New(scimserver.Config{
		BaseURL:   "https://app.example/scim/v2",
		Authorize: func(*http.Request) (scimserver.Client, error) { return scimserver.Client{Tenant: "acme"}, nil },
	})
	require.NoError(b, err)
	ids := make([]string, held)
	for n := range held {
		w := httptest.NewRecorder()
		server.ServeHTTP(w, httptest.NewRequest(http.MethodPost, base+"/Users", strings.NewReader(worker(n))))
		var created struct{ ID string }
		require.NoError(b, json.Unmarshal(w.Body.Bytes(), &created), w.Body.String())
		ids[n] = created.ID
	}
	made := held
	for _, kind := range []struct {
		name   string
		status int
		method string
		target func(n int) (string, string) // address and body
	}{
		{"get", 200, "GET", func(n int) (string, string) { return "/Users/" + ids[n%held], "" }},
		{"filter", 200, "GET", func(n int) (string, string) {
			return "/Users?filter=" + url.QueryEscape(fmt.Sprintf(`userName eq "ana.silva%d@acme.example"`, n%held)), ""
		}},
		{"page100", 200, "GET", func(n int) (string, string) {
			return fmt.Sprintf("/Users?startIndex=%d&count=100", n*100%(held-100)+1), ""
		}},
		{"patch", 200, "PATCH", func(n int) (string, string) {
			return "/Users/" + ids[n%held], patch(fmt.Sprintf(`{"op":"replace","path":"title","value":"Engineer %d"}`, n))
		}},
		{"post", 201, "POST", func(int) (string, string) { made++; return "/Users", worker(made) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			b.ReportAllocs()
			w := &dropped{}
			for n := 0; b.Loop(); n++ {
				address, body := kind.target(n)
				u, err := url.Parse(base + address)
				if err != nil {
					b.Fatal(err)
				}
				r := &http.Request{Method: kind.method, URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
				w.header = http.Header{}
				server.ServeHTTP(w, r)
				if w.status != kind.status {
					b.Fatal(kind.name, w.status)
				}
			}
		})
	}
}
