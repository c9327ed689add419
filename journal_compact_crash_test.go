package provision

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// copyFolder is what a crash at this instant would leave behind. Names of one file stay
// names of one file.
func copyFolder(t *testing.T, from string) string {
	t.Helper()
	to := t.TempDir()
	names, err := os.ReadDir(from)
	require.NoError(t, err)
	done := map[string]os.FileInfo{}
next:
	for _, n := range names {
		info, err := n.Info()
		require.NoError(t, err)
		for other, i := range done {
			if os.SameFile(i, info) {
				require.NoError(t, os.Link(filepath.Join(to, other), filepath.Join(to, n.Name())))
				continue next
			}
		}
		b, err := os.ReadFile(filepath.Join(from, n.Name()))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(to, n.Name()), b, 0o600))
		done[n.Name()] = info
	}
	return to
}

var compactSteps = []string{"create", "fill", "copy", "sync-new", "archive", "rename", "sync-folder"}

// TestCompactCrashes: a process that dies before any step of a compaction, or is told by the
// system that a step failed, leaves a file with the same content under the name, and the
// next compaction succeeds.
func TestCompactCrashes(t *testing.T) {
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, fail := range compactSteps {
		t.Run(fail, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, "journal")
			j, err := OpenFileJournal(path)
			require.NoError(t, err)
			defer j.Close() //nolint:errcheck // it is read only by then
			for i := range 9 {
				require.NoError(t, j.Append(t.Context(), Entry{
					At: noon.Add(time.Duration(i) * time.Hour), Kind: Happened, Target: "app", Change: fmt.Sprint("c", i), Outcome: Done,
				}))
			}
			want := foldOfFile(t, path)
			left := ""
			j.before = func(step string) error {
				if step == fail {
					left = copyFolder(t, dir)
					return errStep
				}
				return nil
			}
			require.ErrorIs(t, j.Compact(t.Context(), noon.Add(5*time.Hour)), errStep)
			j.before = nil
			require.NotEmpty(t, left)

			for _, dir := range []string{dir, left} {
				path := filepath.Join(dir, "journal")
				require.Equal(t, want, foldOfFile(t, path))
				again, err := OpenFileJournal(path)
				require.NoError(t, err)
				require.NoError(t, again.Append(t.Context(), Entry{At: noon, Kind: RunBegin}))
				require.NoError(t, again.Compact(t.Context(), noon.Add(24*time.Hour)))
				require.NoError(t, again.Close())
			}
			// Whoever had the file open goes on, whether it was replaced or not.
			require.NoError(t, j.Append(t.Context(), Entry{At: noon, Kind: Happened, Target: "app", Change: "last", Outcome: Done}))
			st := newState()
			require.NoError(t, st.catchUp(t.Context(), j))
			require.Len(t, st.of("app").spent, 10)
		})
	}
}

var errStep = errors.New("input/output error")

func foldOfFile(t *testing.T, path string) string {
	t.Helper()
	j, err := OpenFileJournal(path)
	require.NoError(t, err)
	defer j.Close() //nolint:errcheck // nothing was written
	e, err := CompactEntries(j.Entries(t.Context(), 0))
	require.NoError(t, err)
	return string(e.Fold.State)
}

// TestFileJournalAfterAFailure: a write that failed leaves nothing behind and can be
// repeated; after a sync that failed nobody knows, and the file has to be opened anew.
func TestFileJournalAfterAFailure(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := OpenFileJournal(path)
	require.NoError(t, err)
	defer j.Close() //nolint:errcheck // as above
	add := func() error { return j.Append(t.Context(), Entry{Kind: RunBegin}) }
	require.NoError(t, add())
	failing := ""
	j.before = func(step string) error {
		if step == failing {
			return errStep
		}
		return nil
	}
	failing = "write"
	require.ErrorContains(t, add(), "nothing was recorded: input/output error")
	failing = ""
	require.NoError(t, add())
	failing = "sync"
	require.ErrorContains(t, add(), "unusable until it is opened again: sync: input/output error")
	failing = ""
	require.ErrorContains(t, add(), "unusable")
	for _, err := range j.Entries(t.Context(), 0) {
		require.ErrorContains(t, err, "unusable")
	}
	again, err := OpenFileJournal(path)
	require.NoError(t, err)
	require.NoError(t, again.Append(t.Context(), Entry{Kind: RunBegin}))
	require.EqualValues(t, 3, again.end.position)
	require.NoError(t, again.Close())
}

// TestFileJournalFullDevice: a device that is full, for real.
func TestFileJournalFullDevice(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := OpenFileJournal(path)
	require.NoError(t, err)
	require.NoError(t, j.Append(t.Context(), Entry{Kind: RunBegin}))
	full, err := os.OpenFile("/dev/full", os.O_RDWR, 0)
	if err != nil {
		t.Skip("there is no /dev/full: ", err)
	}
	disk := j.file
	j.file = full
	err = j.put([]byte("x\n"))
	require.ErrorContains(t, err, "no space left on device")
	require.ErrorContains(t, j.failed, "unusable", "a device cannot be cut")
	require.NoError(t, full.Close())
	require.NoError(t, disk.Close())
}
