package rulestest

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/provision-go/provision/rules/internal/document"
)

// extent returns where a value begins and ends in the text of its file.
func extent(text string, v *document.Value) (from, to int) {
	from = offset(text, v.Line, v.Column)
	switch v.Kind {
	case document.Scalar:
		line, column := v.At(len(v.Text))
		to = offset(text, line, column)
		if v.Quoted {
			to++ // the closing quote
		}
		return from, to
	case document.Null:
		for _, word := range []string{"~", "null", "Null", "NULL"} {
			if strings.HasPrefix(text[from:], word) {
				return from, from + len(word)
			}
		}
		return from, from
	case document.Mapping:
		to = endOfPairs(text, v)
	case document.Sequence:
		to = from + 1
		for _, item := range v.Items {
			_, to = extent(text, item)
		}
	}
	if isFlow(text, from) {
		to = closing(text, to)
	}
	return from, to
}

// endOfPairs returns where the last entry of a mapping ends.
func endOfPairs(text string, v *document.Value) int {
	if len(v.Pairs) == 0 {
		return offset(text, v.Line, v.Column) + 1
	}
	last := &v.Pairs[len(v.Pairs)-1]
	_, to := extent(text, last.Value)
	_, key := extent(text, &last.Key)
	return max(to, key)
}

// isFlow reports whether a list or mapping stands in brackets.
func isFlow(text string, from int) bool {
	return strings.HasPrefix(text[from:], "[") || strings.HasPrefix(text[from:], "{")
}

// closing returns where the bracket is closed after the last entry, which ends at an
// offset: behind it there are only blanks, a comma and comments.
func closing(text string, at int) int {
	for ; at < len(text); at++ {
		switch text[at] {
		case ']', '}':
			return at + 1
		case '#':
			if n := strings.IndexByte(text[at:], '\n'); n >= 0 {
				at += n
			}
		default:
		}
	}
	return at
}

// offset returns where a position is in a text; columns count characters from 1.
func offset(text string, line, column int) int {
	at := 0
	for ; line > 1; line-- {
		n := strings.IndexByte(text[at:], '\n')
		if n < 0 {
			return len(text)
		}
		at += n + 1
	}
	for ; column > 1 && at < len(text) && text[at] != '\n'; column-- {
		_, size := utf8.DecodeRuneInString(text[at:])
		at += size
	}
	return at
}

// flow writes a list as [a, b], or one text by itself.
func flow(values []string, one bool) string {
	if one && len(values) == 1 {
		return scalar(values[0])
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = scalar(v)
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// scalar writes a text so that it is read back as it is, in quotes only if need be.
func scalar(text string) string {
	plain := text != "" && text != "null" && text != "Null" && text != "NULL"
	quotable := true
	for i, r := range text {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r > 0xa0
		inside := i > 0 && i < len(text)-1 && strings.ContainsRune(" -.:/@+~", r)
		plain = plain && (letter || inside || i > 0 && strings.ContainsRune("-./@+~", r))
		quotable = quotable && r >= ' ' && r != 0x7f && r != utf8.RuneError && (r < 0x80 || r > 0xa0 && strconv.IsPrint(r))
		plain = plain && quotable
	}
	switch {
	case plain && !strings.Contains(text, ": "):
		return text
	case quotable:
		return "'" + strings.ReplaceAll(text, "'", "''") + "'"
	default:
		return strconv.QuoteToASCII(text)
	}
}
