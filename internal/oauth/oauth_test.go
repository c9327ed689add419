package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/internal/oauth"
	"github.com/provision-go/provision/internal/secret"
	"github.com/provision-go/provision/source"
)

const password = "s3cret/with+signs&more"

// transport answers in place of a network.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func reply(status int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func tokens(t *testing.T, cfg oauth.Config) *oauth.Source {
	t.Helper()
	if cfg.TokenURL == "" {
		cfg.TokenURL = "https://login.acme.example/oauth2/token"
	}
	cfg.System, cfg.ID, cfg.Secret = "acme", "client 1", secret.New(password)
	s, err := oauth.New(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

func TestWhatIsSent(t *testing.T) {
	var path string
	var form url.Values
	var user, pass string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseForm())
		path, form = r.URL.RequestURI(), r.PostForm
		user, pass, _ = r.BasicAuth()
		assert.Equal(t, "POST", r.Method)
		assert.Equal(t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
		_, _ = io.WriteString(w, `{"access_token":"t1","token_type":"bearer","expires_in":60}`)
	}))
	t.Cleanup(server.Close)
	cfg := oauth.Config{
		TokenURL: server.URL + "/a%2Fb/token?tenant=7", Private: true,
		Scopes: []string{"read", "write"}, Params: url.Values{"audience": {"https://api.acme.example"}},
	}
	got, err := tokens(t, cfg).Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "t1", got)
	require.Equal(t, "/a%2Fb/token?tenant=7", path)
	require.Equal(t, "client+1", user)
	require.Equal(t, url.QueryEscape(password), pass)
	require.Equal(t, url.Values{"grant_type": {"client_credentials"}, "scope": {"read write"}, "audience": {"https://api.acme.example"}}, form)

	cfg.InBody = true
	_, err = tokens(t, cfg).Token(t.Context())
	require.NoError(t, err)
	require.Empty(t, user)
	require.Equal(t, "client 1", form.Get("client_id"))
	require.Equal(t, password, form.Get("client_secret"))
	require.Empty(t, cfg.Params.Get("client_secret"), "what is given is not changed")
}

func TestOneRenewalForAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var requests atomic.Int32
		s := tokens(t, oauth.Config{Transport: transport(func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(5 * time.Second):
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
			return reply(200, fmt.Sprintf(`{"access_token":"t%d","expires_in":3600}`, requests.Add(1)))
		})})
		hasty, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wait sync.WaitGroup
		wait.Go(func() { // comes first, and gives up
			_, err := s.Token(hasty)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, time.Second, time.Since(start(t)))
		})
		synctest.Wait()
		for range 50 {
			wait.Go(func() {
				got, err := s.Token(t.Context())
				assert.NoError(t, err)
				assert.Equal(t, "t1", got)
			})
		}
		wait.Wait()
		require.EqualValues(t, 1, requests.Load())

		// It was refused: everybody wants another one.
		for range 50 {
			wait.Go(func() { assert.NoError(t, s.Renew(t.Context())) })
		}
		wait.Wait()
		got, err := s.Token(t.Context())
		require.NoError(t, err)
		require.Equal(t, "t2", got)
		require.EqualValues(t, 2, requests.Load())
	})
}

// start is when a bubble begins.
func start(t *testing.T) time.Time {
	t.Helper()
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
}

func TestRenewsInTime(t *testing.T) {
	begin := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		answer string
		early  time.Duration
		keeps  time.Duration // 0: for ever
	}{
		"a minute before":                {`"expires_in":3600`, 0, 59 * time.Minute},
		"as early as wanted":             {`"expires_in":3600`, 10 * time.Minute, 50 * time.Minute},
		"a quarter of a short life":      {`"expires_in":40`, 0, 30 * time.Second},
		"text":                           {`"expires_in":"3600"`, 0, 59 * time.Minute},
		"a fraction":                     {`"expires_in":3600.5`, 0, 59*time.Minute + 500*time.Millisecond},
		"an instant (Greenhouse)":        {`"expires_at":"2026-11-29T09:00:00Z"`, 0, 59 * time.Minute},
		"an instant without a colon":     {`"expires_at":"2026-11-29T09:00:00+0000"`, 0, 59 * time.Minute},
		"an instant as a number":         {`"expires_at":1795942800`, 0, 59 * time.Minute},
		"nothing":                        {`"x":1`, 0, 0},
		"null":                           {`"expires_in":null`, 0, 0},
		"zero, which some send for ever": {`"expires_in":0`, 0, 0},
		"absurd":                         {`"expires_in":1e300`, 0, 10*365*24*time.Hour - time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			now, n := begin, 0
			s := tokens(t, oauth.Config{
				Early: c.early, Now: func() time.Time { return now },
				Transport: transport(func(*http.Request) (*http.Response, error) {
					n++
					return reply(200, fmt.Sprintf(`{"access_token":"t%d",%s}`, n, c.answer))
				}),
			})
			at := func(after time.Duration, want string) {
				t.Helper()
				now = begin.Add(after)
				got, err := s.Token(t.Context())
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
			at(0, "t1")
			if c.keeps == 0 {
				at(100*365*24*time.Hour, "t1")
				return
			}
			at(c.keeps-1, "t1")
			at(c.keeps, "t2")
		})
	}
}

// A token endpoint that is down for a moment is no reason to stop while there is a
// token.
func TestUsesATokenAsLongAsItLasts(t *testing.T) {
	begin := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	now, n, down := begin, 0, false
	s := tokens(t, oauth.Config{Now: func() time.Time { return now }, Transport: transport(func(*http.Request) (*http.Response, error) {
		n++
		if down {
			return reply(400, `{"error":"invalid_request"}`)
		}
		return reply(200, fmt.Sprintf(`{"access_token":"t%d","expires_in":3600}`, n))
	})})
	token := func(after time.Duration) string {
		now = begin.Add(after)
		got, err := s.Token(t.Context())
		require.NoError(t, err)
		return got
	}
	require.Equal(t, "t1", token(0))
	down = true
	require.Equal(t, "t1", token(59*time.Minute))
	require.Equal(t, "t1", token(59*time.Minute+9*time.Second))
	require.Equal(t, 2, n, "it is not asked at each call")
	require.Equal(t, "t1", token(59*time.Minute+59*time.Second))
	require.Equal(t, 3, n)
	now = begin.Add(time.Hour)
	_, err := s.Token(t.Context())
	require.EqualError(t, err, "acme: POST /oauth2/token: 400 Bad Request: invalid_request")
	down = false
	require.Equal(t, "t5", token(time.Hour))
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		status int
		body   string
		text   string
		is     error
	}{
		"wrong secret":  {401, `{"error":"invalid_client","error_description":"` + password + `"}`, "401 Unauthorized: invalid_client", source.ErrUnauthorized},
		"also by 400":   {400, `{"error":"unauthorized_client"}`, "400 Bad Request: unauthorized_client", source.ErrUnauthorized},
		"unknown code":  {400, `{"error":"` + password + `"}`, "400 Bad Request", nil},
		"plain text":    {403, password, "403 Forbidden", source.ErrForbidden},
		"HTML":          {200, "<html>", "wanted JSON, got HTML (a login or maintenance page?)", source.ErrBadContent},
		"no token":      {200, `{"token_type":"Bearer"}`, "there is no access_token in the answer", source.ErrBadContent},
		"null":          {200, `null`, "the answer is null", source.ErrBadContent},
		"wrong type":    {200, `{"access_token":"t1","token_type":"mac"}`, "the token_type is not bearer", source.ErrBadContent},
		"line break":    {200, `{"access_token":"t\r\nX-Evil: 1"}`, "the access_token cannot be in a header", source.ErrBadContent},
		"token is a 1":  {200, `{"access_token":1}`, "the JSON, field access_token does not fit: got number for string", source.ErrBadContent},
		"a 3xx is none": {307, ``, "307 Temporary Redirect", nil},
	} {
		t.Run(name, func(t *testing.T) {
			s := tokens(t, oauth.Config{Transport: transport(func(*http.Request) (*http.Response, error) { return reply(c.status, c.body) })})
			_, err := s.Token(t.Context())
			require.EqualError(t, err, "acme: POST /oauth2/token: "+c.text)
			if c.is != nil {
				require.ErrorIs(t, err, c.is)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		n := 0
		s := tokens(t, oauth.Config{Transport: transport(func(*http.Request) (*http.Response, error) {
			if n++; n < 3 {
				return reply(503, "")
			}
			return reply(200, `{"access_token":"t1"}`)
		})})
		got, err := s.Token(t.Context())
		require.NoError(t, err)
		require.Equal(t, "t1", got)
	})
}

func TestReachesNoPrivateAddress(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	t.Cleanup(server.Close)
	_, err := tokens(t, oauth.Config{TokenURL: server.URL + "/token"}).Token(t.Context())
	require.ErrorContains(t, err, "127.0.0.1 is private")
	require.Equal(t, fetch.Refused, fetch.KindOf(err))
}

func TestWithAClient(t *testing.T) {
	var server *httptest.Server
	var issued atomic.Int32
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/token":
			_, _ = fmt.Fprintf(w, `{"access_token":"t%d"}`, issued.Add(1))
		case r.Header.Get("Authorization") != "Bearer t2": // t1 was revoked
			w.WriteHeader(http.StatusUnauthorized)
		default:
			_, _ = io.WriteString(w, `{}`)
		}
	}))
	t.Cleanup(server.Close)
	s := tokens(t, oauth.Config{TokenURL: server.URL + "/token", Private: true})
	client, err := fetch.New(fetch.Config{System: "acme", Base: server.URL, Private: true, Authorize: s.Authorize, Renew: s.Renew})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	_, err = client.Read(t.Context(), fetch.Request{Path: "/users"})
	require.NoError(t, err)
	require.EqualValues(t, 2, issued.Load())
}

func TestConfiguration(t *testing.T) {
	good := oauth.Config{System: "acme", TokenURL: "https://login.acme.example/token", ID: "id"}
	for want, alter := range map[string]func(*oauth.Config){
		"field System: empty":                                 func(c *oauth.Config) { c.System = "" },
		"field TokenURL: empty":                               func(c *oauth.Config) { c.TokenURL = "" },
		"field TokenURL: wanted https; http needs Private":    func(c *oauth.Config) { c.TokenURL = "http://login.acme.example" },
		"field TokenURL: it is not a URL with a host":         func(c *oauth.Config) { c.TokenURL = "https://:" + "%zz" },
		"field TokenURL: credentials do not belong into an a": func(c *oauth.Config) { c.TokenURL = "https://a:b@login.acme.example" },
		"field ID: empty":                                     func(c *oauth.Config) { c.ID = "" },
		"field Early: negative":                               func(c *oauth.Config) { c.Early = -1 },
		"field Params: scope is set by the other fields":      func(c *oauth.Config) { c.Params = url.Values{"scope": {"x"}} },
		"field Scopes: wanted one scope per element":          func(c *oauth.Config) { c.Scopes = []string{"a b"} },
	} {
		cfg := good
		alter(&cfg)
		_, err := oauth.New(cfg)
		require.ErrorContains(t, err, "oauth: "+want)
		require.NotContains(t, err.Error(), "a:b")
	}
	s, err := oauth.New(good)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Token(ctx)
	require.True(t, errors.Is(err, context.Canceled))
}

// An instant goes by the server's clock, and one that is past is no token.
func TestInstantsByTheServersClock(t *testing.T) {
	begin := time.Date(2026, 11, 29, 8, 0, 0, 0, time.UTC)
	now, n, ends := begin, 0, "2026-11-29T09:30:00Z"
	s := tokens(t, oauth.Config{Now: func() time.Time { return now }, Transport: transport(func(*http.Request) (*http.Response, error) {
		n++
		answer, err := reply(200, fmt.Sprintf(`{"access_token":"t%d","expires_at":%q}`, n, ends))
		answer.Header.Set("Date", "Sun, 29 Nov 2026 09:00:00 GMT") // an hour ahead of ours
		return answer, err
	})})
	token, err := s.Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "t1", token)
	now = begin.Add(29*time.Minute - 1)
	token, err = s.Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "t1", token)
	now = begin.Add(30 * time.Minute)
	token, err = s.Token(t.Context())
	require.NoError(t, err)
	require.Equal(t, "t2", token)

	ends = "2026-11-29T08:59:59Z"
	now = begin.Add(24 * time.Hour)
	_, err = s.Token(t.Context())
	require.ErrorContains(t, err, "expired already")
}
