//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package provision

import (
	"errors"
	"os"
)

// lockFile does nothing where the system has no advisory locks that end with the
// process: there, one process at a time may have the journal open.
func lockFile(*os.File) (func() error, error) { return func() error { return nil }, nil }

// syncFolder does nothing where a folder cannot be synced.
func syncFolder(string) error { return nil }

// keepOwner does nothing: who may use a file follows from its folder.
func keepOwner(_, _ *os.File) error { return nil }

// swapFiles puts a new file in the place of an old one, and returns the one that has
// the name from then on. A file that is open cannot be renamed here, so both are closed.
func swapFiles(temporary, path string, old, fresh *os.File) (*os.File, error) {
	if err := errors.Join(old.Close(), fresh.Close()); err != nil {
		return old, err
	}
	renamed := os.Rename(temporary, path)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	return file, errors.Join(renamed, err)
}
