package mapping_test

import (
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"golang.org/x/text/unicode/norm"

	"github.com/provision-go/provision/rules/internal/mapping"
)

func TestASCIIAndSlug(t *testing.T) {
	for _, c := range []struct{ text, ascii, slug string }{
		{"", "", ""},
		{"\xff", "", ""},
		{"a\xff", "", ""},
		// These survive decomposition unchanged, so dropping accents is not enough.
		{"Łukasz Søren Straße Đorđe Ægir ılık", "Lukasz Soren Strasse Dorde AEgir ilik", "lukasz-soren-strasse-dorde-aegir-ilik"},
		{"王", "", ""},
		{"Иван", "", ""},
		{"Anna 王", "", ""},
		{"José", "Jose", "jose"},
		{"Jose\u0301", "Jose", "jose"},
		{"Anne-Marie O’Neil", "Anne-Marie O'Neil", "anne-marie-oneil"},
		{"Müller–Lüdenscheidt", "Muller-Ludenscheidt", "muller-ludenscheidt"},
		{"a\u00a0b", "a b", "a-b"},
		{"-- a  b --", "-- a  b --", "a-b"},
		{"'`", "'`", ""},
		{"...", "...", ""},
		{"€", "", ""},
		{"\u212a", "", ""}, // KELVIN SIGN
		{"\u0301", "", ""},
		{"ﬃ Ǆ ĳ þ ẞ", "ffi DZ ij th SS", "ffi-dz-ij-th-ss"},
		{"Team 42", "Team 42", "team-42"},
	} {
		assert.Equal(t, c.ascii, mapping.ASCII(c.text), "%+q", c.text)
		assert.Equal(t, c.slug, mapping.Slug(c.text), "%+q", c.text)
	}
}

// Each letter that is one of ASCII with accents is written as that, whether its
// accents are part of it or not, and no letter comes out longer than it was.
func TestASCIIFollowsDecomposition(t *testing.T) {
	for r := rune(0xc0); r < 0x2000; r++ {
		got := mapping.ASCII(string(r))
		assert.LessOrEqual(t, len(got), len(string(r)), "%+q", r)
		assert.False(t, strings.ContainsFunc(got, func(r rune) bool { return r > unicode.MaxASCII }), "%+q", r)
		apart := norm.NFD.String(string(r))
		if base := rune(apart[0]); apart != string(r) && base < 0x80 && unicode.IsLetter(base) {
			assert.Equal(t, string(base), got, "%+q", r)
			assert.Equal(t, got, mapping.ASCII(apart), "%+q", r)
		}
	}
}

func TestNFC(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", ""},
		{"e\xff", ""},
		{"plain", "plain"},
		{"Jose\u0301", "José"},
		{"José", "José"},
		{"\u1100\u1161", "가"},
		{"\u212b", "Å"},            // the Ångström sign is the letter
		{"ﬁ", "ﬁ"},                 // compatible forms stay
		{"\u0958", "\u0915\u093c"}, // excluded from composition
	} {
		assert.Equal(t, c.want, mapping.NFC(c.text), "%+q", c.text)
	}
}
