package adp_test

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// page answers with a token, with one page, and then with nothing.
func page(body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/token"):
			_, _ = fmt.Fprint(w, `{"access_token":"t","token_type":"Bearer","expires_in":3600}`)
		case r.URL.Query().Get("$skip") == "0":
			_, _ = w.Write(body)
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
}

func products() map[string]adp.Product {
	return map[string]adp.Product{
		"": adp.AnyProduct, "wfn": adp.WorkforceNow, "workforce": adp.Workforce, "ihcm": adp.IHCM, "decidium": adp.Decidium,
		"adplink": adp.Link, "expertBR": adp.ExpertBR, "expertLAHC": adp.ExpertLAHC, "payroll": adp.PayrollADP,
	}
}

// A golden file holds a page in the form of a product, and who is in it.
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
			s := local(t, inMemory{page(parts["page.json"].Data)}, func(c *adp.Config) { c.PersonalEmail = true; configure(t, c, parts["config"]) })
			got := sourcetest.Describe(collect(t, s))
			if *update {
				parts["want"].Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			assert.Equal(t, string(parts["want"].Data), got)
		})
	}
}

// configure reads lines such as "product ihcm" and "status 2 active".
func configure(t *testing.T, c *adp.Config, part *txtar.File) {
	t.Helper()
	if part == nil {
		return
	}
	c.Status, c.Fields = map[string]source.Status{}, map[string]string{}
	for line := range strings.Lines(string(part.Data)) {
		words := strings.Fields(line)
		switch words[0] {
		case "product":
			product, known := products()[words[1]]
			require.True(t, known, line)
			c.Product = product
		case "status":
			status, err := source.ParseStatus(words[2])
			require.NoError(t, err)
			c.Status[words[1]] = status
		case "field":
			c.Fields[words[1]] = strings.Join(words[2:], " ")
		default:
			t.Fatal(line)
		}
	}
}

// FuzzWorkers: whatever ADP answers, there is no panic, the same answer is read the same
// twice, and nobody has left because of words that are not known.
func FuzzWorkers(f *testing.F) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		require.NoError(f, err)
		for _, part := range archive.Files {
			if part.Name == "page.json" {
				f.Add(part.Data)
			}
		}
	}
	f.Add([]byte(`{"workers":[]}`))
	f.Add([]byte(`{"workers":[{"associateOID":1e3,"workAssignments":{"reportsTo":[[]]}}],"meta":{"totalNumber":1}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		custom := map[string]string{"custom.a": "person.customFieldGroup[a]", "custom.b": "workAssignments.jobCode"}
		open := func() source.Source {
			return local(t, inMemory{page(body)}, func(c *adp.Config) { c.Fields = custom })
		}
		first, err := source.Collect(t.Context(), open())
		second, again := source.Collect(t.Context(), open())
		require.Equal(t, err == nil, again == nil)
		if err != nil {
			return
		}
		require.Equal(t, sourcetest.Describe(first), sourcetest.Describe(second))
		for i := range first.All() {
			require.True(t, !i.Status.Ended() || i.StatusRaw != "")
		}
	})
}
