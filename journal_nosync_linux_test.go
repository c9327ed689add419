package provision_test

import (
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

// What prctl(2) and seccomp(2) call these, on all systems.
const (
	prSetNoNewPrivs = 38
	prSetSeccomp    = 22
	modeFilter      = 2
	retErrno        = 0x00050000
	retAllow        = 0x7fff0000
)

// refuseFsync lets every fsync(2) of this thread fail from now on, for ever; false if the
// kernel does not do that.
func refuseFsync() bool {
	filter := []syscall.SockFilter{
		{Code: syscall.BPF_LD | syscall.BPF_W | syscall.BPF_ABS, K: 0}, // the number of the call
		{Code: syscall.BPF_JMP | syscall.BPF_JEQ | syscall.BPF_K, Jf: 1, K: syscall.SYS_FSYNC},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: retErrno | uint32(syscall.EIO)},
		{Code: syscall.BPF_RET | syscall.BPF_K, K: retAllow},
	}
	program := syscall.SockFprog{Len: uint16(len(filter)), Filter: &filter[0]}
	if _, _, failed := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetNoNewPrivs, 1, 0, 0, 0, 0); failed != 0 {
		return false
	}
	_, _, failed := syscall.RawSyscall6(syscall.SYS_PRCTL, prSetSeccomp, modeFilter, uintptr(unsafe.Pointer(&program)), 0, 0, 0)
	return failed == 0
}

// whereNothingSyncs calls f on a thread of its own, which ends with it, where every
// fsync(2) fails.
func whereNothingSyncs(t *testing.T, f func()) {
	t.Helper()
	refused, done := false, make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked: the thread goes with the goroutine
		if refused = refuseFsync(); refused {
			f()
		}
	}()
	<-done
	if !refused {
		t.Skip("this kernel does not let a thread refuse itself a call")
	}
}

// A journal that is new is one only when its name is on disk: its folder is synced.
func TestFileJournalIsNotMadeWhereItsFolderCannotBeSynced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	var made *provision.FileJournal
	var err error
	whereNothingSyncs(t, func() { made, err = provision.OpenFileJournal(path) })
	require.ErrorIs(t, err, syscall.EIO)
	assert.ErrorContains(t, err, path)
	assert.Nil(t, made)
}

// After a sync that failed nobody knows what is on disk: an entry of which Append says
// that it failed is in no journal, and nothing more is appended before it is opened anew.
func TestFileJournalWhereNothingCanBeSynced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal")
	j, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	e := provision.Entry{At: time.Now(), Kind: provision.Intent, Target: "app", Change: "a"}
	require.NoError(t, j.Append(t.Context(), e))
	whereNothingSyncs(t, func() { err = j.Append(t.Context(), e) })
	require.ErrorIs(t, err, syscall.EIO)
	require.Error(t, j.Append(t.Context(), e), "as if nothing had been")
	require.NoError(t, j.Close())

	j, err = provision.OpenFileJournal(path)
	require.NoError(t, err)
	assert.Len(t, entries(t, j, 0), 1)
	require.NoError(t, j.Append(t.Context(), e))
	require.NoError(t, j.Close())
}

// A compacted file takes the place of the old one only when all of it is on disk: else a
// power cut could leave an empty journal. What was begun is taken away.
func TestCompactLeavesTheFileWhereNothingCanBeSynced(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "journal")
	j, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, j.Close()) }()
	for _, change := range []string{"a", "b", "c"} {
		e := provision.Entry{At: time.Now().Add(-time.Hour), Kind: provision.Happened, Target: "app", Change: change, Outcome: provision.Done}
		require.NoError(t, j.Append(t.Context(), e))
	}
	before, err := os.ReadFile(path)
	require.NoError(t, err)
	whereNothingSyncs(t, func() { err = j.Compact(t.Context(), time.Now()) })
	require.ErrorIs(t, err, syscall.EIO)
	after, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(before), string(after))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, left, 1, "nothing but the journal")

	require.NoError(t, j.Compact(t.Context(), time.Now()), "it can be done again")
	assert.Len(t, entries(t, j, 0), 1)
}
