package rules_test

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/rules"
)

var updateMistakes = flag.Bool("update", false, "write the golden files anew")

// A mistake is one case of testdata/mistakes.txtar: layers with something wrong in
// them, and the whole text of the error.
type mistake struct {
	name   string
	layers []txtar.File
	want   string
}

// mistakes reads the cases in the order of the file.
func mistakes(t testing.TB, archive *txtar.Archive) []mistake {
	t.Helper()
	var cases []mistake
	for _, f := range archive.Files {
		name, file, ok := strings.Cut(f.Name, "/")
		require.True(t, ok, "%s: want case/file", f.Name)
		if len(cases) == 0 || cases[len(cases)-1].name != name {
			cases = append(cases, mistake{name: name})
		}
		c := &cases[len(cases)-1]
		if file == "want" {
			c.want = string(f.Data)
		} else {
			c.layers = append(c.layers, txtar.File{Name: file, Data: f.Data})
		}
	}
	return cases
}

// build builds the layers of a case.
func (m *mistake) build() (*rules.Set, error) {
	layers := make([]rules.Spec, len(m.layers))
	for i, f := range m.layers {
		layers[i] = rules.File(f.Name, f.Data)
	}
	return rules.Build(layers...)
}

// TestMistakes compares what an administrator is told with what was reviewed.
func TestMistakes(t *testing.T) {
	const file = "testdata/mistakes.txtar"
	archive, err := txtar.ParseFile(file)
	require.NoError(t, err)
	written := &txtar.Archive{Comment: archive.Comment}
	seen := map[string]bool{}
	for _, c := range mistakes(t, archive) {
		require.False(t, seen[c.name], "two cases are called %s", c.name)
		seen[c.name] = true
		t.Run(c.name, func(t *testing.T) {
			_, err := c.build()
			got := "no error\n"
			if err != nil {
				got = err.Error() + "\n"
			}
			if !*updateMistakes {
				assert.Equal(t, c.want, got)
			}
			for _, f := range c.layers {
				written.Files = append(written.Files, txtar.File{Name: c.name + "/" + f.Name, Data: f.Data})
			}
			written.Files = append(written.Files, txtar.File{Name: c.name + "/want", Data: []byte(got)})
		})
	}
	if *updateMistakes {
		require.NoError(t, os.WriteFile(file, txtar.Format(written), 0o600))
	}
}
