package scimclient_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/target"
)

func TestSend(t *testing.T) {
	const ana = `{"id":"7","userName":"ana","meta":{"version":"W/\"1\"","location":"Users/7"}}`
	for name, c := range map[string]struct {
		write  scimclient.Write
		answer answers
		sent   string // METHOD URI body
		want   scimclient.Reply
	}{
		"create": {
			scimclient.Write{Method: "POST", Endpoint: "/Users", Body: scim.Object{"userName": "a<b"}},
			answers{status: 201, body: ana},
			`POST /scim/v2/Users {"userName":"a<b"}`,
			scimclient.Reply{Status: 201, Whole: true, Resource: scimclient.Resource{ID: "7", Version: `W/"1"`}},
		},
		"create, and only a location": {
			scimclient.Write{Method: "POST", Endpoint: "/Users", Body: json.RawMessage(`{"a": 1}`)},
			answers{status: 201, header: http.Header{"Location": {"https://other.example/v2/users/a%40b/"}, "Etag": {`"9"`}}},
			`POST /scim/v2/Users {"a": 1}`,
			scimclient.Reply{Status: 201, Resource: scimclient.Resource{ID: "a@b", Version: `"9"`}},
		},
		"create, and a location of something else": {
			scimclient.Write{Method: "POST", Endpoint: "/Users", Body: []byte(`{}`)},
			answers{status: 202, header: http.Header{"Location": {"/scim/v2/Jobs/17"}}},
			`POST /scim/v2/Users {}`,
			scimclient.Reply{Status: 202},
		},
		"patch without an answer": {
			scimclient.Write{Method: "PATCH", Endpoint: "/Groups", ID: "a/b", Body: []byte(`{}`), Excluded: []string{"members"}},
			answers{status: 204},
			`PATCH /scim/v2/Groups/a%2Fb?excludedAttributes=members {}`,
			scimclient.Reply{Status: 204, Resource: scimclient.Resource{ID: "a/b"}},
		},
		"patch, and the tag wins": {
			scimclient.Write{Method: "PATCH", Endpoint: "/Users", ID: "7", Body: []byte(`{}`), Version: `W/"1"`, IdempotencyKey: "k1"},
			answers{header: http.Header{"Etag": {`W/"2"`}, "Content-Type": {"text/plain"}}, body: strings.ToUpper(ana)},
			`PATCH /scim/v2/Users/7 {}`,
			scimclient.Reply{Status: 200, Whole: true, Resource: scimclient.Resource{ID: "7", Version: `W/"2"`}},
		},
		"put, and a word": {
			scimclient.Write{Method: "PUT", Endpoint: "/Users", ID: "7", Body: []byte(`{}`)},
			answers{body: "OK"},
			`PUT /scim/v2/Users/7 {}`,
			scimclient.Reply{Status: 200, Resource: scimclient.Resource{ID: "7"}},
		},
		"put, and a list": {
			scimclient.Write{Method: "PUT", Endpoint: "/Users", ID: "7", Body: []byte(`{}`)},
			answers{body: `{"id":"x","Resources":[]}`},
			`PUT /scim/v2/Users/7 {}`,
			scimclient.Reply{Status: 200, Resource: scimclient.Resource{ID: "7"}},
		},
		"a rename that changes the id (sgateway)": {
			scimclient.Write{Method: "PATCH", Endpoint: "/Users", ID: "old@x", Body: []byte(`{}`)},
			answers{body: `{"id":"new@x"}`},
			`PATCH /scim/v2/Users/old@x {}`,
			scimclient.Reply{Status: 200, Whole: true, Resource: scimclient.Resource{ID: "new@x"}},
		},
		"delete": {
			scimclient.Write{Method: "DELETE", Endpoint: "/Users", ID: "7"},
			answers{status: 204},
			`DELETE /scim/v2/Users/7 `,
			scimclient.Reply{Status: 204, Resource: scimclient.Resource{ID: "7"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := 0
			c.answer.see = func(r *http.Request, body string) {
				n++
				require.Equal(t, c.sent, r.Method+" "+r.URL.RequestURI()+" "+body)
				require.Equal(t, c.write.Version, r.Header.Get("If-Match"))
				require.Equal(t, c.write.IdempotencyKey, keyOf(r.Header))
				require.Equal(t, "application/scim+json, application/json", r.Header.Get("Accept"))
				require.Equal(t, "acme/1", r.Header.Get("User-Agent"))
				if c.write.Body != nil {
					require.Equal(t, "application/scim+json", r.Header.Get("Content-Type"))
				}
			}
			got, err := client(t, c.answer, scimclient.Config{Header: http.Header{"User-Agent": {"acme/1"}}}).Send(t.Context(), c.write)
			require.NoError(t, err)
			require.Equal(t, 1, n)
			require.Equal(t, c.want.Whole, got.Resource.Object != nil)
			got.Resource.Object = nil
			require.Equal(t, c.want, got)
		})
	}
	_, err := client(t, answers{}, scimclient.Config{}).Send(t.Context(), scimclient.Write{Method: "PUT", Endpoint: "/Users"})
	require.EqualError(t, err, "acme: PUT /Users: no ID")
	_, err = client(t, answers{}, scimclient.Config{}).Send(t.Context(), scimclient.Write{Method: "POST", Endpoint: "/Users", Body: func() {}})
	require.EqualError(t, err, "acme: POST /Users: encode the body: json: unsupported type: func()")
}

// keyOf returns the header Idempotency-Key, however it is spelled.
func keyOf(h http.Header) string {
	for name, values := range h {
		if strings.EqualFold(name, "Idempotency-Key") {
			return values[0]
		}
	}
	return ""
}

func TestErrors(t *testing.T) {
	const said = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":409,"scimType":"UNIQUENESS","detail":"userName ana@x already exists"}`
	for name, c := range map[string]struct {
		answer answers
		text   string
		kind   fetch.Kind
		class  target.Class
		wait   time.Duration
	}{
		"duplicate":              {answers{status: 409, body: said}, "409 Conflict: uniqueness", fetch.Refused, target.Exists, 0},
		"another word":           {answers{status: 400, body: `{"scimType":"ana@x"}`}, "400 Bad Request", fetch.Refused, target.Permanent, 0},
		"status 500 with a text": {answers{status: 500, body: "ana@x"}, "500 Internal Server Error", fetch.Transient, target.Transient, 0},
		"429":                    {answers{status: 429, header: http.Header{"Retry-After": {"30"}}}, "429 Too Many Requests (asked to wait 30s)", fetch.Throttled, target.Throttled, 30 * time.Second},
		"403 with a wait":        {answers{status: 403, header: http.Header{"Retry-After": {"30"}}}, "403 Forbidden", fetch.Forbidden, target.Throttled, 0},
		"redirect":               {answers{status: 302, header: http.Header{"Location": {"https://else.example/?t=ana@x"}}}, "302 Found", fetch.Refused, target.Permanent, 0},
		"stale":                  {answers{status: 412}, "412 Precondition Failed", fetch.Refused, target.Conflict, 0},
		"too large":              {answers{status: 413}, "413 Request Entity Too Large", fetch.Refused, target.Permanent, 0},
		"a success that is none": {answers{body: said}, "uniqueness: an error message with a status of success", fetch.BadContent, target.Unclear, 0},
		"HTML":                   {answers{body: "<html>ana@x"}, "wanted JSON, got HTML (a login or maintenance page?)", fetch.BadContent, target.Unclear, 0},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(t, c.answer, scimclient.Config{}).Send(t.Context(), scimclient.Write{Method: "POST", Endpoint: "/Users", Body: []byte("{}")})
			require.ErrorContains(t, err, "acme: POST app.example/scim/v2/Users: "+c.text)
			e, ok := errors.AsType[*scimclient.Error](err)
			require.True(t, ok)
			require.Equal(t, c.kind, e.Kind)
			require.Equal(t, c.wait, e.RetryAfter)
			require.Equal(t, max(c.answer.status, 200), e.Status)
			if c.class != target.Unclear {
				classified := target.FromHTTP(e.Response())
				require.Equal(t, c.class, target.ClassOf(classified))
				require.ErrorContains(t, classified, "POST app.example/scim/v2/Users: ")
			}
			require.Equal(t, strings.Contains(c.answer.body, "already"), e.Mentions("nothing", "Already Exists"))
			for _, format := range []string{"%v", "%+v", "%#v", "%q"} {
				require.NotContains(t, fmt.Sprintf(format, err), "ana@x", format)
			}
		})
	}
	var nothing *scimclient.Error
	require.Equal(t, 0, scimclient.StatusOf(nil))
	require.False(t, errors.As(nil, &nothing))
}

func TestNoAnswer(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	address := server.URL
	server.Close()
	c, err := scimclient.New(scimclient.Config{System: "acme", Base: address, Private: true, Auth: scimclient.Bearer("hunter2-hunter2")})
	require.NoError(t, err)
	_, err = c.Send(t.Context(), scimclient.Write{Method: "DELETE", Endpoint: "/Users", ID: "1"})
	require.ErrorContains(t, err, "acme: DELETE 127.0.0.1:")
	e, ok := errors.AsType[*scimclient.Error](err)
	require.True(t, ok)
	require.Zero(t, e.Status)
	require.Nil(t, e.Response())
	require.Equal(t, target.NotSent, target.ClassOf(target.FromTransport(err)))
	require.ErrorIs(t, err, source.ErrUnavailable)
	for _, format := range []string{"%v", "%+v", "%#v"} {
		require.NotContains(t, fmt.Sprintf(format, c), "hunter2")
		require.NotContains(t, fmt.Sprintf(format, scimclient.Config{Auth: scimclient.Bearer("hunter2-hunter2")}), "hunter2")
	}
}

func TestGet(t *testing.T) {
	var asked string
	see := func(r *http.Request, _ string) { asked = r.URL.RequestURI() }
	got, err := client(t, answers{body: `{"ID":7,"userName":"ana"}`, see: see}, scimclient.Config{}).
		Get(t.Context(), "/Users", "7", scimclient.Query{Attributes: []string{"userName"}})
	require.NoError(t, err)
	require.Equal(t, "7", got.ID)
	require.Equal(t, "/scim/v2/Users/7?attributes=userName", asked)
	for body, want := range map[string]string{
		`{"id":"8"}`: "the answer is another resource", `{"userName":"ana"}`: "there is no id in the answer",
		`{"totalResults":1,"Resources":[{"id":"7"}]}`:                 "there is no id in the answer",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"]}`: "an error message with a status of success", `[]`: "the body is not a JSON object",
	} {
		_, err := client(t, answers{body: body}, scimclient.Config{}).Get(t.Context(), "/Users", "7", scimclient.Query{})
		require.ErrorContains(t, err, "acme: GET app.example/scim/v2/Users/7: "+want)
		require.ErrorIs(t, err, source.ErrBadContent)
	}
	_, err = client(t, answers{body: `{"id":"k1"}`}, scimclient.Config{}).Get(t.Context(), "/Users", "\u212a1", scimclient.Query{})
	require.ErrorContains(t, err, "the answer is another resource", "a Kelvin sign is no k")
	_, err = client(t, answers{status: 404}, scimclient.Config{}).Get(t.Context(), "/Users", "7", scimclient.Query{})
	require.Equal(t, 404, scimclient.StatusOf(err))
	_, err = client(t, answers{}, scimclient.Config{}).Get(t.Context(), "/Users", "..", scimclient.Query{})
	require.ErrorContains(t, err, "wanted no . or .. in the path")
}

func TestFind(t *testing.T) {
	const rows = `{"totalResults":3,"Resources":[{"id":"1","userName":"Ana","active":true},{"id":"2","userName":"ben","active":"maybe"},{"id":"3"}]}`
	var asked string
	see := func(r *http.Request, _ string) { asked = r.URL.RawQuery }
	find := func(q scimclient.Query) ([]scimclient.Resource, error) {
		return client(t, answers{body: rows, see: see}, scimclient.Config{Careful: true}).Find(t.Context(), "/Users", q)
	}
	found, err := find(scimclient.Query{Filter: `userName eq "ANA"`, Attributes: []string{"active"}, Excluded: []string{"userName", "groups"}})
	require.NoError(t, err)
	require.Len(t, found, 1, "who does not satisfy the filter is left out")
	require.Equal(t, "1", found[0].ID)
	require.Equal(t, "attributes=active%2CuserName&count=100&excludedAttributes=groups&filter=userName+eq+%22ANA%22&startIndex=1", asked)
	_, err = find(scimclient.Query{Filter: `active eq true`})
	require.ErrorContains(t, err, "cannot be understood where the filter looks")
	_, err = find(scimclient.Query{Filter: `userName equals "x"`})
	require.ErrorContains(t, err, "acme: filter: ")
	require.Equal(t, `"a\"b<\\"`, scimclient.Quote(`a"b<\`))
}

func TestBulk(t *testing.T) {
	ops := []scimclient.BulkOperation{
		{Method: "POST", Endpoint: "/Users", BulkID: "a", Data: scim.Object{"userName": "ana"}},
		{Method: "PATCH", Endpoint: "/Groups", ID: "g/1", Version: `W/"1"`, Data: json.RawMessage(`{"Operations":[]}`)},
		{Method: "DELETE", Endpoint: "/Users", ID: "9"},
	}
	var sent string
	bulk := func(answer string) ([]scimclient.BulkResult, error) {
		return client(t, answers{body: answer, see: func(_ *http.Request, body string) { sent = body }}, scimclient.Config{}).Bulk(t.Context(), ops)
	}
	const first = `{"method":"POST","bulkId":"a","location":"https://x/v2/Users/7","version":"W/\"4\"","status":"201"}`
	const second = `{"method":"patch","location":"/Groups/g%2F1","status":{"code":"412"},"response":{"scimType":"invalidVers","detail":"ana@x"}}`
	const third = `{"method":"DELETE","status":204}`
	got, err := bulk(`{"Operations":[` + first + `,` + second + `,` + third + `]}`)
	require.NoError(t, err)
	require.JSONEq(t, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"Operations":[
		{"method":"POST","path":"/Users","bulkId":"a","data":{"userName":"ana"}},
		{"method":"PATCH","path":"/Groups/g%2F1","version":"W/\"1\"","data":{"Operations":[]}},{"method":"DELETE","path":"/Users/9"}]}`, sent)
	bare := func(status int, id, version string) scimclient.BulkResult {
		return scimclient.BulkResult{Reply: scimclient.Reply{Status: status, Resource: scimclient.Resource{ID: id, Version: version}}}
	}
	require.Equal(t, bare(201, "7", `W/"4"`), got[0])
	require.Equal(t, 412, got[1].Status)
	require.EqualError(t, got[1].Err, "acme: PATCH app.example/scim/v2/Groups/g%2F1: 412 Precondition Failed: invalidVers")
	require.Equal(t, bare(204, "9", ""), got[2])
	got, err = bulk(`{"Operations":[{"bulkId":"a","status":"201","version":"2","response":{"id":"8","userName":"ana","meta":{"version":"1"}}}]}`)
	require.NoError(t, err)
	require.True(t, got[0].Whole)
	require.Equal(t, []any{"8", "2", "ana"}, []any{got[0].Resource.ID, got[0].Resource.Version, got[0].Resource.Object["userName"]})

	// In another order, what has no place is nobody's; what is not there is unknown.
	got, err = bulk(`{"OPERATIONS":[` + second + `,` + third + `,` + first + `]}`)
	require.NoError(t, err)
	require.Equal(t, []int{201, 412, 0}, []int{got[0].Status, got[1].Status, got[2].Status})
	got, err = bulk(`{"Operations":[` + third + `]}`)
	require.NoError(t, err)
	for n := range got {
		require.ErrorContains(t, got[n].Err, "the answer does not say what became of the operation")
		require.Equal(t, target.Unclear, target.ClassOf(got[n].Err))
	}
	got, err = bulk(`{"Operations":["x",{"bulkId":"a","status":"soon"},{"bulkId":"other","status":"200"}]}`)
	require.NoError(t, err)
	require.Equal(t, []int{0, 0, 0}, []int{got[0].Status, got[1].Status, got[2].Status})

	_, err = bulk(`{}`)
	require.ErrorContains(t, err, "acme: POST app.example/scim/v2/Bulk: there are no Operations in the answer")
	require.Equal(t, 200, scimclient.StatusOf(err))
	_, err = client(t, answers{status: 413}, scimclient.Config{}).Bulk(t.Context(), ops)
	require.Equal(t, 413, scimclient.StatusOf(err))
	for want, wrong := range map[string]scimclient.BulkOperation{
		"operation 4: no BulkID":                    {Method: "POST", Endpoint: "/Users"},
		"operation 4: no ID":                        {Method: "PUT", Endpoint: "/Users"},
		"operation 4: BulkID a is there already":    {Method: "POST", Endpoint: "/Users", BulkID: "a"},
		"operation 4: encode the body: json: unsup": {Method: "POST", Endpoint: "/Users", BulkID: "b", Data: func() {}},
	} {
		_, err := client(t, answers{}, scimclient.Config{}).Bulk(t.Context(), append(ops[:3:3], wrong))
		require.ErrorContains(t, err, "acme: bulk: "+want)
	}
}

func TestDiscover(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/v2/ServiceProviderConfig":
			_, _ = io.WriteString(w, `{"patch":{"supported":true},"bulk":{"supported":"false","maxOperations":"10"},"filter":{"maxResults":200},"ETAG":{"supported":false},
				"documentationUri":"","pagination":{"cursor":true,"index":false,"defaultPaginationMethod":"cursor","maxPageSize":50,"cursorTimeout":3600}}`)
		case "/v2/ResourceTypes":
			_, _ = io.WriteString(w, `[{"name":"User","endpoint":"/Users","schema":"urn:u","schemaExtensions":[{"schema":"urn:e","required":true}]}]`)
		case "/v2/Schemas":
			_, _ = io.WriteString(w, `{"Resources":[{"id":"urn:e","name":"E","attributes":[{"name":"badge","type":"string"}]},{"id":"urn:broken"}]}`)
		}
	}))
	t.Cleanup(server.Close)
	c, err := scimclient.New(scimclient.Config{System: "acme", Base: server.URL + "/v2", Private: true})
	require.NoError(t, err)
	f, err := c.Discover(t.Context())
	require.ErrorContains(t, err, "schema urn:broken: no attributes")
	require.NotNil(t, f.Schemas["urn:e"].Attribute("badge"))
	f.Schemas = nil
	require.Equal(t, scimclient.Features{
		Patch: scimclient.Yes, Bulk: scimclient.No, ETag: scimclient.No, Cursor: scimclient.Yes, Index: scimclient.No,
		MaxResults: 200, BulkOperations: 10, Default: scimclient.ByCursor, MaxPageSize: 50, CursorTimeout: time.Hour,
		Types: []scimclient.Type{{Name: "User", Endpoint: "/Users", Schema: "urn:u", Extensions: []string{"urn:e"}}},
	}, f)

	f, err = client(t, answers{status: 404}, scimclient.Config{}).Discover(t.Context())
	require.Equal(t, scimclient.Features{}, f, "nothing is a hint")
	require.ErrorContains(t, err, "/Schemas: 404 Not Found")
}
