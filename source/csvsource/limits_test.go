package csvsource_test

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
)

// counted is an endless file that says how much of it was asked for.
type counted struct {
	head  io.Reader
	fill  []byte
	bytes int
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.head.Read(p)
	if err != nil {
		n = copy(p, c.fill)
	}
	c.bytes += n
	return n, nil
}

func (c *counted) Close() error { return nil }

// However long a file is, what is read of it is bounded, and the error says where
// it went wrong.
func TestEndlessFiles(t *testing.T) {
	for name, c := range map[string]struct {
		head, fill, fault string
		cfg               csvsource.Config
	}{
		"a cell without an end":    {"id,name\n1,Ana\n2,", "x", "line 3: the row is longer than 1 MiB", csvsource.Config{}},
		"a quote without an end":   {"id,name\n1,Ana\n2,\"", "x,\n", "line 3: the row is longer than 1 MiB", csvsource.Config{}},
		"a heading without an end": {"id,", "x", "line 1: the row is longer than 1 MiB", csvsource.Config{}},
		"a row without an end":     {"sep=;\nid;name\n\n1;Ana\n\r\n\n2", ";", "line 7: the row is longer than 1 MiB", csvsource.Config{}},
		"rows without an end":      {"id,name\n", "1,Ana\n", "line 1001: the file has more than 1000 lines", csvsource.Config{MaxLines: 1000}},
		"lines without rows":       {"id,name\n", "\n", "line 1001: the file has more than 1000 lines", csvsource.Config{MaxLines: 1000}},
		"rows without cells":       {"id,name\n", ",\n", "line 1001: the file has more than 1000 lines", csvsource.Config{MaxLines: 1000}},
	} {
		t.Run(name, func(t *testing.T) {
			file := &counted{head: strings.NewReader(c.head), fill: bytes.Repeat([]byte(c.fill), 4096/len(c.fill))}
			c.cfg.Name, c.cfg.Open = "hr", func() (io.ReadCloser, error) { return file, nil }
			s, err := csvsource.New(c.cfg)
			require.NoError(t, err)
			_, err = source.Collect(t.Context(), s)
			require.ErrorContains(t, err, c.fault)
			assert.Less(t, file.bytes, 1<<20+256<<10)
		})
	}
	_, err := csvsource.New(csvsource.Config{Name: "hr", Open: open(""), MaxLines: -1})
	require.ErrorContains(t, err, "max lines -1")
}

// A row of just the longest length is read, one byte more is too much.
func TestLongestRow(t *testing.T) {
	const longest = 1 << 20
	file := func(size int) string {
		return "id,name\nE1," + strings.Repeat("x", size-len("E1,\n")) + "\n\nE2,Bo\n"
	}
	s := mustRead(t, csvsource.Config{}, file(longest))
	assert.Equal(t, []string{"bad-value 2:4"}, places(s), "no name is that long, but it is a row")
	assert.Equal(t, "Bo", s.Find("E2").Name.Formatted)
	_, err := read(t, csvsource.Config{}, file(longest+longest/4))
	require.ErrorContains(t, err, "line 2: the row is longer than 1 MiB")
}

func TestManyColumns(t *testing.T) {
	wide := func(n int) string {
		return "id" + strings.Repeat(",x", n-1)
	}
	_, err := read(t, csvsource.Config{}, wide(10_001)+"\n")
	require.ErrorContains(t, err, "10001 columns, at most 10000")

	var heading strings.Builder
	heading.WriteString("id")
	for n := range 9_999 {
		fmt.Fprintf(&heading, ",c%d", n)
	}
	s := mustRead(t, csvsource.Config{}, heading.String()+"\nE1"+strings.Repeat(",", 9_999)+"\n")
	require.Len(t, s.Findings(), 1)
	assert.Less(t, len(s.Findings()[0].Message), 500, "what nothing reads is named, but not all of it")
	assert.Contains(t, s.Findings()[0].Message, "9969 more")
}

// A last line without a line end may be half a line, and what was behind it
// nobody knows.
func TestOpenEnd(t *testing.T) {
	const text = "id,name,dept\nE1,Ana,Sales\nE2,Bo,Engineer"
	s := mustRead(t, csvsource.Config{}, text)
	assert.Equal(t, source.Identity{ID: "E2", Findings: s.Find("E2").Findings}, *s.Find("E2"))
	assert.Equal(t, []string{"no-id 3:0", "bad-row 3:0"}, places(s))
	assert.False(t, s.Proof().Absence())
	assert.Equal(t, "Sales", s.Find("E1").Department.Name)

	s = mustRead(t, csvsource.Config{OpenEnd: true}, text)
	assert.Equal(t, "Engineer", s.Find("E2").Department.Name)
	assert.Empty(t, s.Findings())
	assert.True(t, s.Proof().Absence())

	s = mustRead(t, csvsource.Config{}, "id,name\nE1,Ana\nE104")
	assert.Nil(t, s.Find("E104"), "an ID that may be half of one is nobody's")
	assert.False(t, s.Proof().Absence())
	s = mustRead(t, csvsource.Config{DefaultStatus: source.Active}, "id\nE1\nE104")
	assert.Nil(t, s.Find("E104"))
	s = mustRead(t, csvsource.Config{}, "id,name\nE1,Ana\nE2,\"Bo\nLi\"")
	assert.Empty(t, s.Find("E2").Name.Formatted)
	s = mustRead(t, csvsource.Config{}, "id,name\nE1,Ana\n\n \n")
	assert.True(t, s.Proof().Absence())
	const between = "id,name\r\nE1,Ana\r\n\r\n\r" // an empty line that ends with half a line end
	s = mustRead(t, csvsource.Config{}, between)
	assert.Equal(t, 1, s.Len())
	assert.Contains(t, places(s), "bad-row 4:0")
	assert.False(t, s.Proof().Absence())
	s = mustRead(t, csvsource.Config{OpenEnd: true}, between)
	assert.True(t, s.Proof().Absence())
}

func TestHeadingAgain(t *testing.T) {
	s := mustRead(t, csvsource.Config{DefaultStatus: source.Active}, "ID,Name\nE1,Ana\nid, NAME\n\ufeffID,Name\nE2,Bo\n")
	assert.Equal(t, 2, s.Len())
	assert.True(t, s.Proof().Absence(), "a heading is nobody")
	require.Equal(t, []string{"bad-row 3:0"}, places(s))
	assert.Contains(t, s.Findings()[0].Message, "3 times")
	assert.Empty(t, s.Findings()[0].Identity)

	for _, second := range []string{"ID,Dept", "id,Name,Dept", "ID"} {
		_, err := read(t, csvsource.Config{}, "ID,Name\nE1,Ana\n"+second+"\nE2,Bo\n")
		require.ErrorContains(t, err, "line 3: a second heading", second)
	}
}

// What a program writes for nothing is nothing; what a spreadsheet writes for a
// failure is no value.
func TestCellsOfPrograms(t *testing.T) {
	s := mustRead(t, csvsource.Config{}, "id,name,dept,title,hire date,status\n"+
		"E1,Null,NULL,n/a,NULL,Active\n"+
		"E2,None,#REF!,#NAME?,####,#N/A\n"+
		"NULL,a,b,c,,\n"+
		"#VALUE!,a,b,c,,\n"+
		"1.00E+05,a,b,c,,\n"+
		"\"1,23E+17\",a,b,c,,\n"+
		"1E5,a,#1 Sales,=cmd(),,\n")
	assert.Equal(t, "Null", s.Find("E1").Name.Formatted, "somebody may be called so")
	assert.Equal(t, "None", s.Find("E2").Name.Formatted)
	for _, id := range []string{"E1", "E2"} {
		assert.Empty(t, s.Find(id).Department.Name)
		assert.Empty(t, s.Find(id).JobTitle)
	}
	assert.Empty(t, s.Find("E1").Findings)
	assert.Len(t, s.Find("E2").Findings, 4)
	assert.Equal(t, "#1 Sales", s.Find("1E5").Department.Name)
	assert.Equal(t, "=cmd()", s.Find("1E5").JobTitle, "a formula is a text like any other")
	assert.Equal(t, 3, s.Len())
	assert.Equal(t, 4, s.Proof().Lost)
}

func TestForeignFiles(t *testing.T) {
	for text, fault := range map[string]string{
		"<!DOCTYPE html><html>":           "log-in page",
		"\ufeff\n<?xml version=\"1.0\"?>": "log-in page",
		`{"error":"forbidden"}`:           "JSON",
		` [ {"id":1}]`:                    "JSON",
		"\x1f\x8b\x08\x00":                "gzip",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a":    "spreadsheet",
		"%PDF-1.7\n":                      "PDF",
		"id,name\r1,Ana\r2,Bo\r":          "carriage return",
		"E1,Ana,ana@acme.example\n":       "the first line looks like a row of data",
		"17,Ana,Ana\n":                    "the first line looks like a row of data",
		"i\x00d\x00,\x00n\x00\n\x00":      "control character",
		"Report of staff\n\nid,name\n":    "no heading for the ID",
	} {
		_, err := read(t, csvsource.Config{}, text)
		require.ErrorContains(t, err, fault, "%q", text)
		assert.NotContains(t, err.Error(), "Ana", "no person's data in an error")
	}
	s := mustRead(t, csvsource.Config{}, "[EmployeeID],[Name]\nE1,Ana\n")
	assert.Equal(t, "Ana", s.Find("E1").Name.Formatted)
}

// A file that is written while it is read is neither the old one nor the new one.
func TestFileWrittenMeanwhile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "people.csv")
	text := "id,name\nE1,Ana\nE2,Bo\nE3,Cy\n"
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	for name, change := range map[string]struct {
		do    func() error
		fault string
	}{
		"nothing": {func() error { return nil }, ""},
		"grown": {func() error {
			return os.WriteFile(path, []byte(text+"E4,Dee\n"), 0o600)
		}, "was written while it was read"},
		"replaced": {func() error {
			return os.Rename(path, path+".old")
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
			s, err := csvsource.New(csvsource.Config{Name: "hr", Path: path})
			require.NoError(t, err)
			read, failed := 0, error(nil)
			for _, err := range s.Identities(t.Context()) {
				if failed = err; err == nil {
					read++
				}
				if read == 1 {
					require.NoError(t, change.do())
				}
			}
			if change.fault == "" {
				require.NoError(t, failed)
				return
			}
			require.ErrorContains(t, failed, change.fault)
		})
	}
}

// A stray quote costs as little as can be said for sure.
func TestStrayQuotes(t *testing.T) {
	const heading, rest = "id,name,dept,title,city\n", "9,Ivy,Sales,Clerk,Ulm\n"
	for text, want := range map[string][]string{
		"1,\"Ana\" Roe,Sales,Clerk,Ulm\n":                     {"bad-row 2:0"},
		"1,Ana \"A\" Roe,Sales,Clerk,Ulm\n":                   {"bad-row 2:0"},
		"1,Ana,Sales,Clerk,\"Ulm\" x\n":                       {"bad-row 2:0"},
		"1,\"Ana,Sales,Clerk,Ulm\n2,Bo\",Sales,Clerk,Ulm\n":   {"no-id 2:0", "bad-row 2:0"},
		"1,\"Ana,\nthe first\",Sales,Clerk,Ulm\n":             {"bad-value 2:3"},
		"1,\"Ana,Sales,Clerk,Ulm\n2,Bo\",Sales,Clerk,Ulm,x\n": {"no-id 2:0", "bad-row 2:0"},
	} {
		s := mustRead(t, csvsource.Config{}, heading+text+rest)
		assert.Equal(t, want, places(s), "%q", text)
		assert.Equal(t, "Ivy", s.Find("9").Name.Formatted, "the rows behind it are read")
		assert.NotNil(t, s.Find("1"), "%q", text)
		assert.Equal(t, len(want) == 1, s.Proof().Absence(), "%q", text)
		assert.Nil(t, s.Find("2"))
	}
}

// What Collect would refuse is refused where it stands, so that it can be found.
func TestFindingsNameThePlace(t *testing.T) {
	s := mustRead(t, csvsource.Config{Custom: map[string]string{"badge": "Badge"}, Columns: map[string]string{"alternate_ids": "alt"}},
		"id,name,email,groups,Badge,alt\n"+
			"E1,A\u202eB,none,ok;a\x00b,"+strings.Repeat("b", 2000)+",a=b\n"+
			"E2,Bo,bo@acme.example,"+strings.Repeat("group;", 500)+"end,7,"+strings.Repeat("t=v;", 500)+"\n"+
			"E\u200b3,Cy,,,,\n"+strings.Repeat("9", 300)+",Dee,,,,\n")
	assert.Equal(t, []string{
		"no-id 4:1", "no-id 5:1", "bad-value 2:4", "bad-value 2:10", "bad-value 2:15", "bad-value 2:22",
	}, places(s))
	one, two := s.Find("E1"), s.Find("E2")
	assert.Empty(t, one.Name.Formatted)
	assert.Empty(t, one.WorkEmail)
	assert.Empty(t, one.Groups, "a list with a bad value is missing as a whole")
	assert.Empty(t, one.Custom)
	assert.Equal(t, []source.AlternateID{{Type: "a", Value: "b"}}, one.AlternateIDs)
	assert.Len(t, two.Groups, 2, "a list may be long, its values not")
	assert.Empty(t, two.Findings)
}

// A column that nothing reads any more says nothing about anybody. Where that
// would matter, the file is refused.
func TestRequiredColumns(t *testing.T) {
	cfg := csvsource.Config{Require: []string{"last_day", "department"}, Columns: map[string]string{"department": "Org"}}
	s := mustRead(t, cfg, "id,Last Day,Org\nE1,2026-01-31,Sales\n")
	assert.Equal(t, source.Day(2026, 1, 31), s.Find("E1").LastDay)
	_, err := read(t, cfg, "id,Letzter,Org\nE1,2026-01-31,Sales\n")
	require.ErrorContains(t, err, `there is no column for last_day among "id", "Letzter", "Org"`)
	_, err = read(t, cfg, "id,Last Day,Dept\nE1,2026-01-31,Sales\n")
	require.ErrorContains(t, err, `there is no heading "Org" for department`)
	assert.NotContains(t, err.Error(), "no column for department", "said once")
	_, err = csvsource.New(csvsource.Config{Name: "hr", Open: open(""), Require: []string{"nope", "end"}})
	require.ErrorContains(t, err, `require "nope"`)
	require.ErrorContains(t, err, `require "end"`)
}
