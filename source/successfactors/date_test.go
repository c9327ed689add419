package successfactors

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

func TestParseDay(t *testing.T) {
	for text, want := range map[string]source.Date{
		"/Date(1709510400000)/":      source.Day(2024, 3, 4),
		"/Date(0)/":                  source.Day(1970, 1, 1),
		"/Date(-86400000)/":          source.Day(1969, 12, 31),
		"/Date(-2208988800000)/":     source.Day(1900, 1, 1),
		"/Date(1709510400000+0000)/": source.Day(2024, 3, 4),
		"/Date(1709510400000-0000)/": source.Day(2024, 3, 4),
		"/Date(1709506800000+0060)/": source.Day(2024, 3, 4), // midnight an hour ahead of UTC
		"/Date(1709532000000-0360)/": source.Day(2024, 3, 4),
		"/Date(-90000000+0060)/":     source.Day(1969, 12, 31),
		"/Date(253402214400000)/":    {}, // 9999-12-31: without end
		"9999-12-31":                 {},
		"2024-03-04":                 source.Day(2024, 3, 4),
		"2024-03-04T00:00:00":        source.Day(2024, 3, 4),
		"2024-03-04T00:00:00.000Z":   source.Day(2024, 3, 4),
		"9999-12-31T00:00:00":        {},
		"":                           {},
		"null":                       {},
		"0000-00-00":                 {},
		"\t/Date(1709510400000)/\n":  source.Day(2024, 3, 4),
	} {
		got, fault := parseDay(text)
		assert.Empty(t, fault, text)
		assert.Equal(t, want, got, text)
	}
	for _, text := range []string{
		"/Date(1709510400001)/", "/Date(1709553600000)/", "/Date(1709510400000+0060)/", "2024-03-04T12:00:00", "04.03.2024", "/Date()/", "/Date(x)/",
		"/Date(1e3)/", "/Date(+5)/", "/Date(1709510400000", "/Date(99999999999999999999)/", "/Date(9223372036854775807)/", "/Date(1+x)/",
		"/Date(1709510400000+99999)/", "TBD", "2024-02-30", "/Date(-)/", "/Date(1709510400000+)/",
	} {
		got, fault := parseDay(text)
		assert.NotEmpty(t, fault, text)
		assert.True(t, got.IsZero(), text)
	}
}

// Every day of more than a century, written as SuccessFactors writes it, at every
// offset there is, is read as that day, whatever zone this machine is in.
func TestDaysRoundTrip(t *testing.T) {
	for day := source.Day(1930, 1, 1); day.Before(source.Day(2060, 1, 1)); day = day.AddDays(13) {
		for _, minutes := range []int{0, 60, -300, 330, 765, -720, 840} {
			ms := day.In(time.FixedZone("", minutes*60)).UnixMilli()
			got, fault := parseDay(fmt.Sprintf("/Date(%d%+05d)/", ms, minutes))
			require.Empty(t, fault)
			require.Equal(t, day, got)
		}
	}
}

func TestParseInstant(t *testing.T) {
	at, ok := parseInstant("/Date(1793610000123+0120)/")
	require.True(t, ok)
	assert.True(t, at.Equal(time.UnixMilli(1793610000123)), "the offset does not move the instant")
	_, offset := at.Zone()
	assert.Equal(t, 2*60*60, offset)
	_, ok = parseInstant("2026-11-29")
	assert.False(t, ok)
}

func TestInForce(t *testing.T) {
	today := source.Day(2026, 11, 29)
	day := func(y, m int) source.Date { return source.Day(y, time.Month(m), 1) }
	for name, tt := range map[string]struct {
		all  []slice
		want int
	}{
		"none":             {nil, -1},
		"always":           {[]slice{{}}, 0},
		"now before later": {[]slice{{start: day(2027, 1)}, {start: day(2020, 1), end: source.Day(2026, 12, 31)}}, 1},
		"its last day":     {[]slice{{start: day(2010, 1), end: today}, {start: today.AddDays(1)}}, 0},
		"its first day":    {[]slice{{start: day(2010, 1), end: today.AddDays(-1)}, {start: today}}, 1},
		"the next":         {[]slice{{start: day(2028, 1)}, {start: day(2027, 1)}, {start: day(2010, 1), end: day(2012, 1)}}, 1},
		"the last":         {[]slice{{start: day(2010, 1), end: day(2012, 1)}, {start: day(2013, 1), end: day(2014, 1)}}, 1},
		"two of one day":   {[]slice{{start: day(2020, 1), seq: 1}, {start: day(2020, 1), seq: 3}, {start: day(2020, 1), seq: 2}}, 1},
	} {
		assert.Equal(t, tt.want, inForce(tt.all, ofSlice, today), name)
	}
}
