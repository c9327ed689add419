package document

import (
	"fmt"
	"unicode/utf8"
)

// maxStray is how many lines with characters that do not belong into a text there
// may be before the file is taken for something else than text.
const maxStray = 20

// checkText finds characters that may not stand in a file, at most one a line, and
// replaces them in text by as many harmless ones of the same lengths, so that the
// rest can be read and all positions stay. It says whether there is anything to
// read.
func (r *reading) checkText(text []byte) bool {
	if looksWide(text) {
		r.problemAt(1, 1, "the file is saved as UTF-16", "save it as UTF-8")
		return false
	}
	stray, reported := 0, -1 // reported: the end of the last line with a problem
	for i := 0; i < len(text); {
		c := text[i]
		if c >= ' ' && c < 0x7F || c == '\n' || c == '\t' || c == '\r' && i+1 < len(text) && text[i+1] == '\n' {
			i++
			continue
		}
		char, size := utf8.DecodeRune(text[i:])
		message, hint := strayCharacter(char, size, c)
		if message == "" {
			i += size
			continue
		}
		if i > reported {
			r.problem(i, message, hint)
			if stray++; stray == maxStray || c == '\r' { // or the lines are not what they seem
				return false
			}
			_, reported = r.file.lineOf(i)
		}
		copy(text[i:i+size], [...]string{"", "x", "é", "…"}[size])
		i += size
	}
	return true
}

// looksWide says whether a text is UTF-16, with a byte order mark or, if the first
// character is ASCII, without.
func looksWide(text []byte) bool {
	if len(text) < 2 {
		return false
	}
	a, b := text[0], text[1]
	return a == 0xFF && b == 0xFE || a == 0xFE && b == 0xFF || a == 0 && b != 0 || a != 0 && b == 0
}

// strayCharacter says what is wrong with a character; "" if nothing is. These are
// what YAML refuses, what it takes for ends of lines though editors do not, and
// what nobody sees.
func strayCharacter(char rune, size int, first byte) (message, hint string) {
	switch {
	case char == utf8.RuneError && size == 1:
		return fmt.Sprintf("the byte 0x%02X is not UTF-8", first), "save the file as UTF-8"
	case char == '\r', char == 0x85, char == 0x2028, char == 0x2029:
		return fmt.Sprintf("U+%04X cannot end a line", char), "end lines with a plain line break"
	case char == 0xFEFF:
		return "there is an invisible byte order mark within the text",
			"remove it; it often comes from joining files"
	case isControl(char):
		return fmt.Sprintf("the control character U+%04X is not allowed", char), "remove it"
	}
	return "", ""
}

// isControl says whether a character has no place in a text of a file, nor in a
// value. Tabs and ends of lines have.
func isControl(char rune) bool {
	return char < ' ' && char != '\t' && char != '\n' || char >= 0x7F && char < 0xA0 ||
		char == 0xFFFE || char == 0xFFFF
}

// checkDirectives finds %YAML and the like before the document and makes comments
// of them.
func (r *reading) checkDirectives(text []byte) {
	atStart := true
	for i, c := range text {
		switch {
		case c == '\n':
			atStart = true
		case !atStart:
		case c == '%' && (i == 0 || text[i-1] == '\n'):
			r.problem(i, "YAML directives, lines that begin with %, are not allowed", "remove this line")
			text[i] = '#'
			atStart = false
		case c == '#':
			atStart = false // a comment
		case c != ' ' && c != '\t' && c != '\r':
			return
		}
	}
}
