package provision

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// A FileJournal keeps a journal in one append-only file of JSON lines. Append
// returns once the lines are on disk. On Unix systems several processes may have
// one file open: an engine that runs, and a [Desk] where somebody decides. Each
// appends and reads under a lock on the file, and sees what the others appended.
// Elsewhere one process at a time may have it open.
//
// Every line carries a checksum. What one call of Append writes is there as a whole
// or not at all: the end of a file that is torn, because a process died while writing
// it, is cut; what was being recorded then had not been done. Any other damage is an
// error that names the line and says what to do, or says that the file shrank or was
// replaced; so is a file that is no journal. Such a file stays as it is, and nothing is
// appended to it.
//
// It keeps no entries in memory, only where lines begin, every few kilobytes. It is
// safe for concurrent use. Make one with [OpenFileJournal]; [FileJournal.Compact]
// makes the file small again.
type FileJournal struct {
	mu   sync.Mutex
	path string // without symbolic links
	file *os.File
	// retired was open before a compaction and is still to be closed.
	retired *os.File
	swaps   int    // how often file was replaced by a compacted one
	origin  string // tells this journal from any other; see scan
	base    uint64 // position of the Compacted entry that the file begins with, 0 if none
	marks   []mark
	end     fileEnd
	failed  error // after a write that could not be undone
	out     lineWriter

	// before is asked before each step that alters something on disk; nil in use.
	before func(step string) error
}

// fileEnd is how far a file was read, always up to the end of an Append.
type fileEnd struct {
	size     int64
	lines    int
	position uint64
	sum      uint32 // of the last line
	fence    Fence
}

// mark is where a line begins.
type mark struct {
	position uint64
	offset   int64
	line     int // lines before it
}

// markEvery is how many bytes lie between two marks, at least.
const markEvery = 4 << 10

var _ Journal = (*FileJournal)(nil)

// OpenFileJournal opens or creates the journal at path, readable by its owner
// only. It reads the whole file once. Close it when done.
func OpenFileJournal(path string) (*FileJournal, error) {
	j, err := openFileJournal(path)
	if err != nil {
		return nil, fmt.Errorf("open journal %s: %w", path, err)
	}
	return j, nil
}

func openFileJournal(path string) (*FileJournal, error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%w: it is %s; name a file in a folder of its own", errNotAFile, modeName(info.Mode()))
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%w; it must be possible to read and write the file, and to create it in its folder", bare(err))
	}
	j := &FileJournal{path: path, file: file}
	// A compaction replaces the file by its name, and must not replace a link.
	if j.path, err = filepath.EvalSymlinks(path); err != nil {
		return nil, errors.Join(bare(err), file.Close())
	}
	if err := j.locked(func() error {
		if j.end.size > 0 {
			return nil
		}
		return syncFolder(filepath.Dir(j.path)) // the file may be new
	}); err != nil {
		return nil, errors.Join(err, j.file.Close())
	}
	return j, nil
}

// bare is the reason in an error of package os, which names the file as well.
func bare(err error) error {
	if p, ok := errors.AsType[*os.PathError](err); ok {
		return p.Err
	}
	return err
}

func modeName(m os.FileMode) string {
	switch {
	case m.IsDir():
		return "a folder"
	case m&os.ModeDevice != 0:
		return "a device"
	default:
		return "of type " + m.Type().String()
	}
}

var (
	errNotAFile       = errors.New("it is no regular file")
	errJournalDamaged = errors.New("the journal is damaged")
	errReplaced       = errors.New("another file has taken its place")
)

// Close closes the file. What is called afterwards fails.
func (j *FileJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}

// locked calls f while no other process touches the file, after reading what was
// appended since, by whomever.
func (j *FileJournal) locked(f func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	for {
		unlock, err := lockFile(j.file)
		if err != nil {
			return err
		}
		same, err := j.inPlace()
		if err == nil && same {
			if err = j.catchUp(); err == nil {
				err = f()
			}
			unlocked := unlock() // the file that was open when it was taken
			j.retire()
			return errors.Join(err, unlocked)
		}
		if err := errors.Join(err, unlock()); err != nil {
			return err
		}
		if err := j.follow(); err != nil {
			return err
		}
	}
}

// inPlace reports whether the file still has its name.
func (j *FileJournal) inPlace() (bool, error) {
	open, err := j.file.Stat()
	if err != nil {
		return false, err
	}
	named, err := os.Stat(j.path)
	if err != nil {
		return false, fmt.Errorf("the file was removed or renamed while it was open; put it back, or open another one: %w", bare(err))
	}
	return os.SameFile(open, named), nil
}

// Append writes entries as lines, all or none, and syncs the file. If it fails to
// write, nothing of it stays, and the journal can be used again. If it fails to sync,
// nobody knows what is on disk, and everything fails until the file is opened anew.
func (j *FileJournal) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := j.locked(func() error { return j.write(entries) }); err != nil {
		return fmt.Errorf("journal %s: %w", j.path, err)
	}
	return nil
}

// write appends entries. The caller has the lock and has caught up.
func (j *FileJournal) write(entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	fence, err := j.end.fence.Admit(entries...)
	if err != nil {
		return err
	}
	defer j.out.reset()
	end := j.end
	for i := range entries {
		e := entries[i]
		e.Position = j.end.position + uint64(i) + 1
		sum, err := j.out.add(&e, len(entries)-1-i)
		if err != nil {
			return fmt.Errorf("entry %d of %d: %w", i+1, len(entries), err)
		}
		end.sum, end.position = sum, e.Position
	}
	if err := j.put(j.out.lines.Bytes()); err != nil {
		return err
	}
	j.mark(j.end)
	if j.end.size == 0 {
		j.origin = originOf(j.out.lines.Bytes())
	}
	end.size += int64(j.out.lines.Len())
	end.lines += len(entries)
	end.fence = fence
	j.end = end
	return nil
}

// put writes bytes at the end and makes them durable.
func (j *FileJournal) put(b []byte) error {
	err := j.step("write")
	if err == nil {
		_, err = j.file.WriteAt(b, j.end.size)
	}
	if err != nil {
		// Nothing of it may stay: a later line would otherwise follow a torn one.
		if cut := j.cut(); cut != nil {
			j.failed = fmt.Errorf("journal unusable until it is opened again: %w", errors.Join(err, cut))
		}
		return fmt.Errorf("nothing was recorded: %w", bare(err))
	}
	if err = j.step("sync"); err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		// What the system could not write it may have forgotten: a second Sync that
		// succeeds would prove nothing.
		j.failed = fmt.Errorf("journal unusable until it is opened again: sync: %w", errors.Join(bare(err), j.cut()))
		return j.failed
	}
	return nil
}

func (j *FileJournal) step(name string) error {
	if j.before == nil {
		return nil
	}
	return j.before(name)
}

// mark notes where a line begins that is about to follow what is known.
func (j *FileJournal) mark(end fileEnd) {
	if n := len(j.marks); n > 0 && end.size-j.marks[n-1].offset < markEvery || end.size == 0 {
		return
	}
	j.marks = append(j.marks, mark{position: end.position, offset: end.size, line: end.lines})
}
