package fetch

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const maxText = 200

// oneLine makes a text of a server or of a configuration fit to be shown: one
// line without control and formatting characters, at most 200 bytes.
func oneLine(s string) string {
	const enough = 4 * maxText // before cleaning
	s = s[:min(len(s), enough)]
	var out strings.Builder
	space := false
	for _, r := range s {
		switch {
		case r == utf8.RuneError, unicode.Is(unicode.Cf, r):
			continue
		case unicode.IsSpace(r), unicode.IsControl(r):
			space = out.Len() > 0
			continue
		}
		if space {
			out.WriteByte(' ')
			space = false
		}
		if out.Len()+utf8.RuneLen(r) > maxText {
			out.WriteString("…")
			break
		}
		out.WriteRune(r)
	}
	return out.String()
}
