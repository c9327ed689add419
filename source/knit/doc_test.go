package knit

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The documentation says where fields come from.
func TestDocumentation(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for _, s := range standard() {
		assert.Contains(t, string(doc), fmt.Sprintf("//\t%-16s  %s\n", s[0], s[1]))
	}
	assert.Equal(t, len(standard())+5, strings.Count(string(doc), "\n//\t"), "lines of the table, its heading and the example")
}
