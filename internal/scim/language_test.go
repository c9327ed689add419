package scim_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/internal/scim"
)

var update = flag.Bool("update", false, "write the golden files anew")

// person is a resource type with attributes of all types, extensions one of whose
// URNs begins with another's, and attributes that are never returned.
var person = sync.OnceValue(func() *scim.ResourceType {
	text, err := os.ReadFile("testdata/person.json")
	if err != nil {
		panic(err)
	}
	t := new(scim.ResourceType)
	if err := json.Unmarshal(text, t); err != nil {
		panic(err)
	}
	return t
})

// wide has room for whatever a text within the default limits becomes.
var wide = scim.Limits{Length: 1 << 20, Depth: 1000, Nodes: 1000}

func filter(t *testing.T, text string) *scim.Filter {
	t.Helper()
	f, err := scim.ParseFilter(text, person(), scim.Limits{})
	require.NoError(t, err, text)
	return f
}

func path(t *testing.T, text string) scim.Path {
	t.Helper()
	p, err := scim.ParsePath(text, person(), scim.Limits{})
	require.NoError(t, err, text)
	return p
}

// A golden file holds texts, one a line, and under "want" what becomes of each.
func TestGolden(t *testing.T) {
	read := map[string]func(string) (string, error){
		"filters": func(text string) (string, error) {
			f, err := scim.ParseFilter(text, person(), scim.Limits{})
			if err != nil {
				return "", err
			}
			return f.String(), nil
		},
		"paths": func(text string) (string, error) {
			p, err := scim.ParsePath(text, person(), scim.Limits{})
			return p.String(), err
		},
		"attributes": func(text string) (string, error) {
			p, err := scim.ParseAttribute(text, person())
			return p.String(), err
		},
	}
	for _, name := range []string{"filters", "filters-wrong", "paths", "paths-wrong", "attributes", "attributes-wrong"} {
		t.Run(name, func(t *testing.T) {
			kind, wrong := strings.CutSuffix(name, "-wrong")
			file := "testdata/" + name + ".txtar"
			archive, err := txtar.ParseFile(file)
			require.NoError(t, err)
			require.Len(t, archive.Files, 2)
			var got strings.Builder
			for line := range strings.Lines(string(archive.Files[0].Data)) {
				line = strings.TrimSuffix(line, "\n")
				out, err := read[kind](line)
				require.Equal(t, wrong, err != nil, "%s: %v", line, err)
				if wrong {
					out = err.Error()
				}
				fmt.Fprintf(&got, "%s\n    %s\n", line, out)
			}
			if *update {
				archive.Files[1].Data = []byte(got.String())
				require.NoError(t, os.WriteFile(file, txtar.Format(archive), 0o644))
			}
			assert.Equal(t, string(archive.Files[1].Data), got.String())
		})
	}
}
