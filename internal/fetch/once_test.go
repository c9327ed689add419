package fetch_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/target"
)

func TestOnceReturnsWhateverIsAnswered(t *testing.T) {
	var calls atomic.Int32
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		body, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		status, err := strconv.Atoi(r.URL.Path[len("/api/"):])
		assert.NoError(t, err)
		w.Header().Set("Retry-After", "7")
		w.Header().Set("Location", "/api/200?token=1")
		w.Header().Set("Content-Type", "application/scim+json")
		w.WriteHeader(status)
		if status != http.StatusNoContent && status != http.StatusNotModified {
			_, _ = w.Write([]byte(`{"method":"` + r.Method + `","body":` + string(body) + `}`))
		}
	})
	for status, want := range map[int]struct {
		kind fetch.Kind
		wait time.Duration
	}{
		200: {}, 201: {}, 204: {},
		301: {kind: fetch.Refused}, 302: {kind: fetch.Refused}, 304: {kind: fetch.Refused}, 307: {kind: fetch.Refused},
		400: {kind: fetch.Refused}, 401: {kind: fetch.Unauthorized}, 403: {kind: fetch.Forbidden}, 404: {kind: fetch.NotFound},
		409: {kind: fetch.Refused}, 412: {kind: fetch.Refused}, 413: {kind: fetch.Refused},
		429: {fetch.Throttled, 7 * time.Second}, 500: {fetch.Transient, 7 * time.Second}, 503: {fetch.Throttled, 7 * time.Second},
	} {
		for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
			calls.Store(0)
			answer, err := client.Once(t.Context(), fetch.Request{Method: method, Path: "/" + strconv.Itoa(status), Body: []byte(`{"a":1}`)})
			require.NoError(t, err, status)
			require.Equal(t, status, answer.Status)
			require.EqualValues(t, 1, calls.Load(), "%d is not repeated and leads nowhere", status)
			require.Equal(t, "7", answer.Header.Get("Retry-After"))
			if status == http.StatusNoContent || status == http.StatusNotModified {
				require.Empty(t, answer.Body)
			} else {
				require.Equal(t, `{"method":"`+method+`","body":{"a":1}}`, string(answer.Body))
			}
			if status < 300 {
				require.NoError(t, answer.Err())
				continue
			}
			failure, ok := errors.AsType[*fetch.Error](answer.Err())
			require.True(t, ok)
			require.Equal(t, want.kind, failure.Kind, status)
			require.Equal(t, want.wait, failure.RetryAfter, status)
			require.Equal(t, status, failure.Status)
		}
	}
}

func TestOnceRenewsCredentials(t *testing.T) {
	var bodies []string
	token := "old-token"
	handler := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, r.Header.Get("Authorization")+" "+string(body))
		if r.Header.Get("Authorization") != "Bearer new-token" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	renewals := 0
	with := func(renew func(context.Context) error) func(*fetch.Config) {
		return func(cfg *fetch.Config) {
			cfg.Authorize = func(_ context.Context, r *http.Request) error {
				r.Header.Set("Authorization", "Bearer "+token)
				return nil
			}
			cfg.Renew = renew
		}
	}
	client := serve(t, handler, with(func(context.Context) error {
		renewals++
		token = "new-token"
		return nil
	}))
	answer, err := client.Once(t.Context(), fetch.Request{Path: "/users", Body: []byte("{}")})
	require.NoError(t, err)
	require.Equal(t, 200, answer.Status)
	require.Equal(t, []string{"Bearer old-token {}", "Bearer new-token {}"}, bodies)
	require.Equal(t, 1, renewals)

	token, bodies = "old-token", nil
	answer, err = serve(t, handler, with(nil)).Once(t.Context(), fetch.Request{Path: "/users", Body: []byte("{}")})
	require.NoError(t, err)
	require.Equal(t, 401, answer.Status, "without Renew it is an answer like others")
	require.Len(t, bodies, 1)

	bodies = nil
	_, err = serve(t, handler, with(func(context.Context) error { token = "other-token"; return nil })).
		Once(t.Context(), fetch.Request{Path: "/users", Body: []byte("{}")})
	require.NoError(t, err)
	require.Len(t, bodies, 2, "renewed once")
}

func TestOnceFaults(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/api/short":
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"id":`))
		case "/api/html":
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte(`<html>sign in</html>`))
		case "/api/sniffed":
			w.Header().Set("Content-Type", "text/plain")
			_, _ = w.Write([]byte(`<!DOCTYPE html>sign in`))
		case "/api/large":
			_, _ = w.Write([]byte(`"` + strings.Repeat("x", 2000) + `"`))
		case "/api/large-error":
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(strings.Repeat("x", 1<<20)))
		}
	}, func(cfg *fetch.Config) { cfg.MaxBody = 1000 })
	for path, want := range map[string]struct {
		kind fetch.Kind
		text string
	}{
		"/short":   {fetch.Transient, "acme-hr: POST /api/short: the answer breaks off: unexpected EOF"},
		"/html":    {fetch.BadContent, "acme-hr: POST /api/html: wanted JSON, got HTML (a login or maintenance page?)"},
		"/sniffed": {fetch.BadContent, "acme-hr: POST /api/sniffed: wanted JSON, got HTML (a login or maintenance page?)"},
		"/large":   {fetch.BadContent, "acme-hr: POST /api/large: the answer is larger than 1000 bytes"},
	} {
		_, err := client.Once(t.Context(), fetch.Request{Method: "POST", Path: path})
		require.EqualError(t, err, want.text)
		failure, ok := errors.AsType[*fetch.Error](err)
		require.True(t, ok)
		require.Equal(t, want.kind, failure.Kind)
		require.Equal(t, 200, failure.Status, "what was asked for may be done")
	}
	answer, err := client.Once(t.Context(), fetch.Request{Method: "POST", Path: "/large-error"})
	require.NoError(t, err)
	require.Len(t, answer.Body, 64<<10)

	_, err = client.Once(t.Context(), fetch.Request{Method: "POST", Path: "/{id}", Args: []string{".."}})
	require.Equal(t, fetch.Refused, fetch.KindOf(err))
	_, err = client.Once(t.Context(), fetch.Request{Method: "PO ST", Path: "/x"})
	require.EqualError(t, err, "acme-hr: PO ST /api/x: it makes no HTTP request")
}

func TestOnceReachesNoPrivateAddress(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached") }))
	t.Cleanup(server.Close)
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: server.URL})
	require.NoError(t, err)
	_, err = client.Once(t.Context(), fetch.Request{Method: "DELETE", Path: "/users/1"})
	require.ErrorContains(t, err, "127.0.0.1 is private")
	require.Equal(t, fetch.Refused, fetch.KindOf(err))
	require.Equal(t, target.NotSent, target.ClassOf(err), "the error of the transport is in the chain")
}

func TestOnceShowsNoCredentials(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, r *http.Request) { http.Error(w, credential(r), http.StatusBadRequest) }, func(cfg *fetch.Config) {
		cfg.Authorize = func(_ context.Context, r *http.Request) error { r.SetBasicAuth("svc-account", secret); return nil }
	})
	answer, err := client.Once(t.Context(), fetch.Request{Method: "POST", Path: "/users", Body: []byte("{}")})
	require.NoError(t, err)
	require.EqualError(t, answer.Err(), "acme-hr: POST /api/users: 400 Bad Request")
}

// net/http repeats what has a header Idempotency-Key when a kept connection breaks.
func TestOnceIsOnceOnAKeptConnection(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	var writes atomic.Int32
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = conn.Close() }()
				for in := bufio.NewReader(conn); ; {
					r, err := http.ReadRequest(in)
					if err != nil {
						return
					}
					_, _ = io.Copy(io.Discard, r.Body)
					if r.Method != http.MethodGet {
						assert.Equal(t, "k1", r.Header.Get("Idempotency-Key"))
						writes.Add(1)
						return // carried out, and the answer is lost
					}
					_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
				}
			}()
		}
	}()
	client, err := fetch.New(fetch.Config{System: "acme-hr", Base: "http://" + listener.Addr().String(), Private: true})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		_, err = client.Once(t.Context(), fetch.Request{Path: "/users"}) // there is a connection now
		require.NoError(t, err)
		writes.Store(0)
		_, err = client.Once(t.Context(), fetch.Request{
			Method: method, Path: "/users", Body: []byte("{}"), Header: http.Header{"Idempotency-Key": {"k1"}},
		})
		require.Equal(t, fetch.Transient, fetch.KindOf(err))
		require.Equal(t, target.Unclear, target.ClassOf(err))
		require.EqualValues(t, 1, writes.Load(), method)
	}
}

func TestOnceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, err := fetch.New(fetch.Config{
			System: "acme-hr", Base: "https://acme.example", Timeouts: fetch.Timeouts{Answer: 5 * time.Second},
			Transport: never{},
		})
		require.NoError(t, err)
		begin := time.Now()
		_, err = client.Once(t.Context(), fetch.Request{Method: "PATCH", Path: "/users/1"})
		require.EqualError(t, err, "acme-hr: PATCH /users/1: no answer within 5s")
		require.Equal(t, fetch.Transient, fetch.KindOf(err))
		require.Equal(t, 5*time.Second, time.Since(begin))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = client.Once(ctx, fetch.Request{Method: "PATCH", Path: "/users/1"})
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, fetch.Other, fetch.KindOf(err))
	})
}

// never answers.
type never struct{}

func (never) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
