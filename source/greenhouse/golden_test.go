package greenhouse_test

import (
	"flag"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds answers as Greenhouse sends them, by endpoint, and who is in
// them.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			parts := map[string]*txtar.File{}
			for n := range archive.Files {
				parts[archive.Files[n].Name] = &archive.Files[n]
			}
			got := sourcetest.Describe(collect(t, recorded(t, parts)))
			if *update {
				parts["want"].Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			assert.Equal(t, string(parts["want"].Data), got)
		})
	}
}

// recorded returns a source that is answered from parts of a file.
func recorded(t testing.TB, parts map[string]*txtar.File) source.Source {
	t.Helper()
	fields := map[string]string{}
	if parts["fields"] != nil {
		for line := range strings.Lines(string(parts["fields"].Data)) {
			field, place, _ := strings.Cut(strings.TrimSpace(line), " ")
			fields[field] = place
		}
	}
	return open(t, "https://harvest.greenhouse.example", func(c *greenhouse.Config) {
		c.Fields, c.AllowEmpty = fields, true
		c.Transport = inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			body := "[]"
			if part := parts[path.Base(r.URL.Path)+".json"]; part != nil {
				body = string(part.Data)
			}
			if r.URL.Path == "/token" {
				body = `{"token_type":"Bearer","access_token":"x","expires_at":"2026-03-02T15:00:00+0000"}`
			}
			_, _ = w.Write([]byte(body))
		})}
	})
}

// Whatever Greenhouse answers: no panic, nobody works because of it, and the same
// answers are read the same twice.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`[{"id":55,"candidate_id":901,"job_id":12,"status":"hired","custom_fields":{"a":{"value":["x",{"name":"y"}]}}}]`),
		[]byte(`[{"id":700,"application_id":55,"candidate_id":901,"status":"Accepted","starts_on":"2026-12-01"}]`),
		[]byte(`[{"id":"901","first_name":null,"last_name":"N\u0067","email_addresses":[{"value":"a@b.example","type":"personal"},7]}]`))
	f.Add([]byte(`[]`), []byte(`{}`), []byte(`null`))
	f.Add([]byte(`[{"id":1e3}]`), []byte(`[{"starts_on":{}}]`), []byte(`[[]]`))
	f.Fuzz(func(t *testing.T, apps, offers, people []byte) {
		parts := map[string]*txtar.File{
			"applications.json": {Data: apps}, "offers.json": {Data: offers}, "candidates.json": {Data: people},
		}
		first, err := source.Collect(t.Context(), recorded(t, parts))
		second, again := source.Collect(t.Context(), recorded(t, parts))
		require.Equal(t, err == nil, again == nil)
		if err != nil {
			return
		}
		require.Equal(t, sourcetest.Describe(first), sourcetest.Describe(second))
		for i := range first.All() {
			require.Contains(t, []source.Status{source.Unknown, source.Candidate, source.PreHire, source.Terminated}, i.Status)
		}
	})
}
