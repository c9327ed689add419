package mapping_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/provision-go/provision/rules/internal/mapping"
)

func TestTrim(t *testing.T) {
	assert.Equal(t, "a  b", mapping.Trim(" \t\u00a0a  b\u2003\n"))
	assert.Empty(t, mapping.Trim(" \u00a0 "))
	assert.Empty(t, mapping.Trim(""))
	assert.Empty(t, mapping.Trim(" a\xff"))
}

func TestLeftRight(t *testing.T) {
	for _, c := range []struct {
		text        string
		n           int
		left, right string
	}{
		{"Ánaé", 1, "Á", "é"},
		{"Ánaé", 3, "Ána", "naé"},
		{"Ánaé", 4, "Ánaé", "Ánaé"},
		{"Ánaé", math.MaxInt, "Ánaé", "Ánaé"},
		{"Ánaé", 0, "", ""},
		{"Ánaé", -1, "", ""},
		{"Ánaé", math.MinInt, "", ""},
		{"", 2, "", ""},
		{"a\xff", 1, "", ""},
		{"e\u0301", 1, "e", "\u0301"}, // an accent by itself is a character
	} {
		assert.Equal(t, c.left, mapping.Left(c.text, c.n), "Left(%+q, %d)", c.text, c.n)
		assert.Equal(t, c.right, mapping.Right(c.text, c.n), "Right(%+q, %d)", c.text, c.n)
	}
}

func TestMid(t *testing.T) {
	for _, c := range []struct {
		text    string
		from, n int
		want    string
	}{
		{"Zürich", 1, 2, "Zü"},
		{"Zürich", 2, 2, "ür"},
		{"Zürich", 6, 1, "h"},
		{"Zürich", 6, 9, "h"},
		{"Zürich", 7, 1, ""},
		{"Zürich", 0, 3, ""},
		{"Zürich", -1, 3, ""},
		{"Zürich", 2, 0, ""},
		{"Zürich", 2, -3, ""},
		{"Zürich", math.MinInt, math.MinInt, ""},
		{"Zürich", math.MaxInt, math.MaxInt, ""},
		{"Zürich", 2, math.MaxInt, "ürich"},
		{"", 1, 1, ""},
		{"ab\xff", 1, 1, ""},
	} {
		assert.Equal(t, c.want, mapping.Mid(c.text, c.from, c.n), "%+q %d %d", c.text, c.from, c.n)
	}
}

func TestPad(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		with string
		want string
	}{
		{"7", 4, "0", "0007"},
		{"7", 1, "0", "7"},
		{"1234", 2, "0", "1234"},
		{"7", 0, "0", "7"},
		{"7", -5, "0", "7"},
		{"é", 3, "ß", "ßßé"},
		{"", 4, "0", ""},
		{"7", 4, "", ""},
		{"7", 4, "00", ""},
		{"7", 4, "\xff", ""},
		{"\xff", 4, "0", ""},
		{"7", mapping.MaxPad + 1, "0", ""},
		{"7", math.MaxInt, "0", ""},
		{"7", mapping.MaxPad, "0", strings.Repeat("0", mapping.MaxPad-1) + "7"},
	} {
		assert.Equal(t, c.want, mapping.Pad(c.text, c.n, c.with), "%+q %d %+q", c.text, c.n, c.with)
	}
}

func TestDigits(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "abc": "", "E-00 42/b": "0042", "１２": "", "1٢3": "", "x²": "", "2x²": "2", "1\xff": "",
	} {
		assert.Equal(t, want, mapping.Digits(text), "%+q", text)
	}
}

func TestReplace(t *testing.T) {
	for _, c := range []struct{ text, old, new, want string }{
		{"a.b.c", ".", "-", "a-b-c"},
		{"a.b.c", ".", "", "abc"},
		{"aaa", "aa", "a", "aa"}, // what comes in is not replaced again
		{"aaa", "a", "", ""},
		{"abc", "", "x", "abc"},
		{"abc", "x", "y", "abc"},
		{"", "a", "b", ""},
		{"", "", "b", ""},
		{"straße", "ß", "ss", "strasse"},
		{"a\xff", "a", "b", ""},
		{"a", "\xff", "b", ""},
		{"a", "a", "\xff", ""},
		{strings.Repeat("a", 1000), "a", strings.Repeat("b", 1000), ""},
		{"aa", "a", strings.Repeat("b", mapping.MaxReplaced/2), strings.Repeat("b", mapping.MaxReplaced)},
		{"aa", "a", strings.Repeat("b", mapping.MaxReplaced/2+1), ""},
		{strings.Repeat("a", mapping.MaxReplaced+1), "a", "b", strings.Repeat("b", mapping.MaxReplaced+1)},
		{strings.Repeat("a", mapping.MaxReplaced+1), "a", "bb", ""},
	} {
		got := mapping.Replace(c.text, c.old, c.new)
		assert.True(t, got == c.want, "%.20q %.20q %.20q gives %.20q, want %.20q", c.text, c.old, c.new, got, c.want)
	}
}

func TestSplit(t *testing.T) {
	for _, c := range []struct {
		text, sep string
		want      []string
	}{
		{"a, b ,,c, ", ",", []string{"a", "b", "c"}},
		{"a b  c", " ", []string{"a", "b", "c"}},
		{"a; b", "; ", []string{"a", "b"}},
		{" a b ", "", []string{"a b"}},
		{" ", "", nil},
		{"a", ",", []string{"a"}},
		{",,", ",", nil},
		{"", ",", nil},
		{"a,\xff", ",", nil},
		{"a", "\xff", nil},
	} {
		assert.Equal(t, c.want, mapping.Split(c.text, c.sep), "%+q %+q", c.text, c.sep)
	}
}

func TestItem(t *testing.T) {
	list := []string{"a", "", "c\xff", "d"}
	for n, want := range map[int]string{
		1: "a", 2: "", 3: "", 4: "d", 5: "", 0: "", -1: "d", -4: "a", -5: "", math.MaxInt: "", math.MinInt: "",
	} {
		assert.Equal(t, want, mapping.Item(list, n), n)
	}
	assert.Empty(t, mapping.Item(nil, 1))
	assert.Empty(t, mapping.Item(nil, -1))
}

func TestAddressParts(t *testing.T) {
	for _, c := range []struct{ email, local, domain string }{
		{"Ana.Silva@ACME.Example", "Ana.Silva", "acme.example"},
		{"a+b@x", "a+b", "x"},
		{"a@MÜLLER.example", "a", "mÜller.example"}, // of ASCII only
		{"a@\u212a.example", "a", "\u212a.example"},
		{"", "", ""},
		{"a", "", ""},
		{"@", "", ""},
		{"a@", "", ""},
		{"@b", "", ""},
		{"a@b@c", "", ""},
		{"a@b@", "", ""},
		{"a@b ", "", ""},
		{"a b@c", "", ""},
		{"a@b\u00a0", "", ""},
		{"a@b\xff", "", ""},
	} {
		assert.Equal(t, c.local, mapping.LocalPart(c.email), "%+q", c.email)
		assert.Equal(t, c.domain, mapping.OnlyDomain(c.email), "%+q", c.email)
	}
}

func TestHashHex(t *testing.T) {
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-4
	for n := 1; n <= 64; n++ {
		assert.Equal(t, abc[:n], mapping.HashHex("abc", n))
	}
	for _, n := range []int{0, -1, 65, math.MaxInt, math.MinInt} {
		assert.Empty(t, mapping.HashHex("abc", n), n)
	}
	assert.Empty(t, mapping.HashHex("", 8))
	assert.Empty(t, mapping.HashHex("\xff", 8))
}
