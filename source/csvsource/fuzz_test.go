package csvsource_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/csvsource"
	"github.com/provision-go/provision/source/internal/columns"
)

// FuzzCollect: whatever the bytes are, a read ends with a list or an error, the
// same each time, and every finding is in the file.
func FuzzCollect(f *testing.F) {
	for _, s := range []string{
		"id,name,dept\n1,Ana,Sales\n2,\"B\"o,Sales\n", "id;hire date\n1;2026-02-30\n", "id,name\n1,\"a\n2,b\"\n", "id,a,b,c\n1,\"x\n2,y,z,w\",,\n",
		"id,name\nid,name\n1,a\n", "id\nNULL\n1E+05\n#REF!\n", "id,name\r\n1,a\r2,b\r\n", "id\n1\n2", "sep=;\n\nid;x\n1;\n", "<html>", "id,\x00\n",
		"id,name\n1,\xff\n", "\ufeffid,\ufeffname\n\ufeff1,a\n", "name,id\n\"a,1\n\"b\",2\n",
		"id\n" + strings.Repeat("\xa8", 50) + "\n", "name,id\nAna,1\n,",
		utf16Text("id,name\n1,Änne\n", binary.LittleEndian, true), utf16Text("id\n1\n2", binary.BigEndian, true),
	} {
		f.Add([]byte(s), false)
	}
	f.Fuzz(func(t *testing.T, b []byte, open bool) {
		s, err := csvsource.New(csvsource.Config{
			Name: "hr", OpenEnd: open, DefaultStatus: source.Active, Custom: nil,
			Open: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil },
		})
		require.NoError(t, err)
		snapshot, err := source.Collect(t.Context(), s)
		again, err2 := source.Collect(t.Context(), s)
		assert.Equal(t, snapshot, again)
		if err != nil {
			assert.EqualError(t, err2, err.Error())
			assert.Zero(t, snapshot.Len())
			assert.False(t, snapshot.Proof().Read)
			return
		}
		lines := bytes.Count(b, []byte("\n")) + 1
		for _, finding := range snapshot.Findings() {
			assert.LessOrEqual(t, finding.Line, lines)
			assert.LessOrEqual(t, finding.Column, len(b)+1)
			assert.GreaterOrEqual(t, finding.Line, 0)
		}
		wide := bytes.HasPrefix(b, []byte("\xff\xfe")) || bytes.HasPrefix(b, []byte("\xfe\xff"))
		if !wide && !open && len(b) > 0 && b[len(b)-1] != '\n' && snapshot.Len() > 0 {
			assert.False(t, snapshot.Proof().Absence(), "the file may be cut")
		}
		mapping, err := s.Mapping(t.Context())
		require.NoError(t, err, "what can be read has a heading")
		assert.NotEmpty(t, mapping["id"])
	})
}

// FuzzRoundTrip: what a CSV writer writes is read as it was meant, with any
// delimiter and line end.
func FuzzRoundTrip(f *testing.F) {
	f.Add("E1", "Ana \"A\" Silva", "Sales, EMEA", uint8(0), true)
	f.Add("00042", "line\nbreak", "", uint8(1), false)
	f.Add("E 1", " x ", ";", uint8(2), true)
	f.Add("#1", "'", "=1+1", uint8(3), false)
	f.Fuzz(func(t *testing.T, id, name, department string, delimiter uint8, crlf bool) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Comma, w.UseCRLF = []rune{',', ';', '\t', '|'}[delimiter%4], crlf
		for _, row := range [][]string{{"id", "name", "department", "status"}, {id, name, department, "active"}, {"last", "L", "D", "active"}} {
			require.NoError(t, w.Write(row))
		}
		w.Flush()
		s := mustReadAny(t, b.String())
		if s == nil {
			assert.Equal(t, "id", columns.Fold(id), "only another heading makes it an error")
			return
		}
		i := s.Find(strings.TrimSpace(id))
		if i == nil || i.ID == "last" {
			return // no usable ID, or twice
		}
		for _, c := range []struct{ field, want string }{{"formatted_name", name}, {"department", department}} {
			field, _ := source.Field(c.field)
			if field.Missing(i) || strings.Contains(c.want, "\r") {
				continue // empty or refused with a finding; or altered by the writer
			}
			assert.Equal(t, strings.TrimSpace(c.want), field.Text(i))
		}
	})
}

func mustReadAny(t *testing.T, text string) *source.Snapshot {
	t.Helper()
	s, err := read(t, csvsource.Config{}, text)
	if err != nil {
		require.ErrorContains(t, err, "second heading")
		return nil
	}
	return &s
}

// FuzzDates: a cell is one day, none, or a finding; two layouts never make a day
// of what they read differently.
func FuzzDates(f *testing.F) {
	for _, s := range []string{"2026-01-31", "31/01/2026", "01/02/2026", "20260131", "0000-00-00", "9999-12-31", "2026-02-30", "soon", "1/2/26", "0026-01-31"} {
		f.Add(s)
	}
	layouts := []string{"2006-01-02", "02/01/2006", "01/02/2006", "20060102"}
	f.Fuzz(func(t *testing.T, cell string) {
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		require.NoError(t, w.WriteAll([][]string{{"id", "hire date"}, {"E1", cell}}))
		s, err := read(t, csvsource.Config{DateLayouts: layouts}, b.String())
		require.NoError(t, err)
		i := s.Find("E1")
		require.NotNil(t, i)
		readings := map[source.Date]bool{}
		for _, layout := range layouts {
			if day, err := time.Parse(layout, strings.TrimSpace(cell)); err == nil {
				readings[source.DateOf(day)] = true
			}
		}
		if !i.HireDate.IsZero() {
			assert.Equal(t, map[source.Date]bool{i.HireDate: true}, readings)
			assert.Empty(t, i.Findings)
			return
		}
		if len(readings) > 1 {
			assert.NotEmpty(t, i.Findings, "%q has two readings", cell)
		}
	})
}
