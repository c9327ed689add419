package source_test

import (
	"context"
	"errors"
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

// memory is a source.Memory of a test.
type memory struct {
	known         source.Known
	recall, store error
}

func remembering(ids ...string) *memory {
	m := &memory{known: source.Known{IDs: map[string]bool{}, Links: map[source.AlternateID]string{}}}
	for _, id := range ids {
		m.known.IDs[id] = true
	}
	return m
}

func (m *memory) Known(context.Context) (source.Known, error) { return m.known, m.recall }

func (m *memory) Link(_ context.Context, links map[source.AlternateID]string) error {
	maps.Copy(m.known.Links, links)
	return m.store
}

// universal is an ID that a system gives to people, not to employments.
func universal(id string) []source.AlternateID {
	return []source.AlternateID{{Type: "universal", Value: id}}
}

func peopleOf(t *testing.T, memory source.Memory, rows ...source.Identity) source.Snapshot {
	t.Helper()
	s, err := source.People(source.PeopleConfig{
		Source: memsource.New("hris", rows...), Match: []source.MatchBy{source.ByAlternateID, source.ByWorkEmail}, Memory: memory,
	})
	require.NoError(t, err)
	return collected(t, s)
}

func TestPeople(t *testing.T) {
	d := source.Day
	left := source.Identity{
		ID: "C1", AlternateIDs: universal("u1"), Status: source.Terminated, HireDate: d(2020, 1, 1), TerminationDate: d(2024, 6, 30),
		JobTitle: "Contractor", EmploymentType: source.Contractor, WorkEmail: "ana@acme.example", Groups: []source.Group{{Name: "old"}},
	}
	hired := source.Identity{
		ID: "E7", AlternateIDs: universal("u1"), Status: source.Active, HireDate: d(2024, 7, 1),
		JobTitle: "Engineer", EmploymentType: source.FullTime, Groups: []source.Group{{Name: "new"}},
	}
	second := hired
	second.ID, second.JobTitle, second.TerminationDate, second.HireDate = "E8", "Teacher", d(2026, 12, 31), d(2025, 1, 1)
	ahead := hired
	ahead.ID, ahead.Status, ahead.HireDate = "E9", source.PreHire, d(2027, 1, 1)
	unknown := hired
	unknown.ID, unknown.Status = "E5", source.Unknown
	gone := second
	gone.Status, gone.TerminationDate = source.Terminated, d(2025, 3, 31)

	for name, tt := range map[string]struct {
		rows   []source.Identity
		id     string
		title  string
		status source.Status
		jobs   int
	}{
		"one row":                          {[]source.Identity{hired}, "E7", "Engineer", source.Active, 0},
		"contractor to employee":           {[]source.Identity{left, hired}, "C1", "Engineer", source.Active, 2},
		"two jobs, one for good":           {[]source.Identity{hired, second}, "E7", "Engineer", source.Active, 2},
		"two jobs, one is over":            {[]source.Identity{hired, gone}, "E7", "Engineer", source.Active, 2},
		"both are over":                    {[]source.Identity{left, gone}, "C1", "Teacher", source.Terminated, 2},
		"back under a new number, not yet": {[]source.Identity{left, ahead}, "C1", "Engineer", source.PreHire, 2},
		"one that cannot be read":          {[]source.Identity{left, unknown}, "C1", "Engineer", source.Unknown, 2},
		"that, and one that has not begun": {[]source.Identity{unknown, ahead}, "E5", "Engineer", source.Unknown, 2},
		"that, and one that is worked":     {[]source.Identity{unknown, second}, "E5", "Teacher", source.Active, 2},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 {
				s := peopleOf(t, nil, tt.rows...)
				require.Equal(t, 1, s.Len())
				for i := range s.All() {
					assert.Equal(t, tt.id, i.ID)
					assert.Equal(t, tt.title, i.JobTitle)
					assert.Equal(t, tt.status, i.Status)
					assert.Len(t, i.Employments, tt.jobs)
				}
				tt.rows = append(tt.rows[1:], tt.rows[0]) // the order of rows means nothing
			}
		})
	}

	i := peopleOf(t, nil, left, hired).Find("C1")
	assert.Equal(t, d(2024, 7, 1), i.HireDate)
	assert.True(t, i.TerminationDate.IsZero(), "the end of another employment is not theirs")
	assert.Equal(t, "ana@acme.example", i.WorkEmail, "what belongs to the person is lent")
	assert.Equal(t, []source.Group{{Name: "new"}}, i.Groups)
	assert.ElementsMatch(t, []source.AlternateID{{Type: "universal", Value: "u1"}, {Type: "hris", Value: "E7"}}, i.AlternateIDs)
	assert.True(t, i.Employments[0].Primary)
	assert.Equal(t, source.Terminated, i.Employments[1].Status)
}

// People who share nothing stay apart, and rows that are connected by others are one.
func TestPeopleApart(t *testing.T) {
	s := peopleOf(t, nil,
		source.Identity{ID: "1", AlternateIDs: universal("a"), WorkEmail: "x@acme.example"},
		source.Identity{ID: "2", AlternateIDs: universal("b"), WorkEmail: "y@acme.example"},
		source.Identity{ID: "3", AlternateIDs: universal("b"), WorkEmail: "X@acme.example"},
		source.Identity{ID: "4", WorkEmail: "z@acme.example", Manager: source.Manager{ID: "3"}},
	)
	require.Equal(t, 2, s.Len())
	assert.Equal(t, "1", s.Find("4").Manager.ID, "a manager is a person, whatever row is named")
	assert.ElementsMatch(t, []source.AlternateID{
		{Type: "universal", Value: "a"}, {Type: "universal", Value: "b"}, {Type: "hris", Value: "2"}, {Type: "hris", Value: "3"},
	}, s.Find("1").AlternateIDs)
}

// Whoever has an account keeps its ID, also when the first row is gone.
func TestPeopleKeepTheirID(t *testing.T) {
	left := source.Identity{ID: "E1", AlternateIDs: universal("u1"), Status: source.Terminated, HireDate: source.Day(2020, 1, 1)}
	back := source.Identity{ID: "E2", AlternateIDs: universal("u1"), Status: source.Active, HireDate: source.Day(2026, 1, 1)}
	m := remembering("E1")
	assert.Equal(t, source.Active, peopleOf(t, m, left, back).Find("E1").Status)
	assert.Equal(t, source.Active, peopleOf(t, m, back).Find("E1").Status, "the first row is gone")
	assert.NotNil(t, peopleOf(t, nil, back).Find("E2"), "nobody remembers")

	m = remembering("E1", "E2")
	s := peopleOf(t, m, left, back)
	for _, id := range []string{"E1", "E2"} {
		require.NotNil(t, s.Find(id), "both have accounts, so both stay")
		assert.Equal(t, source.Unknown, s.Find(id).Status)
		assert.Equal(t, source.CodeConflict, s.Find(id).Findings[0].Code)
	}
	for _, row := range []string{"E1", "E2"} {
		m.known.Links[source.AlternateID{Type: "hris employment", Value: row}] = "E2"
	}
	s = peopleOf(t, m, left, back)
	assert.Equal(t, source.Active, s.Find("E2").Status, "somebody said who they are")
	assert.Nil(t, s.Find("E1"))
}

func TestPeopleUnusable(t *testing.T) {
	s := peopleOf(t, remembering(),
		source.Identity{ID: "E1", WorkEmail: "a@acme.example", Status: source.Active},
		source.Identity{ID: "E1", WorkEmail: "b@acme.example", Status: source.Active},
		source.Identity{ID: "E2", Status: source.Active},
		source.Identity{Findings: []source.Finding{{Code: source.CodeNoID, Message: "no ID"}}},
	)
	assert.Equal(t, source.Unknown, s.Find("E1").Status, "contested")
	assert.Equal(t, source.Active, s.Find("E2").Status)
	assert.Equal(t, 1, s.Proof().Lost, "a row of nobody proves no absence")

	_, err := source.Collect(t.Context(), must(t, source.PeopleConfig{
		Source: memsource.New("hris"), Match: []source.MatchBy{source.ByWorkEmail}, Memory: &memory{recall: errors.New("disk full")},
	}))
	require.ErrorContains(t, err, "disk full", "who cannot be remembered may change their ID")
}

func must(t *testing.T, cfg source.PeopleConfig) source.Source {
	t.Helper()
	s, err := source.People(cfg)
	require.NoError(t, err)
	return s
}

func TestPeopleConfig(t *testing.T) {
	hris := memsource.New("hris")
	for want, cfg := range map[string]source.PeopleConfig{
		"people: no source":             {},
		"no way of matching":            {Source: hris},
		"there is no way of matching 1": {Source: hris, Match: []source.MatchBy{source.ByID}},
		"there is no way of matching 9": {Source: hris, Match: []source.MatchBy{9}},
	} {
		_, err := source.People(cfg)
		require.ErrorContains(t, err, want)
	}
}
