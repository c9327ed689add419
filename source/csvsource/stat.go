package csvsource

import (
	"errors"
	"io"
	"io/fs"
)

// stat describes the file before it is read; nil for what is no file.
func stat(file io.Reader) fs.FileInfo {
	f, ok := file.(interface{ Stat() (fs.FileInfo, error) })
	if !ok {
		return nil
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil
	}
	return info
}

// unchanged fails if the file was written while it was read: the half that was
// read belongs to no state of it that anybody meant.
func unchanged(file io.Reader, before fs.FileInfo) error {
	after := stat(file)
	if before == nil || after == nil || before.Size() == after.Size() && before.ModTime().Equal(after.ModTime()) {
		return nil
	}
	return errors.New("the file was written while it was read; put a finished file in its place by renaming")
}
