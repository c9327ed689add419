package fetch_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
)

// asked returns what a client at a base address sends for a request, nil if it
// sends nothing.
func asked(t testing.TB, base, below string, r fetch.Request) (*http.Request, error) {
	t.Helper()
	var sent *http.Request
	client, err := fetch.New(fetch.Config{
		System: "acme-hr", Base: base, Below: below, Attempts: 1,
		Transport: respond(func(r *http.Request) (*http.Response, error) {
			sent = r
			return answer(r, 200, "{}"), nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.Read(t.Context(), r)
	return sent, err
}

func TestPaths(t *testing.T) {
	for want, r := range map[string]fetch.Request{
		"https://acme.example/api":                               {},
		"https://acme.example/api/workers":                       {Path: "/workers"},
		"https://acme.example/api/workers/a%2Fb%3Fc%23d%25e%20f": {Path: "/workers/{id}", Args: []string{"a/b?c#d%e f"}},
		"https://acme.example/api/Emp(id='A%2F1',seq=1L)/x":      {Path: "/Emp(id='{id}',seq={seq}L)/{}", Args: []string{"A/1", "1", "x"}},
		"https://acme.example/api/w%C3%B6rker":                   {Path: "/wörker"},
		"https://acme.example/api/w?%24top=2&q=a%26b&q=c":        {Path: "/w", Query: url.Values{"q": {"a&b", "c"}, "$top": {"2"}}},
	} {
		for _, base := range []string{"https://acme.example/api", "https://acme.example/api/"} {
			sent, err := asked(t, base, "", r)
			require.NoError(t, err, want)
			assert.Equal(t, want, sent.URL.String())
		}
	}
	sent, err := asked(t, "https://acme.example", "", fetch.Request{})
	require.NoError(t, err)
	assert.Equal(t, "https://acme.example/", sent.URL.String())
	sent, err = asked(t, "https://acme.example/a%2Fb", "", fetch.Request{Path: "/c"})
	require.NoError(t, err)
	assert.Equal(t, "https://acme.example/a%2Fb/c", sent.URL.String())

	for says, r := range map[string]fetch.Request{
		"wanted a slash at the beginning":     {Path: "workers"},
		"a query belongs into Query":          {Path: "/workers?a=b"},
		"no arg for {id}":                     {Path: "/workers/{id}"},
		"empty arg for {id}":                  {Path: "/workers/{id}", Args: []string{""}},
		"1 places and 2 args":                 {Path: "/workers/{id}", Args: []string{"1", "2"}},
		"0 places and 1 args":                 {Path: "/workers", Args: []string{"1"}},
		"a place without its closing brace":   {Path: "/workers/{id", Args: []string{"1"}},
		"wanted no . or .. in the path":       {Path: "/workers/{id}", Args: []string{".."}},
		"path /a/{b}: wanted no . or .. in":   {Path: "/a/{b}", Args: []string{"x/../.."}},
		"path /b/{b}: wanted no . or .. in":   {Path: "/b/{b}", Args: []string{"%2e%2e"}},
		"path /c/{b}: wanted no . or .. in":   {Path: "/c/{b}", Args: []string{`x\..\y`}},
		"path /d/{b}: wanted no . or .. in":   {Path: "/d/{b}", Args: []string{"..;x"}},
		"path /e.{b}/x: wanted no . or .. in": {Path: "/.{b}/x", Args: []string{"."}},
	} {
		sent, err := asked(t, "https://acme.example/api", "", r)
		require.ErrorContains(t, err, strings.Replace(says, "/e.", "/.", 1))
		assert.Equal(t, fetch.Refused, fetch.KindOf(err))
		assert.Nil(t, sent)
	}
}

func TestWhatIsSent(t *testing.T) {
	sent, err := asked(t, "https://acme.example/api", "", fetch.Request{Body: []byte("{}")})
	require.NoError(t, err)
	assert.Equal(t, "POST", sent.Method)
	assert.Equal(t, "application/json", sent.Header.Get("Content-Type"), "without parameters")
	assert.EqualValues(t, 2, sent.ContentLength)
	assert.Equal(t, "provision-go", sent.Header.Get("User-Agent"))

	sent, err = asked(t, "https://acme.example/api", "", fetch.Request{
		Method: "PROPFIND", Body: []byte("<a/>"), ContentType: "text/xml", Header: http.Header{"accept": {"text/csv"}, "Soapaction": {"x"}}, Want: fetch.Anything,
	})
	require.NoError(t, err)
	assert.Equal(t, "PROPFIND", sent.Method)
	assert.Equal(t, "text/xml", sent.Header.Get("Content-Type"))
	assert.Equal(t, []string{"text/csv"}, sent.Header["Accept"])
	assert.Equal(t, "x", sent.Header.Get("Soapaction"))

	_, err = asked(t, "https://acme.example/api", "", fetch.Request{Method: "GET /"})
	require.EqualError(t, err, "acme-hr: GET / /api: it makes no HTTP request")
}

func TestNextPage(t *testing.T) {
	const base = "https://acme.example/api"
	page := fetch.Request{Path: "/workers", Query: url.Values{"limit": {"2"}}}
	for next, want := range map[string]string{
		"https://acme.example/api/workers?after=2#top": "https://acme.example/api/workers?after=2",
		"https://acme.example:443/api/v2/x":            "https://acme.example:443/api/v2/x",
		"HTTPS://ACME.example/api":                     "https://ACME.example/api",
		"/api/workers?after=2":                         "https://acme.example/api/workers?after=2",
		"?after=2":                                     "https://acme.example/api/workers?after=2",
		"more?after=a%2Fb":                             "https://acme.example/api/more?after=a%2Fb",
		"//acme.example/api/x":                         "https://acme.example/api/x",
		"/%61pi/x":                                     "https://acme.example/%61pi/x",
		"/api/a%2Fb":                                   "https://acme.example/api/a%2Fb",
	} {
		page.Next = next
		sent, err := asked(t, base, "", page)
		require.NoError(t, err, next)
		assert.Equal(t, want, sent.URL.String())
	}
	for _, next := range []string{
		"http://acme.example/api/x", "https://evil.example/api/x", "//evil.example/api/x", "https://acme.example.evil/api", "https://evil/acme.example/api",
		"https://acme.example:8443/api/x", "https://user@acme.example/api/x", "https://acme.example@evil.example/api", "https://acme.example/",
		"https://acme.example/apis", "/login", "../login", "/api/..%2flogin", "/api/%2e%2e/login", "/api/%252e%252e/login", `/api/..\login`, "/api/..;/login",
		"/api%2f..", "javascript:alert(1)", "https:acme.example/api", "https://acme.example\\@evil.example/api", "https://[::1]/api", "/api\n", "%zz", "data:,x",
		"https://acme.example/API/x", "https://acme.example/api%2fx", "/api" + strings.Repeat("%25", 4000) + "2e",
	} {
		page.Next = next
		sent, err := asked(t, base, "", page)
		require.Error(t, err, next)
		assert.Equal(t, fetch.Refused, fetch.KindOf(err), next)
		assert.Nil(t, sent, next)
		assert.Less(t, len(err.Error()), 600)
	}

	page.Next = "https://acme-\u017fkills.example/api" // folds to an s, which is no reason to send it there
	_, err := asked(t, "https://acme-skills.example/api", "", page)
	require.ErrorContains(t, err, "instead of acme-skills.example")

	page.Next = "/other/workers"
	_, err = asked(t, base, "/", page)
	require.NoError(t, err, "the whole host is permitted")
	page.Next = "/api/workers"
	_, err = asked(t, base, "/api/v2/", page)
	require.ErrorContains(t, err, "path /api/workers is not below /api/v2/")
}

func FuzzNextURL(f *testing.F) {
	for _, s := range []string{
		"https://acme.example/api/x?y=z", "/api/../x", "//evil/api", "?a", "#", "https://acme.example:443/api", "/api/%2e%2e/", "/api/;/..", "https:/\\evil/api", "\x00",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, next string) {
		if next == "" {
			return
		}
		sent, err := asked(t, "https://acme.example/api", "", fetch.Request{Path: "/workers", Next: next})
		if err != nil {
			if sent != nil || fetch.KindOf(err) != fetch.Refused {
				t.Fatalf("sent %v: %v", sent, err)
			}
			return
		}
		// What another reader makes of it must be the same place.
		u, err := url.Parse(sent.URL.String())
		if err != nil {
			t.Fatal(err)
		}
		host := strings.ToLower(strings.TrimSuffix(strings.TrimSuffix(u.Host, "443"), ":"))
		if strings.ContainsFunc(u.Host, func(r rune) bool { return r > 0x7f }) || u.Scheme != "https" || host != "acme.example" || u.User != nil || u.Fragment != "" {
			t.Fatalf("%q leads to %q", next, u)
		}
		if cleaned := u.JoinPath().Path; cleaned != "/api" && !strings.HasPrefix(cleaned, "/api/") {
			t.Fatalf("%q leads to %q", next, cleaned)
		}
	})
}

func TestNextLink(t *testing.T) {
	for want, lines := range map[string][]string{
		"https://a/1": {`<https://a/0>; rel="self"`, `<https://a/1>; rel="next"`},
		"https://a/2": {`<https://a/0>; rel="prev", <https://a/2>; title="x, y; <z>"; rel="next last"`},
		"https://a/3": {`<https://a/3>;rel=next`},
		"https://a/4": {`<https://a/4> ; REL = Next `},
		"https://a/5": {`<https://a/0>; rel=prev; rel=next,<https://a/5,6>; x; rel="start next"`},
		"https://a/6": {`<https://a/6>; title="a \" > b"; rel="next"`},
		"":            {`https://a; rel="next"`, `<https://a; rel="next"`, `<https://a>; rel="nextish"`, `<https://a>; title="rel=next"`, `<https://a>`, `,,`, ``},
	} {
		got := fetch.NextLink(http.Header{"Link": lines})
		if want == "https://a/5" {
			want = "https://a/5,6"
		}
		assert.Equal(t, want, got)
	}
}

func FuzzNextLink(f *testing.F) {
	f.Add(`<https://a/0>; rel="prev", <https://a/2>; title="x, y; <z>"; rel="next last"`)
	f.Fuzz(func(t *testing.T, line string) {
		next := fetch.NextLink(http.Header{"Link": {line}})
		if next != "" && (!strings.Contains(line, next) || strings.Contains(next, ">")) {
			t.Fatalf("%q out of %q", next, line)
		}
	})
}
