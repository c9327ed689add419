//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package provision

import (
	"os"
	"syscall"
)

// lockFile keeps other processes out of the file until the returned function is
// called. The lock goes with the process, so a crash leaves none behind.
func lockFile(f *os.File) (func() error, error) {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		if err == nil {
			break
		}
		if err != syscall.EINTR {
			return nil, os.NewSyscallError("flock", err)
		}
	}
	return func() error { return os.NewSyscallError("flock", syscall.Flock(int(f.Fd()), syscall.LOCK_UN)) }, nil
}

// syncFolder makes the names in a folder durable.
func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	err = folder.Sync()
	if e := folder.Close(); err == nil {
		err = e
	}
	return err
}

// keepOwner gives a new file the permissions and, if it is somebody else's, the owner
// of an old one.
func keepOwner(fresh, old *os.File) error {
	info, err := old.Stat()
	if err != nil {
		return err
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && (int(stat.Uid) != os.Geteuid() || int(stat.Gid) != os.Getegid()) {
		if err := fresh.Chown(int(stat.Uid), int(stat.Gid)); err != nil {
			return err
		}
	}
	return fresh.Chmod(info.Mode().Perm())
}

// swapFiles puts a new file in the place of an old one, and returns the one that has
// the name from then on. Both stay open.
func swapFiles(temporary, path string, old, fresh *os.File) (*os.File, error) {
	if err := os.Rename(temporary, path); err != nil {
		return old, err
	}
	return fresh, nil
}
