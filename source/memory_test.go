package source_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

func hire() source.Identity {
	return source.Identity{ID: "A1", Status: source.PreHire, StartDate: source.Day(2026, 5, 1), WorkEmail: "ana@acme.example"}
}

func employee() source.Identity {
	return source.Identity{ID: "E1", Status: source.Active, HireDate: source.Day(2026, 5, 1), WorkEmail: "ana@acme.example"}
}

// Whom an ATS hired keeps the ID under which they got an account, whatever becomes of
// the row in the ATS or of the address by which the two were matched.
func TestMergeKeepsTheID(t *testing.T) {
	m := remembering("A1")
	ats := memsource.New("ats", hire())
	boss := source.Identity{ID: "E2", Status: source.Active, Manager: source.Manager{ID: "E1"}}
	hris := memsource.New("hris", boss)
	merged := merge(t, source.MergeConfig{
		Sources: []source.Source{hris, ats}, Authoritative: []string{"hris", "ats"},
		Match: []source.MatchBy{source.ByWorkEmail}, Memory: m,
	})
	assert.Equal(t, source.PreHire, collected(t, merged).Find("A1").Status)
	assert.Empty(t, m.known.Links, "one row needs no link")

	hris.Put(employee())
	s := collected(t, merged)
	require.Equal(t, 2, s.Len())
	assert.Equal(t, source.Active, s.Find("A1").Status)
	assert.Equal(t, "A1", s.Find("E2").Manager.ID)
	assert.Contains(t, s.Find("A1").AlternateIDs, source.AlternateID{Type: "hris", Value: "E1"})
	id, err := merged.IDOf(t.Context(), "hris", "E1")
	require.NoError(t, err)
	assert.Equal(t, "A1", id)

	other := employee()
	other.WorkEmail = "ana.maria@acme.example"
	hris.Put(other)
	s = collected(t, merged)
	require.Equal(t, 2, s.Len())
	assert.Equal(t, "ana.maria@acme.example", s.Find("A1").WorkEmail)

	ats.Remove("A1")
	s = collected(t, merged)
	require.Equal(t, 2, s.Len())
	assert.Equal(t, source.Active, s.Find("A1").Status, "the ATS forgot them")

	other.Status = source.Terminated
	hris.Put(other)
	assert.Equal(t, source.Terminated, collected(t, merged).Find("A1").Status)
}

func TestMergeTwoKnownIDs(t *testing.T) {
	m := remembering("A1", "E1")
	merged := merge(t, source.MergeConfig{
		Sources: []source.Source{memsource.New("hris", employee()), memsource.New("ats", hire())}, Authoritative: []string{"hris", "ats"},
		Match: []source.MatchBy{source.ByWorkEmail}, Memory: m,
	})
	s := collected(t, merged)
	for _, id := range []string{"A1", "E1"} {
		require.NotNil(t, s.Find(id))
		assert.Equal(t, source.Unknown, s.Find(id).Status)
		assert.Contains(t, s.Find(id).Findings[0].Message, "accounts of A1 and of E1")
	}
	assert.Empty(t, m.known.Links)

	m.known.Links[source.AlternateID{Type: "hris", Value: "E1"}] = "E1"
	m.known.Links[source.AlternateID{Type: "ats", Value: "A1"}] = "E1"
	s = collected(t, merged)
	assert.Equal(t, source.Active, s.Find("E1").Status)
	assert.Nil(t, s.Find("A1"))
}

// Nobody who has an account vanishes because of a conflict: neither they nor whoever
// else claims to be them.
func TestMergeConflictsKeepKnownIDs(t *testing.T) {
	twin := hire()
	twin.ID = "A2"
	for name, tt := range map[string]struct {
		ats   []source.Identity
		links map[source.AlternateID]string
	}{
		"two rows of one source": {[]source.Identity{hire(), twin}, nil},
		"one row, contested":     {[]source.Identity{hire(), {ID: "A1", WorkEmail: "b@acme.example"}}, map[source.AlternateID]string{{Type: "ats", Value: "A1"}: "A2"}},
	} {
		t.Run(name, func(t *testing.T) {
			m := remembering("A1", "A2")
			if tt.links != nil {
				m.known.Links = tt.links
			}
			s := collected(t, merge(t, source.MergeConfig{
				Sources: []source.Source{memsource.New("hris", employee()), memsource.New("ats", tt.ats...)},
				Match:   []source.MatchBy{source.ByWorkEmail}, Authoritative: []string{"hris", "ats"}, Memory: m,
			}))
			require.NotNil(t, s.Find("A2"))
			assert.Equal(t, source.Unknown, s.Find("A2").Status)
		})
	}
}

func TestMergeMemoryFails(t *testing.T) {
	for name, fail := range map[string]func(*memory){
		"to recall":   func(m *memory) { m.recall = errors.New("disk full") },
		"to remember": func(m *memory) { m.store = errors.New("disk full") },
	} {
		t.Run(name, func(t *testing.T) {
			m := remembering("A1")
			fail(m)
			_, err := source.Collect(t.Context(), merge(t, source.MergeConfig{
				Sources: []source.Source{memsource.New("hris", employee()), memsource.New("ats", hire())},
				Match:   []source.MatchBy{source.ByWorkEmail}, Authoritative: []string{"hris", "ats"}, Memory: m,
			}))
			require.ErrorContains(t, err, "disk full")
		})
	}
}
