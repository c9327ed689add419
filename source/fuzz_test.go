package source_test

import (
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

// FuzzField: a field takes a text or an error, never half of it; what it took it
// gives back; and what Check refuses Clean drops.
func FuzzField(f *testing.F) {
	fields := source.Fields()
	for n := range fields {
		f.Add(uint(n), "", "E1")
		f.Add(uint(n), "a@b.example", "2026-02-28")
		f.Add(uint(n), "2026-02-28T10:00:00Z", "type=value")
		f.Add(uint(n), "full_time", "DE")
		f.Add(uint(n), "\u202e\xff", "Europe/Berlin")
	}
	f.Fuzz(func(t *testing.T, n uint, first, second string) {
		field := fields[n%uint(len(fields))]
		i := source.Identity{ID: "E1"}
		if err := field.Set(&i, first, second); err != nil {
			assert.Equal(t, source.Identity{ID: "E1"}, i, "an error changes nothing")
			if field.Set(&i, first) != nil {
				return
			}
		}
		values := slices.Clone(field.Values(&i))
		assert.Equal(t, len(values) == 0, field.Missing(&i))
		again := source.Identity{ID: "E1"}
		require.NoError(t, field.Set(&again, values...))
		assert.Equal(t, values, field.Values(&again))
		if field.Type != source.FieldText || field.Name == "id" {
			return
		}
		text := field.Text(&i)
		clean := source.Clean(i)
		if field.Check(text) != nil {
			assert.True(t, field.Missing(&clean), "%s %q", field.Name, text)
			assert.Len(t, clean.Findings, 1)
		} else if field.Name != "country" && field.Name != "time_zone" {
			assert.Equal(t, strings.TrimSpace(text), field.Text(&clean))
			assert.Empty(t, clean.Findings)
		}
	})
}

// FuzzClean: whatever a connector yields, what is left of it can be shown and
// compared, and cleaning it once is enough.
func FuzzClean(f *testing.F) {
	f.Add("E1", "Ana", "ana@acme.example", "2026-02-28", "9999-12-31", "Europe/Berlin", uint8(3))
	f.Add("\x00", "\u202e", "n/a", "0026-01-01", "1900-01-01", "Local", uint8(99))
	f.Add(" E1", "a\u200db", "@", "", "2262-04-11", "../../etc/passwd", uint8(0))
	f.Add("علی", "علی\u200cرضا", "ø@å.example", "2020-01-01", "2019-01-01", "UTC", uint8(6))
	f.Fuzz(func(t *testing.T, id, name, email, start, end, zone string, status uint8) {
		i := source.Identity{
			ID: id, DisplayName: name, WorkEmail: email, Status: source.Status(status), StatusRaw: name,
			Location: source.Location{TimeZone: zone, Country: zone}, Manager: source.Manager{Email: email, Name: id},
			Groups: []source.Group{{ID: id, Name: name}}, AlternateIDs: []source.AlternateID{{Type: name, Value: email}},
			Custom: map[string][]string{name: {email, zone}},
		}
		i.HireDate, _ = source.ParseDate(start)
		i.LastDay, _ = source.ParseDate(end)
		i.TerminationDate = i.LastDay
		clean := source.Clean(i)
		assert.Equal(t, id, clean.ID)
		again := source.Clean(clean)
		assert.Equal(t, clean, again, "cleaning twice is cleaning once")
		for _, field := range source.Fields() {
			if field.Name == "id" {
				continue
			}
			for _, text := range field.Values(&clean) {
				assert.True(t, utf8.ValidString(text), "%s %q", field.Name, text)
				assert.NotContains(t, text, "\x00")
				assert.False(t, strings.ContainsFunc(text, unicode.IsControl), "%s %q", field.Name, text)
				assert.False(t, strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }), "%s %q", field.Name, text)
			}
		}
		for _, finding := range clean.Findings {
			assert.Less(t, len(finding.Message), 600)
		}
	})
}

// FuzzNoDate: a text that stands for no date is no date.
func FuzzNoDate(f *testing.F) {
	for _, s := range []string{"", "-", "0000-00-00", "00000000", "null", "N/A", "2026-02-28", "TBD", "0000-00-00T00:00:00Z", "\u2013"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		none := source.NoDate(text)
		assert.Equal(t, none, source.NoDate(" "+text+"\t"))
		if _, err := source.ParseDate(strings.TrimSpace(text)); err == nil {
			assert.False(t, none, "%q is a day", text)
		}
		if strings.ContainsAny(text, "123456789") {
			assert.False(t, none, "%q", text)
		}
	})
}

// FuzzWords: the words of the vocabularies are read as they are written, and
// nothing else is.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "active", "full_time", "employee", "Active", "status(9)", "unknown", "active "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, word string) {
		if s, err := source.ParseStatus(word); err == nil {
			assert.Equal(t, word, s.String())
		}
		if e, err := source.ParseEmploymentType(word); err == nil {
			assert.Equal(t, word, e.String())
		}
		if k, err := source.ParseKind(word); err == nil {
			assert.Equal(t, word, k.String())
		}
		s := source.Active
		if err := s.UnmarshalText([]byte(word)); err != nil {
			assert.Equal(t, source.Active, s, "an error changes nothing")
			assert.Less(t, len(err.Error()), 300)
		}
	})
}
