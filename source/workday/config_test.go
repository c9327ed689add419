package workday_test

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/workday"
)

const jobData = "Worker_Data/Employment_Data/Worker_Job_Data/Position_Data/"

func TestConfigErrors(t *testing.T) {
	tests := map[string]struct {
		change func(*workday.Config)
		want   string
	}{
		"no host":             {func(c *workday.Config) { c.Connection.BaseURL = "" }, "Host: want a host below workday.com"},
		"a foreign host":      {func(c *workday.Config) { c.Connection.BaseURL, c.Connection.Host = "", "workday.com.evil.example" }, "Host: want"},
		"no host of one's":    {func(c *workday.Config) { c.Connection.BaseURL, c.Connection.Host = "", ".workday.com" }, "Host: empty"},
		"a host with a path":  {func(c *workday.Config) { c.Connection.BaseURL, c.Connection.Host = "", "evil.example/.workday.com" }, "Host: "},
		"a host with a user":  {func(c *workday.Config) { c.Connection.BaseURL, c.Connection.Host = "", "a@b.workday.com" }, "Host: "},
		"two addresses":       {func(c *workday.Config) { c.Connection.Host = "wd5.myworkday.com" }, "Host and BaseURL"},
		"no tenant":           {func(c *workday.Config) { c.Connection.Tenant = "" }, "Tenant"},
		"a tenant elsewhere":  {func(c *workday.Config) { c.Connection.Tenant = "../other" }, "Tenant"},
		"no credentials":      {func(c *workday.Config) { c.Connection.Auth = workday.Auth{} }, "Auth: no credentials"},
		"no user":             {func(c *workday.Config) { c.Connection.Auth = workday.Password("", "p") }, "Auth: no user"},
		"no password":         {func(c *workday.Config) { c.Connection.Auth = workday.Password("u", "") }, "Auth: no password"},
		"a line break":        {func(c *workday.Config) { c.Connection.Auth = workday.Password("u", "canary-1\n") }, "Auth: the password has a line break"},
		"a user with a colon": {func(c *workday.Config) { c.Connection.Auth = workday.Password("u:v", "p") }, "Auth: the user"},
		"no token":            {func(c *workday.Config) { c.Connection.Auth = workday.Token(nil, nil) }, "Auth: no credentials"},
		"a version":           {func(c *workday.Config) { c.Version = "45" }, "Version"},
		"a large page":        {func(c *workday.Config) { c.PageSize = 1000 }, "PageSize: 1000 is not from 1 to 999"},
		"a small page":        {func(c *workday.Config) { c.PageSize = -1 }, "PageSize"},
		"far ahead":           {func(c *workday.Config) { c.PreHireDays = 4000 }, "PreHireDays"},
		"a negative age":      {func(c *workday.Config) { c.OldestCursor = -time.Hour }, "OldestCursor"},
		"a zone":              {func(c *workday.Config) { c.Zone = "Mars" }, `Zone: "Mars"`},
		"a zone of a place":   {func(c *workday.Config) { c.TimeZones = map[string]string{"Berlin": "CEST+1"} }, `TimeZones: "Berlin"`},
		"a field of an organisation": {
			func(c *workday.Config) { c.Units = map[string]string{"TEAM": "job_title"} }, `Units: "TEAM": "job_title"`,
		},
		"an unknown field":       {func(c *workday.Config) { c.Fields = map[string]string{"shoe": "Worker_Data/User_ID"} }, `Fields: "shoe"`},
		"the ID":                 {func(c *workday.Config) { c.Fields = map[string]string{"id": "Worker_Data/User_ID"} }, `Fields: "id"`},
		"the status":             {func(c *workday.Config) { c.Fields = map[string]string{"status": jobData + "X"} }, `Fields: "status"`},
		"no path":                {func(c *workday.Config) { c.Fields = map[string]string{"custom.a": "/Worker_Data//X"} }, `is no path`},
		"a path with a question": {func(c *workday.Config) { c.Fields = map[string]string{"custom.a": "Worker_Data/X[1=1]"} }, `is no path`},
		"no service": {
			func(c *workday.Config) {
				c.Fields = map[string]string{"custom.a": "Integration_Field_Override_Data[Badge]"}
			}, "FieldService",
		},
		"a service": {func(c *workday.Config) { c.FieldService = "<x>" }, "FieldService"},
		"http":      {func(c *workday.Config) { c.Connection.Private = false }, "Private"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := workday.Config{Connection: connection("http://127.0.0.1:1/ccx")}
			test.change(&cfg)
			_, err := workday.New(cfg)
			require.ErrorContains(t, err, test.want)
			assert.NotContains(t, err.Error(), "canary")
		})
	}
	_, err := workday.New(workday.Config{PageSize: 5000, Version: "x"})
	for _, field := range []string{"Host", "Tenant", "Auth", "PageSize", "Version"} {
		require.ErrorContains(t, err, field, "all at once")
	}
}

// What nobody needs for an account cannot be asked for.
func TestDenied(t *testing.T) {
	for _, path := range []string{
		"Worker_Data/Personal_Data/Birth_Date",
		"Worker_Data/Personal_Data/Gender",
		"Worker_Data/Personal_Data/Ethnicity_Reference/ID[Ethnicity_ID]",
		"Worker_Data/Personal_Data/Religion_Reference/@Descriptor",
		"Worker_Data/Personal_Data/Identification_Data/National_ID/National_ID_Data/ID",
		"Worker_Data/Personal_Data/Contact_Data/Address_Data/Municipality",
		"Worker_Data/Personal_Data/Contact_Data/Phone_Data/Phone_Number",
		"Worker_Data/Compensation_Data/Employee_Base_Pay_Plan_Assignment_Data/Amount",
		jobData + "Pay_Rate_Type_Reference/ID[Pay_Rate_Type_ID]",
		"Worker_Data/Employment_Data/Worker_Status_Data/Primary_Termination_Reason_Reference/ID",
		"Worker_Data/Employment_Data/Worker_Status_Data/Leave_Status_Data/Leave_of_Absence_Type_Reference/ID",
		"Worker_Data/Employment_Data/Worker_Status_Data/Not_Eligible_for_Rehire",
		"Worker_Data/Related_Persons_Data/Related_Person/Person_Reference/ID",
		"Worker_Data/Photo_Data/Image",
		"Worker_Data/Benefit_Enrollment_Data/Health_Care_Data/X",
		"Integration_Field_Override_Data[Social_Security_Number]",
	} {
		_, err := workday.New(workday.Config{
			Connection: connection("http://127.0.0.1:1/ccx"), FieldService: "aa", Fields: map[string]string{"custom.a": path},
		})
		require.ErrorContains(t, err, "which is never read", path)
	}
	for _, path := range []string{
		jobData + "Business_Site_Summary_Data/Address_Data/Municipality", jobData + "Job_Profile_Summary_Data/Job_Profile_Name",
		"Worker_Data/Employment_Data/Worker_Status_Data/Continuous_Service_Date", "Worker_Data/Employment_Data/Worker_Contract_Data/Contract_End_Date",
	} {
		_, err := workday.New(workday.Config{Connection: connection("http://127.0.0.1:1/ccx"), Fields: map[string]string{"custom.a": path}})
		require.NoError(t, err, path)
	}
}

func TestReportConfigErrors(t *testing.T) {
	column := func(field, name string) func(*workday.ReportConfig) {
		return func(c *workday.ReportConfig) { c.Columns = maps.Clone(c.Columns); c.Columns[field] = name }
	}
	tests := map[string]struct {
		change func(*workday.ReportConfig)
		want   string
	}{
		"no owner":             {func(c *workday.ReportConfig) { c.Owner = "" }, "Owner"},
		"a report elsewhere":   {func(c *workday.ReportConfig) { c.Report = ".." }, "Report"},
		"the format":           {func(c *workday.ReportConfig) { c.Prompts = map[string]string{"format": "xml"} }, "Prompts"},
		"no ID":                {func(c *workday.ReportConfig) { delete(c.Columns, "id") }, `Columns: "id" is missing`},
		"no status":            {func(c *workday.ReportConfig) { delete(c.Columns, "status") }, `"status", "active" and "terminated"`},
		"an unknown field":     {column("shoe", "Shoe_Size"), `Columns: "shoe"`},
		"no name":              {column("team", ""), `Columns: "team"`},
		"a birth date":         {column("custom.a", "Date_of_Birth"), "which is never read"},
		"pay":                  {column("custom.a", "Annual_Salary"), "which is never read"},
		"a home address":       {column("custom.a", "Primary_Home_Address"), "which is never read"},
		"required, not read":   {func(c *workday.ReportConfig) { c.Required = []string{"team"} }, `Required: "team"`},
		"a layout of nothing":  {func(c *workday.ReportConfig) { c.DateLayout = "2006" }, "DateLayout"},
		"a layout of the past": {func(c *workday.ReportConfig) { c.DateLayout = "dd/mm/yyyy" }, "DateLayout"},
		"patience":             {func(c *workday.ReportConfig) { c.Patience = -1 }, "Patience"},
		"a zone":               {func(c *workday.ReportConfig) { c.Zone = "Local" }, "Zone"},
		"no tenant":            {func(c *workday.ReportConfig) { c.Connection.Tenant = "" }, "Tenant"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			cfg := workday.ReportConfig{Connection: connection("http://127.0.0.1:1/ccx"), Owner: "o", Report: "r", Columns: reportColumns()}
			test.change(&cfg)
			_, err := workday.NewReport(cfg)
			require.ErrorContains(t, err, test.want)
		})
	}
	cfg := workday.ReportConfig{Connection: connection("http://127.0.0.1:1/ccx"), Owner: "o", Report: "r", Columns: reportColumns()}
	cfg.Columns["city"] = "City"
	_, err := workday.NewReport(cfg)
	require.NoError(t, err, "it may be that of a place of work")
}

// Nothing that is printed shows a credential.
func TestNothingPrintsACredential(t *testing.T) {
	connection := connection("http://127.0.0.1:1/ccx")
	connection.Auth = workday.Password("canary-user", "canary-password")
	s, err := workday.New(workday.Config{Connection: connection})
	require.NoError(t, err)
	p, err := workday.NewReport(workday.ReportConfig{Connection: connection, Owner: "o", Report: "r", Columns: reportColumns()})
	require.NoError(t, err)
	token := workday.Token(func(context.Context) (string, error) { return "canary-token", nil }, nil)
	for _, value := range []any{connection, connection.Auth, token, s, p, workday.Config{Connection: connection}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			assert.NotContains(t, fmt.Sprintf(verb, value), "canary", verb)
			assert.NotContains(t, fmt.Sprintf(verb, value), fmt.Sprintf("%x", "canary"), verb)
		}
	}
	text, _ := json.Marshal(map[string]any{"auth": connection.Auth})
	assert.NotContains(t, string(text), "canary")
}
