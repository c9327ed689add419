package provision

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"sort"
	"strings"
	"sync"
)

// A FileJournal keeps a journal in one append-only file of JSON lines. Append
// returns once the lines are on disk. On Unix systems several processes may have
// one file open: an engine that runs, and a [Desk] where somebody decides. Each
// appends and reads under a lock on the file, and sees what the others appended.
// Elsewhere one process at a time may have it open.
//
// A last line that is torn, because a process died while writing it, is cut:
// what was being recorded then had not been done. Any other damage is an error that
// names the line, or says that the file shrank; so is a file that is no journal,
// which stays as it is. It is safe for concurrent use. Make one with
// [OpenFileJournal].
type FileJournal struct {
	mu      sync.Mutex
	path    string
	file    *os.File
	entries []Entry // as far as the file was read
	size    int64   // bytes of them
	last    uint64
	failed  error // after a write that could not be undone
}

var _ Journal = (*FileJournal)(nil)

// OpenFileJournal opens or creates the journal at path, readable by its owner
// only. Close it when done.
func OpenFileJournal(path string) (*FileJournal, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	j := &FileJournal{path: path, file: file}
	if err := j.locked(j.catchUp); err != nil {
		return nil, fmt.Errorf("read journal %s: %w", path, errors.Join(err, file.Close()))
	}
	return j, nil
}

// Close closes the file. What is called afterwards fails.
func (j *FileJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}

// locked calls f while no other process touches the file.
func (j *FileJournal) locked(f func() error) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	unlock, err := lockFile(j.file)
	if err != nil {
		return err
	}
	return errors.Join(f(), unlock())
}

// catchUp reads what was appended since, by whomever.
func (j *FileJournal) catchUp() error {
	info, err := j.file.Stat()
	if err != nil {
		return err
	}
	there, err := os.Stat(j.path)
	if err != nil {
		return err
	}
	switch {
	case !os.SameFile(info, there):
		return fmt.Errorf("%w: another file has taken its place", errJournalDamaged)
	case info.Size() == j.size:
		return nil
	case info.Size() < j.size:
		return fmt.Errorf("%w: it shrank from %d to %d bytes", errJournalDamaged, j.size, info.Size())
	}
	in := bufio.NewReader(io.NewSectionReader(j.file, j.size, math.MaxInt64-j.size))
	for {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if len(text) == 0 {
				return nil
			}
			if !torn(text) {
				return fmt.Errorf("line %d: %w: it is no entry", len(j.entries)+1, errJournalDamaged)
			}
			return j.cut() // nobody is writing it now: its writer is dead
		}
		if err != nil {
			return err
		}
		var e Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return fmt.Errorf("line %d: %w", len(j.entries)+1, err)
		}
		if e.Position <= j.last {
			return fmt.Errorf("line %d: %w: position %d after %d", len(j.entries)+1, errJournalDamaged, e.Position, j.last)
		}
		j.last = e.Position
		j.size += int64(len(text))
		j.entries = append(j.entries, e)
	}
}

var errJournalDamaged = errors.New("the journal is damaged")

// torn reports whether a line without an end is the beginning of an entry, or the
// zeros that a file system leaves where nothing was written before the power
// failed. Anything else belongs to a file that is no journal, and is left alone.
func torn(text []byte) bool {
	const begin = `{"position":`
	text = bytes.TrimRight(text, "\x00")
	return bytes.HasPrefix(text, []byte(begin)) || strings.HasPrefix(begin, string(text))
}

// cut removes what was written after the last whole line.
func (j *FileJournal) cut() error {
	if err := j.file.Truncate(j.size); err != nil {
		return err
	}
	return j.file.Sync()
}

// Append writes entries as lines, all or none, and syncs the file.
func (j *FileJournal) Append(ctx context.Context, entries ...Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	err := j.locked(func() error {
		if err := j.catchUp(); err != nil {
			return err
		}
		return j.write(entries)
	})
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

func (j *FileJournal) write(entries []Entry) error {
	var lines bytes.Buffer
	added := make([]Entry, len(entries))
	enc := json.NewEncoder(&lines)
	for i := range entries {
		added[i] = entries[i]
		added[i].Position = j.last + uint64(i) + 1
		if err := enc.Encode(&added[i]); err != nil {
			return err
		}
	}
	_, err := j.file.WriteAt(lines.Bytes(), j.size)
	if err == nil {
		err = j.file.Sync()
	}
	if err != nil {
		// Nothing of it may stay: a later line would otherwise follow a torn one.
		if cut := j.cut(); cut != nil {
			j.failed = fmt.Errorf("journal unusable: %w", errors.Join(err, cut))
		}
		return err
	}
	j.size += int64(lines.Len())
	j.last += uint64(len(entries))
	j.entries = append(j.entries, added...)
	return nil
}

// Entries yields the entries after a position.
func (j *FileJournal) Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		var entries []Entry
		err := j.locked(func() error {
			err := j.catchUp()
			entries = j.entries // only ever appended, so the view is stable
			return err
		})
		if err != nil {
			yield(Entry{}, fmt.Errorf("journal: %w", err))
			return
		}
		first := sort.Search(len(entries), func(i int) bool { return entries[i].Position > after })
		for i := first; i < len(entries); i++ {
			if err := ctx.Err(); err != nil {
				yield(Entry{}, err)
				return
			}
			if !yield(entries[i], nil) {
				return
			}
		}
	}
}
