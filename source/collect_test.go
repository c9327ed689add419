package source_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

func collect(t *testing.T, people ...source.Identity) source.Snapshot {
	t.Helper()
	s, err := source.Collect(t.Context(), memsource.New("hr", people...))
	require.NoError(t, err)
	return s
}

// codes returns "code field" of the findings.
func codes(s source.Snapshot) []string {
	var all []string
	for _, f := range s.Findings() {
		all = append(all, f.Code+" "+f.Field)
	}
	return all
}

func TestCollectSortsAndFinds(t *testing.T) {
	s := collect(t, source.Identity{ID: "E3"}, source.Identity{ID: "E1", JobTitle: " Engineer "}, source.Identity{ID: "E2"})
	var ids []string
	for i := range s.All() {
		ids = append(ids, i.ID)
	}
	assert.Equal(t, []string{"E1", "E2", "E3"}, ids)
	assert.Equal(t, "Engineer", s.Find("E1").JobTitle)
	assert.Nil(t, s.Find("E4"))
	assert.Equal(t, "hr", s.Source())
	assert.Equal(t, 3, s.Len())
	assert.Empty(t, s.Findings())
	assert.True(t, s.Proof().Absence())
	for range s.All() {
		break
	}
}

func TestCollectProof(t *testing.T) {
	assert.False(t, source.Snapshot{}.Proof().Absence())
	assert.False(t, collect(t).Proof().Absence(), "an empty list proves nothing")
	assert.False(t, collect(t, source.Identity{ID: "E1"}, source.Identity{}).Proof().Absence(), "a lost row")
}

func TestCollectDuplicates(t *testing.T) {
	same := source.Identity{ID: "E1", Custom: map[string][]string{"a": {"b"}}}
	noted := same
	noted.Findings = []source.Finding{{Code: source.CodeBadValue, Field: "x", Line: 7}}
	s := collect(t, same, source.Identity{ID: "E2"}, noted, source.Identity{ID: "E2", JobTitle: "Boss"}, source.Identity{ID: "E0"})
	assert.Equal(t, 2, s.Len())
	assert.NotNil(t, s.Find("E1"), "the same twice counts once")
	assert.Nil(t, s.Find("E2"))
	assert.Equal(t, []string{"E2"}, s.Contested())
	assert.Equal(t, []string{"duplicate-id id", "bad-value x", "duplicate-id id"}, codes(s), "both rows are heard")
	assert.Equal(t, 3, s.Proof().People, "a contested person is present")
}

func TestCollectIDs(t *testing.T) {
	for _, id := range []string{
		"", " E1", "E1\t", "E\x001", "E1\n", "E\u200b1", "E\u200d1", "E\xff1", "E\u202e1", "E\ufffd1", strings.Repeat("x", 257),
	} {
		s := collect(t, source.Identity{ID: id, Findings: []source.Finding{{Code: source.CodeBadRow, Line: 3}}}, source.Identity{ID: "E2"})
		assert.Equal(t, 1, s.Len(), "%q", id)
		assert.Equal(t, 1, s.Proof().Lost, "%q", id)
		require.Equal(t, []string{"bad-row ", "no-id id"}, codes(s), "%q", id)
		assert.Equal(t, 3, s.Findings()[1].Line)
		assert.Empty(t, s.Findings()[0].Identity)
		assert.Equal(t, "hr", s.Findings()[0].Source)
	}
	assert.Equal(t, 2, collect(t, source.Identity{ID: strings.Repeat("x", 256)}, source.Identity{ID: "Zoë 王"}).Len())
}

func TestCollectText(t *testing.T) {
	tests := map[string]bool{
		"Łukasz Søren Straße": true, "王小明": true, "علی\u200cرضا": true, "क्\u200dष": true, "👍": true,
		strings.Repeat("x", 1024): true, "O’Brien-Smith": true,
		"a\x00b": false, "a\tb": false, "a\nb": false, "a\u0085b": false, "a\u2028b": false, "a\xffb": false, "a\ufffdb": false,
		"a\u202eb": false, "a\u2066b": false, "a\u200fb": false, "a\u061cb": false, "a\u200bb": false, "a\ufeffb": false,
		"a\u200db": false, "ا\u200cb": false, "a\u00adb": false, "a\u2060b": false, "a\u3164b": false, "a\U000e0041b": false, "a\uffffb": false,
		strings.Repeat("x", 1025): false,
	}
	for value, good := range tests {
		s := collect(t, source.Identity{ID: "E1", DisplayName: value})
		got := s.Find("E1").DisplayName
		if good {
			assert.Equal(t, value, got)
			assert.Empty(t, s.Findings())
			continue
		}
		assert.Empty(t, got, "%q", value)
		require.Equal(t, []string{"bad-value display_name"}, codes(s), "%q", value)
		assert.Less(t, len(s.Findings()[0].Message), 250)
		assert.Equal(t, s.Findings(), s.Find("E1").Findings)
	}
}

// poison puts a bad text into every string that an identity holds.
func poison(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("bad\u202evalue")
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[source.Date]() {
			return
		}
		for _, field := range v.Fields() {
			poison(field)
		}
	case reflect.Slice:
		if v.Type() == reflect.TypeFor[[]source.Finding]() {
			return
		}
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		poison(v.Index(0))
	default: // numbers are set by hand
	}
}

// No field is forgotten when identities are cleaned: also not one that somebody
// adds next year.
func TestCollectCleansEverything(t *testing.T) {
	var bad source.Identity
	poison(reflect.ValueOf(&bad).Elem())
	bad.ID = "E1"
	bad.Custom = map[string][]string{"good": {"x", "bad\u202e"}, "bad\u202e": {"x"}, "": {"x"}, "fine": {" y ", ""}}
	bad.Status, bad.EmploymentType, bad.Kind = 99, 99, 99
	bad.Employments[0].Status, bad.Employments[0].Type = 99, 99
	bad.Groups[0].Name = "fine"
	i := collect(t, bad).Find("E1")
	shown := fmt.Sprintf("%+v", func() source.Identity { c := *i; c.Findings = nil; return c }())
	assert.NotContains(t, shown, "bad")
	assert.NotContains(t, shown, "99")
	assert.Nil(t, i.Groups, "a list with one bad value is missing, not shorter")
	assert.Equal(t, map[string][]string{"fine": {"y"}}, i.Custom)
	assert.Equal(t, "bad\u202evalue", bad.Employments[0].Title, "what was yielded is not written to")

	one, err := source.Read(t.Context(), memsource.New("hr", bad), "E1")
	require.NoError(t, err)
	assert.Equal(t, *i, one, "one person is cleaned as all are")
}

func TestCollectValues(t *testing.T) {
	s := collect(t,
		source.Identity{ID: "E1", WorkEmail: "n/a", PersonalEmail: "a@b", Manager: source.Manager{Email: "a b@c.example"}},
		source.Identity{ID: "E2", Location: source.Location{Country: "de", TimeZone: "Europe/Berlin"}},
		source.Identity{ID: "E3", Location: source.Location{Country: "Germany", TimeZone: "Local", Zone: time.UTC}},
		source.Identity{ID: "E4", Location: source.Location{TimeZone: "Mars/Base"}},
	)
	assert.Equal(t, []string{
		"bad-value manager_email", "bad-value work_email", "bad-value country", "bad-value time_zone", "bad-value time_zone",
	}, codes(s))
	assert.Empty(t, s.Find("E1").WorkEmail)
	assert.Equal(t, "a@b", s.Find("E1").PersonalEmail)
	assert.Equal(t, "DE", s.Find("E2").Location.Country)
	assert.Equal(t, "Europe/Berlin", s.Find("E2").Location.Zone.String())
	assert.Nil(t, s.Find("E3").Location.Zone)
	assert.Empty(t, s.Find("E4").Location.TimeZone)
}

func TestCollectDates(t *testing.T) {
	day := func(s string) source.Date {
		d, err := source.ParseDate(s)
		require.NoError(t, err)
		return d
	}
	tests := map[string]struct {
		in    source.Identity
		field string // of the finding, "" for none
		end   string
	}{
		"plain":            {source.Identity{HireDate: day("2020-01-01"), TerminationDate: day("2026-03-01")}, "", "2026-03-01"},
		"open end":         {source.Identity{HireDate: day("2020-01-01"), TerminationDate: day("9999-12-31")}, "", ""},
		"open end, last":   {source.Identity{LastDay: day("2999-12-31"), TerminationDate: day("2026-03-01")}, "", "2026-03-01"},
		"open end of 64 b": {source.Identity{LastDay: day("2262-04-11")}, "", ""},
		"end of a year":    {source.Identity{LastDay: day("2299-12-31"), TerminationDate: day("2300-01-01")}, "", ""},
		"end mistyped":     {source.Identity{LastDay: day("2206-03-01")}, "last_day", ""},
		"end never set":    {source.Identity{TerminationDate: day("1900-01-01"), LastDay: day("1753-01-01")}, "", ""},
		"end in year 26":   {source.Identity{TerminationDate: day("0026-03-01")}, "termination_date", ""},
		"beginning":        {source.Identity{HireDate: day("0001-01-01"), LastDay: day("2026-03-01")}, "", "2026-03-01"},
		"never begins":     {source.Identity{HireDate: day("9999-12-31")}, "hire_date", ""},
		"begins before":    {source.Identity{StartDate: day("1899-11-30")}, "start_date", ""},
		"end before start": {source.Identity{HireDate: day("2020-01-01"), LastDay: day("2019-03-01")}, "last_day", ""},
		"rehire": {source.Identity{
			HireDate: day("2020-01-01"), OriginalHireDate: day("2010-01-01"), TerminationDate: day("2019-03-01"),
		}, "", ""},
		"rehire by employments": {source.Identity{
			HireDate: day("2020-01-01"), TerminationDate: day("2019-03-01"),
			Employments: []source.Employment{{Start: day("2010-01-01")}},
		}, "", ""},
		"original after": {source.Identity{HireDate: day("2020-01-01"), OriginalHireDate: day("2021-01-01")}, "original_hire_date", ""},
		"works longer":   {source.Identity{LastDay: day("2026-03-02"), TerminationDate: day("2026-03-01")}, "last_day", "2026-03-02"},
		"no instant":     {source.Identity{TerminatedAt: time.Date(2999, 1, 1, 0, 0, 0, 0, time.UTC)}, "", ""},
		"after all":      {source.Identity{TerminatedAt: time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -7200)).UTC()}, "", ""},
		"odd instant":    {source.Identity{TerminatedAt: time.Date(2400, 5, 1, 0, 0, 0, 0, time.UTC)}, "terminated_at", ""},
		"odd update":     {source.Identity{UpdatedAt: time.Date(1753, 5, 1, 0, 0, 0, 0, time.UTC)}, "updated_at", ""},
		"employments": {source.Identity{Employments: []source.Employment{
			{Start: day("0001-01-01"), End: day("9999-12-31")}, {Start: day("9999-12-31")},
		}}, "employments", ""},
		"edges": {source.Identity{HireDate: day("1900-01-02"), TerminationDate: day("2200-12-31")}, "", "2200-12-31"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.ID = "E1"
			s := collect(t, tt.in)
			if tt.field == "" {
				assert.Empty(t, s.Findings())
			} else {
				assert.Equal(t, []string{"bad-dates " + tt.field}, codes(s))
			}
			assert.Equal(t, tt.end, s.Find("E1").End().String())
			assert.True(t, s.Find("E1").TerminatedAt.IsZero())
			assert.Equal(t, s.Findings(), s.Find("E1").Findings, "what was noticed stays with the person")
			if tt.field == "" {
				assert.True(t, s.Find("E1").HireDate.IsZero() || plausibleYear(s.Find("E1").HireDate))
			}
		})
	}
}

func plausibleYear(d source.Date) bool { return d.Year() >= 1900 && d.Year() <= 2200 }

func TestNoDate(t *testing.T) {
	for text, none := range map[string]bool{
		"": true, " ": true, "0000-00-00": true, "00000000": true, "00.00.0000": true, "0": true, "-": true, "—": true,
		"0000-00-00 00:00:00": true, "0000-00-00T00:00:00Z": true, "NULL": true, "n/a": true, "None": true,
		"TBD": false, "?": false, "T": false, "2026-01-01": false, "00/00/0001": false, "offen": false,
	} {
		assert.Equal(t, none, source.NoDate(text), "%q", text)
	}
}

func TestClean(t *testing.T) {
	shared := []source.Finding{{Code: source.CodeBadValue, Field: "hire_date"}}
	in := source.Identity{
		ID: "E1", JobTitle: " Clerk ", TerminationDate: source.Day(9999, 12, 31), WorkEmail: "none", Findings: shared,
		Location: source.Location{TimeZone: "America/New_York", Country: "us"},
	}
	out := source.Clean(in)
	assert.Equal(t, "Clerk", out.JobTitle)
	assert.Equal(t, "America/New_York", out.Location.Zone.String())
	assert.Equal(t, "US", out.Location.Country)
	assert.True(t, out.TerminationDate.IsZero())
	require.Len(t, out.Findings, 2)
	assert.Equal(t, "E1", out.Findings[0].Identity)
	assert.Equal(t, "work_email", out.Findings[1].Field)
	assert.Equal(t, []source.Finding{{Code: source.CodeBadValue, Field: "hire_date"}}, shared, "what is shared is left alone")
	assert.Nil(t, in.Location.Zone)
	assert.Equal(t, out, source.Clean(out))
	odd := source.Clean(source.Identity{ID: "E2", HireDate: source.Day(2020, 1, 1), LastDay: source.Day(2019, 1, 1)})
	require.Len(t, odd.Findings, 1)
	assert.Equal(t, odd, source.Clean(odd), "what contradicts itself is said once")

	in.Findings = nil
	read, err := source.Read(t.Context(), memsource.New("hr", in), "E1")
	require.NoError(t, err)
	clean := source.Clean(in)
	for n := range clean.Findings {
		clean.Findings[n].Source = "hr"
	}
	assert.Equal(t, read, clean, "the same as reading it")

	bad := source.Clean(source.Clean(source.Identity{ID: " E1"}))
	require.Len(t, bad.Findings, 1)
	assert.Equal(t, source.CodeNoID, bad.Findings[0].Code)
}

// stream is a source that yields what it is told.
type stream struct {
	source.ListOnly
	name string
	all  iter.Seq2[source.Identity, error]
}

func (s stream) Name() string                                                 { return s.name }
func (s stream) Identities(context.Context) iter.Seq2[source.Identity, error] { return s.all }

func TestCollectErrors(t *testing.T) {
	boom := errors.New("boom")
	yielded := 0
	bad := stream{name: "hr", all: func(yield func(source.Identity, error) bool) {
		for _, err := range []error{nil, boom, nil} {
			yielded++
			if !yield(source.Identity{ID: fmt.Sprint(yielded)}, err) {
				return
			}
		}
	}}
	s, err := source.Collect(t.Context(), bad)
	require.ErrorIs(t, err, boom)
	assert.EqualError(t, err, "read hr: boom")
	assert.Zero(t, s)
	assert.Equal(t, 2, yielded, "nothing is taken after an error")

	_, err = source.Read(t.Context(), bad, "1")
	require.ErrorIs(t, err, boom)

	ctx, cancel := context.WithCancel(t.Context())
	quiet := stream{name: "hr", all: func(yield func(source.Identity, error) bool) {
		yield(source.Identity{ID: "E1"}, nil)
		cancel()
	}}
	s, err = source.Collect(ctx, quiet)
	require.ErrorIs(t, err, context.Canceled, "a source that ends quietly when cancelled has not been read")
	assert.Zero(t, s)
	_, err = source.Read(ctx, quiet, "E1")
	require.ErrorIs(t, err, context.Canceled)

	_, err = source.Collect(t.Context(), nil)
	require.Error(t, err)
	_, err = source.Collect(t.Context(), stream{})
	require.Error(t, err)
}

func TestRead(t *testing.T) {
	mem := memsource.New("hr", source.Identity{ID: "E1"}, source.Identity{ID: "E2"}, source.Identity{ID: "E2", JobTitle: "Boss"},
		source.Identity{ID: "E3"}, source.Identity{ID: "E3"})
	check := func(t *testing.T) {
		i, err := source.Read(t.Context(), mem, "E1")
		require.NoError(t, err)
		assert.Equal(t, "E1", i.ID)
		_, err = source.Read(t.Context(), mem, "E2")
		require.ErrorIs(t, err, source.ErrContested)
		_, err = source.Read(t.Context(), mem, "E9")
		require.ErrorIs(t, err, source.ErrNotFound)
		assert.ErrorContains(t, err, `read hr "E9"`)
		_, err = source.Read(t.Context(), mem, " E1")
		require.Error(t, err)
		_, err = source.Read(t.Context(), nil, "E1")
		require.Error(t, err)
	}
	t.Run("one", check)
	mem.Break(memsource.Fault{ReadErr: source.ErrListOnly})
	t.Run("list", check)
	_, err := source.Read(t.Context(), mem, "E3")
	require.NoError(t, err, "the same twice is no contradiction")

	other := source.Map(memsource.New("hr", source.Identity{ID: "E1"}), nil)
	_, err = source.Read(t.Context(), liar{other}, "E1")
	require.ErrorContains(t, err, `answered with "E2"`)
}

type liar struct{ source.Source }

func (liar) Identity(context.Context, string) (source.Identity, error) {
	return source.Identity{ID: "E2"}, nil
}

func TestFindingsAreBounded(t *testing.T) {
	var people []source.Identity
	for n := range 1500 {
		people = append(people, source.Identity{ID: fmt.Sprintf("E%04d", n), WorkEmail: "none"})
	}
	s := collect(t, people...)
	require.Len(t, s.Findings(), 1001)
	assert.Contains(t, s.Findings()[0].Message, "500 more")
	assert.Len(t, s.Find("E1499").Findings, 1, "the person keeps what was noticed about them")
}

// The order in which a source yields never shows in the snapshot.
func TestCollectOrderIndependent(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 2))
	var people []source.Identity
	for range 300 {
		people = append(people, source.Identity{
			ID: fmt.Sprint("E", rng.IntN(200)), WorkEmail: []string{"", "x", "a@b"}[rng.IntN(3)],
			Department: source.Named(strings.Repeat("d", rng.IntN(2))),
		})
	}
	want := collect(t, people...)
	for range 5 {
		rng.Shuffle(len(people), func(a, b int) { people[a], people[b] = people[b], people[a] })
		got := collect(t, people...)
		require.Equal(t, want.Findings(), got.Findings())
		require.Equal(t, want.Contested(), got.Contested())
		require.Equal(t, want.Len(), got.Len())
		for i := range want.All() {
			require.Equal(t, i, got.Find(i.ID))
		}
	}
}

func BenchmarkCollect(b *testing.B) {
	const people = 20000
	all := func(yield func(source.Identity, error) bool) {
		for n := range people {
			id := fmt.Sprint("E", 1000000+n)
			if !yield(source.Identity{
				ID: id, WorkEmail: id + "@acme.example", DisplayName: "Ana Silva " + id, Status: source.Active,
				Name:       source.Name{Given: "Ana", Family: "Silva"},
				Department: source.Named(strings.Clone("Engineering")), JobTitle: strings.Clone("Engineer"),
				Location: source.Location{Name: "Berlin", Country: "DE", TimeZone: "Europe/Berlin"},
			}, nil) {
				return
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := source.Collect(b.Context(), stream{name: "hr", all: all}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/people, "ns/person")
}
