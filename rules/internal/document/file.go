package document

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// A File is the text of a file, for messages about it. It is safe for concurrent
// use.
type File struct {
	name string
	text string // without the byte order mark

	once   sync.Once
	starts []int // offsets at which lines begin; made when first needed
}

const byteOrderMark = "\ufeff"

func newFile(name string, data []byte) *File {
	return &File{name: name, text: strings.TrimPrefix(string(data), byteOrderMark)}
}

// Name returns the name that the file was read by.
func (f *File) Name() string { return f.name }

// excerptWidth is how many characters of a line an excerpt shows.
const excerptWidth = 120

// Excerpt returns a line of the file, and how many characters of it stand before
// the column, for a caret below it. Tabs are kept; characters that would disturb a
// terminal, and bytes that are no characters, are replaced by one � each. A long
// line is cut around the column, with … where it is cut. A line that the file does
// not have is "".
func (f *File) Excerpt(line, column int) (text string, caret int) {
	if line < 1 || line > len(f.lines()) {
		return "", 0
	}
	characters := []rune(f.line(line))
	caret = min(max(column-1, 0), len(characters))
	from, to := 0, len(characters)
	if to > excerptWidth {
		from = min(max(caret-excerptWidth/2, 0), to-excerptWidth)
		to = from + excerptWidth
	}
	var b strings.Builder
	if from > 0 {
		b.WriteRune('…')
		caret++
	}
	b.WriteString(printable(string(characters[from:to])))
	if to < len(characters) {
		b.WriteRune('…')
	}
	return b.String(), caret - from
}

// printable replaces what would disturb a terminal by �, each character by one.
func printable(text string) string {
	return strings.Map(func(c rune) rune {
		if c != '\t' && !unicode.IsPrint(c) && !unicode.Is(unicode.Zs, c) {
			return utf8.RuneError
		}
		return c
	}, text)
}

// lines returns the offsets at which lines begin.
func (f *File) lines() []int {
	f.once.Do(func() {
		f.starts = append(make([]int, 0, len(f.text)/24+1), 0)
		for i := 0; ; {
			n := strings.IndexByte(f.text[i:], '\n')
			if n < 0 {
				return
			}
			i += n + 1
			f.starts = append(f.starts, i)
		}
	})
	return f.starts
}

// line returns a line that exists, without its end.
func (f *File) line(n int) string {
	starts := f.lines()
	rest := f.text[starts[n-1]:]
	if n < len(starts) {
		rest = strings.TrimSuffix(rest[:starts[n]-starts[n-1]-1], "\r")
	}
	return rest
}

// offset returns where a position is in the text; the end of its line or of the
// text if there is no such column or line.
func (f *File) offset(line, column int) int {
	starts := f.lines()
	if line > len(starts) {
		return len(f.text)
	}
	at, text := starts[max(line, 1)-1], f.line(max(line, 1))
	for i := range text {
		if column <= 1 {
			return at + i
		}
		column--
	}
	return at + len(text)
}

// position returns the line and the column of an offset.
func (f *File) position(offset int) (line, column int) {
	starts := f.lines()
	offset = min(max(offset, 0), len(f.text))
	low, high := 0, len(starts) // the line begins at or before the offset
	for high-low > 1 {
		if middle := (low + high) / 2; starts[middle] <= offset {
			low = middle
		} else {
			high = middle
		}
	}
	return low + 1, utf8.RuneCountInString(f.text[starts[low]:offset]) + 1
}

// lineOf returns where the line around an offset begins and where it ends.
func (f *File) lineOf(offset int) (from, to int) {
	from = strings.LastIndexByte(f.text[:offset], '\n') + 1
	n, _ := f.position(offset)
	return from, from + len(f.line(n))
}
