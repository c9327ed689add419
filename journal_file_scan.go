package provision

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
)

// catchUp reads what was appended since. The caller has the lock.
func (j *FileJournal) catchUp() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	switch {
	case info.Size() == j.end.size:
		return nil
	case info.Size() < j.end.size:
		return fmt.Errorf("%w: it shrank from %d to %d bytes while it was open; %s", errJournalDamaged, j.end.size, info.Size(), restore)
	}
	return j.scan()
}

const restore = "nothing was written to it; stop everything that uses it and put back a copy that is whole"

// scan reads from the end of what is known to the end of the file, and cuts what is
// torn. An Append counts once its last line is there.
func (j *FileJournal) scan() error {
	in := bufio.NewReaderSize(io.NewSectionReader(j.file, j.end.size, math.MaxInt64-j.end.size), 64<<10)
	next, more := j.end, 0
	for {
		text, err := in.ReadBytes('\n')
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil {
			if len(text) == 0 && more == 0 {
				return nil
			}
			if !torn(text) {
				return damaged(next.lines+1, errNoEntry)
			}
			return j.cut() // nobody is writing it now: its writer is dead
		}
		line := text[:len(text)-1]
		head, e, err := parseLine(line)
		if err != nil {
			return damaged(next.lines+1, err)
		}
		if head.position <= next.position {
			return damaged(next.lines+1, fmt.Errorf("%w %d after %d", errPosition, head.position, next.position))
		}
		if more > 0 && head.more != more-1 {
			return damaged(next.lines+1, errTogether)
		}
		if next.size == 0 {
			j.begin(&e, text)
		}
		next.size += int64(len(text))
		next.lines++
		next.position, next.sum, next.fence = head.position, head.sum, next.fence.after(&e)
		if more = head.more; more == 0 {
			j.mark(j.end)
			j.end = next
		}
	}
}

var (
	errPosition = errors.New("position")
	errTogether = errors.New("a line is missing between it and the one before")
)

// damaged says which line cannot be used, and what to do.
func damaged(line int, why error) error {
	if line == 1 && errors.Is(why, errNoEntry) {
		return fmt.Errorf("line 1: %w: %w; if the file is something else, name another one for the journal", errJournalDamaged, why)
	}
	return fmt.Errorf("line %d: %w: %w; %s", line, errJournalDamaged, why, restore)
}

// parseLine reads a line without its end.
func parseLine(line []byte) (lineHead, Entry, error) {
	var e Entry
	head, err := parseHead(line)
	if err != nil {
		return head, e, err
	}
	if err := json.Unmarshal(line, &e); err != nil {
		return head, e, fmt.Errorf("it was written by another version: %w", err)
	}
	if e.Position != head.position {
		return head, e, errNoEntry
	}
	return head, e, nil
}

// begin notes what the first line says about the file.
func (j *FileJournal) begin(e *Entry, text []byte) {
	j.base = 0
	j.origin = originOf(text)
	if e.Kind == Compacted && e.Fold != nil {
		j.base = e.Position
		j.origin = e.Fold.Origin
	}
}

// originOf names a journal by its first line ever.
func originOf(lines []byte) string {
	first, _, _ := bytes.Cut(lines, []byte("\n"))
	sum := sha256.Sum256(first)
	return hex.EncodeToString(sum[:16])
}

// torn reports whether a line without an end is what is left of a write that did not
// end: the beginning of a line, and perhaps the zeros that a file system leaves where
// nothing was written before the power failed. Nothing at all is, too, after lines
// that say that more follow. A whole line and something else where its end should be
// is damage; anything else belongs to a file that is no journal.
func torn(text []byte) bool {
	text = bytes.TrimRight(text, "\x00")
	if len(text) > 0 {
		if _, err := parseHead(text[:len(text)-1]); err == nil {
			return false
		}
	}
	return bytes.HasPrefix(text, []byte(lineBegin)) || strings.HasPrefix(lineBegin, string(text))
}

// cut removes what was written after the last whole Append.
func (j *FileJournal) cut() error {
	if err := j.file.Truncate(j.end.size); err != nil {
		return err
	}
	return j.file.Sync()
}

// follow goes on with the file that has taken the place of ours, if it is ours after a
// compaction.
func (j *FileJournal) follow() error {
	file, err := os.OpenFile(j.path, os.O_RDWR, 0)
	if err != nil {
		return bare(err)
	}
	fresh := &FileJournal{path: j.path, file: file}
	if err := fresh.readLocked(); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := fresh.succeeds(j); err != nil {
		return errors.Join(err, file.Close())
	}
	j.adopt(fresh)
	j.retire()
	return nil
}

// readLocked reads the whole file under its lock, wherever its name has gone by now.
func (j *FileJournal) readLocked() error {
	unlock, err := lockFile(j.file)
	if err != nil {
		return err
	}
	return errors.Join(j.catchUp(), unlock())
}

// adopt goes on with the file of another one.
func (j *FileJournal) adopt(fresh *FileJournal) {
	j.retired = j.file
	j.file, j.origin, j.base, j.marks, j.end = fresh.file, fresh.origin, fresh.base, fresh.marks, fresh.end
	j.swaps++
}

// retire closes the file that was open before, after its lock was let go: everything
// in it that counts is in the one that took its place.
func (j *FileJournal) retire() {
	if j.retired != nil {
		_ = j.retired.Close()
		j.retired = nil
	}
}

// succeeds checks that a file is what became of another one by compaction.
func (j *FileJournal) succeeds(old *FileJournal) error {
	if j.base == 0 || j.base < old.base || old.end.size > 0 && j.origin != old.origin || j.end.position < old.end.position {
		return fmt.Errorf("%w: %w; %s", errJournalDamaged, errReplaced, restore)
	}
	if old.end.position <= j.base {
		return nil
	}
	sum, err := j.sumAt(old.end.position)
	if err != nil {
		return err
	}
	if sum != old.end.sum {
		return fmt.Errorf("%w: %w, with another entry at position %d; %s", errJournalDamaged, errReplaced, old.end.position, restore)
	}
	return nil
}
