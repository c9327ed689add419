package provisiontest_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A planted is a bug that somebody could make: a text of the project's source, which
// must occur once, and what it is replaced by. A rig that never fails proves nothing:
// with the bug compiled in, the storm must fail within a thousand seeds, or the tests
// named must.
type planted struct {
	name, file, old, new string
	add                  string // at the end of the file
	tests, in            string // what fails instead of the storm, and in which package
	only                 string // the one system on which it is noticed; "": all
}

// TestPlantedBugs compiles the project once for each bug, beside the real one and
// without a switch in it. PROVISION_PLANTED=1 runs it; see make planted.
func TestPlantedBugs(t *testing.T) {
	t.Parallel()
	bugs := plantedBugs()
	require.GreaterOrEqual(t, len(bugs), 25)
	for _, bug := range bugs {
		text, err := os.ReadFile(filepath.Join("..", bug.file))
		require.NoError(t, err)
		assert.Equal(t, 1, strings.Count(string(text), bug.old),
			"%s: the text that it replaces must occur once in %s; bring the list up to date with the source:\n%s", bug.name, bug.file, bug.old)
	}
	if os.Getenv("PROVISION_PLANTED") != "1" {
		t.Skip("only their texts were looked for; PROVISION_PLANTED=1 compiles and runs them")
	}
	for _, bug := range bugs {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			bug.mustBeFound(t)
		})
	}
}

func (b *planted) mustBeFound(t *testing.T) {
	t.Helper()
	if b.only != "" && b.only != runtime.GOOS {
		t.Skipf("only %s tells", b.only)
	}
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	file := filepath.Join(root, b.file)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := filepath.Join(dir, "changed.go")
	require.NoError(t, os.WriteFile(changed, []byte(strings.Replace(string(text), b.old, b.new, 1)+b.add), 0o600))
	overlay, err := json.Marshal(map[string]any{"Replace": map[string]string{file: changed}})
	require.NoError(t, err)
	layout := filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(layout, overlay, 0o600))

	tests, in := "TestStorm", "./provisiontest"
	if b.tests != "" {
		tests, in = b.tests, b.in
	}
	binary := filepath.Join(dir, "bug.test")
	build := exec.CommandContext(t.Context(), "go", "test", "-c", "-vet=off", "-ldflags=-s -w", "-overlay", layout, "-o", binary, in)
	build.Dir = root
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s does not compile:\n%s", b.name, out)

	run := exec.CommandContext(t.Context(), binary, "-test.run", "^("+tests+")$", "-test.timeout", "3m")
	if b.tests != "" { // a bug must not be found because it is no good for seeds side by side
		run.Args = append(run.Args, "-test.parallel", "1")
	}
	run.Dir = filepath.Join(root, in)
	run.Env = append(os.Environ(), "PROVISION_STORM=", "PROVISION_STORM_SEED=", "PROVISION_STORM_SEEDS=1000", "PROVISION_STORM_SHRINK=0")
	out, err = run.CombinedOutput()
	require.Error(t, err, "%s is not noticed", b.name)
	assert.NotContains(t, string(out), "no tests to run")
	if b.tests != "" {
		t.Logf("found by %s", b.tests)
		return
	}
	found := regexp.MustCompile(`seed \d+ breaks.*`).Find(out)
	if found == nil {
		found = regexp.MustCompile(`(?m)^(panic|fatal error): .*`).Find(out)
	}
	require.NotNil(t, found, "the storm failed in another way:\n%s", bytes.TrimSpace(out))
	t.Logf("found: %s", found)
}
