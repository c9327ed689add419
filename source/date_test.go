package source_test

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
)

func TestDayNormalises(t *testing.T) {
	assert.Equal(t, "2026-11-01", source.Day(2026, time.October, 32).String())
	assert.Equal(t, "2025-12-31", source.Day(2026, time.January, 0).String())
	assert.Equal(t, "2024-02-29", source.Day(2024, time.February, 29).String())
	assert.Equal(t, "2025-03-01", source.Day(2025, time.February, 29).String())
	assert.Equal(t, "0001-01-01", source.Day(1, time.January, 1).String())
	for _, d := range []source.Date{
		source.Day(0, 12, 31), source.Day(10000, 1, 1), source.Day(-5, 1, 1), source.Day(9999, 12, 32),
		source.Day(1<<40, 1, 1), source.Day(2026, 1<<40, 1), source.Day(2026, 1, -1<<60),
	} {
		assert.True(t, d.IsZero(), "%v", d)
	}
}

func TestParseDate(t *testing.T) {
	d, err := source.ParseDate("2026-03-01")
	require.NoError(t, err)
	assert.Equal(t, source.Day(2026, 3, 1), d)
	assert.Equal(t, 2026, d.Year())
	assert.Equal(t, time.March, d.Month())
	assert.Equal(t, 1, d.Day())
	for _, s := range []string{
		"", "2026-02-30", "2025-02-29", "1900-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "2026-04-31",
		"0000-01-01", "2026-1-1", "26-01-01", "2026/01/01", "2026-01-01T00:00:00Z", " 2026-01-01", "2026-01-01 ",
		"+026-01-01", "2026-+1-01", "２０２６-01-01", "2026-0a-01",
	} {
		_, err := source.ParseDate(s)
		assert.Error(t, err, "%q", s)
	}
	_, err = source.ParseDate("2000-02-29")
	assert.NoError(t, err)
}

func TestDateOrder(t *testing.T) {
	a, b := source.Day(2025, 12, 31), source.Day(2026, 1, 1)
	assert.True(t, a.Before(b) && b.After(a) && !a.After(b) && !a.Before(a))
	assert.Equal(t, -1, a.Compare(b))
	assert.Equal(t, 0, a.Compare(a))
	assert.Equal(t, 1, a.Compare(source.Date{}))
	assert.True(t, source.Date{}.Before(a))
	assert.True(t, a.Equal(source.Day(2025, 12, 31)))
	assert.Equal(t, 1, b.Sub(a))
	assert.Equal(t, -1, a.Sub(b))
	assert.Equal(t, 0, a.Sub(source.Date{}))
	assert.Equal(t, b, a.AddDays(1))
	assert.True(t, source.Date{}.AddDays(1).IsZero(), "a missing date stays missing")
	assert.True(t, source.Day(9999, 12, 31).AddDays(1).IsZero())
	assert.True(t, a.AddDays(1<<62).IsZero())
	assert.Equal(t, 3652058, source.Day(9999, 12, 31).Sub(source.Day(1, 1, 1)))
}

// The first instant of a day is the one before which the local clock never
// showed the day, and at which it does.
func TestDateIn(t *testing.T) {
	tests := []struct{ zone, day, want string }{
		{"UTC", "2026-03-01", "2026-03-01T00:00:00Z"},
		{"Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00"},
		{"Europe/Berlin", "2026-03-30", "2026-03-30T00:00:00+02:00"},
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00"}, // midnight does not exist
		{"America/Sao_Paulo", "2018-02-18", "2018-02-18T00:00:00-03:00"}, // 24:00 was set back to 23:00
		{"Africa/Cairo", "2024-04-26", "2024-04-26T01:00:00+03:00"},
		{"Africa/Cairo", "2024-10-31", "2024-10-31T00:00:00+03:00"},
		{"Asia/Beirut", "2022-03-27", "2022-03-27T01:00:00+03:00"},
		{"America/Havana", "2024-11-03", "2024-11-03T00:00:00-04:00"},   // 00:00 to 01:00 comes twice
		{"America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30"}, // the day begins, is left, begins again
		{"Pacific/Kiritimati", "2026-01-01", "2026-01-01T00:00:00+14:00"},
		{"Etc/GMT+12", "2026-01-01", "2026-01-01T00:00:00-12:00"},
		{"Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00"}, // this day does not exist there
	}
	for _, tt := range tests {
		t.Run(tt.zone+" "+tt.day, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			require.NoError(t, err)
			day, err := source.ParseDate(tt.day)
			require.NoError(t, err)
			at := day.In(zone)
			assert.Equal(t, tt.want, at.Format(time.RFC3339))
			assert.True(t, source.DateOf(at.Add(-time.Second)).Before(day))
		})
	}
	assert.Equal(t, time.UTC, source.Day(2026, 1, 1).In(nil).Location(), "no zone is UTC")
	assert.True(t, source.Date{}.In(time.UTC).IsZero())
	assert.Equal(t, "0001-01-01T00:00:00Z", source.Day(1, 1, 1).In(time.UTC).Format(time.RFC3339))
}

// Whatever the zone and the day, the instant shows the day or the next one that
// exists, and the hour before shows an earlier one.
func TestDateInProperty(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	zones := []string{
		"America/Sao_Paulo", "Africa/Cairo", "Asia/Tehran", "Asia/Amman", "America/Asuncion", "Atlantic/Azores",
		"Australia/Lord_Howe", "America/Scoresbysund", "Asia/Gaza", "Pacific/Apia", "Pacific/Kwajalein", "UTC",
		"America/Godthab", "Asia/Manila", "America/Juneau",
	}
	for range 20000 {
		name := zones[rng.IntN(len(zones))]
		zone, err := time.LoadLocation(name)
		require.NoError(t, err)
		day := source.Day(1830, 1, 1).AddDays(rng.IntN(300 * 365))
		at := day.In(zone)
		shown := source.DateOf(at)
		require.False(t, shown.Before(day), "%s in %s is %s", day, name, at)
		require.LessOrEqual(t, shown.Sub(day), 1, "%s in %s is %s", day, name, at)
		require.True(t, source.DateOf(at.Add(-time.Second)).Before(day), "%s in %s is %s", day, name, at)
	}
}

func TestDateOf(t *testing.T) {
	late := time.Date(2026, 3, 1, 23, 30, 0, 0, time.UTC)
	assert.Equal(t, source.Day(2026, 3, 1), source.DateOf(late))
	assert.Equal(t, source.Day(2026, 3, 2), source.DateOf(late.In(time.FixedZone("", 3600))))
	assert.True(t, source.DateOf(time.Time{}).IsZero())
	assert.True(t, source.DateOf(time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero())
}

func TestDateText(t *testing.T) {
	in := struct {
		A source.Date
		B source.Date `json:",omitzero"`
	}{A: source.Day(2026, 3, 1)}
	b, err := json.Marshal(in)
	require.NoError(t, err)
	assert.JSONEq(t, `{"A":"2026-03-01"}`, string(b))

	var d source.Date
	require.NoError(t, d.UnmarshalText([]byte("2026-03-01")))
	assert.Error(t, d.UnmarshalText([]byte("2026-03")))
	assert.Equal(t, source.Day(2026, 3, 1), d, "a failure changes nothing")
	require.NoError(t, d.UnmarshalText(nil))
	assert.True(t, d.IsZero())
	assert.Empty(t, d.String())
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"2026-03-01", "2026-02-30", "", "0000-00-00", "9999-12-31", "2026-3-1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := source.ParseDate(s)
		want, wantErr := time.Parse("2006-01-02", s)
		if wantErr == nil && want.Year() >= 1 && err != nil || wantErr != nil && err == nil {
			t.Fatalf("ParseDate(%q) gave %v, time.Parse gave %v", s, err, wantErr)
		}
		if err == nil && (d.String() != s || d != source.DateOf(want) && s != "0001-01-01") {
			t.Fatalf("ParseDate(%q) gave %s", s, d)
		}
	})
}
