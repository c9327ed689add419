package successfactors

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

// The documentation says what is asked for, and what codes mean.
func TestDocumentation(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for _, s := range standard() {
		assert.Contains(t, string(doc), fmt.Sprintf("//\t%-18s  %s\n", s[0], s[1]))
	}
	assert.Equal(t, len(standard())+1, strings.Count(string(doc), "\n//\t")-7-5, "lines of the table, its heading, the example and the codes")
	names := map[source.Status]string{
		source.Active: "Active", source.OnLeave: "OnLeave", source.Suspended: "Suspended", source.Terminated: "Terminated", source.Retired: "Retired",
	}
	for code, status := range usualStatuses() {
		found := false
		for line := range strings.Lines(string(doc)) {
			codes, _, _ := strings.Cut(strings.TrimPrefix(line, "//\t"), "  ")
			found = found || strings.HasPrefix(line, "//\t") && strings.Contains(codes, strings.ToUpper(code)) &&
				len(codes) <= len("U, P, F") && strings.Contains(line, names[status])
		}
		assert.True(t, found, "%s is %s", code, status)
	}
}
