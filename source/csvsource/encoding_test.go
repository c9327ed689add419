package csvsource_test

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
)

// utf16Text writes a text in UTF-16.
func utf16Text(text string, order binary.AppendByteOrder, mark bool) string {
	var out []byte
	if mark {
		out = order.AppendUint16(out, 0xfeff)
	}
	for _, unit := range utf16.Encode([]rune(text)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

// The same people, whatever the encoding.
func TestEncodings(t *testing.T) {
	const text = "id;name;department\r\nE1;\"Änne\r\nŒuvré\";Büro – Süd\r\nE2;Bo €;\r\n"
	want := mustRead(t, csvsource.Config{}, text)
	for name, tt := range map[string]struct {
		encoding csvsource.Encoding
		file     string
	}{
		"UTF-8 with a mark":         {csvsource.Detect, "\ufeff" + text},
		"UTF-8, named":              {csvsource.UTF8, text},
		"UTF-16, little endian":     {csvsource.Detect, utf16Text(text, binary.LittleEndian, true)},
		"UTF-16, big endian":        {csvsource.Detect, utf16Text(text, binary.BigEndian, true)},
		"UTF-16, named":             {csvsource.UTF16, utf16Text(text, binary.BigEndian, true)},
		"UTF-16, named and no mark": {csvsource.UTF16, utf16Text(text, binary.LittleEndian, false)},
		"Windows-1252":              {csvsource.Windows1252, "id;name;department\r\nE1;\"\xc4nne\r\n\x8cuvr\xe9\";B\xfcro \x96 S\xfcd\r\nE2;Bo \x80;\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			got := mustRead(t, csvsource.Config{Encoding: tt.encoding}, tt.file)
			require.Equal(t, 2, got.Len())
			assert.Equal(t, want.Find("E1"), got.Find("E1"))
			assert.Equal(t, want.Find("E2"), got.Find("E2"))
			assert.Equal(t, "Büro – Süd", got.Find("E1").Department.Name)
		})
	}
}

func TestWrongEncoding(t *testing.T) {
	for name, tt := range map[string]struct {
		encoding csvsource.Encoding
		file     string
		fault    string
	}{
		"UTF-16 as UTF-8":           {csvsource.UTF8, utf16Text("id\n1\n", binary.LittleEndian, true), "UTF-16"},
		"UTF-16 without a mark":     {csvsource.Detect, utf16Text("id\n1\n", binary.LittleEndian, false), "control character"},
		"UTF-8 as UTF-16":           {csvsource.UTF16, "id,name\n1,Ana\n", "no heading"},
		"an unpaired half":          {csvsource.UTF16, "i\x00d\x00\x00\xd8\n\x00", "not valid in the encoding"},
		"a heading in Windows-1252": {csvsource.Detect, "id,b\xfcro\n1,a\n", "not valid in the encoding"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(t, csvsource.Config{Encoding: tt.encoding}, tt.file)
			require.ErrorContains(t, err, tt.fault)
		})
	}

	_, err := csvsource.New(csvsource.Config{Name: "hr", Path: "people.csv", Encoding: 9})
	require.ErrorContains(t, err, "encoding 9")

	s := mustRead(t, csvsource.Config{}, "id,name\n1,M\xfcller\n2,Bo\n")
	assert.Empty(t, s.Find("1").Name.Formatted, "a value that cannot be read is missing")
	assert.Equal(t, source.CodeBadValue, s.Find("1").Findings[0].Code)
	assert.Equal(t, "Bo", s.Find("2").Name.Formatted)
}

// Half a character at the end is a file that was cut short.
func TestCutInACharacter(t *testing.T) {
	file := utf16Text("id,name\n1,Ana\n2,Bo\n", binary.LittleEndian, true)
	for cut := 1; cut < 8; cut++ {
		s := mustRead(t, csvsource.Config{DefaultStatus: source.Active}, file[:len(file)-cut])
		assert.Equal(t, 1, s.Proof().Lost, "cut by %d", cut)
		assert.Equal(t, source.Active, s.Find("1").Status)
	}
}
