package provision_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
)

// sysCachestat is the number of cachestat(2) on all systems but Alpha, since Linux 6.5.
const sysCachestat = 451

// notOnDisk is how many pages of a file the kernel has still to write; false if it does
// not tell.
func notOnDisk(t *testing.T, path string) (int, bool) {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, f.Close()) }()
	var all struct{ offset, length uint64 } // zeros: the whole file
	var pages struct{ cached, dirty, writeback, evicted, recent uint64 }
	_, _, failed := syscall.Syscall6(sysCachestat, f.Fd(),
		uintptr(unsafe.Pointer(&all)), uintptr(unsafe.Pointer(&pages)), 0, 0, 0)
	return int(pages.dirty + pages.writeback), failed == 0
}

// What Append has taken is on disk when it returns: the kernel has nothing left to write.
func TestFileJournalIsOnDisk(t *testing.T) {
	dir := t.TempDir()
	probe := filepath.Join(dir, "probe")
	require.NoError(t, os.WriteFile(probe, make([]byte, 1<<16), 0o600))
	if pages, told := notOnDisk(t, probe); !told || pages == 0 {
		t.Skip("this kernel, or this file system, does not tell what is not on disk")
	}
	path := filepath.Join(dir, "journal")
	j, err := provision.OpenFileJournal(path)
	require.NoError(t, err)
	defer func() { require.NoError(t, j.Close()) }()
	for i := range 20 {
		e := provision.Entry{At: time.Now(), Kind: provision.Intent, Target: "app", Change: string(rune('a' + i))}
		require.NoError(t, j.Append(t.Context(), e))
		pages, _ := notOnDisk(t, path)
		assert.Zero(t, pages, "append %d", i)
	}
}
