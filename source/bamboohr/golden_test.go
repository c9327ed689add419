package bamboohr_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/sourcetest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds a page as BambooHR sends it, and who is in it. The name of the
// file is the strategy.
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
			s := newSource(t, "https://acme.bamboohr.example/api", func(c *bamboohr.Config) {
				c.Transport = answers(parts["page.json"].Data)
				c.Strategy = strategies()[strings.TrimSuffix(filepath.Base(file), ".txtar")]
				c.Fields = map[string]string{}
				if parts["custom"] != nil {
					for line := range strings.Lines(string(parts["custom"].Data)) {
						field, name, _ := strings.Cut(strings.TrimSpace(line), " ")
						c.Fields[field] = name
					}
				}
			})
			snapshot, err := source.Collect(t.Context(), s)
			require.NoError(t, err)
			got := sourcetest.Describe(snapshot)
			if *update {
				parts["want"].Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			assert.Equal(t, string(parts["want"].Data), got)
		})
	}
}
