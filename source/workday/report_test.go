package workday_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

func theReport() workdaytest.Report {
	return workdaytest.Report{Owner: "hr owner", Name: "Provisioning/1"}
}

func reportColumns() map[string]string {
	return map[string]string{
		"id": "Workday_ID", "employee_number": "Employee_ID", "given_name": "First_Name", "family_name": "Last_Name",
		"work_email": "Email_Address", "job_title": "Business_Title", "department": "Department", "cost_center_code": "Cost_Center_Code",
		"location": "Location", "country": "Country", "manager": "Mgr_ID", "hire_date": "Hire_Date", "termination_date": "Termination_Date",
		"status": "Employment_Status", "kind": "Worker_Type", "custom.teams": "Teams",
	}
}

func newReport(t testing.TB, url string, change func(*workday.ReportConfig)) *workday.Report {
	t.Helper()
	cfg := workday.ReportConfig{
		Connection: connection(url), Owner: "hr owner", Report: "Provisioning/1", Columns: reportColumns(), DateLayout: "01/02/2006",
	}
	if change != nil {
		change(&cfg)
	}
	p, err := workday.NewReport(cfg)
	require.NoError(t, err)
	return p
}

func brokenReport(f workdaytest.Spoil) func(t *testing.T) source.Source {
	return func(t *testing.T) source.Source {
		fake, url := newFake(t, workdaytest.Config{Workers: staff(), Report: theReport()})
		fake.Break(workdaytest.Fault{Spoil: f})
		return newReport(t, url, nil)
	}
}

func TestReportConformance(t *testing.T) {
	json := map[string]string{"Content-Type": "application/json"}
	answer := func(body string) workdaytest.Spoil { return workdaytest.Spoil{Status: 200, Header: json, Body: body} }
	alter := func(pattern, by string) workdaytest.Spoil { return workdaytest.Spoil{Alter: replace(pattern, by)} }
	ways := map[string]func(t *testing.T) source.Source{}
	for name, spoil := range map[string]workdaytest.Spoil{
		"401": {Status: 401}, "403": {Status: 403}, "404": {Status: 404}, "204": {Status: 204},
		"empty 200":                          answer(""),
		"HTML":                               answer("<!doctype html>"),
		"XML":                                answer("<wd:Report_Data/>"),
		"null":                               answer("null"),
		"an empty object":                    answer("{}"),
		"no entries":                         answer(`{"Report_Entry":[]}`),
		"null for the entries":               answer(`{"Report_Entry":null}`),
		"an error":                           answer(`{"error":"try later"}`),
		"a row is a text":                    alter(`\[\{`, `["x",{`),
		"half a body":                        {Alter: func(body []byte) []byte { return body[:len(body)/2] }},
		"two answers in one":                 {Alter: func(body []byte) []byte { return append(body, body...) }},
		"the connection ends":                {Cut: -20},
		"the column with the ID is gone":     alter(`"Workday_ID"`, `"WID"`),
		"the column with the status is gone": alter(`"Employment_Status"`, `"Status"`),
		"the column with the hire is gone":   alter(`"Hire_Date"`, `"Start"`),
	} {
		ways[name] = brokenReport(spoil)
	}
	sourcetest.Run(t, func(t *testing.T) source.Source {
		_, url := newFake(t, workdaytest.Config{Workers: staff(), Report: theReport()})
		return newReport(t, url, nil)
	}, &sourcetest.Options{WantIDs: ids(staff()), Broken: brokenReport(workdaytest.Spoil{Cut: 700}), BrokenWays: ways})
}

func TestReport(t *testing.T) {
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), Report: workdaytest.Report{
		Owner: "hr owner", Name: "Provisioning/1", Prompts: map[string]string{"Worker_Type!WID": "a&b"},
	}})
	p := newReport(t, url, func(c *workday.ReportConfig) {
		c.Prompts = map[string]string{"Worker_Type!WID": "a&b"}
		c.TimeZones = map[string]string{"Berlin": "Europe/Berlin"}
	})
	snapshot, err := source.Collect(t.Context(), p)
	require.NoError(t, err)
	assert.Empty(t, snapshot.Findings())
	assert.Equal(t, "/ccx/service/customreport2/acme/hr%20owner/Provisioning%2F1?Worker_Type%21WID=a%26b&format=json", fake.Requests()[0].URL)
	got := snapshot.Find(ada)
	got.Location.Zone = nil
	assert.Equal(t, &source.Identity{
		ID: ada, Kind: source.KindEmployee, EmployeeNumber: "20042", Name: source.Name{Given: "Adaeze", Family: "Ng"},
		WorkEmail: "ada.ng@acme.example", JobTitle: "Engineer", Department: source.Named("Platform"), CostCenter: source.Ref{Code: "77"},
		Location: source.Location{Name: "Berlin", Country: "DE", TimeZone: "Europe/Berlin"}, Manager: source.Manager{ID: mara},
		Status: source.Active, StatusRaw: "Active", HireDate: source.Day(2024, 3, 4), Custom: map[string][]string{"teams": {"Blue", "Red"}},
	}, got)
	assert.Equal(t, source.Terminated, snapshot.Find(bo).Status)
	assert.Equal(t, source.Day(2026, 2, 27), snapshot.Find(bo).TerminationDate)
	assert.Equal(t, source.PreHire, snapshot.Find(cy).Status, "Inactive, and hired in April")
	assert.Equal(t, source.KindContingent, snapshot.Find(emile).Kind)
	assert.Equal(t, source.Contractor, snapshot.Find(emile).EmploymentType)

	_, err = source.Read(t.Context(), p, ada)
	require.NoError(t, err, "by way of the list")
}

// Both doors say the same of the same people, as far as the report goes.
func TestDoorsAgree(t *testing.T) {
	_, url := newFake(t, workdaytest.Config{Workers: staff(), Report: theReport()})
	workers, err := source.Collect(t.Context(), newSource(t, url, nil))
	require.NoError(t, err)
	rows, err := source.Collect(t.Context(), newReport(t, url, nil))
	require.NoError(t, err)
	require.Equal(t, workers.Len(), rows.Len())
	for i := range workers.All() {
		for _, name := range []string{
			"kind", "status", "employee_number", "given_name", "family_name", "work_email", "job_title", "department", "cost_center_code",
			"location", "country", "manager", "hire_date", "termination_date",
		} {
			if i.ID == cy && name != "status" && name != "hire_date" {
				continue // the report is of today
			}
			field, _ := source.Field(name)
			assert.Equal(t, field.Text(i), field.Text(rows.Find(i.ID)), "%s of %s", name, i.ID)
		}
	}
}

// One cell after the other.
func TestReportCells(t *testing.T) {
	tests := map[string]struct {
		row      string
		want     string // of the field
		field    string
		findings int
	}{
		"a number":                   {`"N":17`, "17", "employee_number", 0},
		"a boolean":                  {`"N":true`, "true", "employee_number", 0},
		"null":                       {`"N":null`, "", "employee_number", 0},
		"an instance":                {`"N":{"ID":"1","Descriptor":"Seventeen"}`, "Seventeen", "employee_number", 0},
		"instances":                  {`"N":[{"Descriptor":"a"},{"Descriptor":"b"}]`, "", "employee_number", 1},
		"one instance":               {`"N":[{"Descriptor":"a"}]`, "a", "employee_number", 0},
		"an object":                  {`"N":{"ID":"1"}`, "", "employee_number", 1},
		"a list of lists":            {`"N":[["a"]]`, "", "employee_number", 1},
		"escapes":                    {`"N":"\u00e4\n"`, "ä", "employee_number", 0},
		"a day of the layout":        {`"H":"03/04/2024"`, "2024-03-04", "hire_date", 0},
		"a day of another layout":    {`"H":"2024-03-04"`, "", "hire_date", 1},
		"a day that is none":         {`"H":"02/30/2024"`, "", "hire_date", 1},
		"no day":                     {`"H":""`, "", "hire_date", 0},
		"a flag":                     {`"A":"1"`, "active", "status", 0},
		"a flag in words":            {`"A":"No","H":"01/01/2099"`, "prehire", "status", 0},
		"two flags":                  {`"A":"0","T":"Yes"`, "terminated", "status", 0},
		"a leave":                    {`"A":"1","L":"1"`, "on_leave", "status", 0},
		"a hire that was taken back": {`"A":"0","R":"1","H":"04/01/2026"`, "terminated", "status", 0},
		"a flag that is none":        {`"A":"maybe"`, "", "status", 1},
		"no flag":                    {`"A":""`, "", "status", 1},
		"a country":                  {`"C":"DE","A":"1"`, "DE", "country", 0},
		"a country that is none":     {`"C":"Germany","A":"1"`, "", "country", 1},
		"a kind that is none":        {`"K":"Robot","A":"1"`, "", "kind", 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := newReport(t, "https://acme.workday.example/ccx", func(c *workday.ReportConfig) {
				row := test.row
				if test.field != "status" {
					row += `,"A":"1"`
				}
				c.Connection.Transport = answers("application/json", `{"Report_Entry":[{"I":"1",`+row+`}]}`)
				c.Columns = map[string]string{
					"id": "I", "employee_number": "N", "hire_date": "H", "active": "A", "terminated": "T", "on_leave": "L",
					"hire_rescinded": "R", "country": "C", "kind": "K",
				}
				c.Required = []string{"id"}
			})
			snapshot, err := source.Collect(t.Context(), p)
			require.NoError(t, err)
			field, _ := source.Field(test.field)
			assert.Equal(t, test.want, field.Text(snapshot.Find("1")))
			found := 0
			for _, f := range snapshot.Findings() {
				if f.Identity == "1" {
					found++
					assert.Equal(t, test.field, f.Field)
				}
			}
			assert.Equal(t, test.findings, found, "%v", snapshot.Findings())
		})
	}
}

// answers is a transport with one answer for everything.
func answers(kind string, bodies ...string) http.RoundTripper {
	return transport(func(*http.Request) (*http.Response, error) {
		text := bodies[0]
		if len(bodies) > 1 {
			bodies = bodies[1:]
		}
		return response(200, kind, text), nil
	})
}

// A report without people is an error, whatever else it has to have.
func TestReportWithoutPeople(t *testing.T) {
	p := newReport(t, "https://acme.workday.example/ccx", func(c *workday.ReportConfig) {
		c.Connection.Transport, c.Required = answers("application/json", `{"Report_Entry":[]}`), []string{}
	})
	_, err := source.Collect(t.Context(), p)
	require.ErrorIs(t, err, source.ErrIncomplete)
}
