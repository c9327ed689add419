package provisiontest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The fault table of docs/reliability.md names tests and planted bugs that exist, and
// no bug is without a row unless it is the storm that finds it.
func TestFaultTable(t *testing.T) {
	text, err := os.ReadFile("../docs/reliability.md")
	require.NoError(t, err)
	tests := testNames(t)
	bugs := map[string]bool{}
	for _, b := range plantedBugs() {
		require.False(t, bugs[b.name], "two bugs are named %s", b.name)
		bugs[b.name] = true
	}
	row := regexp.MustCompile(`(?m)^\| (\d+) \| (.*) \| (.*) \| (.*) \| (.*) \|$`)
	rows := row.FindAllStringSubmatch(string(text), -1)
	require.Len(t, rows, 43)
	for i, cells := range rows {
		assert.Equal(t, strconv.Itoa(i+1), cells[1], "rows are numbered")
		for _, cell := range cells[2:] {
			assert.NotEmpty(t, strings.TrimSpace(cell), "row %d has an empty cell", i+1)
		}
		for name := range strings.SplitSeq(cells[4], ", ") {
			assert.True(t, tests[name], "row %d: there is no test %s", i+1, name)
		}
		for name := range strings.SplitSeq(cells[5], ", ") {
			open, _ := strings.CutPrefix(name, "open: ")
			assert.True(t, bugs[name] || open != name && open != "", "row %d: there is no planted bug %s", i+1, name)
		}
	}
}

// testNames are the names of all tests and fuzz targets of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	out := map[string]bool{}
	require.NoError(t, filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(text, -1) {
			out[string(found[1])] = true
		}
		return err
	}))
	return out
}
