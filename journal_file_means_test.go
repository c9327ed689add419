//go:build linux

package provision_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

// asNobody runs f on a thread that has no rights on files of others, also for root.
func asNobody(t *testing.T, f func() error) error {
	t.Helper()
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // and never unlocked: the thread ends with f
		if os.Geteuid() == 0 {
			if err := syscall.Setfsgid(65534); err != nil {
				done <- err
				return
			}
			if err := syscall.Setfsuid(65534); err != nil {
				done <- err
				return
			}
		}
		done <- f()
	}()
	return <-done
}

func TestFileJournalWithoutPermission(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "journal")
	require.NoError(t, openJournal(t, path).Append(t.Context(), provision.Entry{Kind: provision.RunBegin}))
	for parent := dir; len(parent) > len(os.TempDir()); parent = filepath.Dir(parent) {
		require.NoError(t, os.Chmod(parent, 0o555)) // somebody else may look
	}
	t.Cleanup(func() {
		for parent := dir; len(parent) > len(os.TempDir()); parent = filepath.Dir(parent) {
			_ = os.Chmod(parent, 0o755)
		}
	})
	open := func(path string) func() error {
		return func() error {
			j, err := provision.OpenFileJournal(path)
			return errors.Join(err, onlyClose(j))
		}
	}
	require.NoError(t, os.Chmod(path, 0o444))
	err := asNobody(t, open(path))
	require.ErrorIs(t, err, syscall.EACCES, "a file that can only be read")
	require.ErrorContains(t, err, "it must be possible to read and write the file")
	err = asNobody(t, open(filepath.Join(dir, "other")))
	require.ErrorIs(t, err, syscall.EACCES, "a folder that can only be read")
	require.ErrorContains(t, err, filepath.Join(dir, "other"))
}

func onlyClose(j *provision.FileJournal) error {
	if j == nil {
		return nil
	}
	return j.Close()
}

// TestFileTooLargeChild is the process whose files may not grow; it is no test of its
// own.
func TestFileTooLargeChild(t *testing.T) {
	path := os.Getenv("PROVISION_TOO_LARGE")
	if path == "" {
		t.Skip("started by TestFileTooLarge only")
	}
	w := newWorld(t, func(c *provision.Config) { c.Journal = openJournal(t, path) })
	w.people.Set(staff(30)...)
	plan := w.plan()
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 6000, Max: syscall.RLIM_INFINITY & (1<<63 - 1)}))
	report, err := w.engine.Apply(t.Context(), plan, nil)
	require.NoError(t, err)
	creates := len(w.app.All())
	require.Less(t, creates, 30)
	require.NotZero(t, creates, "as long as there was room")
	require.ErrorContains(t, report.Err(), "file too large")
	require.Len(t, report.Results, len(plan.Targets[0].Changes))

	// What was done is in the file, what was not recorded was not done.
	j := openJournal(t, path)
	intents := map[string]bool{}
	for _, e := range entries(t, j, 0) {
		if e.Kind == provision.Intent {
			intents[e.Change] = true
		}
	}
	for _, r := range report.Results {
		if r.Attempts > 0 {
			assert.True(t, intents[r.Change.ID], "%s was called without being recorded before", r.Change.Key)
		}
	}
	// With room again, another process brings it to its end.
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1 << 40, Max: syscall.RLIM_INFINITY & (1<<63 - 1)}))
	w.config.Journal, w.now = j, w.now.AddDate(0, 0, 1)
	w.restart()
	w.sync()
	require.Len(t, w.app.All(), 30)
}

// TestFileTooLarge: when the file cannot grow any more, nothing is done that could not
// be recorded. The limit is the system's, in a process of its own.
func TestFileTooLarge(t *testing.T) {
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestFileTooLargeChild$", "-test.v")
	child.Env = append(os.Environ(), "PROVISION_TOO_LARGE="+filepath.Join(t.TempDir(), "journal"))
	out, err := child.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.True(t, strings.Contains(string(out), "--- PASS: TestFileTooLargeChild"), "%s", out)
}
