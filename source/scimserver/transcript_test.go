package scimserver_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source/scimserver"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A transcript is what an identity provider sends, and what it is answered: requests
// and answers in turn. The ids that the server makes are written <1>, <2> … in the
// order in which they appear, and each request is a second later than the one before.
// The comment of the archive may name a profile.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			p := newTranscript(t, string(archive.Comment))
			var out []txtar.File
			for _, part := range archive.Files {
				if of, ok := strings.CutPrefix(part.Name, "request"); ok {
					out = append(out, part, txtar.File{Name: "answer" + of, Data: []byte(p.play(string(part.Data)))})
				}
			}
			got := string(txtar.Format(&txtar.Archive{Comment: archive.Comment, Files: out}))
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			assert.Empty(t, cmp.Diff(strings.Split(string(txtar.Format(archive)), "\n"), strings.Split(got, "\n")))
		})
	}
}

// transcript plays requests.
type transcript struct {
	t      *testing.T
	server *scimserver.Server
	clock  time.Time
	ids    []string
	hints  []string
}

func newTranscript(t *testing.T, comment string) *transcript {
	p := &transcript{t: t, clock: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	cfg := config(t)
	cfg.Now = func() time.Time { return p.clock }
	cfg.Changed = func(_ context.Context, c scimserver.Change) { p.hints = append(p.hints, c.IdentityID) }
	for name, profile := range map[string]scimserver.Profile{"rfc": scimserver.RFC, "entra": scimserver.Entra, "okta": scimserver.Okta} {
		if strings.Contains(comment, "profile: "+name) {
			cfg.Profile = profile
		}
	}
	var err error
	p.server, err = scimserver.New(cfg)
	require.NoError(t, err)
	return p
}

var uuid = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)

// play sends a request: its method and address, headers, and after an empty line a
// body.
func (p *transcript) play(text string) string {
	p.clock = p.clock.Add(time.Second)
	for n, id := range p.ids {
		text = strings.ReplaceAll(text, fmt.Sprintf("<%d>", n+1), id)
	}
	head, body, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n\n")
	lines := strings.Split(strings.TrimSpace(head), "\n")
	method, address, _ := strings.Cut(lines[0], " ")
	path, query, _ := strings.Cut(address, "?")
	r := httptest.NewRequest(method, "http://127.0.0.1"+base+path, strings.NewReader(strings.TrimSpace(body)))
	r.URL.RawQuery = escapeQuery(query)
	r.Header.Set("Authorization", "Bearer acme")
	if body = strings.TrimSpace(body); body != "" {
		r.Header.Set("Content-Type", "application/scim+json")
	}
	for _, line := range lines[1:] {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	p.hints = nil
	w := httptest.NewRecorder()
	p.server.ServeHTTP(w, r)
	assert.Empty(p.t, malformed(r, w.Code, w.Header(), w.Body.String()))
	return p.describe(w)
}

// escapeQuery escapes what a client would have escaped, so that filters can be read.
func escapeQuery(q string) string {
	return strings.NewReplacer(" ", "%20", `"`, "%22", "[", "%5B", "]", "%5D", "<", "%3C", ">", "%3E").Replace(q)
}

func (p *transcript) describe(w *httptest.ResponseRecorder) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d\n", w.Code)
	for _, name := range []string{"Allow", "Content-Type", "ETag", "Location", "Retry-After", "Www-Authenticate"} {
		if value := w.Header().Get(name); value != "" && value != "application/scim+json" {
			fmt.Fprintf(&out, "%s: %s\n", name, p.named(value))
		}
	}
	for n := range p.hints {
		p.hints[n] = "look again: " + p.named(p.hints[n]) + "\n"
	}
	slices.Sort(p.hints) // users are told in the order of their ids
	out.WriteString(strings.Join(p.hints, ""))
	if w.Body.Len() > 0 {
		var body any
		require.NoError(p.t, json.Unmarshal([]byte(p.named(w.Body.String())), &body))
		text, err := json.MarshalIndent(inOrder(body), "", "  ")
		require.NoError(p.t, err)
		fmt.Fprintf(&out, "\n%s\n", strings.NewReplacer(`\u003c`, "<", `\u003e`, ">").Replace(string(text)))
	}
	return out.String()
}

var groupSum = regexp.MustCompile(`(W/\\?"\d+-)\w+`)

// named writes <1> for the id that came first, and so on.
func (p *transcript) named(text string) string {
	text = groupSum.ReplaceAllString(text, "${1}groups")
	return uuid.ReplaceAllStringFunc(text, func(id string) string {
		n := slices.Index(p.ids, id)
		if n < 0 {
			n = len(p.ids)
			p.ids = append(p.ids, id)
		}
		return fmt.Sprintf("<%d>", n+1)
	})
}

// inOrder puts members and groups, which come in the order of their ids, into that of
// their names here.
func inOrder(value any) any {
	switch v := value.(type) {
	case map[string]any:
		for name := range v {
			v[name] = inOrder(v[name])
		}
	case []any:
		for n := range v {
			v[n] = inOrder(v[n])
		}
		slices.SortStableFunc(v, func(a, b any) int { return strings.Compare(reference(a), reference(b)) })
	}
	return value
}

func reference(value any) string {
	o, _ := value.(map[string]any)
	text, _ := o["$ref"].(string)
	return text
}

// base is the path of the service in tests.
const base = "/scim/v2"

// config lets in whose bearer token is a tenant.
func config(t *testing.T) scimserver.Config {
	return scimserver.Config{
		BaseURL: "https://app.example" + base,
		Authorize: func(r *http.Request) (scimserver.Client, error) {
			tenant, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
			if !ok {
				return scimserver.Client{}, fmt.Errorf("no bearer token")
			}
			return scimserver.Client{Tenant: tenant}, nil
		},
		Failed: func(_ *http.Request, err error) { t.Logf("failed: %v", err) },
	}
}
