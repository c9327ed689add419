package provision_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

func aRunBegins() provision.Entry {
	return provision.Entry{At: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), Kind: provision.RunBegin, Run: "r", Target: "app"}
}

// A file that is none of the journal's own archives is not taken for one.
func TestCompactLeavesAFileThatIsInTheWay(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), aRunBegins(), aRunBegins()))
	require.NoError(t, os.WriteFile(path+".2", []byte("something else"), 0o600))
	require.ErrorContains(t, j.Compact(t.Context(), aRunBegins().At.Add(time.Hour)), "in the way")
}

// A line that is missing from the middle of what was written together is noticed.
func TestAJournalMissesALineOfAnAppend(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j := openJournal(t, path)
	require.NoError(t, j.Append(t.Context(), aRunBegins(), aRunBegins(), aRunBegins()))
	require.NoError(t, j.Close())
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	rows := bytes.SplitAfter(text, []byte("\n"))
	require.NoError(t, os.WriteFile(path, slicesOf(rows[0], rows[2]), 0o600))
	_, err = provision.OpenFileJournal(path)
	require.ErrorContains(t, err, "missing")
}

// One lease has one holder.
func TestAFenceAdmitsOneHolder(t *testing.T) {
	lease := func(holder string) provision.Entry {
		return provision.Entry{Kind: provision.Leased, Epoch: 1, Lease: &provision.Lease{Holder: holder}}
	}
	f, err := provision.Fence{}.Admit(lease("a"))
	require.NoError(t, err)
	_, err = f.Admit(lease("b"))
	require.ErrorIs(t, err, provision.ErrFenced)
}
