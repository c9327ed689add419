package successfactors_test

import (
	"context"
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
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/successfactors"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds answers as SuccessFactors sends them, and who is in them.
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
			field, path, _ := strings.Cut(strings.TrimSpace(line), " ")
			fields[field] = path
		}
	}
	s, err := successfactors.New(successfactors.Config{
		BaseURL: "https://api4.successfactors.com/odata/v2", Clock: noon, Fields: fields, Countries: map[string]string{"1710-2001": "DE"},
		Auth: successfactors.Token(func(context.Context) (string, error) { return "x", nil }, nil),
		Transport: inMemory{http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json;charset=utf-8")
			name := "page.json"
			switch query := r.URL.Query(); {
			case query.Has("asOfDate"):
				name = "asof.json"
			case query.Has("$skiptoken"):
				name = "next.json"
			}
			body := `{"d":{"results":[]}}`
			if parts[name] != nil {
				body = string(parts[name].Data)
			}
			_, _ = w.Write([]byte(body))
		})},
	})
	require.NoError(t, err)
	return s
}

// Whatever SuccessFactors answers: no panic, the same answers are read the same twice,
// and nobody has left without a word that says so.
func FuzzAnswers(f *testing.F) {
	for _, name := range []string{"documented", "tolerant"} {
		archive, err := txtar.ParseFile("testdata/" + name + ".txtar")
		require.NoError(f, err)
		var page, then []byte
		for _, part := range archive.Files {
			switch part.Name {
			case "page.json":
				page = part.Data
			case "asof.json":
				then = part.Data
			}
		}
		f.Add(page, then)
	}
	f.Add([]byte(`{"d":[{"personIdExternal":1,"employmentNav":[{"userId":2,"jobInfoNav":[{"emplStatusNav":[{"externalCode":"T"}]}]}]}]}`), []byte(`{"d":null}`))
	f.Add([]byte(`{"d":{"personIdExternal":"1","employmentNav":{"results":[{"endDate":"/Date(-1)/"}]}}}`), []byte(`{}`))
	f.Fuzz(func(t *testing.T, page, then []byte) {
		parts := map[string]*txtar.File{"page.json": {Data: page}, "asof.json": {Data: then}}
		first, err := source.Collect(t.Context(), recorded(t, parts))
		second, again := source.Collect(t.Context(), recorded(t, parts))
		require.Equal(t, err == nil, again == nil)
		if err != nil {
			return
		}
		require.Equal(t, sourcetest.Describe(first), sourcetest.Describe(second))
		for i := range first.All() {
			if i.Status.Ended() && i.StatusRaw != "no job" && !strings.HasPrefix(i.StatusRaw, "no job") {
				require.Contains(t, "toTOrR", strings.TrimSpace(i.StatusRaw))
			}
		}
	})
}
