package mapping_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/rules/internal/mapping"
)

func TestLowerUpper(t *testing.T) {
	for _, c := range []struct{ text, lower, upper string }{
		{"", "", ""},
		{"\xff", "", ""},
		{"a\xffB", "", ""},
		{"Kim@Acme.example", "kim@acme.example", "KIM@ACME.EXAMPLE"},
		{"\u212aim", "\u212aim", "\u212aIM"}, // KELVIN SIGN
		{"KİM", "kİm", "KİM"},
		{"kım", "kım", "KıM"},
		{"ſue", "ſue", "ſUE"}, // LATIN SMALL LETTER LONG S
		{"straße", "straße", "STRAßE"},
		{"ÁÇΣЖ", "áçσж", "ÁÇΣЖ"},
	} {
		assert.Equal(t, c.lower, mapping.Lower(c.text), "%+q", c.text)
		assert.Equal(t, c.upper, mapping.Upper(c.text), "%+q", c.text)
	}
}

func TestTitle(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"a\xff", ""},
		{"ANNA-LENA DE LA CRUZ", "Anna-Lena De La Cruz"},
		{"head of  sales/marketing (emea)", "Head Of  Sales/Marketing (Emea)"},
		{"o'brien-smith", "O'Brien-Smith"},
		{"O’BRIEN", "O’Brien"},
		{"d'angelo", "D'Angelo"},
		{"ó'súilleabháin", "Ó'Súilleabháin"},
		{"o\u0301'brien", "O\u0301'Brien"}, // the accent by itself
		{"DELL'ACQUA dall’olio", "Dell'Acqua Dall’Olio"},
		{"WOMEN'S HEALTH", "Women's Health"},
		{"лук'яненко", "Лук'яненко"},
		{"oʻtkir", "Oʻtkir"}, // the Uzbek letter oʻ
		{"'quoted' words", "'Quoted' Words"},
		{"3RD LINE, b2b", "3rd Line, B2b"},
		{"mcdonald", "Mcdonald"},
		{"IT", "It"},
		{"éric", "Éric"},
		{"e\u0301ric", "E\u0301ric"},
		{"ǆuro", "ǅuro"},           // a letter with a title case of its own
		{"\u212aim", "\u212aim"},   // not K
		{"İrem ıŞIK", "İrem ışik"}, // neither i nor I
		{"ſue", "ſue"},
		{"ΣΟΦΊΑ ЖУКОВ", "Σοφία Жуков"},
		{"გიორგი", "გიორგი"}, // Georgian has no capitals in names
		{"王小明", "王小明"},
		{"straße", "Straße"},
		{"  x ", "  X "},
	} {
		assert.Equal(t, c.want, mapping.Title(c.text), "%+q", c.text)
	}
}

// Nothing that is no letter of ASCII becomes one, whatever the letter and
// wherever it stands.
func TestCaseKeepsLettersApart(t *testing.T) {
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			continue
		}
		text := string(r)
		for name, got := range map[string]string{
			"Lower": mapping.Lower(text), "Upper": mapping.Upper(text), "Title": mapping.Title(text),
		} {
			mapped, size := utf8.DecodeRuneInString(got)
			require.Equal(t, len(got), size, "%s(%+q)", name, text)
			require.GreaterOrEqual(t, mapped, rune(utf8.RuneSelf), "%s(%+q)", name, text)
		}
		second, _ := utf8.DecodeRuneInString(mapping.Title("x" + text)[1:])
		require.GreaterOrEqual(t, second, rune(utf8.RuneSelf), "Title(x%+q)", text)
		require.Equal(t, mapping.Title(text), mapping.Title(mapping.Title(text)), "%+q", text)
	}
}

// What is in lower case stays so, and so does what is in upper case: a text that Lower
// or Upper would alter is none that they give.
func TestCaseIsSettledAtOnce(t *testing.T) {
	for r := rune(0); r <= unicode.MaxRune; r++ {
		s := string(r)
		if low := mapping.Lower(s); mapping.Lower(low) != low {
			t.Errorf("%U: %q and then %q", r, low, mapping.Lower(low))
		}
		if up := mapping.Upper(s); mapping.Upper(up) != up {
			t.Errorf("%U: %q and then %q", r, up, mapping.Upper(up))
		}
	}
}
