package source_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

func merge(t *testing.T, cfg source.MergeConfig) *source.Merged {
	t.Helper()
	cfg.Name = "all"
	m, err := source.Merge(cfg)
	require.NoError(t, err)
	return m
}

func collected(t *testing.T, s source.Source) source.Snapshot {
	t.Helper()
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	return snapshot
}

func TestMergeFields(t *testing.T) {
	hris := memsource.New("hris", source.Identity{
		ID: "E1", Status: source.Active, HireDate: source.Day(2020, 1, 1), EmployeeNumber: "7",
		Department: source.Ref{Name: "Sales", Code: "S"}, WorkEmail: "old@acme.example",
		Custom: map[string][]string{"a": {"hris"}}, Groups: []source.Group{{Name: "g"}},
		EmploymentType: source.FullTime, EmploymentTypeRaw: "FT", Kind: source.KindEmployee,
	})
	ad := memsource.New("ad", source.Identity{
		ID: "d-9", EmployeeNumber: "7", Status: source.Terminated, TerminationDate: source.Day(2025, 1, 1),
		Department: source.Ref{Name: "Vertrieb", ID: "99"}, WorkEmail: "ana@acme.example", DisplayName: "Ana",
		Custom: map[string][]string{"a": {"ad"}, "b": {"ad"}}, Location: source.Location{City: "Berlin", TimeZone: "Europe/Berlin"},
	})
	m := merge(t, source.MergeConfig{
		Sources: []source.Source{hris, ad}, Match: []source.MatchBy{source.ByID, source.ByEmployeeNumber},
		Precedence: map[string][]string{"work_email": {"ad", "hris"}},
	})
	s := collected(t, m)
	require.Equal(t, 1, s.Len())
	i := s.Find("E1")
	assert.Equal(t, source.Active, i.Status, "status follows authority")
	assert.True(t, i.TerminationDate.IsZero(), "and so do the dates")
	assert.Equal(t, source.Ref{Name: "Sales", Code: "S"}, i.Department, "parts come from one source")
	assert.Equal(t, "ana@acme.example", i.WorkEmail)
	assert.Equal(t, "Ana", i.DisplayName)
	assert.Equal(t, "Europe/Berlin", i.Location.Zone.String())
	assert.Equal(t, map[string][]string{"a": {"hris"}, "b": {"ad"}}, i.Custom)
	assert.Equal(t, []source.AlternateID{{Type: "ad", Value: "d-9"}}, i.AlternateIDs)
	assert.Equal(t, source.FullTime, i.EmploymentType)
	assert.Equal(t, source.KindEmployee, i.Kind)
	assert.Len(t, i.Groups, 1)
	assert.Empty(t, s.Findings(), "a source without authority does not contradict")

	origins, err := m.Provenance(t.Context(), "E1")
	require.NoError(t, err)
	assert.Contains(t, origins, source.Origin{Field: "work_email", Source: "hris", Value: "old@acme.example"})
	assert.Contains(t, origins, source.Origin{Field: "work_email", Source: "ad", Value: "ana@acme.example", Chosen: true})
	assert.Contains(t, origins, source.Origin{Field: "status", Source: "ad", Value: "terminated"})
	_, err = m.Provenance(t.Context(), "E2")
	require.ErrorIs(t, err, source.ErrNotFound)

	one, err := source.Read(t.Context(), m, "E1")
	require.NoError(t, err)
	assert.Equal(t, *i, one, "read through the lists")
}

func TestMergeATSUntilHRIS(t *testing.T) {
	ats := memsource.New("ats", source.Identity{ID: "A1", Status: source.PreHire, WorkEmail: "Ana@acme.example", StartDate: source.Day(2026, 5, 1)})
	hris := memsource.New("hris")
	m := merge(t, source.MergeConfig{
		Sources: []source.Source{ats, hris}, Authoritative: []string{"hris", "ats"}, Match: []source.MatchBy{source.ByWorkEmail},
	})
	assert.Equal(t, source.PreHire, collected(t, m).Find("A1").Status)

	hris.Put(source.Identity{ID: "E1", Status: source.Terminated, WorkEmail: "ana@ACME.example"})
	s := collected(t, m)
	require.Equal(t, 1, s.Len())
	i := s.Find("E1")
	assert.Equal(t, source.Terminated, i.Status)
	assert.True(t, i.StartDate.IsZero(), "the dates of one source do not mix with those of another")
	assert.Equal(t, []source.AlternateID{{Type: "ats", Value: "A1"}}, i.AlternateIDs)
	require.Len(t, s.Findings(), 1)
	assert.Equal(t, source.CodeConflict, s.Findings()[0].Code)
	assert.Equal(t, "E1", s.Findings()[0].Identity)

	m = merge(t, source.MergeConfig{
		Sources: []source.Source{hris, ats}, Authoritative: []string{"hris", "ats"}, Match: []source.MatchBy{source.ByWorkEmail},
	})
	assert.Equal(t, source.Terminated, collected(t, m).Find("E1").Status, "authority has its own order")
}

// A departure counts only if nobody who is trusted more is silent: their list may
// be short.
func TestMergeUnprovedDeparture(t *testing.T) {
	gone := source.Identity{
		ID: "E1", Status: source.Terminated, StatusRaw: "T", HireDate: source.Day(2020, 1, 1), TerminationDate: source.Day(2024, 1, 1),
		LastDay: source.Day(2024, 1, 1), JobTitle: "Engineer",
		Employments: []source.Employment{{Manager: source.Manager{ID: "E9"}}},
	}
	here := source.Identity{ID: "E1", Status: source.Active, HireDate: source.Day(2020, 1, 1)}
	hris, old, ats := memsource.New("hris"), memsource.New("old", gone), memsource.New("ats", here)
	m := merge(t, source.MergeConfig{Sources: []source.Source{old, ats, hris}, Authoritative: []string{"hris", "old", "ats"}})
	both := func() []source.Identity {
		t.Helper()
		one, err := source.Read(t.Context(), m, "E1")
		require.NoError(t, err)
		return []source.Identity{one, *collected(t, m).Find("E1")}
	}
	for _, i := range both() {
		assert.Equal(t, source.Unknown, i.Status)
		assert.Empty(t, i.StatusRaw)
		assert.True(t, i.HireDate.IsZero() && i.TerminationDate.IsZero() && i.LastDay.IsZero())
		assert.Empty(t, i.Employments)
		assert.Equal(t, "Engineer", i.JobTitle, "the other fields are theirs")
		require.Len(t, i.Findings, 1)
		assert.Equal(t, source.CodeConflict, i.Findings[0].Code)
		assert.Contains(t, i.Findings[0].Message, "hris")
		assert.Contains(t, i.Findings[0].Message, "old says terminated")
	}
	origins, err := m.Provenance(t.Context(), "E1")
	require.NoError(t, err)
	assert.Contains(t, origins, source.Origin{Field: "status", Source: "old", Value: "terminated"})

	m = merge(t, source.MergeConfig{
		Sources: []source.Source{old, ats, hris}, Authoritative: []string{"hris", "old", "ats"}, Departures: []string{"old"},
	})
	for _, i := range both() {
		assert.Equal(t, source.Terminated, i.Status, "whose word counts alone")
		assert.Equal(t, source.Day(2024, 1, 1), i.LastDay)
	}

	hris.Put(here)
	for _, i := range both() {
		assert.Equal(t, source.Active, i.Status)
	}
	hris.Put(gone)
	for _, i := range both() {
		assert.Equal(t, source.Terminated, i.Status)
		assert.Equal(t, source.Day(2024, 1, 1), i.LastDay)
	}
	hris.Remove("E1")
	old.Put(here)
	for _, i := range both() {
		assert.Equal(t, source.Active, i.Status, "who works may be known to one alone")
	}
}

// A date that could not be read damages a merged person only where dates come
// from.
func TestMergeFindings(t *testing.T) {
	odd := func(field string) []source.Finding {
		return []source.Finding{
			{Code: source.CodeBadValue, Field: field, Message: "odd"},
			{Source: "file", Code: source.CodeBadValue, Field: field, Message: "nothing can be read"},
		}
	}
	hris := memsource.New("hris", source.Identity{ID: "E1", Status: source.Active}, source.Identity{ID: "E2", Status: source.Active, Findings: odd("hire_date")})
	ad := memsource.New("ad", source.Identity{ID: "E1", Findings: odd("hire_date")}, source.Identity{ID: "E2", HireDate: source.Day(2020, 1, 1), Findings: odd("work_email")})
	m := merge(t, source.MergeConfig{Sources: []source.Source{hris, ad}})
	s := collected(t, m)
	for _, id := range []string{"E1", "E2"} {
		one, err := source.Read(t.Context(), m, id)
		require.NoError(t, err)
		for _, i := range []*source.Identity{&one, s.Find(id)} {
			var fields []string
			for _, f := range i.Findings {
				if f.Identity != "" {
					assert.Equal(t, id, f.Identity)
					fields = append(fields, f.Source+": "+f.Field)
				}
			}
			want := map[string][]string{"E1": {"ad: ad.hire_date"}, "E2": {"hris: hire_date", "ad: work_email"}}
			assert.Equal(t, want[id], fields)
			assert.True(t, i.HireDate.IsZero())
		}
	}
	nobody := 0
	for _, f := range s.Findings() {
		if f.Identity == "" {
			nobody++
		}
	}
	assert.Equal(t, 3, nobody, "what concerns nobody is said once each")

	hris.Set(source.Identity{ID: "E1", HireDate: source.Day(2020, 1, 1), LastDay: source.Day(2019, 1, 1)})
	one, err := source.Read(t.Context(), m, "E1")
	require.NoError(t, err)
	var said []string
	for _, f := range one.Findings {
		if f.Field == "last_day" {
			said = append(said, f.Source)
		}
	}
	assert.Equal(t, []string{"hris"}, said, "a contradiction is said once, by the source that has it")
}

func TestMergeConflicts(t *testing.T) {
	id := func(id, mail string) source.Identity {
		return source.Identity{ID: id, WorkEmail: mail, Status: source.Active}
	}
	tests := map[string]struct {
		hris, ad []source.Identity
		match    source.MatchBy
		bare     []string
	}{
		"one row, two people": {
			[]source.Identity{id("E1", "a@x"), id("E2", "A@x"), id("E3", "c@x")},
			[]source.Identity{id("d1", "a@X")},
			source.ByWorkEmail,
			[]string{"E1", "E2"},
		},
		"two rows, one person": {
			[]source.Identity{id("E1", "a@x"), id("E3", "c@x")},
			[]source.Identity{id("d1", "a@x"), id("d2", "a@x")},
			source.ByWorkEmail,
			[]string{"E1"},
		},
		"confusable addresses never match": {
			[]source.Identity{id("E1", "\u212aim@x")},
			[]source.Identity{id("d1", "kim@x"), id("d2", "\u212aim@x")},
			source.ByWorkEmail, nil,
		},
		"contested in the main source": {
			[]source.Identity{id("E1", "a@x"), id("E1", "b@x")}, nil, source.ByID, []string{"E1"},
		},
		"contested beside it": {
			[]source.Identity{id("E1", "a@x")}, []source.Identity{id("E1", "a@x"), id("E1", "b@x")}, source.ByID, []string{"E1"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			m := merge(t, source.MergeConfig{
				Sources: []source.Source{memsource.New("hris", tt.hris...), memsource.New("ad", tt.ad...)}, Match: []source.MatchBy{tt.match},
			})
			s := collected(t, m)
			var bare []string
			for i := range s.All() {
				if i.Status == source.Unknown {
					bare = append(bare, i.ID)
					assert.Empty(t, i.WorkEmail)
					assert.Equal(t, source.CodeConflict, i.Findings[0].Code)
				}
			}
			assert.Equal(t, tt.bare, bare)
			assert.Empty(t, s.Contested())
			for _, person := range tt.hris {
				assert.NotNil(t, s.Find(person.ID), "nobody becomes absent by a conflict")
			}
		})
	}
}

func TestMergeSameIDOfDifferentPeople(t *testing.T) {
	m := merge(t, source.MergeConfig{
		Sources:       []source.Source{memsource.New("de", source.Identity{ID: "1", JobTitle: "a"}), memsource.New("fr", source.Identity{ID: "1", JobTitle: "b"})},
		Authoritative: []string{"de", "fr"}, Match: []source.MatchBy{source.ByEmployeeNumber},
	})
	s := collected(t, m)
	require.Equal(t, 1, s.Len())
	assert.Empty(t, s.Find("1").JobTitle)
	assert.Len(t, s.Findings(), 1)
}

func TestMergeAlternateIDs(t *testing.T) {
	alt := []source.AlternateID{{Type: "sf:user", Value: "u1"}}
	m := merge(t, source.MergeConfig{
		Sources: []source.Source{
			memsource.New("hris", source.Identity{ID: "E1", AlternateIDs: alt}),
			memsource.New("ad", source.Identity{ID: "d", AlternateIDs: alt, Username: "ana"}, source.Identity{ID: "e", Username: "bo"}),
		},
		Match: []source.MatchBy{source.ByAlternateID},
	})
	s := collected(t, m)
	assert.Equal(t, "ana", s.Find("E1").Username)
	require.Len(t, s.Findings(), 1, "somebody whom only the directory knows is a finding")
	assert.Equal(t, "ad", s.Findings()[0].Source)
	assert.Empty(t, s.Findings()[0].Identity)
	assert.Contains(t, s.Findings()[0].Message, `"e"`)
}

func TestMergeNeverShorter(t *testing.T) {
	boom := errors.New("boom")
	hris := memsource.New("hris", source.Identity{ID: "E1"}, source.Identity{})
	ad := memsource.New("ad", source.Identity{ID: "E1", Username: "ana"}, source.Identity{})
	m := merge(t, source.MergeConfig{Sources: []source.Source{hris, ad}})
	s := collected(t, m)
	assert.Equal(t, 1, s.Proof().Lost, "a lost row of the main source blocks absence, one of the other does not")

	one, err := source.Read(t.Context(), m, "E1")
	require.NoError(t, err)
	assert.Equal(t, "ana", one.Username)
	_, err = source.Read(t.Context(), m, "E9")
	require.ErrorIs(t, err, source.ErrNotFound)

	ad.Put(source.Identity{ID: "E2"})
	_, err = source.Read(t.Context(), m, "E2")
	require.ErrorIs(t, err, source.ErrNotFound)

	ad.Break(memsource.Fault{After: 1, ListErr: boom, ReadErr: boom})
	_, err = source.Collect(t.Context(), m)
	require.ErrorIs(t, err, boom)
	_, err = source.Read(t.Context(), m, "E1")
	require.ErrorIs(t, err, boom)
	_, err = m.Provenance(t.Context(), "E1")
	require.ErrorIs(t, err, boom)

	hris.Set(source.Identity{ID: "E1"}, source.Identity{ID: "E1", JobTitle: "x"})
	ad.Break(memsource.Fault{})
	one, err = source.Read(t.Context(), m, "E1")
	require.NoError(t, err)
	assert.Equal(t, source.CodeConflict, one.Findings[0].Code)
}

func TestMergeConfig(t *testing.T) {
	a, b := memsource.New("a"), memsource.New("b")
	for fault, cfg := range map[string]source.MergeConfig{
		"no name":           {Sources: []source.Source{a}},
		"no sources":        {Name: "x"},
		"is nil":            {Name: "x", Sources: []source.Source{nil}},
		"different names":   {Name: "x", Sources: []source.Source{a, memsource.New("a")}},
		`no source "c"`:     {Name: "x", Sources: []source.Source{a, b}, Authoritative: []string{"c"}},
		"way of matching":   {Name: "x", Sources: []source.Source{a}, Match: []source.MatchBy{9}},
		`no field "nope"`:   {Name: "x", Sources: []source.Source{a}, Precedence: map[string][]string{"nope": {"a"}}},
		`no field "custom.`: {Name: "x", Sources: []source.Source{a}, Precedence: map[string][]string{"custom.x": {"a"}}},
		"department; name":  {Name: "x", Sources: []source.Source{a}, Precedence: map[string][]string{"department_code": {"a"}}},
		"status follows":    {Name: "x", Sources: []source.Source{a}, Precedence: map[string][]string{"status": {"a"}}},
		`"b" is not auth`:   {Name: "x", Sources: []source.Source{a, b}, Departures: []string{"b"}},
		`team: there is no`: {Name: "x", Sources: []source.Source{a}, Precedence: map[string][]string{"team": {"z"}}},
	} {
		_, err := source.Merge(cfg)
		assert.ErrorContains(t, err, fault)
	}
}

func TestFilterAndMap(t *testing.T) {
	mem := memsource.New("hr", source.Identity{ID: "E1"}, source.Identity{ID: "T2"}, source.Identity{})
	people := source.Filter(mem, func(i *source.Identity) bool { return i.ID[0] == 'E' })
	s := collected(t, people)
	assert.Equal(t, 1, s.Len())
	assert.Equal(t, 1, s.Proof().Lost, "a row without an ID is never filtered out")
	_, err := people.Identity(t.Context(), "T2")
	require.ErrorIs(t, err, source.ErrNotFound)
	_, err = people.Identity(t.Context(), "E9")
	require.ErrorIs(t, err, source.ErrNotFound)
	assert.Equal(t, "hr", people.Name())
	for _, err := range people.Identities(t.Context()) {
		require.NoError(t, err)
		break
	}

	mapped := source.Map(mem, func(i source.Identity) (source.Identity, error) {
		switch i.ID {
		case "E1":
			i.JobTitle = "Engineer"
			return i, nil
		case "T2":
			return source.Identity{}, errors.New("no idea")
		}
		i.ID = "other"
		return i, nil
	})
	mem.Put(source.Identity{ID: "E3"})
	s = collected(t, mapped)
	assert.Equal(t, 3, s.Len(), "nobody is dropped")
	assert.Equal(t, "Engineer", s.Find("E1").JobTitle)
	assert.Contains(t, s.Find("T2").Findings[0].Message, "no idea")
	assert.Contains(t, s.Find("E3").Findings[0].Message, "changes the ID")

	feed, ok := people.(source.DeltaSource)
	require.True(t, ok, "a wrapper of a DeltaSource is one")
	var ids []string
	var last source.Cursor
	for d, err := range feed.Changes(t.Context(), "") {
		require.NoError(t, err)
		ids = append(ids, d.Identity.ID)
		last = d.Cursor
	}
	assert.Equal(t, []string{"E1", "", "E3"}, ids)
	for _, err := range feed.Changes(t.Context(), "") {
		require.NoError(t, err)
		break
	}
	mem.ExpireCursors()
	for _, err := range feed.Changes(t.Context(), last) {
		require.ErrorIs(t, err, source.ErrCursorExpired)
	}
	_, ok = source.Filter(stream{name: "plain"}, nil).(source.DeltaSource)
	assert.False(t, ok, "a wrapper does not claim more than what it wraps")

	mem.Break(memsource.Fault{ListErr: context.DeadlineExceeded})
	_, err = source.Collect(t.Context(), mapped)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestMapKeepsFindings(t *testing.T) {
	mem := memsource.New("hr", source.Identity{ID: "E4", Findings: []source.Finding{{Code: source.CodeBadValue, Field: "hire_date"}}})
	for _, tt := range []struct {
		give []source.Finding
		want int
	}{{nil, 1}, {[]source.Finding{}, 0}, {[]source.Finding{{Code: source.CodeBadValue}, {Code: source.CodeConflict}}, 2}} {
		afresh := source.Map(mem, func(i source.Identity) (source.Identity, error) {
			return source.Identity{ID: i.ID, Status: source.Active, Findings: tt.give}, nil
		})
		i, err := source.Read(t.Context(), afresh, "E4")
		require.NoError(t, err)
		assert.Len(t, i.Findings, tt.want, "a mapping that says nothing keeps what was noticed")
	}
}
