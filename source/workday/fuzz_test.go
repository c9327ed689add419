package workday_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/tools/txtar"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
)

// FuzzWorkers reads any answer to Get_Workers. Whatever comes: there is an error, or
// the answer is well-formed XML and everybody in it has an ID or a reason for none.
func FuzzWorkers(f *testing.F) {
	for _, name := range []string{"testdata/workers.txtar", "testdata/workers-v21.txtar"} {
		text, err := os.ReadFile(name)
		require.NoError(f, err)
		for _, part := range txtar.Parse(text).Files {
			if part.Name == "answer.xml" {
				f.Add(part.Data)
			}
		}
	}
	f.Add([]byte(workers(worker("a", "<Employment_Data/>"))))
	f.Add([]byte(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`))
	f.Fuzz(func(t *testing.T, body []byte) {
		s := newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) {
			c.Connection.Transport, c.PreHireDays = answers("text/xml", string(body)), -1
		})
		people, err := all(t, s)
		if err != nil {
			return
		}
		require.NotEmpty(t, people)
		decoder := xml.NewDecoder(bytes.NewReader(body))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%d people in what is no XML: %v", len(people), err)
			}
		}
	})
}

// FuzzReport reads any report.
func FuzzReport(f *testing.F) {
	text, err := os.ReadFile("testdata/report.txtar")
	require.NoError(f, err)
	for _, part := range txtar.Parse(text).Files {
		if part.Name == "answer.json" {
			f.Add(part.Data)
		}
	}
	f.Add([]byte(`{"Report_Entry":[{"Workday_ID":"1","Employment_Status":["Active"],"Hire_Date":{"Descriptor":"x"}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p := newReport(t, "https://acme.workday.example/ccx", func(c *workday.ReportConfig) {
			c.Connection.Transport, c.Required = answers("application/json", string(body)), []string{"id"}
		})
		if people, err := all(t, p); err == nil {
			require.NotEmpty(t, people)
		}
	})
}

func all(t *testing.T, s source.Source) ([]source.Identity, error) {
	t.Helper()
	var people []source.Identity
	for i, err := range s.Identities(t.Context()) {
		if err != nil {
			return people, err
		}
		if i.ID == "" && len(i.Findings) == 0 {
			t.Fatal("somebody has neither an ID nor a finding")
		}
		people = append(people, i)
	}
	return people, nil
}
