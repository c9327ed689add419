package scim_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/internal/scim"
)

// seed adds the texts of golden files.
func seed(f *testing.F, names ...string) {
	f.Helper()
	for _, name := range names {
		archive, err := txtar.ParseFile("testdata/" + name + ".txtar")
		require.NoError(f, err)
		for line := range strings.Lines(string(archive.Files[0].Data)) {
			f.Add(strings.TrimSuffix(line, "\n"))
		}
	}
}

func told(t *testing.T, err error, kinds ...string) {
	t.Helper()
	var e *scim.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, http.StatusBadRequest, e.Status)
	assert.Contains(t, kinds, e.Type)
	assert.Less(t, len(e.Detail), 1500)
}

func size(f *scim.Filter) int {
	n := 1
	for _, term := range f.Terms {
		n += size(term)
	}
	return n
}

func FuzzParseFilter(f *testing.F) {
	seed(f, "filters", "filters-wrong")
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := scim.ParseFilter(text, person(), scim.Limits{})
		if err != nil {
			told(t, err, scim.InvalidFilter)
			return
		}
		require.LessOrEqual(t, size(parsed), 200)
		again, err := scim.ParseFilter(parsed.String(), person(), wide)
		require.NoError(t, err, parsed.String())
		require.Equal(t, parsed, again)
		require.Equal(t, scim.Matches(parsed, ana()), scim.Matches(again, ana()))
		no := &scim.Filter{Op: scim.Not, Terms: []*scim.Filter{parsed}}
		require.NotEqual(t, scim.Matches(parsed, ana()), scim.Matches(no, ana()))
	})
}

func FuzzParsePath(f *testing.F) {
	seed(f, "paths", "paths-wrong", "attributes", "attributes-wrong")
	f.Fuzz(func(t *testing.T, text string) {
		attr, wrong := scim.ParseAttribute(text, person())
		if wrong != nil {
			told(t, wrong, scim.InvalidPath)
		}
		parsed, err := scim.ParsePath(text, person(), scim.Limits{})
		if err != nil {
			told(t, err, scim.InvalidPath, scim.InvalidFilter)
			require.Error(t, wrong)
			return
		}
		if wrong == nil {
			require.Equal(t, parsed, attr)
		}
		again, err := scim.ParsePath(parsed.String(), person(), wide)
		require.NoError(t, err, parsed.String())
		require.Equal(t, parsed, again)
		if parsed.Filter != nil {
			require.LessOrEqual(t, size(parsed.Filter), 200)
			for v := range parsed.Values(ana()) {
				scim.MatchesValue(parsed.Filter, v)
			}
		}
	})
}
