package document

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// At returns where the byte at an offset of a Scalar's Text stands in the file: the
// position of its character, or of the escape that stands for it. For a blank or a
// line break that stands for the end of a line, it is the end of that line. The
// offset after the text is the position after its last character: that of the
// closing quote, if there is one. Offsets beyond are taken for the nearest, so that
// the position is never outside the scalar. For what is no Scalar it is the
// position of the Value.
func (v *Value) At(offset int) (line, column int) {
	if v.Kind != Scalar || v.file == nil {
		return v.Line, v.Column
	}
	offset = runeStart(v.Text, offset)
	source, start := v.file.text, v.file.offset(v.Line, v.Column)
	switch v.style {
	case literal, folded:
		return v.file.position(inBlock(source, start, v.Text, offset, v.style == folded))
	case singleQuoted, doubleQuoted:
		start++
	default:
	}
	if strings.HasPrefix(source[min(start, len(source)):], v.Text) && v.style != doubleQuoted {
		if v.style == plain || !strings.ContainsAny(v.Text, "'\n") {
			return v.file.position(start + offset)
		}
	}
	return v.file.position(inFlow(source, start, offset, v.style))
}

// inFlow returns where the byte at an offset of a text stands in the source, for
// plain and quoted scalars, which begin at p. It writes the text anew from the
// source, counting only.
func inFlow(source string, p, offset int, s style) int {
	for written := 0; p < len(source); {
		var more, next int // how much of the text comes from source[p:next]
		switch c := source[p]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			at, end := blanks(source, p, offset-written, false)
			if at >= 0 {
				return at
			}
			written, p = written+end.written, end.p
			continue
		case c == '\'' && s == singleQuoted:
			if !strings.HasPrefix(source[p:], "''") {
				return p
			}
			more, next = 1, p+2
		case c == '"' && s == doubleQuoted:
			return p
		case c == '\\' && s == doubleQuoted:
			if p+1 < len(source) && (source[p+1] == '\n' || source[p+1] == '\r') {
				at, end := blanks(source, p+1, offset-written, true)
				if at >= 0 {
					return at
				}
				written, p = written+end.written, end.p
				continue
			}
			more, next = escape(source, p)
		default:
			_, size := utf8.DecodeRuneInString(source[p:])
			more, next = size, p+size
		}
		if offset < written+more {
			return p
		}
		written, p = written+more, next
	}
	return min(p, len(source))
}

// A place is how far writing a text has come.
type place struct{ written, p int }

// blanks goes over blanks and ends of lines from p. Blanks within a line are as
// written; one end of a line is a blank, and of more, all but the first are line
// breaks. An escaped first one is nothing. It returns where the offset stands, if
// it is among them, otherwise -1 and the place after them.
func blanks(source string, p, offset int, escaped bool) (int, place) {
	var ends []int // of lines
	q := p
	for ; q < len(source); q++ {
		c := source[q]
		switch {
		case c == '\n' && q > p && source[q-1] == '\r':
			ends = append(ends, q-1)
		case c == '\n':
			ends = append(ends, q)
		}
		if c != ' ' && c != '\t' && c != '\n' && c != '\r' {
			break
		}
	}
	switch {
	case len(ends) == 0:
		if offset < q-p {
			return p + offset, place{}
		}
		return -1, place{q - p, q}
	case len(ends) == 1 && !escaped:
		if offset < 1 {
			return p, place{}
		}
		return -1, place{1, q}
	}
	ends = ends[1:]
	if offset < len(ends) {
		return ends[offset], place{}
	}
	return -1, place{len(ends), q}
}

// escape returns how many bytes an escape at p stands for, and where it ends.
func escape(source string, p int) (more, next int) {
	digits := 0
	switch source[min(p+1, len(source)-1)] {
	case 'x':
		digits = 2
	case 'u':
		digits = 4
	case 'U':
		digits = 8
	case 'N', '_':
		return 2, p + 2
	case 'L', 'P':
		return 3, p + 2
	default:
		return 1, p + 2
	}
	next = min(p+2+digits, len(source))
	code, err := strconv.ParseUint(source[min(p+2, next):next], 16, 32)
	if err != nil {
		return 1, next
	}
	return max(utf8.RuneLen(rune(code)), 1), next
}
