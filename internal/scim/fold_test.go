package scim_test

import (
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/internal/scim"
)

func TestFold(t *testing.T) {
	plain, exact := &scim.Attribute{Type: scim.String}, &scim.Attribute{Type: scim.String, CaseExact: true}
	for in, want := range map[string]string{
		"": "", "ana": "ana", "ANA[`@": "ana[`@", "JÄGER": "jäger", "ÉΣΣΑΣ": "éσσασ", "ЮЛИЯ": "юлия", "straße": "straße", "STRAẞE": "straße",
		"\xffA\xc3": "\xffa\xc3", "日本": "日本",
	} {
		assert.Equal(t, want, scim.Fold(plain, in))
		assert.Equal(t, in, scim.Fold(exact, in))
	}
	assert.Equal(t, scim.Fold(plain, "ς"), scim.Fold(plain, "Σ"), "a sigma at the end of a word")
	for _, kind := range []scim.Type{scim.Reference, scim.Binary} {
		assert.Equal(t, "Ab", scim.Fold(&scim.Attribute{Type: kind}, "Ab"))
	}
	date := &scim.Attribute{Type: scim.DateTime}
	assert.Equal(t, scim.Fold(date, "2026-11-29T08:00:00Z"), scim.Fold(date, "2026-11-29T09:00:00.000+01:00"))
	assert.Equal(t, "soon", scim.Fold(date, "soon"))
}

// No letter of another script passes for one of ASCII, and folding is done at once.
func TestFoldOfAllLetters(t *testing.T) {
	a := &scim.Attribute{Type: scim.String}
	for r := range unicode.MaxRune + 1 {
		if !utf8.ValidRune(r) {
			continue
		}
		s := string(r)
		folded := scim.Fold(a, s)
		assert.False(t, r >= utf8.RuneSelf && folded[0] < utf8.RuneSelf, "%U", r)
		if folded != scim.Fold(a, folded) {
			t.Errorf("%U folds twice", r)
		}
		for o := unicode.SimpleFold(r); o != r; o = unicode.SimpleFold(o) {
			if ascii := o < utf8.RuneSelf; ascii == (r < utf8.RuneSelf) && scim.Fold(a, string(o)) != folded {
				t.Errorf("%U and %U differ", r, o)
			}
		}
	}
}

// Comparing folds on the way: it has to agree with Fold.
func FuzzFold(f *testing.F) {
	for _, s := range []string{"", "Ana", "ana", "\u212A", "k", "É", "é", "\xff", "\uFFFD", "ẞ", "ß"} {
		f.Add(s, "a"+s)
	}
	a := person().Core.Attribute("title")
	f.Fuzz(func(t *testing.T, have, want string) {
		o := scim.Object{"title": have}
		for op, yes := range map[scim.Op]bool{
			scim.Equal:      scim.Fold(a, have) == scim.Fold(a, want),
			scim.StartsWith: hasPrefix(scim.Fold(a, have), scim.Fold(a, want)),
			scim.EndsWith:   hasSuffix(scim.Fold(a, have), scim.Fold(a, want)),
		} {
			got := scim.Matches(&scim.Filter{Op: op, Attr: scim.Attr{Schema: person().Core, Attribute: a}, Value: want}, o)
			assert.Equal(t, yes, got, "%v %q %q", op, have, want)
		}
	})
}

func hasPrefix(s, start string) bool {
	a, b := []rune(valid(s)), []rune(valid(start))
	return len(a) >= len(b) && string(a[:len(b)]) == string(b)
}

func hasSuffix(s, end string) bool {
	a, b := []rune(valid(s)), []rune(valid(end))
	return len(a) >= len(b) && string(a[len(a)-len(b):]) == string(b)
}

// valid makes letters of bytes that are no UTF-8: beyond those that anyone uses.
func valid(s string) string {
	var out []rune
	for s != "" {
		r, n := utf8.DecodeRuneInString(s)
		if r == utf8.RuneError && n == 1 {
			r = 0x10FF00 + rune(s[0])
		}
		out, s = append(out, r), s[n:]
	}
	return string(out)
}
