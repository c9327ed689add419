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
