package provision

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"sort"
)

// Entries yields the entries after a position, read from the file as it goes. It ends
// with the last entry that was there when it began. Near the end it reads a few
// kilobytes.
func (j *FileJournal) Entries(ctx context.Context, after uint64) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		c := cursor{after: after}
		err := j.locked(func() error {
			c.until = j.end.position
			return nil
		})
		for err == nil && c.after < c.until {
			var chunk []byte
			if chunk, err = j.chunk(&c); err == nil {
				var more bool
				if more, err = c.yield(ctx, chunk, yield); !more && err == nil {
					return
				}
			}
		}
		if err != nil && errors.Is(err, ctx.Err()) {
			yield(Entry{}, err)
		} else if err != nil {
			yield(Entry{}, fmt.Errorf("journal %s: %w", j.path, err))
		}
	}
}

// cursor is how far somebody has read.
type cursor struct {
	after, until uint64
	found        bool // offset and line are good in the file of this number of swaps
	swaps        int
	offset       int64
	line         int // lines before the offset
	buffer       []byte
}

// chunkSize is how much is read at once, at least; near the end there is less.
const chunkSize = 256 << 10

// chunk reads some whole lines. A file that was replaced by a compacted one meanwhile
// is gone on with at the same position.
func (j *FileJournal) chunk(c *cursor) ([]byte, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.part(c)
}

// part is chunk for whoever has the lock.
func (j *FileJournal) part(c *cursor) ([]byte, error) {
	if !c.found || c.swaps != j.swaps {
		c.offset, c.line = j.seek(c.after)
		c.found, c.swaps = true, j.swaps
	}
	for size := int64(chunkSize); ; size *= 2 {
		size = min(size, j.end.size-c.offset)
		if int64(cap(c.buffer)) < size {
			c.buffer = make([]byte, size)
		}
		b := c.buffer[:size]
		if n, err := j.file.ReadAt(b, c.offset); err != nil && !(errors.Is(err, io.EOF) && int64(n) == size) {
			if errors.Is(err, io.EOF) {
				return nil, fmt.Errorf("%w: it shrank while it was read; %s", errJournalDamaged, restore)
			}
			return nil, bare(err)
		}
		if last := bytes.LastIndexByte(b, '\n'); last >= 0 {
			return b[:last+1], nil
		}
		if size == j.end.size-c.offset {
			return nil, damaged(c.line+1, errNoEntry)
		}
	}
}

// seek returns where to begin to read what comes after a position.
func (j *FileJournal) seek(after uint64) (offset int64, line int) {
	// A mark's position is that of the line before it.
	n := sort.Search(len(j.marks), func(i int) bool { return j.marks[i].position > after })
	if n == 0 {
		return 0, 0
	}
	return j.marks[n-1].offset, j.marks[n-1].line
}

// yield yields the entries of some lines and moves on. It returns false when there is
// no more to be yielded.
func (c *cursor) yield(ctx context.Context, lines []byte, yield func(Entry, error) bool) (bool, error) {
	for len(lines) > 0 {
		end := bytes.IndexByte(lines, '\n')
		line := lines[:end]
		lines = lines[end+1:]
		head, err := parseHead(line)
		if err != nil {
			return false, damaged(c.line+1, err)
		}
		if head.position > c.after {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			var e Entry
			if err := json.Unmarshal(line, &e); err != nil {
				return false, damaged(c.line+1, err)
			}
			// What a compaction has put in the place of entries that were asked for is
			// longer than what was asked for, and has to be told all the same.
			if head.position > c.until && e.Kind != Compacted {
				c.after = c.until
				return false, nil
			}
			c.after = head.position
			if !yield(e, nil) {
				return false, nil
			}
		}
		c.offset += int64(end) + 1
		c.line++
	}
	return true, nil
}

// sumAt returns the checksum of the line with a position.
func (j *FileJournal) sumAt(position uint64) (uint32, error) {
	offset, _ := j.seek(position - 1)
	for offset < j.end.size {
		c := cursor{found: true, swaps: j.swaps, offset: offset}
		chunk, err := j.part(&c)
		if err != nil {
			return 0, err
		}
		for line := range bytes.Lines(chunk) {
			head, err := parseHead(line[:len(line)-1])
			if err != nil || head.position >= position {
				if head.position != position {
					head.sum = 0
				}
				return head.sum, err
			}
			offset += int64(len(line))
		}
	}
	return 0, nil
}
