package columns

import (
	"strings"
	"unicode"
)

// Fold brings a heading or a word into the form in which it is compared: lower
// case, letters and digits only, German and French accents written out.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch r {
		case 'ä':
			b.WriteString("ae")
		case 'ö':
			b.WriteString("oe")
		case 'ü':
			b.WriteString("ue")
		case 'ß':
			b.WriteString("ss")
		case 'à', 'â':
			b.WriteByte('a')
		case 'é', 'è', 'ê', 'ë':
			b.WriteByte('e')
		case 'ç':
			b.WriteByte('c')
		case 'î', 'ï':
			b.WriteByte('i')
		case 'ô':
			b.WriteByte('o')
		case 'û':
			b.WriteByte('u')
		default:
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				b.WriteRune(r)
			}
		}
	}
	return b.String()
}
