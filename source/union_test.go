package source_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/source/sourcetest"
)

func staffAndContacts(t *testing.T, staff source.Source) source.Source {
	t.Helper()
	crm := memsource.New("crm",
		source.Identity{ID: "1", Kind: source.KindContact, Status: source.Active, Manager: source.Manager{ID: "2"}},
		source.Identity{ID: "2", Kind: source.KindContact, Employments: []source.Employment{{Manager: source.Manager{ID: "1"}}}},
	)
	u, err := source.Union("everybody", source.Part{Source: staff}, source.Part{Source: crm, Prefix: "crm:"})
	require.NoError(t, err)
	return u
}

func TestUnion(t *testing.T) {
	u := staffAndContacts(t, memsource.New("hr", source.Identity{ID: "1", Manager: source.Manager{ID: "9"}}, source.Identity{ID: "9"}))
	s := collected(t, u)
	require.Equal(t, 4, s.Len(), "equal IDs of two parts are two people")
	assert.Equal(t, "crm:2", s.Find("crm:1").Manager.ID)
	assert.Equal(t, "crm:1", s.Find("crm:2").Employments[0].Manager.ID)
	assert.Equal(t, "9", s.Find("1").Manager.ID)
	assert.Equal(t, source.KindContact, s.Find("crm:1").Kind)
	for _, id := range []string{"1", "9", "crm:1", "crm:2"} {
		one, err := source.Read(t.Context(), u, id)
		require.NoError(t, err)
		assert.Equal(t, id, one.ID)
	}
	_, err := source.Read(t.Context(), u, "crm:7")
	require.ErrorIs(t, err, source.ErrNotFound)
	assert.Contains(t, err.Error(), "crm")
}

func TestUnionNeverShorter(t *testing.T) {
	staff := memsource.New("hr", source.Identity{ID: "1"}, source.Identity{ID: "2"})
	staff.Break(memsource.Fault{After: 1, ListErr: errors.New("connection reset")})
	_, err := source.Collect(t.Context(), staffAndContacts(t, staff))
	require.ErrorContains(t, err, "hr: connection reset")

	s := collected(t, staffAndContacts(t, memsource.New("hr", source.Identity{ID: "crm:1"}, source.Identity{ID: "2"})))
	assert.Equal(t, 1, s.Proof().Lost, "an ID that looks like one of another part is nobody's")
	assert.NotNil(t, s.Find("crm:1"))
	assert.Equal(t, source.Active, s.Find("crm:1").Status)
}

func TestUnionConfig(t *testing.T) {
	hr, crm := memsource.New("hr"), memsource.New("crm")
	for want, parts := range map[string][]source.Part{
		"no parts":             {},
		"part 1 has no source": {{Source: hr}, {Prefix: "x"}},
		"two parts are called": {{Source: hr}, {Source: hr, Prefix: "x"}},
		`"" and ""`:            {{Source: hr}, {Source: crm}},
		`"c" and "crm"`:        {{Source: hr, Prefix: "c"}, {Source: crm, Prefix: "crm"}},
	} {
		_, err := source.Union("all", parts...)
		require.ErrorContains(t, err, want)
	}
	_, err := source.Union("", source.Part{Source: hr})
	require.ErrorContains(t, err, "no name")
}

func TestUnionConformance(t *testing.T) {
	sourcetest.Run(t, func(t *testing.T) source.Source {
		t.Helper()
		return staffAndContacts(t, memsource.New("hr", source.Identity{ID: "1"}))
	}, &sourcetest.Options{WantIDs: []string{"1", "crm:1", "crm:2"}})
}
