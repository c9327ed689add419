package document_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/document"
)

// characterAt returns the character at a position of a text, and whether there is
// one; the end of a line is "\n".
func characterAt(text string, line, column int) (rune, bool) {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return 0, false
	}
	characters := []rune(strings.TrimSuffix(lines[line-1], "\r"))
	switch {
	case column >= 1 && column <= len(characters):
		return characters[column-1], true
	case column == len(characters)+1 && line < len(lines):
		return '\n', true
	}
	return 0, false
}

// words makes a text of words, which begins and ends with a letter.
func words(r *rand.Rand, letters string) string {
	all := []rune(letters)
	var b strings.Builder
	for range 1 + r.IntN(5) {
		if b.Len() > 0 {
			b.WriteString(strings.Repeat(" ", 1+r.IntN(3)))
		}
		b.WriteByte("abcxyz"[r.IntN(6)])
		for range r.IntN(6) {
			b.WriteRune(all[r.IntN(len(all))])
		}
		b.WriteByte("abcxyz"[r.IntN(6)])
	}
	return b.String()
}

func lines(r *rand.Rand, letters string) []string {
	var all []string
	for range 1 + r.IntN(5) {
		all = append(all, words(r, letters))
		for range r.IntN(3) - 1 {
			all = append(all, "")
		}
	}
	for all[len(all)-1] == "" {
		all = all[:len(all)-1]
	}
	return all
}

const safe = `abcdäöü€😀=<>()"'[]_.-`

// styles write a value after a key that is indented by 2, or by 4 as an item.
var styles = map[string]func(r *rand.Rand) string{
	"plain": func(r *rand.Rand) string { return words(r, safe) },
	"single quoted": func(r *rand.Rand) string {
		return "'" + strings.ReplaceAll(words(r, safe+"#:{"), "'", "''") + "'"
	},
	"double quoted": func(r *rand.Rand) string {
		var b strings.Builder
		for _, c := range words(r, safe+"#:{\\") {
			switch {
			case c == '"' || c == '\\':
				b.WriteString("\\" + string(c))
			case r.IntN(4) == 0 && c < 0x100:
				fmt.Fprintf(&b, `\x%02X`, c)
			case r.IntN(4) == 0 && c < 0x10000:
				fmt.Fprintf(&b, `\u%04x`, c)
			case r.IntN(4) == 0:
				fmt.Fprintf(&b, `\U%08x`, c)
			default:
				b.WriteRune(c)
			}
		}
		return `"` + b.String() + `"`
	},
	"literal": func(r *rand.Rand) string { return "|" + block(r) },
	"folded":  func(r *rand.Rand) string { return ">" + block(r) },
	"plain, lines": func(r *rand.Rand) string {
		return strings.Join(lines(r, safe), " \n      ")
	},
	"quoted, lines": func(r *rand.Rand) string {
		return "'" + strings.ReplaceAll(strings.Join(lines(r, safe), "\n     "), "'", "''") + "'"
	},
	"double quoted, lines": func(r *rand.Rand) string {
		return `"` + strings.Join(lines(r, "abcäö😀#:'"), []string{"\n     ", "  \n     ", "\\\n     "}[r.IntN(3)]) + `"`
	},
}

// block makes the header of a block after its sign, and its lines.
func block(r *rand.Rand) string {
	header := []string{"", "-", "+", " # why"}[r.IntN(4)]
	indent := "        "
	var b strings.Builder
	b.WriteString(header + "\n" + strings.Repeat("\n", r.IntN(3)/2))
	for i, line := range lines(r, safe+"#:{") {
		if line == "" {
			b.WriteString("\n")
			continue
		}
		if i > 0 && r.IntN(4) == 0 {
			line = "  " + line
		}
		if r.IntN(6) == 0 {
			line += "  "
		}
		b.WriteString(indent + line + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Every character of a text stands where At says, or an escape or an end of a line
// that stands for it does.
func TestAtFindsTheCharacter(t *testing.T) {
	for name, write := range styles {
		t.Run(name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(1, 2))
			for range 600 {
				text := "é:\n  kéy: " + write(r) + "\n  next: x\n"
				if r.IntN(2) == 0 {
					text = "é:\n  - [ü, b]\n  - kéy: " + write(r) + "\n    next: x\n"
				}
				if r.IntN(2) == 0 {
					text = strings.ReplaceAll(text, "\n", "\r\n")
				}
				_, root, problems := document.Read("x.yaml", []byte(text))
				require.Empty(t, problems, text)
				v := root.Pairs[0].Value
				if v.Kind == document.Sequence {
					v = v.Items[1]
				}
				next := v.Pairs[1].Key
				v = v.Pairs[0].Value
				line, column := v.Line, v.Column
				for i, c := range v.Text {
					l, k := v.At(i)
					got, ok := characterAt(text, l, k)
					require.True(t, ok, "%d:%d is not in the file\n%s", l, k, text)
					require.True(t, l > line || l == line && k >= column, "%d:%d comes before %d:%d\n%s", l, k, line, column, text)
					require.Less(t, l, next.Line, "within the scalar\n%s", text)
					line, column = l, k
					switch {
					case got == c:
					case got == '\\' && v.Quoted:
					case c == ' ' && (got == '\n' || got == '\r'), c == '\n' && got == '\n':
					case c == '\n' && got == ' ', c == ' ' && got == '\\': // blanks at the end of a line
					default:
						require.Fail(t, "another character", "%q at %d:%d is %q\n%s", c, l, k, got, text)
					}
					for n := 1; n < utf8.RuneLen(c); n++ {
						l2, k2 := v.At(i + n)
						require.Equal(t, [2]int{l, k}, [2]int{l2, k2}, "within a character")
					}
				}
				l, k := v.At(len(v.Text))
				require.True(t, l < next.Line && (l > line || l == line && k >= column), "the end\n%s", text)
				l2, k2 := v.At(len(v.Text) + 100)
				require.Equal(t, [2]int{l, k}, [2]int{l2, k2})
			}
		})
	}
}

func TestAt(t *testing.T) {
	for _, c := range []struct {
		text   string
		offset int
		line   int
		column int
	}{
		{"a: bcd\n", -1, 1, 4},
		{"a: bcd\n", 3, 1, 7},
		{"a: 'b'\n", 1, 1, 6}, // the closing quote
		{"a: 'b''c'\n", 2, 1, 8},
		{"a: \"b\\u00e9c\"\n", 1, 1, 6},
		{"a: \"b\\u00e9c\"\n", 3, 1, 12},
		{"a: \"b\\\n   c\"\n", 1, 2, 4},
		{"a: b\n  c\n", 1, 1, 5},
		{"a: b\n  c\n", 2, 2, 3},
		{"a: b\n\n  c\n", 1, 2, 1},
		{"a: |\n  b\n  c\n", 2, 3, 3},
		{"a: |\n  b\n  c\n", 4, 3, 4}, // the last line break is after the text
		{"a: |2\n   b\n  c\n", 0, 2, 3},
		{"a: |+\n  b\n\n", 2, 3, 1},
		{"a: >-\n  b\n  c\n", 1, 2, 4},
		{"a: >-\n  b\n  c\n", 2, 3, 3},
		{"a: >-\n  b\n\n  c\n", 1, 3, 1},
		{"a: >-\n  b\n    c\n  d\n", 2, 3, 3},
		{"a: >-\n  b\n    c\n  d\n", 6, 4, 3},
		{"a: |\n\n", 0, 1, 4},
		{"a: [b]\n", 7, 1, 4}, // no scalar
	} {
		_, root, problems := document.Read("x.yaml", []byte(c.text))
		require.Empty(t, problems)
		line, column := root.Pairs[0].Value.At(c.offset)
		require.Equal(t, [2]int{c.line, c.column}, [2]int{line, column}, "%q %d", c.text, c.offset)
	}
	line, column := (&document.Value{Kind: document.Scalar, Line: 3, Column: 4, Text: "x"}).At(1)
	require.Equal(t, [2]int{3, 4}, [2]int{line, column}, "a value of no file")
}
