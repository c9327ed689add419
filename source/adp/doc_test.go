package adp

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/internal/vocabulary"
	"github.com/provision-go/provision/source"
)

// lines returns the lines of the documentation by their first word.
func lines(t *testing.T) map[string]string {
	t.Helper()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	all := map[string]string{}
	for line := range strings.Lines(string(doc)) {
		if text, table := strings.CutPrefix(line, "//\t"); table {
			word, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
			all[word] = strings.TrimSpace(rest)
		}
	}
	return all
}

// The documentation says what every word of every product means.
func TestDocumentedWords(t *testing.T) {
	doc := lines(t)
	names := []string{"AnyProduct", "WorkforceNow", "Workforce", "IHCM", "Decidium", "Link", "ExpertBR", "ExpertLAHC", "PayrollADP"}
	require.Len(t, vocabularies(), len(names))
	for n, name := range names {
		lang := vocabularies()[Product(n)]
		var want []string
		for _, status := range []source.Status{source.Active, source.OnLeave, source.PreHire, source.Terminated} {
			want = append(want, strings.Fields(lang.words[status])...)
		}
		if lang.inactive {
			want = append(want, wordInactive)
		}
		said, ok := doc[name]
		require.True(t, ok, name)
		assert.Equal(t, want, append([]string(nil), strings.Fields(said)...), name)
	}
}

// The documentation says which types of units fill which field.
func TestDocumentedUnits(t *testing.T) {
	doc := lines(t)
	said := map[string]string{}
	for _, field := range []string{"legal_entity", "department", "division", "team", "business_unit", "cost_center"} {
		for kind := range strings.SplitSeq(doc[field], ",") {
			said[vocabulary.Fold(kind)] = field
		}
	}
	assert.Equal(t, usualUnits(), said)
}
