package bamboohr

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The documentation says what is asked for.
func TestDocumentation(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	for _, s := range standard() {
		line := strings.TrimRight(fmt.Sprintf("//\t%-18s  %-25s  %s", s[0], s[1], s[2]), " ") + "\n"
		assert.Contains(t, string(doc), line)
	}
	assert.Equal(t, len(standard())+1, strings.Count(string(doc), "\n//\t")-4, "lines of the table, its heading and the example")
}
