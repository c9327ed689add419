package csvsource_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/source/sourcetest"
)

func open(text string) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }
}

func read(t *testing.T, cfg csvsource.Config, text string) (source.Snapshot, error) {
	t.Helper()
	cfg.Name, cfg.Open = "hr", open(text)
	s, err := csvsource.New(cfg)
	require.NoError(t, err)
	return source.Collect(t.Context(), s)
}

func mustRead(t *testing.T, cfg csvsource.Config, text string) source.Snapshot {
	t.Helper()
	s, err := read(t, cfg, text)
	require.NoError(t, err)
	return s
}

// places returns "code line:column" of the findings.
func places(s source.Snapshot) []string {
	var all []string
	for _, f := range s.Findings() {
		all = append(all, fmt.Sprintf("%s %d:%d", f.Code, f.Line, f.Column))
	}
	return all
}

func TestUsualHeadings(t *testing.T) {
	s := mustRead(t, csvsource.Config{TimeZones: map[string]string{"Berlin HQ": "Europe/Berlin"}},
		"\ufeffEmployee ID,Emp No.,First Name,Last Name,WORK_EMAIL,Dept,Job Title,Location,Country,Manager,Manager ID,Employment Status,"+
			"Employment Type,Hire Date,Last Day of Work,Groups\r\n"+
			"E1,17, Ana ,Silva,ana@acme.example,Engineering,\"Engineer,\r\nStaff\",Berlin HQ,de,Bo Li,E2,Active,Full-Time,2020-01-31,,b; a;a\r\n"+
			"E2,18,Bo,Li,bo@acme.example,Engineering,,Paris,FR,,,Leave of absence,contractor,20190201,2026-03-01 00:00:00,\r\n\r\n,,,,,,,,,,,,,,,\r\n")
	require.Equal(t, 2, s.Len())
	assert.Equal(t, []string{"bad-value 2:48"}, places(s), "only the line break in the title is odd")
	ana, bo := s.Find("E1"), s.Find("E2")
	assert.Equal(t, source.Name{Given: "Ana", Family: "Silva"}, ana.Name)
	assert.Equal(t, "17", ana.EmployeeNumber)
	assert.Equal(t, "Engineering", ana.Department.Name)
	assert.Equal(t, "Europe/Berlin", ana.Location.Zone.String())
	assert.Equal(t, "DE", ana.Location.Country)
	assert.Equal(t, source.Manager{ID: "E2", Name: "Bo Li"}, ana.Manager)
	assert.Equal(t, source.Active, ana.Status)
	assert.Equal(t, source.FullTime, ana.EmploymentType)
	assert.Equal(t, source.Day(2020, 1, 31), ana.HireDate)
	assert.Equal(t, []source.Group{{Name: "a"}, {Name: "b"}}, ana.Groups)
	assert.Equal(t, source.OnLeave, bo.Status)
	assert.Equal(t, "Leave of absence", bo.StatusRaw)
	assert.Equal(t, source.Contractor, bo.EmploymentType)
	assert.Equal(t, source.Day(2019, 2, 1), bo.HireDate)
	assert.Equal(t, source.Day(2026, 3, 1), bo.End())
	assert.Nil(t, bo.Location.Zone)
}

func TestGermanAndFrench(t *testing.T) {
	s := mustRead(t, csvsource.Config{DateLayouts: []string{"02.01.2006", "2006-01-02"}},
		"Personalnummer;Vorname;Nachname;Abteilung;Beschäftigungsart;Eintrittsdatum;Status\n0042;Jörg;Weiß;Einkauf;Vollzeit;01.03.2020;aktiv\n")
	i := s.Find("0042")
	require.NotNil(t, i, "leading zeros stay")
	assert.Equal(t, "0042", i.EmployeeNumber)
	assert.Equal(t, "Weiß", i.Name.Family)
	assert.Equal(t, "2020-03-01", i.HireDate.String())
	assert.Equal(t, source.FullTime, i.EmploymentType)
	assert.Equal(t, source.Active, i.Status)
	assert.Empty(t, s.Findings())

	s = mustRead(t, csvsource.Config{}, "Matricule\tPrénom\tNom\tDate d'embauche\tType de contrat\n7\tZoé\tÇelik\t2020-03-01\tTemps plein\n")
	assert.Equal(t, "Zoé", s.Find("7").Name.Given)
	assert.Equal(t, source.FullTime, s.Find("7").EmploymentType)
	assert.Equal(t, "2020-03-01", s.Find("7").HireDate.String())
}

func TestExplicitColumns(t *testing.T) {
	text := "key|Org Unit 3|Email|Badge|Shirt\n1|Sales|a@b.example|77|XL\n"
	s := mustRead(t, csvsource.Config{
		Columns: map[string]string{"id": "KEY", "department": "Org Unit 3", "work_email": ""}, Custom: map[string]string{"badge": "Badge"},
	}, text)
	i := s.Find("1")
	assert.Equal(t, "Sales", i.Department.Name)
	assert.Empty(t, i.WorkEmail, "an empty heading switches the usual ones off")
	assert.Equal(t, map[string][]string{"badge": {"77"}}, i.Custom)
	require.Len(t, s.Findings(), 1)
	f := s.Findings()[0]
	assert.Equal(t, source.CodeUnmapped, f.Code)
	assert.Empty(t, f.Identity)
	assert.Contains(t, f.Message, `"Email", "Shirt"`)

	_, err := read(t, csvsource.Config{Columns: map[string]string{"department": "Abteilung 9"}, Custom: map[string]string{"x": "Nope"}}, "id\n1\n")
	require.ErrorContains(t, err, `"Abteilung 9" for department`)
	require.ErrorContains(t, err, `"Nope" for custom.x`)
	_, err = read(t, csvsource.Config{Columns: map[string]string{"department": "org unit"}}, "id,Org-Unit,Org Unit.\n1,a,b\n")
	require.ErrorContains(t, err, `"org unit" for department`, "two headings fit")
}

func TestFileErrors(t *testing.T) {
	for text, fault := range map[string]string{
		"":                            "empty",
		"\ufeff":                      "empty",
		"\n\n":                        "empty",
		"name,dept\nAna,Sales\n":      `no heading for the ID was found among "name", "dept"`,
		"id,name,Name \n1,a,b\n":      `heading "Name" comes twice`,
		"id,na\xffme\n1,a\n":          "not valid in the encoding",
		"id,na\x00me\n1,a\n":          "control character",
		"PK\x03\x04rest":              "spreadsheet",
		"id,name\r1,a\r2,b":           "carriage return",
		"id,name\n1,\"open\n2,b\n":    "line 2: a quote in this row is not closed (noticed on line 3)",
		"id,name\n1,\"a\nb\"c\n2,c\n": "line 2: a quote in this row is not closed (noticed on line 3)",
		"id,name\n1,Ana\n2,\"open":    "line 3: a quote in this row is not closed",
		"id,name\n1,\"" + strings.Repeat("x", 2<<20): "longer than 1 MiB",
		strings.Repeat("x", 2<<20):                   "longer than 1 MiB",
		"id,\"open":                                  "line",
	} {
		_, err := read(t, csvsource.Config{}, text)
		require.ErrorContains(t, err, fault, "%.20q", text)
		assert.Less(t, len(err.Error()), 200)
	}
	s := mustRead(t, csvsource.Config{}, "id,name\n")
	assert.Zero(t, s.Len(), "a heading without rows is a complete and empty list")
	assert.True(t, s.Proof().Read)
}

func TestRows(t *testing.T) {
	s := mustRead(t, csvsource.Config{DefaultStatus: source.Active},
		"id,name,dept\n"+
			"1,Ana,Sales\n"+
			"2,Bo\n"+ // too short
			"3,Cy,Sales,Berlin\n"+ // too long
			"4,Dee,Sales,,\n"+ // too long, if only by empty cells
			",Eve,Sales\n"+ // no ID
			"6,F \"x\" G,Sales\n"+ // a bare quote
			",,,x\n"+
			"8,\"Hal\nMiddle\",Sales\n"+
			"9,Ivy,Sales,,,,y\n")
	assert.Equal(t, source.Active, s.Find("1").Status)
	assert.Equal(t, source.Unknown, s.Find("2").Status, "nothing is decided for a broken row")
	assert.Equal(t, source.Unknown, s.Find("3").Status)
	assert.Empty(t, s.Find("3").Department.Name)
	assert.Equal(t, source.Unknown, s.Find("4").Status)
	assert.Equal(t, source.Identity{ID: "6", Findings: s.Find("6").Findings}, *s.Find("6"), "what stands before the quote is sure")
	assert.Equal(t, 3, s.Proof().Lost, "nobody's, nobody's, and the row that may hold another")
	assert.False(t, s.Proof().Absence())
	assert.Equal(t, []string{
		"no-id 6:1", "bad-row 8:0", "no-id 8:0", "no-id 11:0", "bad-row 3:0", "bad-row 4:0", "bad-row 5:0", "bad-row 7:0", "bad-value 9:3", "bad-row 11:0",
	}, places(s))

	s = mustRead(t, csvsource.Config{}, "name,id\nAna,1\nBo,2,x\n")
	assert.Equal(t, 1, s.Proof().Lost, "the ID of a shifted row cannot be trusted unless it comes first")
	assert.Nil(t, s.Find("2"))
}

// A comma without quotes moves everything behind it. If the last cell is empty
// the row is too long by nothing but an empty cell.
func TestShiftedRow(t *testing.T) {
	s := mustRead(t, csvsource.Config{}, "ID,Status,Title,Department,Location\n"+
		"E1,Active,Analyst, EMEA,Sales,\n"+
		"E2,Active,\"Analyst, EMEA\",Sales,\n")
	assert.Equal(t, source.Identity{ID: "E1", Findings: s.Find("E1").Findings}, *s.Find("E1"), "nothing is taken from a row that has moved")
	assert.Equal(t, "Sales", s.Find("E2").Department.Name)
	assert.Equal(t, "Analyst, EMEA", s.Find("E2").JobTitle)
	assert.Equal(t, []string{"bad-row 2:0"}, places(s))
	assert.True(t, s.Proof().Absence(), "it is still known whose row it is")
}

func TestCells(t *testing.T) {
	s := mustRead(t, csvsource.Config{
		Status:         map[string]source.Status{"On-Boarded!": source.Active},
		EmploymentType: map[string]source.EmploymentType{"Perm": source.FullTime},
		Countries:      map[string]string{"Germany": "DE"},
		Columns:        map[string]string{"kind": "kind", "alternate_ids": "alt"},
	}, "sep=;\nid;status;type of contract;Employment Type;country;hire date;kind;alt\n"+
		"1;ON BOARDED;;perm;germany;2020-02-30;employee;a=b\n"+
		"2;Inactive;;zzz;Atlantis;03/04/2026;x;y\n"+
		"3;;;;;0000-00-00;;\n")
	one, two := s.Find("1"), s.Find("2")
	assert.Equal(t, source.Active, one.Status)
	assert.Equal(t, source.FullTime, one.EmploymentType)
	assert.Equal(t, "DE", one.Location.Country)
	assert.Equal(t, source.KindEmployee, one.Kind)
	assert.Equal(t, []source.AlternateID{{Type: "a", Value: "b"}}, one.AlternateIDs)
	assert.Equal(t, source.Unknown, two.Status, "inactive means two things")
	assert.Equal(t, "Inactive", two.StatusRaw)
	assert.True(t, two.HireDate.IsZero(), "an ambiguous date is not guessed")
	assert.Equal(t, []string{
		"bad-value 2:0", "unmapped-column 2:0", "bad-value 3:28",
		"bad-value 4:3", "bad-value 4:13", "bad-value 4:17", "bad-value 4:26", "bad-value 4:37", "bad-value 4:39",
	}, places(s))
}

func TestDefaultStatus(t *testing.T) {
	cfg := csvsource.Config{DefaultStatus: source.Active}
	assert.Equal(t, source.Active, mustRead(t, cfg, "id,name\n1,Ana\n").Find("1").Status)
	assert.Equal(t, source.Unknown, mustRead(t, cfg, "id,status\n1,\n").Find("1").Status, "an empty cell is not a missing column")
	assert.Equal(t, source.Unknown, mustRead(t, csvsource.Config{}, "id,name\n1,Ana\n").Find("1").Status)
}

func TestAmbiguousLayouts(t *testing.T) {
	s := mustRead(t, csvsource.Config{DateLayouts: []string{"02/01/2006", "01/02/2006"}}, "id,hire date\n1,03/04/2026\n2,31/04/2026\n3,31/03/2026\n4,04/04/2026\n")
	assert.True(t, s.Find("1").HireDate.IsZero())
	assert.True(t, s.Find("2").HireDate.IsZero())
	assert.Equal(t, "2026-03-31", s.Find("3").HireDate.String())
	assert.Equal(t, "2026-04-04", s.Find("4").HireDate.String())
	assert.Contains(t, s.Findings()[0].Message, "differently")
}

func TestConfig(t *testing.T) {
	_, err := csvsource.New(csvsource.Config{
		Columns: map[string]string{"nope": "x", "group_ids": "y"}, Custom: map[string]string{"a": ""}, DateLayouts: []string{"2006-01"},
		TimeZones: map[string]string{"Mars": "Mars/Base", "here": "Local"}, Delimiter: '"',
	})
	_, err2 := csvsource.New(csvsource.Config{Name: "hr", FS: fstest.MapFS{}, Path: "/people.csv"})
	require.ErrorContains(t, err2, "without a leading one")
	_, err2 = csvsource.New(csvsource.Config{Name: "hr", FS: fstest.MapFS{}, Path: "people.csv", Open: open("")})
	require.ErrorContains(t, err2, "either Path or Open")
	for _, fault := range []string{"no name", "either Path or Open", `"nope"`, `"group_ids"`, `"a"`, `"2006-01"`, "Mars/Base", "Local", "delimiter"} {
		assert.ErrorContains(t, err, fault)
	}
}

func TestPathAndConformance(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.csv")
	require.NoError(t, os.WriteFile(path, []byte("id,name\nE1,Ana\nE2,Bo\nE3,Cy\n"), 0o600))
	sourcetest.Run(t, func(t *testing.T) source.Source {
		s, err := csvsource.New(csvsource.Config{Name: "hr", Path: path})
		require.NoError(t, err)
		return s
	}, &sourcetest.Options{
		WantIDs: []string{"E1", "E2", "E3"},
		Broken: func(t *testing.T) source.Source {
			s, err := csvsource.New(csvsource.Config{Name: "hr", Open: func() (io.ReadCloser, error) {
				return io.NopCloser(io.MultiReader(strings.NewReader("id,name\nE1,Ana\nE2"), broken{})), nil
			}})
			require.NoError(t, err)
			return s
		},
	})
	s, err := csvsource.New(csvsource.Config{Name: "hr", Path: path + ".missing"})
	require.NoError(t, err)
	_, err = source.Collect(t.Context(), s)
	require.ErrorIs(t, err, os.ErrNotExist)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = source.Collect(ctx, s)
	require.ErrorIs(t, err, context.Canceled)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("connection reset") }

// Whatever the bytes are, a read ends, and everybody it yields has an ID or a
// finding.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{
		"", "id\n1\n", "id,name\n1,\"a\nb\"\n2", "\ufeffid;hire date\n1;2026-01-01\n", "sep=|\nid|x\n1|2|3\n", "id\n\"", "sep=\n", "id,,\n,,\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := csvsource.New(csvsource.Config{Name: "hr", Open: open(string(b))})
		if err != nil {
			t.Fatal(err)
		}
		for i, err := range s.Identities(t.Context()) {
			if err == nil && i.ID == "" && len(i.Findings) == 0 {
				t.Fatal("a row without an ID and without a finding")
			}
		}
	})
}

func ExampleSource_Mapping() {
	src, err := csvsource.New(csvsource.Config{
		Name: "hr-export",
		FS:   fstest.MapFS{"people.csv": {Data: []byte("Personnel No.,Full Name,Org Unit,Status\n7,Ana Silva,Sales,Active\n")}},
		Path: "people.csv", Columns: map[string]string{"department": "org unit"},
	})
	if err != nil {
		panic(err)
	}
	mapping, err := src.Mapping(context.Background())
	if err != nil {
		panic(err)
	}
	for _, field := range slices.Sorted(maps.Keys(mapping)) {
		fmt.Printf("%s: %s\n", field, mapping[field])
	}
	// Output:
	// department: Org Unit
	// employee_number: Personnel No.
	// formatted_name: Full Name
	// id: Personnel No.
	// status: Status
}

func ExampleNew() {
	src, err := csvsource.New(csvsource.Config{
		Name: "hr-export",
		Open: open("Employee ID,Full Name,Dept,Status,Hire Date\nE1,Ana Silva,Engineering,Active,2020-01-31\nE2,Bo Li,Sales,Active,31/01/2020\n"),
	})
	if err != nil {
		panic(err)
	}
	snapshot, err := source.Collect(context.Background(), src)
	if err != nil {
		panic(err)
	}
	for person := range snapshot.All() {
		fmt.Println(person.ID, person.Name.Formatted, person.Department.Name, person.HireDate, person.Status)
	}
	for _, finding := range snapshot.Findings() {
		fmt.Printf("%s, line %d, column %d: %s\n", finding.Identity, finding.Line, finding.Column, finding.Code)
	}
	// Output:
	// E1 Ana Silva Engineering 2020-01-31 active
	// E2 Bo Li Sales  active
	// E2, line 3, column 23: bad-value
}
