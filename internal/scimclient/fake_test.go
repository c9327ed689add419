package scimclient_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/scim"
	"github.com/provision-go/provision/internal/scimclient"
)

// fake is a list of users behind a transport, with dials for what service providers
// do otherwise than the standard.
type fake struct {
	ids []string

	most        int    // the largest page, 0: any
	short       int    // pages have so many resources at most, whatever is asked for
	total       string // "", "page", "absent", "text"
	noStart     bool   // startIndex is ignored
	refuseStart bool   // startIndex is an error
	noCount     bool   // count is ignored
	pastEnd     bool   // whoever asks past the end gets everything, if it fits
	cursors     bool   // cursor is known
	loop        bool   // cursors repeat
	shuffled    bool   // each page is of another order
	sort        string // what sortBy does: "" nothing, "known", "refused", "drops": only half is there then
	only        bool   // the first page names a cursor, also to those who ask by index
	omit        bool   // Resources is left out if there are none
	names       func(string) string
	contentType string

	before func(request int) // is called before each answer
	asked  []string          // queries
	kept   []string          // what cursors are about
}

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	f.asked = append(f.asked, r.URL.RawQuery)
	if f.before != nil {
		f.before(len(f.asked))
	}
	q := r.URL.Query()
	status, body := 200, map[string]any{}
	ids := f.ids
	if n := len(ids); f.shuffled && n > 0 {
		at := len(f.asked) * 7 % n
		ids = slices.Concat(ids[at:], ids[:at])
	}
	if q.Get("sortBy") == "id" && (f.sort == "known" || f.sort == "drops") {
		if ids = f.ids; f.sort == "drops" {
			ids = ids[:len(ids)/2]
		}
	}
	switch {
	case q.Has("sortBy") && f.sort == "refused":
		status = 403
	case q.Has("startIndex") && f.refuseStart:
		status = 400
	case q.Has("cursor") && f.cursors:
		at, _ := strconv.Atoi(q.Get("cursor"))
		if at == 0 {
			f.kept = f.ids
		}
		body = f.page(f.kept, at, f.count(q.Get("count")), true)
	default:
		start, _ := strconv.Atoi(q.Get("startIndex"))
		if f.noStart {
			start = 1
		}
		if f.pastEnd && start > len(f.ids) && len(f.ids) <= f.count(q.Get("count")) {
			start = 1
		}
		f.kept = f.ids
		body = f.page(ids, max(start, 1)-1, f.count(q.Get("count")), f.only)
	}
	text, err := json.Marshal(body)
	if err != nil {
		return nil, err
	}
	kind := f.contentType
	if kind == "" {
		kind = "application/scim+json"
	}
	return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(string(text)))}, nil
}

func (f *fake) count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || f.noCount {
		n = len(f.ids)
	}
	if f.most > 0 {
		n = min(n, f.most)
	}
	if f.short > 0 {
		n = min(n, f.short)
	}
	return n
}

func (f *fake) page(ids []string, at, n int, cursors bool) map[string]any {
	at = min(at, len(ids))
	end := min(at+n, len(ids))
	rows := []any{}
	for _, id := range ids[at:end] {
		rows = append(rows, map[string]any{f.name("id"): id, f.name("userName"): "user" + id})
	}
	body := map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"}}
	if len(rows) > 0 || !f.omit {
		body[f.name("Resources")] = rows
	}
	switch f.total {
	case "":
		body[f.name("totalResults")] = len(ids)
	case "page":
		body[f.name("totalResults")] = len(rows)
	case "text":
		body[f.name("totalResults")], body["itemsPerPage"], body["startIndex"] = strconv.Itoa(len(ids)), strconv.Itoa(n), "0"
	}
	if cursors && end < len(ids) {
		body[f.name("nextCursor")] = strconv.Itoa(end)
		if f.loop {
			body[f.name("nextCursor")] = "1"
		}
	}
	return body
}

func (f *fake) name(s string) string {
	if f.names != nil {
		return f.names(s)
	}
	return s
}

func numbered(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = strconv.Itoa(i + 1)
	}
	return ids
}

// users and groups are made once: it takes longer than most tests do.
var (
	users  = sync.OnceValue(scim.UserType)
	groups = sync.OnceValue(scim.GroupType)
)

// list reads a list to its end.
func (f *fake) list(t testing.TB, cfg scimclient.Config) ([]string, error) {
	t.Helper()
	cfg.System, cfg.Base, cfg.Transport, cfg.Users, cfg.Groups = "acme", "https://app.example/scim/v2", f, users(), groups()
	if cfg.PageSize == 0 {
		cfg.PageSize = 10
	}
	client, err := scimclient.New(cfg)
	require.NoError(t, err)
	f.asked = nil
	var got []string
	for r, err := range client.List(t.Context(), "/Users", scimclient.Query{}) {
		if err != nil {
			return got, err
		}
		require.False(t, slices.Contains(got, r.ID), "%s comes twice", r.ID)
		got = append(got, r.ID)
	}
	return got, nil
}
