package workday_test

import (
	"net/http"
	"testing"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

// The last day of work is no column here: that it is missing means that nobody entered
// one.
func TestHTTPFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler {
			return workdaytest.New(workdaytest.Config{Workers: staff(), Password: password, Clock: noon})
		},
		Source: func(t *testing.T, through http.RoundTripper) source.Source {
			return newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) { c.Connection.Transport = through })
		},
		Columns: []string{
			"wd:Active>", "wd:Terminated>", "wd:Termination_Date>", "wd:Worker_Status_Data>",
			"wd:Employment_Data>", "wd:Worker_Data>", "wd:Worker_Reference>", "wd:Response_Data>", "wd:Response_Results>", "wd:Hire_Date>",
		},
	})
}

// The report has one answer, and leaves out dates that are empty.
func TestReportFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler {
			return workdaytest.New(workdaytest.Config{Workers: staff(), Report: theReport(), Password: password, Clock: noon})
		},
		Source: func(t *testing.T, through http.RoundTripper) source.Source {
			return newReport(t, "https://acme.workday.example/ccx", func(c *workday.ReportConfig) { c.Connection.Transport = through })
		},
		OneAnswer: true,
		Columns:   []string{`"Workday_ID"`, `"Employment_Status"`, `"Hire_Date"`, `"Report_Entry"`},
	})
}
