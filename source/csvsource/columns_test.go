package csvsource_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
)

// messages returns the findings about nobody in particular and those about one.
func messages(s source.Snapshot, id string) (nobody, person []string) {
	for _, f := range s.Findings() {
		switch f.Identity {
		case "":
			nobody = append(nobody, f.Message)
		case id:
			person = append(person, f.Field+": "+f.Message)
		}
	}
	return nobody, person
}

func TestDatesThatCannotBeRead(t *testing.T) {
	s := mustRead(t, csvsource.Config{}, "ID,Status,Hire Date,Termination Date,Last Day\n"+
		"E1,Active,06/01/2026,,2026-01-01\n"+
		"E2,Active,,12/31/2025,01/01/2026\n"+
		"E3,Active,,0000-00-00,-\n")
	nobody, first := messages(s, "E1")
	assert.Equal(t, []string{
		`no date in the column Hire Date can be read ("06/01/2026"); set Config.DateLayouts`,
		`no date in the column Termination Date can be read ("12/31/2025"); set Config.DateLayouts`,
	}, nobody, "not the column in which one can be read")
	require.Len(t, first, 1)
	assert.Contains(t, first[0], `hire_date: Hire Date "06/01/2026" is taken as missing: want a date as in 2006-01-02 or`)
	assert.Contains(t, first[0], "DateLayouts")
	_, second := messages(s, "E2")
	assert.Len(t, second, 2)
	_, third := messages(s, "E3")
	assert.Empty(t, third, "no date is stated, and what the columns are about is nobody's")
	assert.Equal(t, source.CodeBadValue, s.Find("E1").Findings[0].Code)
	assert.Equal(t, "E1", s.Find("E1").Findings[0].Identity)

	s = mustRead(t, csvsource.Config{}, "ID,Hire Date,Termination Date,Terminated At\nE1,2020-01-01,9999-12-31,00000000\nE2,0001-01-01,null,\n")
	assert.Empty(t, s.Findings())
	assert.True(t, s.Find("E1").TerminationDate.IsZero())
	assert.True(t, s.Find("E2").HireDate.IsZero())
}

// The last row is held back; nothing of it is lost.
func TestLastRow(t *testing.T) {
	s, err := csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(io.MultiReader(strings.NewReader("id,hire date\nE1,x\nE2,y\nE3"), broken{})), nil
	}})
	require.NoError(t, err)
	var ids []string
	var failed error
	for i, err := range s.Identities(t.Context()) {
		if failed = err; err == nil {
			ids = append(ids, i.ID)
		}
	}
	assert.Equal(t, []string{"E1", "E2"}, ids, "who was read comes before the error")
	require.ErrorContains(t, failed, "connection reset")
	for _, err := range s.Identities(t.Context()) {
		require.NoError(t, err)
		break
	}
}

func TestManagerByAddress(t *testing.T) {
	s := mustRead(t, csvsource.Config{}, "id,name,email,Manager\n"+
		"E1,Ana,ana@acme.example,bo@acme.example\n"+
		"E2,Bo,bo@acme.example,Cy Roe\n"+
		"E3,Cy,cy@acme.example,Bo Li <bo@acme.example>\n"+
		"E4,Dee,dee@acme.example,Li @ Acme\n")
	assert.Equal(t, source.Manager{ID: "E2", Email: "bo@acme.example"}, s.Find("E1").Manager)
	assert.Equal(t, source.Manager{Name: "Cy Roe"}, s.Find("E2").Manager)
	assert.Equal(t, source.Manager{ID: "E2", Email: "bo@acme.example", Name: "Bo Li"}, s.Find("E3").Manager)
	assert.Equal(t, source.Manager{Name: "Li @ Acme"}, s.Find("E4").Manager)

	s = mustRead(t, csvsource.Config{}, "id,Manager,Manager Email\nE1,old@acme.example,bo@acme.example\n")
	assert.Equal(t, "bo@acme.example", s.Find("E1").Manager.Email, "a column of its own is surer")
}

func TestTwoColumnsForOneField(t *testing.T) {
	for _, heading := range []string{"id,Status,Employment Status", "id,Employment Status,Status"} {
		cells := "1,Active,Terminated"
		if strings.HasSuffix(heading, ",Status") {
			cells = "1,Terminated,Active"
		}
		s := mustRead(t, csvsource.Config{}, heading+",Shirt\n"+cells+",XL\n")
		assert.Equal(t, source.Active, s.Find("1").Status, "the order of the columns does not matter")
		nobody, _ := messages(s, "1")
		assert.Len(t, nobody, 1)
		assert.Contains(t, nobody[0], `"Employment Status" (status is read from "Status"; name the right one in Columns)`)
		assert.Contains(t, nobody[0], `"Shirt"`)
		assert.NotContains(t, nobody[0], `"Shirt" (`)
	}
	s := mustRead(t, csvsource.Config{Columns: map[string]string{"status": "Employment Status"}}, "id,Status,Employment Status\n1,Active,Terminated\n")
	assert.Equal(t, source.Terminated, s.Find("1").Status)
}

func TestMapping(t *testing.T) {
	files := fstest.MapFS{"hr/people.csv": {Data: []byte("Employee Number,Full Name,Badge No,Shirt\n7,Ana,B1,XL\n")}}
	s, err := csvsource.New(csvsource.Config{Name: "hr", FS: files, Path: "hr/people.csv", Custom: map[string]string{"badge": "badge no"}})
	require.NoError(t, err)
	mapping, err := s.Mapping(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]string{
		"id": "Employee Number", "employee_number": "Employee Number", "formatted_name": "Full Name", "custom.badge": "Badge No",
	}, mapping, "a number serves as the ID where there is no other")
	i, err := source.Read(t.Context(), s, "7")
	require.NoError(t, err)
	assert.Equal(t, "7", i.EmployeeNumber)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = s.Mapping(ctx)
	require.ErrorIs(t, err, context.Canceled)
	delete(files, "hr/people.csv")
	_, err = s.Mapping(t.Context())
	require.ErrorContains(t, err, "read hr: open hr/people.csv")

	wide := make([]string, 40)
	for n := range wide {
		wide[n] = fmt.Sprint("column ", n)
	}
	s, err = csvsource.New(csvsource.Config{Name: "hr", Open: open(strings.Join(wide, ","))})
	require.NoError(t, err)
	_, err = s.Mapping(t.Context())
	require.ErrorContains(t, err, `"column 29", 10 more; name it`)
	s, err = csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) { return nil, errors.New("no network") }})
	require.NoError(t, err)
	_, err = s.Mapping(t.Context())
	require.ErrorContains(t, err, "read hr: no network")
}
