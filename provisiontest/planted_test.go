package provisiontest_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
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

// TestPlantedBugs compiles the project beside the real one, with bugs in it that can be
// switched on (see switched), and once for each that cannot. PROVISION_PLANTED=1 runs it;
// see make planted.
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
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	files, alone := switched(t, root, bugs)
	binaries := map[string]func() string{}
	for _, bug := range bugs {
		in := bug.home()
		binaries[in] = sync.OnceValue(func() string { return buildTests(t, root, in, files) })
	}
	t.Run("none", func(t *testing.T) { // or all the others prove nothing
		for in, binary := range binaries {
			t.Run(in, func(t *testing.T) {
				t.Parallel()
				out, err := plantedRun(t.Context(), filepath.Join(root, in), binary(), testsIn(bugs, in), "").CombinedOutput()
				require.NoError(t, err, "%s", out)
			})
		}
	})
	for _, bug := range bugs {
		t.Run(bug.name, func(t *testing.T) {
			t.Parallel()
			if bug.only != "" && bug.only != runtime.GOOS {
				t.Skipf("only %s tells", bug.only)
			}
			binary := binaries[bug.home()]
			if alone[bug.name] {
				binary = func() string { return buildTests(t, root, bug.home(), bug.alone(t, root)) }
			}
			bug.mustBeFound(t, plantedRun(t.Context(), filepath.Join(root, bug.home()), binary(), bug.finders(), bug.name))
		})
	}
}

// home is the package whose tests find a bug, and finders are those tests.
func (b *planted) home() string {
	if b.tests == "" {
		return "./provisiontest"
	}
	return b.in
}

func (b *planted) finders() string {
	if b.tests == "" {
		return "TestStorm"
	}
	return b.tests
}

func testsIn(bugs []planted, in string) string {
	var names []string
	for _, b := range bugs {
		if name := b.finders(); b.home() == in && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// alone is the file with nothing but this bug in it.
func (b *planted) alone(t *testing.T, root string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, b.file))
	require.NoError(t, err)
	return map[string]string{b.file: strings.Replace(string(text), b.old, b.new, 1) + b.add}
}

// plantedRun runs some tests with one of the bugs, "" for none.
func plantedRun(ctx context.Context, in, binary, tests, bug string) *exec.Cmd {
	run := exec.CommandContext(ctx, binary, "-test.run", "^("+tests+")$", "-test.timeout", "5m")
	if bug != "" && tests != "TestStorm" { // a bug must not be found because it is no good for seeds side by side
		run.Args = append(run.Args, "-test.parallel", "1")
	}
	run.Dir = in
	run.Env = append(os.Environ(), plantedSwitch+"="+bug,
		"PROVISION_STORM=", "PROVISION_STORM_SEED=", "PROVISION_STORM_SEEDS=1000", "PROVISION_STORM_SHRINK=0")
	return run
}

func (b *planted) mustBeFound(t *testing.T, run *exec.Cmd) {
	t.Helper()
	out, err := run.CombinedOutput()
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
