package csvsource

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/provision-go/provision/internal/excerpt"
	"github.com/provision-go/provision/source/internal/columns"
)

// A table splits a file into rows.
type table struct {
	heading []string
	csv     *csv.Reader
	lines   *lines
	openEnd bool
	skipped int // lines before the heading
}

// A row is a line of the file with its place. Its cells are valid until the
// next one is read.
type row struct {
	cells  []string
	line   int
	column func(cell int) int
	broken string // what is wrong with the shape, "" if nothing is
	more   string // why rows of other people may be missing, "" if none are
}

// headSize is how much of the beginning of a file tells its delimiter.
const headSize = 64 << 10

func newTable(file io.Reader, cfg *Config) (*table, error) {
	in, err := decoded(file, cfg.Encoding)
	if err != nil {
		return nil, err
	}
	head, err := in.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, err
	}
	if fault := foreign(head); fault != "" {
		return nil, errors.New(fault)
	}
	if bytes.HasPrefix(head, []byte("\ufeff")) {
		if _, err := in.Discard(len("\ufeff")); err != nil {
			return nil, err
		}
	}
	t := &table{lines: &lines{in: in, most: cfg.MaxLines}, openEnd: cfg.OpenEnd}
	line, err := t.separatorLine(in)
	if err != nil {
		return nil, err
	}
	delimiter := cmp.Or(cfg.Delimiter, line)
	if delimiter == 0 {
		delimiter = guessDelimiter(in)
	}
	t.lines.count = t.skipped
	t.csv = csv.NewReader(t.lines)
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

// candidates are the delimiters that are in use.
const candidates = ",;\t|"

// guessDelimiter counts the candidates outside quotes in the first line. The
// comma wins a tie.
func guessDelimiter(in *bufio.Reader) rune {
	var counts [len(candidates)]int
	// An error comes back when the line is read.
	head, _ := in.Peek(headSize)
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
	t.lines.row()
	cells, err := t.csv.Read()
	if errors.Is(err, io.EOF) {
		return errors.New("the file is empty: not even a heading")
	}
	if err != nil {
		return t.fault(err)
	}
	if len(cells) > maxColumns {
		return fmt.Errorf("the heading has %d columns, at most %d are read", len(cells), maxColumns)
	}
	seen := map[string]bool{}
	twice := ""
	for n, cell := range cells {
		cell = strings.TrimSpace(cell)
		switch {
		case !utf8.ValidString(cell) || strings.ContainsRune(cell, utf8.RuneError):
			return fmt.Errorf("heading %d is not valid in the encoding of the file; save the file as UTF-8, or set Config.Encoding", n+1)
		case strings.ContainsRune(cell, '\r'):
			return errors.New("the heading contains a carriage return: lines must end with LF or CRLF")
		case strings.ContainsFunc(cell, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
			return fmt.Errorf("heading %d contains a control character: is this a text file?", n+1)
		case cell != "" && seen[strings.ToLower(cell)]:
			twice = cell
		}
		seen[strings.ToLower(cell)] = true
		t.heading = append(t.heading, strings.Clone(cell))
	}
	if twice != "" && columns.IsData(t.heading) {
		return columns.ErrNoHeading
	}
	if twice != "" {
		return fmt.Errorf("the heading %q comes twice", excerpt.Of(twice))
	}
	return nil
}

// next returns the next row that is not blank, or io.EOF.
func (t *table) next() (row, error) {
	for {
		t.lines.row()
		cells, err := t.csv.Read()
		r := row{cells: cells, column: func(cell int) int {
			_, column := t.csv.FieldPos(cell)
			return column
		}}
		if parse, ok := t.withinLine(err); ok {
			r.line, r.broken = parse.StartLine+t.skipped, "a quote stands in the middle of a cell"
			t.cut(&r)
			return r, nil
		}
		if errors.Is(err, io.EOF) && t.lines.count >= t.lines.begin {
			r.line = t.lines.begin // a lone CR at the end, which the CSV reader passes over
			if t.cut(&r); r.broken != "" {
				return r, nil
			}
		}
		if err != nil {
			return row{}, t.fault(err)
		}
		if blank(cells) && (t.openEnd || !t.lines.cut()) {
			continue
		}
		line, _ := t.csv.FieldPos(0)
		r.line = line + t.skipped
		t.shape(&r)
		return r, nil
	}
}

// shape looks whether the row has the shape of the heading. A row that has not
// may have swallowed others.
func (t *table) shape(r *row) {
	// One cell too many is bad even if it is empty: a comma without quotes in
	// a row whose last cell is empty looks just like that, and would move
	// everything behind it into the wrong column.
	if len(r.cells) != len(t.heading) {
		r.broken = fmt.Sprintf("the row has %d cells, the heading has %d", len(r.cells), len(t.heading))
		if n := len(t.heading); len(r.cells) >= 2*n-1 && n > 1 && !blank(r.cells[n:]) || slices.ContainsFunc(r.cells, breaks) {
			r.more = anotherRow
		}
	} else if slices.ContainsFunc(r.cells, t.swallows) {
		r.broken, r.more = "a quoted cell holds more than one line of the file", anotherRow
	}
	t.cut(r)
}

// cut marks a row whose line has no end: it may be half a row, and others may be
// missing behind it. Its last cell is not to be trusted either.
func (t *table) cut(r *row) {
	if t.openEnd || !t.lines.cut() {
		return
	}
	r.broken = "the last line has no line end: was the file cut short? (see Config.OpenEnd)"
	r.more = "rows may be missing at the end of the file"
	r.cells = r.cells[:max(len(r.cells)-1, 0)]
}

const anotherRow = "another row may be in this one"

// swallows reports whether a cell holds a line end and as many delimiters as there
// are between two cells of one column: two stray quotes make one cell of all that
// is between them, and a person of two. Columns so few say nothing.
func (t *table) swallows(cell string) bool {
	return len(t.heading) > 3 && breaks(cell) && strings.Count(cell, string(t.csv.Comma)) >= len(t.heading)-1
}

func breaks(cell string) bool { return strings.ContainsAny(cell, "\r\n") }

// withinLine reports whether only one line is damaged: a quote in the middle of a
// cell. The rows behind it can be trusted, and so can the cells before it. A quoted
// cell that went over several lines may have swallowed other rows.
func (t *table) withinLine(err error) (*csv.ParseError, bool) {
	parse, ok := errors.AsType[*csv.ParseError](err)
	return parse, ok && (errors.Is(err, csv.ErrBareQuote) || parse.StartLine == parse.Line && !t.lines.ended())
}

// fault names the line on which the row begins: that is where to look for a quote
// that is not closed, which may be noticed only at the end of the file.
func (t *table) fault(err error) error {
	parse, ok := errors.AsType[*csv.ParseError](err)
	switch {
	case !ok:
		return err
	case parse.StartLine < parse.Line || t.lines.ended():
		return fmt.Errorf("line %d: a quote in this row is not closed (noticed on line %d)", parse.StartLine+t.skipped, parse.Line+t.skipped)
	}
	return fmt.Errorf("line %d, column %d: %w", parse.Line+t.skipped, parse.Column, parse.Err)
}

func blank(cells []string) bool {
	for _, cell := range cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}
