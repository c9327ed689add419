package csvsource

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRow is the size of the longest row in bytes. A quote that is opened and
// never closed would otherwise read the rest of the file as one cell.
const maxRow = 1 << 20

// A table splits a file into rows.
type table struct {
	heading []string
	csv     *csv.Reader
	limit   *limiter
	skipped int // lines before the heading
}

// A row is a line of the file with its place. Its cells are valid until the
// next one is read.
type row struct {
	cells  []string
	line   int
	column func(cell int) int
	broken string // what is wrong with the shape, "" if nothing is
}

func newTable(file io.Reader, delimiter rune) (*table, error) {
	in := bufio.NewReaderSize(file, 64<<10)
	first, err := in.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(first, []byte{0xff, 0xfe}) || bytes.HasPrefix(first, []byte{0xfe, 0xff}):
		return nil, errors.New("the file is UTF-16; save it as UTF-8")
	case bytes.HasPrefix(first, []byte{'P', 'K', 3, 4}):
		return nil, errors.New("the file is a spreadsheet or an archive; export it as CSV")
	case bytes.HasPrefix(first, []byte("\ufeff")):
		if _, err := in.Discard(len("\ufeff")); err != nil {
			return nil, err
		}
	}
	t := &table{limit: &limiter{in: in, left: maxRow}}
	line, err := t.separatorLine(in)
	if err != nil {
		return nil, err
	}
	if delimiter == 0 {
		delimiter = line
	}
	if delimiter == 0 {
		delimiter = guessDelimiter(in)
	}
	t.csv = csv.NewReader(t.limit)
	t.csv.Comma = delimiter
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	if err := t.readHeading(); err != nil {
		return nil, err
	}
	return t, nil
}

// separatorLine skips the line "sep=;" that spreadsheets write and obey.
func (t *table) separatorLine(in *bufio.Reader) (rune, error) {
	head, err := in.Peek(7)
	if err != nil && !errors.Is(err, io.EOF) {
		return 0, err
	}
	if len(head) < 6 || !bytes.EqualFold(head[:4], []byte("sep=")) {
		return 0, nil
	}
	end := bytes.IndexByte(head, '\n')
	if end < 0 || head[4] >= utf8.RuneSelf {
		return 0, nil
	}
	t.skipped = 1
	_, err = in.Discard(end + 1)
	return rune(head[4]), err
}

// guessDelimiter counts the candidates outside quotes in the first line. The
// comma wins a tie.
func guessDelimiter(in *bufio.Reader) rune {
	const candidates = ",;\t|"
	var counts [len(candidates)]int
	// An error comes back when the line is read.
	head, _ := in.Peek(64 << 10)
	quoted := false
	for _, c := range head {
		if c == '"' {
			quoted = !quoted
		}
		if quoted {
			continue
		}
		if c == '\n' {
			break
		}
		if n := strings.IndexByte(candidates, c); n >= 0 {
			counts[n]++
		}
	}
	best := 0
	for n := range counts {
		if counts[n] > counts[best] {
			best = n
		}
	}
	return rune(candidates[best])
}

func (t *table) readHeading() error {
	t.limit.left = maxRow
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: not even a heading")
	}
	if err != nil {
		return t.fault(err)
	}
	seen := map[string]bool{}
	for n, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch {
		case !utf8.ValidString(cell):
			return fmt.Errorf("heading %d is not valid UTF-8; save the file as UTF-8", n+1)
		case strings.ContainsRune(cell, '\r'):
			return errors.New("the heading contains a carriage return: lines must end with LF or CRLF")
		case strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
			return fmt.Errorf("heading %d contains a control character: is this a text file?", n+1)
		case cell != "" && seen[strings.ToLower(cell)]:
			return fmt.Errorf("the heading %q comes twice", clip(cell))
		}
		seen[strings.ToLower(cell)] = true
		t.heading = append(t.heading, cell)
	}
	return nil
}

// next returns the next row that is not blank, or io.EOF.
func (t *table) next() (row, error) {
	for {
		t.limit.left = maxRow
		cells, err := t.csv.Read()
		var parse *csv.ParseError
		if errors.As(err, &parse) && errors.Is(err, csv.ErrBareQuote) {
			// The damage ends with the line, so the rows behind it can be trusted.
			return row{line: parse.StartLine + t.skipped, broken: "a quote stands in the middle of a cell"}, nil
		}
		if err != nil {
			return row{}, t.fault(err)
		}
		if blank(cells) {
			continue
		}
		line, _ := t.csv.FieldPos(0)
		r := row{cells: cells, line: line + t.skipped, column: func(cell int) int {
			_, column := t.csv.FieldPos(cell)
			return column
		}}
		// One cell too many is bad even if it is empty: a comma without quotes in
		// a row whose last cell is empty looks just like that, and would move
		// everything behind it into the wrong column.
		if len(r.cells) != len(t.heading) {
			r.broken = fmt.Sprintf("the row has %d cells, the heading has %d", len(r.cells), len(t.heading))
		}
		return r, nil
	}
}

func (t *table) fault(err error) error {
	if parse, ok := errors.AsType[*csv.ParseError](err); ok {
		return fmt.Errorf("line %d, column %d: %w", parse.Line+t.skipped, parse.Column, parse.Err)
	}
	return err
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// A limiter fails when one row needs more than it should.
type limiter struct {
	in   io.Reader
	left int
}

func (l *limiter) Read(p []byte) (int, error) {
	if l.left <= 0 {
		return 0, errors.New("a row is longer than 1 MiB: is a quote not closed?")
	}
	n, err := l.in.Read(p[:min(len(p), l.left)])
	l.left -= n
	return n, err
}

// clip shortens a cell for messages.
func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
