package workday_test

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
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/workday"
)

var update = flag.Bool("update", false, "write the golden files anew")

// A golden file holds an answer as Workday sends it, and who is in it: XML of
// Get_Workers, or JSON of a report with the columns that are mapped.
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
			require.NotNil(t, parts["want"])
			snapshot, err := source.Collect(t.Context(), golden(t, parts))
			require.NoError(t, err)
			got := sourcetest.Describe(snapshot)
			if *update {
				parts["want"].Data = []byte(got)
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o600))
			}
			assert.Equal(t, string(parts["want"].Data), got)
		})
	}
}

func golden(t *testing.T, parts map[string]*txtar.File) source.Source {
	t.Helper()
	mapped := map[string]string{}
	if parts["columns"] != nil {
		for line := range strings.Lines(string(parts["columns"].Data)) {
			field, name, _ := strings.Cut(strings.TrimSpace(line), " ")
			mapped[field] = name
		}
	}
	if answer := parts["answer.json"]; answer != nil {
		return newReport(t, "https://acme.workday.example/ccx", func(c *workday.ReportConfig) {
			c.Connection.Transport, c.Columns, c.DateLayout = answers("application/json", string(answer.Data)), mapped, ""
		})
	}
	return newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) {
		c.Connection.Transport, c.Fields = answers("text/xml", string(parts["answer.xml"].Data)), mapped
		c.PreHireDays, c.ProvisioningGroups = -1, true
	})
}
