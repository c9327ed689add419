package ashby_test

import (
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds answers as Ashby sends them, by procedure, and who is in them.
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
	return open(t, "https://api.ashby.example", func(c *ashby.Config) {
		c.Fields, c.AllowEmpty = fields, true
		c.Transport = inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			body := `{"success":true,"results":[],"moreDataAvailable":false,"syncToken":"st"}`
			if part := parts[strings.TrimPrefix(r.URL.Path, "/")+".json"]; part != nil {
				body = string(part.Data)
			}
			_, _ = w.Write([]byte(body))
		})}
	})
}

// Whatever Ashby answers: no panic, nobody works because of it, and the same answers
// are read the same twice.
func FuzzAnswers(f *testing.F) {
	f.Add([]byte(`{"success":true,"results":[{"id":"a","status":"Hired","candidate":{"id":"c","name":"N\u0067"},"customFields":[{"title":"t","value":["x",{"name":"y"}]}]}],"moreDataAvailable":false}`),
		[]byte(`{"success":true,"results":[{"id":"o","applicationId":"a","offerStatus":"CandidateAccepted","latestVersion":{"startDate":"2026-12-01"}}],"moreDataAvailable":false}`))
	f.Add([]byte(`{"success":false,"errors":[{"code":1}]}`), []byte(`{"success":true}`))
	f.Add([]byte(`[]`), []byte(`null`))
	f.Fuzz(func(t *testing.T, apps, offers []byte) {
		parts := map[string]*txtar.File{"application.list.json": {Data: apps}, "offer.list.json": {Data: offers}}
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
