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
	"os"
	"sync"
)

// A FileJournal keeps a journal in one append-only file of JSON lines. Append
// returns once the lines are on disk. Several processes may use one file after
// each other, not at the same time.
//
// A last line that is torn, because the process died while writing it, is cut
// when the file is opened: what was being recorded then had not been done. Any
// other damage is an error of OpenFileJournal that names the line.
type FileJournal struct {
	mu      sync.Mutex
	file    *os.File
	entries []Entry
	size    int64
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
	j := &FileJournal{file: file}
	if err := j.load(); err != nil {
		return nil, fmt.Errorf("read journal %s: %w", path, errors.Join(err, file.Close()))
	}
	return j, nil
}

// Close closes the file.
func (j *FileJournal) Close() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.file.Close()
}

func (j *FileJournal) load() error {
	in := bufio.NewReader(j.file)
	for line := 1; ; line++ {
		text, err := in.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			if len(text) == 0 {
				return nil
			}
			return j.cut()
		}
		if err != nil {
			return err
		}
		var e Entry
		if err := json.Unmarshal(text, &e); err != nil {
			return fmt.Errorf("line %d: %w", line, err)
		}
		if e.Position <= j.last {
			return fmt.Errorf("line %d: position %d after %d", line, e.Position, j.last)
		}
		j.last = e.Position
		j.size += int64(len(text))
		j.entries = append(j.entries, e)
	}
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
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	var lines bytes.Buffer
	added := make([]Entry, len(entries))
	enc := json.NewEncoder(&lines)
	for i := range entries {
		added[i] = entries[i]
		added[i].Position = j.last + uint64(i) + 1
		if err := enc.Encode(&added[i]); err != nil {
			return fmt.Errorf("journal: %w", err)
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
		return fmt.Errorf("journal: %w", err)
	}
	j.size += int64(lines.Len())
	j.last += uint64(len(entries))
	j.entries = append(j.entries, added...)
	return nil
}

// Entries yields the entries after a position.
func (j *FileJournal) Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		j.mu.Lock()
		entries := j.entries // only ever appended, so the view is stable
		j.mu.Unlock()
		for i := firstAfter(entries, after); i < len(entries); i++ {
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
