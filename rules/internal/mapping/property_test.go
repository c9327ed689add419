package mapping_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/provision-go/provision/rules/internal/mapping"
)

// applied is what all functions of the package make of some arguments, by name.
func applied(a, b string, m, n int) map[string]string {
	return map[string]string{
		"Lower": mapping.Lower(a), "Upper": mapping.Upper(a), "Title": mapping.Title(a), "Trim": mapping.Trim(a),
		"Left": mapping.Left(a, n), "Right": mapping.Right(a, n), "Mid": mapping.Mid(a, m, n),
		"Pad": mapping.Pad(a, n, b), "Digits": mapping.Digits(a), "Replace": mapping.Replace(a, b, a),
		"Replace by the other": mapping.Replace(a, mapping.Left(a, 1), b),
		"Item of Split":        mapping.Item(mapping.Split(a, b), n), "Item": mapping.Item([]string{a, b}, n),
		"ASCII": mapping.ASCII(a), "Slug": mapping.Slug(a), "NFC": mapping.NFC(a),
		"E164": mapping.E164(a, b), "E164 of Digits": mapping.E164(mapping.Digits(a), "DE"),
		"Country3": mapping.Country3(a), "Country2": mapping.Country2(a),
		"FormatDate": mapping.FormatDate(m, time.Month(n), 5, a), "OnlyDomain": mapping.OnlyDomain(a),
		"LocalPart": mapping.LocalPart(a), "HashHex": mapping.HashHex(a, n),
	}
}

// bounds has the documented bounds of results in bytes, where they have any.
func bounds(a, b string, n int) map[string]int {
	return map[string]int{
		"Trim": len(a), "Left": len(a), "Right": len(a), "Mid": len(a), "Digits": len(a), "ASCII": len(a), "Slug": len(a),
		"Pad": max(len(a), mapping.MaxPad*len(b)+len(a)), "NFC": 3 * len(a), "E164": 16, "E164 of Digits": 16,
		"Replace": max(len(a), mapping.MaxReplaced), "Replace by the other": max(len(a), mapping.MaxReplaced),
		"Country3": 3, "Country2": 2, "FormatDate": mapping.MaxLayout + 2, "OnlyDomain": len(a), "LocalPart": len(a),
		"HashHex": max(0, min(n, 64)), "Item of Split": len(a),
	}
}

// laws says which law the functions break for some arguments, "" if none.
func laws(a, b string, m, n int) string {
	got := applied(a, b, m, n)
	if diff := cmp.Diff(got, applied(strings.Clone(a), strings.Clone(b), m, n)); diff != "" {
		return "not deterministic: " + diff
	}
	limit := bounds(a, b, n)
	for name, text := range got {
		if !utf8.ValidString(text) {
			return fmt.Sprintf("%s is not UTF-8: %+q", name, text)
		}
		if most, bounded := limit[name]; bounded && len(text) > most {
			return fmt.Sprintf("%s has %d bytes, more than %d: %.50q", name, len(text), most, text)
		}
	}
	for _, part := range mapping.Split(a, b) {
		if part == "" || part != strings.TrimSpace(part) || !strings.Contains(a, part) {
			return fmt.Sprintf("Split has the part %+q", part)
		}
	}
	if mapping.CheckLayout(a) != nil && got["FormatDate"] != "" ||
		mapping.CheckLayout(a) == nil && mapping.FormatDate(2026, 3, 5, a) == "" {
		return "CheckLayout and FormatDate differ"
	}
	if (got["Item"] == "") != (n != -2 && n != -1 && n != 1 && n != 2 || missingText(map[bool]string{true: a, false: b}[n == 1 || n == -2])) {
		return "Item"
	}
	if !utf8.ValidString(a) {
		for name, text := range got {
			if text != "" && name != "Item" {
				return fmt.Sprintf("%s makes %+q of what is no text", name, text)
			}
		}
		return ""
	}
	return lawsOfText(a, m, n, got)
}

func missingText(s string) bool { return s == "" || !utf8.ValidString(s) }

func lawsOfText(a string, m, n int, got map[string]string) string {
	for _, name := range []string{"Lower", "Upper", "Title"} {
		if asciiLetters(got[name]) != asciiLetters(a) || utf8.RuneCountInString(got[name]) != utf8.RuneCountInString(a) {
			return fmt.Sprintf("%s has other letters of ASCII: %+q", name, got[name])
		}
	}
	length := utf8.RuneCountInString
	switch {
	case mapping.Title(got["Title"]) != got["Title"]:
		return "Title is not its own Title"
	case mapping.Lower(got["Lower"]) != got["Lower"]:
		return "Lower is not its own Lower"
	case mapping.NFC(got["NFC"]) != got["NFC"]:
		return "NFC is not its own NFC"
	case mapping.Slug(got["Slug"]) != got["Slug"]:
		return "Slug is not its own Slug"
	case strings.ContainsFunc(got["ASCII"], func(r rune) bool { return r > unicode.MaxASCII }):
		return "ASCII is not ASCII"
	case strings.Trim(got["Slug"], "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return "Slug has other characters"
	case got["Pad"] != "" && length(got["Pad"]) != max(n, length(a)):
		return "Pad has another length"
	case got["Pad"] != "" && !strings.HasSuffix(got["Pad"], a):
		return "Pad lost the text"
	case length(got["Left"]) != max(0, min(n, length(a))) || length(got["Right"]) != length(got["Left"]):
		return "Left or Right have another length"
	case n > 0 && n < length(a) && got["Left"]+mapping.Right(a, length(a)-n) != a:
		return "Left and Right do not make the whole"
	case m > 0 && m <= length(a) && mapping.Left(a, m-1)+mapping.Mid(a, m, length(a)) != a:
		return "Left and Mid do not make the whole"
	case got["OnlyDomain"] != "" && len(got["OnlyDomain"])+len(got["LocalPart"])+1 != len(a):
		return "OnlyDomain and LocalPart do not make the whole"
	case got["E164"] != "" && mapping.E164(got["E164"], "") != got["E164"]:
		return "E164 is not its own E164"
	case got["Country3"] != "" && mapping.Country2(got["Country3"]) != strings.ToUpper(a):
		return "Country2 is not the inverse of Country3"
	}
	return ""
}

// asciiLetters returns where the text has letters of ASCII, case aside.
func asciiLetters(text string) string {
	return strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return unicode.ToLower(r)
		}
		return '~'
	}, text)
}

func TestLaws(t *testing.T) {
	const seed = 20260305
	random := rand.New(rand.NewPCG(seed, 1))
	for i := range 20_000 {
		a, b := someText(random), someText(random)
		if random.IntN(3) == 0 {
			b = mapping.Mid(a, 1+random.IntN(4), 1)
		}
		m, n := random.IntN(12)-2, random.IntN(300)-20
		if random.IntN(2) == 0 {
			n = random.IntN(12) - 4
		}
		if broken := laws(a, b, m, n); broken != "" {
			t.Fatalf("seed %d, round %d: %+q %+q %d %d: %s", seed, i, a, b, m, n, broken)
		}
	}
}

// someText returns a text of pieces that the functions treat in different ways.
func someText(random *rand.Rand) string {
	pieces := []string{
		"a", "B", "é", "e\u0301", "ß", "İ", "ı", "\u212a", "ſ", "Σ", "ς", "Ж", "王", "ﬃ", "ǆ", "Ⱥ", "\U0001f600", "'", "’",
		" ", "\u00a0", "-", "–", ".", "@", "+", "(0)", "/", "0", "00", "49", "39", "1", "2125550123", "٣", "\xff", "\u1100\u1161",
		"YYYY", "MM", "DD", "M", "D", "DE", "FRA", "dell", "ŉ", "ΐ", "\u0345", "ᾳ", "\u0130\u0307", "ꭰ", "Ა",
	}
	var b strings.Builder
	for range random.IntN(9) {
		b.WriteString(pieces[random.IntN(len(pieces))])
	}
	return b.String()
}
