package source_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/memsource"
)

func TestCollectFindsManagers(t *testing.T) {
	by := func(id string, m source.Manager) source.Identity { return source.Identity{ID: id, Manager: m} }
	s := collect(t,
		source.Identity{ID: "B1", EmployeeNumber: "1", WorkEmail: "Boss@acme.example"},
		source.Identity{ID: "B2", EmployeeNumber: "2", WorkEmail: "two@acme.example"},
		source.Identity{ID: "B3", EmployeeNumber: "2", WorkEmail: "\u212aim@acme.example"},
		by("E1", source.Manager{EmployeeNumber: "1", Email: "two@acme.example"}),
		by("E2", source.Manager{EmployeeNumber: "9", Email: "boss@ACME.example"}),
		by("E3", source.Manager{EmployeeNumber: "2"}),
		by("E4", source.Manager{Email: "kim@acme.example"}),
		by("E5", source.Manager{ID: "X", EmployeeNumber: "1"}),
		by("E6", source.Manager{Name: "Boss"}),
	)
	for id, want := range map[string]string{"E1": "B1", "E2": "B1", "E3": "", "E4": "", "E5": "X", "E6": ""} {
		assert.Equal(t, want, s.Find(id).Manager.ID, id)
	}
	assert.Equal(t, []string{"conflict manager"}, codes(s), "two people share the number")
}

func TestMergeTranslatesManagers(t *testing.T) {
	hris := memsource.New("hris",
		source.Identity{ID: "E1", EmployeeNumber: "1"},
		source.Identity{ID: "E2", EmployeeNumber: "2", Employments: []source.Employment{{Manager: source.Manager{ID: "E1"}}}},
		source.Identity{ID: "E3", EmployeeNumber: "3"},
		source.Identity{ID: "E4", Manager: source.Manager{ID: "E3"}},
	)
	ad := memsource.New("ad",
		source.Identity{ID: "d1", EmployeeNumber: "1"},
		source.Identity{ID: "d2", EmployeeNumber: "2", Manager: source.Manager{ID: "d1", Name: "Ana"}},
		source.Identity{ID: "d3", EmployeeNumber: "3", Manager: source.Manager{ID: "d9", Name: "Bo"}},
	)
	m, err := source.Merge(source.MergeConfig{Name: "all", Sources: []source.Source{hris, ad}, Match: []source.MatchBy{source.ByEmployeeNumber}})
	require.NoError(t, err)
	s := collected(t, m)
	assert.Equal(t, source.Manager{ID: "E1", Name: "Ana"}, s.Find("E2").Manager)
	assert.Equal(t, "E1", s.Find("E2").Employments[0].Manager.ID)
	assert.Equal(t, source.Manager{Name: "Bo"}, s.Find("E3").Manager, "an ID of the other system would name somebody else")
	assert.Equal(t, "E3", s.Find("E4").Manager.ID)
}
