package provision

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"time"
)

// Compact puts one entry of kind Compacted in the place of the entries that are older
// than an instant: of all from the first to the last before which nothing is younger. Later ones
// stay as they are, with their positions, and nothing that an engine remembers is
// forgotten. Engines and desks that have the file open, here or in other processes, go on
// with the new one.
//
// The old file stays beside it as PATH.POSITION, where POSITION is that of the Compacted
// entry. Nobody reads it any more: it may be deleted, or moved to an archive, by whoever
// looks after the file, as soon as Compact has returned. It can be opened with
// [OpenFileJournal] like any journal, and [VerifyJournal] checks there the seals that are
// older than the compaction.
//
// At every instant there is either the old file or the new one under the name, whatever
// ends the process or the machine; what is left over then is PATH.compacting, which the next
// call replaces, and perhaps the archive's name for a file that is still in use. The entries
// are folded while others append; for the copying of what stays they wait. It needs room for
// the new file beside the old one. Nothing to do is no error.
func (j *FileJournal) Compact(ctx context.Context, before time.Time) error {
	if err := j.compact(ctx, before); err != nil {
		return fmt.Errorf("compact journal %s: %w", j.path, err)
	}
	return nil
}

func (j *FileJournal) compact(ctx context.Context, before time.Time) error {
	entry, err := CompactEntries(olderThan(j.Entries(ctx, 0), before))
	if errors.Is(err, errNothingFold) {
		return nil
	}
	if err != nil {
		return err
	}
	return j.locked(func() error {
		if err := ctx.Err(); err != nil {
			return err
		}
		if entry.Position <= j.base {
			return nil // nothing but what stands for others already
		}
		entry.Fold.Origin = j.origin
		return j.replace(&entry)
	})
}

// olderThan yields entries up to the first one that is not older.
func olderThan(entries iter.Seq2[Entry, error], before time.Time) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		for e, err := range entries {
			if err == nil && !e.At.Before(before) && e.Kind != Compacted || !yield(e, err) {
				return
			}
		}
	}
}

// replace writes the file anew with an entry at its beginning. The caller has the lock.
func (j *FileJournal) replace(entry *Entry) error {
	rest, err := j.restAfter(entry.Position)
	if err != nil {
		return err
	}
	temporary := j.path + ".compacting"
	if err := j.step("create"); err != nil {
		return err
	}
	if err := os.Remove(temporary); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	fresh := &FileJournal{path: j.path}
	if fresh.file, err = os.OpenFile(temporary, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600); err != nil {
		return err
	}
	// Whoever opens the new file by its name waits until it is there for good.
	unlock, err := lockFile(fresh.file)
	if err != nil {
		return errors.Join(err, fresh.file.Close())
	}
	if err = j.fill(fresh, entry, rest); err == nil {
		err = j.archive(entry.Position)
	}
	if err == nil {
		err = j.step("rename")
	}
	if err != nil {
		return errors.Join(err, unlock(), fresh.file.Close(), os.Remove(temporary))
	}
	file, err := swapFiles(temporary, j.path, j.file, fresh.file)
	if err != nil {
		j.file = file
		return errors.Join(err, unlock(), fresh.file.Close(), os.Remove(temporary))
	}
	fresh.file = file
	j.adopt(fresh)
	if err = j.step("sync-folder"); err == nil {
		err = syncFolder(filepath.Dir(j.path))
	}
	return errors.Join(err, unlock())
}

// restAfter returns where the lines after a position begin.
func (j *FileJournal) restAfter(position uint64) (int64, error) {
	offset, line := j.seek(position)
	for offset < j.end.size {
		c := cursor{found: true, swaps: j.swaps, offset: offset, line: line, after: position}
		chunk, err := j.part(&c)
		if err != nil {
			return 0, err
		}
		for len(chunk) > 0 {
			end := bytes.IndexByte(chunk, '\n') + 1
			head, err := parseHead(chunk[:end-1])
			if err != nil {
				return 0, damaged(line+1, err)
			}
			if head.position > position {
				return offset, nil
			}
			offset, line, chunk = offset+int64(end), line+1, chunk[end:]
		}
	}
	return offset, nil
}

// fill writes a new file, makes it durable, and reads it as a reader would.
func (j *FileJournal) fill(fresh *FileJournal, entry *Entry, rest int64) error {
	if err := keepOwner(fresh.file, j.file); err != nil {
		return fmt.Errorf("give the new file the owner and the permissions of the old one: %w", bare(err))
	}
	if _, err := fresh.out.add(entry, 0); err != nil {
		return err
	}
	if err := j.step("fill"); err != nil {
		return err
	}
	if _, err := fresh.file.Write(fresh.out.lines.Bytes()); err != nil {
		return err
	}
	fresh.out.reset()
	if err := j.step("copy"); err != nil {
		return err
	}
	if _, err := io.Copy(fresh.file, io.NewSectionReader(j.file, rest, j.end.size-rest)); err != nil {
		return err
	}
	if err := j.step("sync-new"); err != nil {
		return err
	}
	if err := fresh.file.Sync(); err != nil {
		return err
	}
	if err := fresh.catchUp(); err != nil {
		return fmt.Errorf("check the new file: %w", err)
	}
	if err := fresh.succeeds(j); err != nil {
		return fmt.Errorf("check the new file: %w", err)
	}
	return nil
}

// archive gives the old file a second name.
func (j *FileJournal) archive(position uint64) error {
	if err := j.step("archive"); err != nil {
		return err
	}
	name := fmt.Sprintf("%s.%d", j.path, position)
	err := os.Link(j.path, name)
	if err == nil {
		return nil
	}
	if there, e := os.Stat(name); e == nil {
		if open, e := j.file.Stat(); e == nil && os.SameFile(there, open) {
			return nil // left over from a call that did not end
		}
		return fmt.Errorf("%s is in the way: move it elsewhere", name)
	}
	return fmt.Errorf("keep the old file beside the new one (the file system must have hard links): %w", err)
}
