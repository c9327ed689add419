package fetch_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
)

const secret = "hunter2/hunter+2"

// secrets are the forms in which the secret travels.
func secrets() []string {
	basic := base64.StdEncoding.EncodeToString([]byte("svc-account:" + secret))
	return []string{secret, url.QueryEscape(secret), url.PathEscape(secret), basic, strings.ReplaceAll(basic, "/", `\/`), "hunter2"}
}

func TestErrorsHoldNoCredentials(t *testing.T) {
	ways := map[string]func(context.Context, *http.Request) error{
		"basic": func(_ context.Context, r *http.Request) error { r.SetBasicAuth("svc-account", secret); return nil },
		"bearer": func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+secret)
			return nil
		},
		"key": func(_ context.Context, r *http.Request) error { r.Header.Set("X-Api-Key", secret); return nil },
		"cookie": func(_ context.Context, r *http.Request) error {
			r.AddCookie(&http.Cookie{Name: "session", Value: secret})
			return nil
		},
		"query": func(_ context.Context, r *http.Request) error {
			q := r.URL.Query()
			q.Set("access_token", secret)
			r.URL.RawQuery = q.Encode()
			return nil
		},
	}
	answers := map[string]http.HandlerFunc{
		// The server repeats what it was sent, in one way or another.
		"text":  func(w http.ResponseWriter, r *http.Request) { http.Error(w, credential(r), http.StatusBadRequest) },
		"JSON":  func(w http.ResponseWriter, r *http.Request) { echo(w, 401, credential(r)) },
		"plain": func(w http.ResponseWriter, r *http.Request) { echo(w, 403, decoded(r)) },
		"escaped": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, strings.ReplaceAll(credential(r), "/", `\/`))
		},
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://else.example/"+url.PathEscape(decoded(r))+"?token="+url.QueryEscape(decoded(r)), http.StatusFound)
		},
		"loop": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, r.URL.Path+"?"+r.URL.RawQuery+"&token="+secret, http.StatusFound)
		},
		"bad redirect": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Location", "http://[::1?token="+decoded(r))
			w.WriteHeader(http.StatusFound)
		},
		"decoding": func(w http.ResponseWriter, r *http.Request) { echo(w, 200, decoded(r)) },
		"fault":    func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusConflict) },
		"garbage": func(w http.ResponseWriter, r *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = io.WriteString(conn, decoded(r)+"\r\n\r\n")
				_ = conn.Close()
			}
		},
	}
	for way, authorize := range ways {
		for name, serves := range answers {
			client := serve(t, serves, func(c *fetch.Config) {
				c.Attempts, c.Authorize = 1, authorize
				c.Fault = func(e *fetch.Error, _ http.Header, _ []byte) {
					if e.Status == http.StatusConflict {
						e.Message = "you sent " + secret
					}
				}
			})
			_, err := client.JSON(t.Context(), fetch.Request{Path: "/w", Query: url.Values{"q": {"private@acme.example"}}}, &refusal{})
			require.Error(t, err)
			shows(t, err, way+", "+name)
			for e := err; e != nil; e = errors.Unwrap(e) {
				shows(t, e, way+", "+name)
			}
		}
	}
}

// refusal quotes what it is given.
type refusal struct{}

func (*refusal) UnmarshalJSON(b []byte) error {
	var s string
	_ = json.Unmarshal(b, &s)
	return fmt.Errorf("cannot take %s", s)
}

func echo(w http.ResponseWriter, status int, s string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(s)
}

// credential is what a request was authorized with, as it was sent.
func credential(r *http.Request) string {
	for _, name := range []string{"Authorization", "X-Api-Key", "Cookie"} {
		if v := r.Header.Get(name); v != "" {
			return v
		}
	}
	return r.URL.RawQuery
}

func decoded(r *http.Request) string {
	if _, password, ok := r.BasicAuth(); ok {
		return password
	}
	return secret
}

// shows fails if a value can be printed in any way that shows a secret.
func shows(t *testing.T, v any, what string) {
	t.Helper()
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", v, "in", map[string]any{"v": v})
	text := log.String() + fmt.Sprintf("%v %+v %#v %s %q", v, v, v, v, v)
	for _, s := range append(secrets(), "private@acme.example", "private%40") {
		assert.NotContains(t, text, s, what)
	}
}

func TestPrintedValuesHoldNoCredentials(t *testing.T) {
	cfg := fetch.Config{
		System: "acme-hr", Base: "https://svc:" + url.QueryEscape(secret) + "@acme.example/api?token=" + secret,
		Authorize: func(context.Context, *http.Request) error { return nil },
	}
	shows(t, cfg, "Config")
	shows(t, &cfg, "*Config")
	shows(t, struct{ C fetch.Config }{cfg}, "a struct")
	_, err := fetch.New(cfg)
	require.EqualError(t, err, "fetch: field Base: credentials do not belong into an address")

	client := newClient(t, nil)
	shows(t, client, "*Client")
	assert.Equal(t, "fetch.Client(acme-hr at acme.example)", fmt.Sprintf("%+v", client))
	assert.Equal(t, "fetch.Config(acme-hr at acme.example)", fmt.Sprintf("%#v", cfg))
}

func TestConfigIsChecked(t *testing.T) {
	for base, says := range map[string]string{
		"":                            "field Base: wanted an address that begins with https://",
		"acme.example":                "field Base: wanted an address that begins with https://",
		"ftp://acme.example":          "field Base: wanted an address that begins with https://",
		"http://acme.example":         "field Base: wanted https; http needs Private",
		"https://":                    "field Base: no host",
		"https://:443":                "field Base: no host",
		"https://acme.example?a=b":    "field Base: wanted neither query nor fragment",
		"https://acme.example?":       "field Base: wanted neither query nor fragment",
		"https://acme.example#a":      "field Base: wanted neither query nor fragment",
		"https://acme.example/a/../b": "field Base: wanted no . or .. in the path",
		"https://[::1":                "field Base: it is not a URL",
		"https://acme.example/%zz":    "field Base: it is not a URL",
	} {
		_, err := fetch.New(fetch.Config{System: "acme-hr", Base: base})
		require.EqualError(t, err, "fetch: "+says, base)
	}
	for field, cfg := range map[string]fetch.Config{
		"System":   {Base: "https://acme.example"},
		"Below":    {System: "a", Base: "https://acme.example", Below: "api"},
		"Attempts": {System: "a", Base: "https://acme.example", Attempts: -1},
		"Rate":     {System: "a", Base: "https://acme.example", Rate: -1},
		"Timeouts": {System: "a", Base: "https://acme.example", Timeouts: fetch.Timeouts{Idle: -1}},
		"MaxBody":  {System: "a", Base: "https://acme.example", MaxBody: -1},
	} {
		_, err := fetch.New(cfg)
		require.ErrorContains(t, err, "fetch: field "+field+":")
	}
}

func TestFunctionsOfTheConfigAreChecked(t *testing.T) {
	client := newClient(t, func(*http.Request) (*http.Response, error) { return nil, nil })
	_, err := client.Read(t.Context(), fetch.Request{})
	require.EqualError(t, err, "acme-hr: GET /api: the Transport returned no response")

	for name, c := range map[string]struct {
		authorize func(context.Context, *http.Request) error
		says      string
	}{
		"line break": {func(_ context.Context, r *http.Request) error {
			r.Header.Set("Authorization", "Bearer "+secret+"\n")
			return nil
		}, "authorize: header Authorization has a line break or control character in it"},
		"other host": {func(_ context.Context, r *http.Request) error { r.URL.Host = "else.example"; return nil }, "authorize: it changed the address"},
		"plain":      {func(_ context.Context, r *http.Request) error { r.URL.Scheme = "http"; return nil }, "authorize: it changed the address"},
		"error":      {func(context.Context, *http.Request) error { return errors.New("no token yet") }, "authorize: no token yet"},
	} {
		sent := 0
		client := newClient(t, func(r *http.Request) (*http.Response, error) { sent++; return answer(r, 200, "{}"), nil },
			func(cfg *fetch.Config) { cfg.Authorize = c.authorize })
		_, err := client.Read(t.Context(), fetch.Request{})
		require.ErrorContains(t, err, c.says, name)
		assert.Equal(t, fetch.Other, fetch.KindOf(err))
		assert.Zero(t, sent, name)
		shows(t, err, name)
	}
}

// Nothing but the system itself ever gets the credentials.
func TestRedirects(t *testing.T) {
	var strangers int
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { strangers++ }))
	defer stranger.Close()
	for name, c := range map[string]struct {
		to, says string
		method   string
	}{
		"same host":     {to: "/api/there"},
		"relative":      {to: "there"},
		"other host":    {to: stranger.URL + "/api/there", says: "redirect is not followed: host"},
		"other path":    {to: "/login", says: "redirect is not followed: path /login is not below /api"},
		"beside":        {to: "/api2/there", says: "redirect is not followed: path /api2/there is not below /api"},
		"up":            {to: "/api/%2e%2e/login", says: "redirect is not followed"},
		"other scheme":  {to: "https://" + strings.TrimPrefix(stranger.URL, "http://"), says: "redirect is not followed: scheme https instead of http"},
		"around":        {to: "/api/start", says: "redirect is not followed: it is the sixth"},
		"after reading": {to: "/api/there", method: "POST", says: "redirect is not followed: the method is POST"},
	} {
		authorized := 0
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("Authorization") == "Bearer "+secret {
				authorized++
			}
			if r.URL.Path == "/api/there" {
				_, _ = io.WriteString(w, "{}")
				return
			}
			w.Header().Set("Location", c.to)
			w.WriteHeader(http.StatusTemporaryRedirect)
		}, func(cfg *fetch.Config) {
			cfg.Authorize = func(_ context.Context, r *http.Request) error {
				r.Header.Set("Authorization", "Bearer "+secret)
				return nil
			}
		})
		_, err := client.Read(t.Context(), fetch.Request{Path: "/start", Method: c.method})
		if c.says == "" {
			require.NoError(t, err, name)
			assert.Equal(t, 2, authorized, name)
			continue
		}
		require.ErrorContains(t, err, c.says, name)
		require.ErrorContains(t, err, "307 Temporary Redirect", name)
		assert.Equal(t, fetch.Refused, fetch.KindOf(err), name)
	}
	assert.Zero(t, strangers)
}
