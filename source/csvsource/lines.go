package csvsource

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// The limits of a file. They are far above every real export and bound what a
// broken or endless one costs.
const (
	// maxRow is the size of the longest row in bytes. A quote that is opened and
	// never closed would otherwise read the rest of the file as one cell.
	maxRow     = 1 << 20
	maxColumns = 10_000
	maxLines   = 10_000_000
)

// lines hands out a file line by line. The CSV reader therefore never reads
// ahead, and what was read since a row began is that row: its size can be
// bounded, its line named, and its line end missed.
type lines struct {
	in    *bufio.Reader
	most  int    // lines that the file may have
	count int    // lines begun so far
	begin int    // line on which the row that is being read begins
	left  int    // bytes that this row may still take
	rest  []byte // what was read of a line and did not fit
	open  bool   // the last byte that was read is no line end
	err   error  // comes after the rest
}

// row begins a new row.
func (l *lines) row() { l.begin, l.left = l.count+1, maxRow }

func (l *lines) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		if l.err != nil {
			return 0, l.err
		}
		if err := l.fetch(); err != nil {
			return 0, err
		}
		if len(l.rest) == 0 {
			return 0, l.err
		}
	}
	n := copy(p, l.rest)
	l.rest = l.rest[n:]
	return n, nil
}

// fetch reads the next line, or of a long one the next part.
func (l *lines) fetch() error {
	if l.left <= 0 {
		return fmt.Errorf("line %d: the row is longer than 1 MiB: is a quote not closed?", l.begin)
	}
	text, err := l.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		err = nil
	}
	l.rest, l.err = text, err
	if len(text) == 0 {
		return nil
	}
	if !l.open {
		if l.count++; l.count > l.most {
			return fmt.Errorf("line %d: the file has more than %d lines, see Config.MaxLines", l.count, l.most)
		}
	}
	l.open = text[len(text)-1] != '\n'
	if l.left == maxRow && (string(text) == "\n" || string(text) == "\r\n") {
		l.begin++ // an empty line belongs to no row
		return nil
	}
	l.left -= len(text)
	return nil
}

// ended reports whether the end of the file was seen.
func (l *lines) ended() bool { return len(l.rest) == 0 && l.err != nil }

// cut reports whether the file has ended in the middle of a line.
func (l *lines) cut() bool { return l.open && l.ended() && errors.Is(l.err, io.EOF) }
