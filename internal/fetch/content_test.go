package fetch_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/fetch"
	"github.com/provision-go/provision/source"
)

// Whatever is not the whole of what was asked for is an error, however it is
// read.
func TestAnswersThatAreNotWhatWasAskedFor(t *testing.T) {
	const page = "<!DOCTYPE html><html><title>Sign in</title></html>"
	for name, c := range map[string]struct {
		kind, coding, body string
		says               string
	}{
		"HTML":               {kind: "text/html; charset=utf-8", body: page, says: "wanted JSON, got HTML (a login or maintenance page?)"},
		"HTML called JSON":   {kind: "application/json", body: "\ufeff \n" + page, says: "wanted JSON, got HTML (a login or maintenance page?)"},
		"HTML called text":   {kind: "text/plain", body: "<HTML><body>", says: "wanted JSON, got HTML (a login or maintenance page?)"},
		"HTML called naught": {body: page, says: "wanted JSON, got HTML (a login or maintenance page?)"},
		"XML":                {kind: "application/xml", body: "<a/>", says: "wanted JSON, got XML"},
		"XML called JSON":    {kind: "application/json", body: `<?xml version="1.0"?><a/>`, says: "wanted JSON, got XML"},
		"CSV":                {kind: "text/csv", body: "a,b", says: "wanted JSON, got text/csv"},
		"empty":              {kind: "application/json", says: "the answer is empty"},
		"spaces":             {kind: "application/json", body: " \r\n\t", says: "the answer is empty"},
		"only a mark":        {kind: "application/json", body: "\ufeff", says: "the answer is empty"},
		"null":               {kind: "application/json", body: " null ", says: "null"},
		"cut":                {kind: "application/json", body: `[{"id":"1"},{"id":`, says: "the JSON"},
		"cut at the end":     {kind: "application/json", body: `[{"id":"1"}`, says: "the JSON"},
		"words":              {kind: "application/json", body: `Service busy`, says: "the JSON"},
		"two values":         {kind: "application/json", body: `[{"id":"1"}] []`, says: "JSON"},
		"foreign coding":     {kind: "application/json", coding: "br", body: "[]", says: "encoded as br"},
		"damaged coding":     {kind: "application/json", coding: "gzip", body: `[{"id":"1"},{"id":"2"}]`, says: "damaged"},
		"another type":       {kind: "application/json", body: `[{"id":17.25}]`, says: "got number for string"},
		"another shape":      {kind: "application/json", body: `{"id":"1"}`, says: "object"},
	} {
		t.Run(name, func(t *testing.T) {
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["Content-Type"] = nil
				if c.kind != "" {
					w.Header().Set("Content-Type", c.kind)
				}
				if c.coding != "" {
					w.Header().Set("Content-Encoding", c.coding)
				}
				_, _ = io.WriteString(w, c.body)
			})
			var list []worker
			_, whole := client.JSON(t.Context(), fetch.Request{}, &list)
			var streamed error
			for _, streamed = range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
				continue // the last one counts
			}
			for how, err := range map[string]error{"whole": whole, "streamed": streamed} {
				require.Error(t, err, how)
				require.ErrorIs(t, err, source.ErrBadContent, how)
				assert.ErrorContains(t, err, c.says, how)
				assert.NotContains(t, err.Error(), "17.25", how)
				assert.NotContains(t, err.Error(), "200", how)
			}
		})
	}
}

func TestAnswersThatAreFine(t *testing.T) {
	for name, c := range map[string]struct {
		want       fetch.Format
		kind, body string
	}{
		"problem":      {fetch.JSON, "application/scim+json; charset=utf-8", "{}"},
		"text":         {fetch.JSON, "text/plain", "[]"},
		"no type":      {fetch.JSON, "", " []"},
		"broken type":  {fetch.JSON, ";;", "[]"},
		"XML":          {fetch.XML, "text/xml;charset=UTF-8", "<a/>"},
		"SOAP":         {fetch.XML, "application/soap+xml", "<a/>"},
		"anything":     {fetch.Anything, "text/html", "<html>"},
		"CSV":          {fetch.Anything, "text/csv", "a,b\n"},
		"JSON as CSV?": {fetch.Anything, "application/json", "{}"},
	} {
		client := serve(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header()["Content-Type"] = nil
			if c.kind != "" {
				w.Header().Set("Content-Type", c.kind)
			}
			w.Header().Set("Got-Accept", r.Header.Get("Accept"))
			w.WriteHeader(http.StatusNonAuthoritativeInfo)
			_, _ = io.WriteString(w, "\ufeff"+c.body)
		})
		got, err := client.Read(t.Context(), fetch.Request{Want: c.want})
		require.NoError(t, err, name)
		assert.Equal(t, c.body, string(got.Body), name)
		assert.Equal(t, 203, got.Status)
		assert.Equal(t, map[fetch.Format]string{fetch.JSON: "application/json", fetch.XML: "application/xml, text/xml", fetch.Anything: "*/*"}[c.want], got.Header.Get("Got-Accept"))
	}
}

// A server that breaks off in the middle, in each of the ways HTTP/1 has.
func TestBrokenBodies(t *testing.T) {
	for name, raw := range map[string]string{
		"wrong length":   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"id\":\"1\"}]",
		"reset":          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n[{\"id\":\"1\"}]",
		"lost chunk":     "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nc\r\n[{\"id\":\"1\"}]\r\n",
		"broken chunk":   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
		"cut gzip":       "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n" + packed("[]")[:20],
		"no answer":      "",
		"half a header":  "HTTP/1.1 200 OK\r\nContent-Ty",
		"no HTTP at all": "220 mail.example ESMTP\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			sent := 0
			client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				sent++
				conn, _, err := http.NewResponseController(w).Hijack()
				if assert.NoError(t, err) {
					_, _ = io.WriteString(conn, raw)
					if tcp, ok := conn.(*net.TCPConn); ok && name == "reset" {
						_ = tcp.SetLinger(0)
					}
					_ = conn.Close()
				}
			}, func(c *fetch.Config) { c.Attempts = 1 })
			var list []worker
			_, err := client.JSON(t.Context(), fetch.Request{}, &list)
			require.ErrorIs(t, err, source.ErrUnavailable, "%v", err)
			for _, err = range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
				continue
			}
			require.ErrorIs(t, err, source.ErrUnavailable, "%v", err)
			assert.Equal(t, 2, sent)
		})
	}
}

func TestLimits(t *testing.T) {
	bomb := packed(`["` + strings.Repeat("a", 16<<20) + `"]`)
	var workers bytes.Buffer
	workers.WriteString("[")
	for i := range 12_000 {
		fmt.Fprintf(&workers, `{"id":"%d","name":"somebody"},`, i)
	}
	workers.WriteString(`{}]`)
	client := serve(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch r.URL.Path {
		case "/api/bomb":
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = io.WriteString(w, bomb)
		case "/api/workers":
			_, _ = w.Write(workers.Bytes())
		case "/api/exact":
			_, _ = io.WriteString(w, `"`+strings.Repeat("a", 1<<18-2)+`"`)
		case "/api/more":
			_, _ = io.WriteString(w, `"`+strings.Repeat("a", 1<<18-1)+`"`)
		case "/api/lies":
			w.Header().Set("Content-Length", strconv.Itoa(1<<40))
			_, _ = io.WriteString(w, `"a"`)
		case "/api/header":
			w.Header().Set("X-Long", strings.Repeat("a", 1<<20))
		}
	}, func(c *fetch.Config) { c.MaxBody, c.MaxStream, c.Attempts = 1<<18, 1<<20, 1 })
	ctx := t.Context()

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := client.Read(ctx, fetch.Request{Path: "/bomb"})
	require.ErrorIs(t, err, source.ErrBadContent)
	assert.ErrorContains(t, err, "the answer is larger than 262144 bytes")
	for _, err = range fetch.Elements[string](ctx, client, fetch.Request{Path: "/bomb"}) {
		continue
	}
	require.ErrorIs(t, err, source.ErrBadContent)
	assert.ErrorContains(t, err, "a value in the answer is larger than 262144 bytes")
	runtime.ReadMemStats(&after)
	assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(8<<20), "a bomb of 16 MiB")

	_, err = client.Read(ctx, fetch.Request{Path: "/exact"})
	require.NoError(t, err)
	_, err = client.Read(ctx, fetch.Request{Path: "/more"})
	require.ErrorIs(t, err, source.ErrBadContent)

	n := 0
	for _, err = range fetch.Elements[worker](ctx, client, fetch.Request{Path: "/workers"}) {
		require.NoError(t, err, "all of it is larger than a value may be")
		n++
	}
	assert.Equal(t, 12_001, n)

	_, err = client.Read(ctx, fetch.Request{Path: "/lies"})
	require.ErrorIs(t, err, source.ErrUnavailable)
	_, err = client.Read(ctx, fetch.Request{Path: "/header"})
	require.Error(t, err)
}

// What is read ahead is not held against the value that is decoded.
func TestLargeValueBeforeSmallOnes(t *testing.T) {
	body := `["` + strings.Repeat("a", 1<<20-1000) + `"` + strings.Repeat(`,"bbbbbbbbbbbbbbbb"`, 1<<17) + `]`
	client := newClient(t, func(r *http.Request) (*http.Response, error) { return answer(r, 200, body), nil },
		func(c *fetch.Config) { c.MaxBody = 1 << 20 })
	n := 0
	for _, err := range fetch.Elements[string](t.Context(), client, fetch.Request{}) {
		require.NoError(t, err)
		n++
	}
	assert.Equal(t, 1<<17+1, n)
}

func TestStreamLimit(t *testing.T) {
	client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "["+strings.Repeat(`{"id":"1"},`, 200_000)+"{}]")
	}, func(c *fetch.Config) { c.MaxStream = 1 << 20 })
	var err error
	for _, err = range fetch.Elements[worker](t.Context(), client, fetch.Request{}) {
		continue
	}
	require.ErrorIs(t, err, source.ErrBadContent)
	assert.ErrorContains(t, err, "the answer is larger than 1048576 bytes")
}

// The messages of systems are shown if they are for programmers, and fit.
func TestMessages(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, want string }{
		"JSON":     {"application/problem+json", `{"detail": "no such\nfield"}`, `: {"detail": "no such\nfield"}`},
		"text":     {"text/plain", "  no\r\n\x1b[31m such \u202e field ", ": no [31m such field"},
		"HTML":     {"text/html", "<html>no", ""},
		"HTML too": {"", "<html>no", ""},
		"long":     {"text/plain", strings.Repeat("long ", 1000), ""},
		"clipped":  {"text/plain", strings.Repeat("ä", 300), ": " + strings.Repeat("ä", 100) + "…"},
		"binary":   {"", "\xff\xfe\x00", ""},
		"image":    {"image/png", "PNG", ""},
		"nothing":  {"", "", ""},
	} {
		client := serve(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			w.WriteHeader(http.StatusTeapot)
			_, _ = io.WriteString(w, c.body)
		})
		_, err := client.Read(t.Context(), fetch.Request{})
		require.EqualError(t, err, "acme-hr: GET /api: 418 I'm a teapot"+c.want, name)
	}
}

func packed(s string) string {
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, _ = io.WriteString(w, s)
	_ = w.Close()
	return out.String()
}

var _ json.Unmarshaler = (*refusing)(nil)

type refusing struct{}

func (*refusing) UnmarshalJSON([]byte) error { return fmt.Errorf("no\nthank you") }
