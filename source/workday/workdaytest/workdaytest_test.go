package workdaytest_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/workday/workdaytest"
)

const (
	head = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:w="urn:com.workday/bsvc"><e:Header>` +
		`<s:Security xmlns:s="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><s:UsernameToken>` +
		`<s:Username>isu@acme</s:Username><s:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">` +
		`test-password</s:Password></s:UsernameToken></s:Security></e:Header><e:Body><w:Get_Workers_Request w:version="v45.0">`
	foot   = `</w:Get_Workers_Request></e:Body></e:Envelope>`
	path   = "/ccx/service/acme/Human_Resources/v45.0"
	filter = `<w:Response_Filter><w:As_Of_Effective_Date>2026-03-02</w:As_Of_Effective_Date><w:Page>1</w:Page><w:Count>2</w:Count></w:Response_Filter>`
)

func noon() time.Time { return time.Date(2026, time.March, 2, 20, 0, 0, 0, time.UTC) }

func ask(t *testing.T, method, path, body string) (status int, answer string) {
	t.Helper()
	fake := workdaytest.New(workdaytest.Config{
		Workers: workdaytest.Population(60), Clock: noon,
		Report: workdaytest.Report{Owner: "hr", Name: "All", Prompts: map[string]string{"Day": "1"}},
	})
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if method == http.MethodGet {
		r.SetBasicAuth("isu", "test-password")
	}
	recorder := httptest.NewRecorder()
	fake.ServeHTTP(recorder, r)
	text, err := io.ReadAll(recorder.Result().Body)
	require.NoError(t, err)
	return recorder.Code, string(text)
}

func TestAnswers(t *testing.T) {
	status, answer := ask(t, http.MethodPost, path, head+filter+foot)
	assert.Equal(t, 200, status)
	assert.Equal(t, 2, strings.Count(answer, "<wd:Worker>"))
	assert.Contains(t, answer, "<wd:Total_Results>57</wd:Total_Results>", "inactive people are left out unless asked for")
	assert.NotContains(t, answer, "Personal_Data", "nothing but what a switch asks for")

	everybody := `<w:Request_Criteria><w:Exclude_Inactive_Workers>false</w:Exclude_Inactive_Workers></w:Request_Criteria>`
	_, answer = ask(t, http.MethodPost, path, head+everybody+filter+foot)
	assert.Contains(t, answer, "<wd:Total_Results>60</wd:Total_Results>")

	status, answer = ask(t, http.MethodGet, "/ccx/service/customreport2/acme/hr/All?format=json&Day=1", "")
	assert.Equal(t, 200, status)
	assert.Equal(t, 60, strings.Count(answer, `"Workday_ID"`))
}

func TestRefusals(t *testing.T) {
	unknown := `<w:Request_References><w:Worker_Reference><w:ID w:type="WID">nobody</w:ID></w:Worker_Reference></w:Request_References>`
	tests := map[string]struct{ path, body, want string }{
		"another version":       {strings.Replace(path, "v45.0", "v44.0", 1), head + filter + foot, "the version is not the one of the address"},
		"another service":       {strings.Replace(path, "Human", "Super_Human", 1), head + filter + foot, "web service or version is invalid"},
		"another tenant":        {strings.Replace(path, "acme", "other", 1), head + filter + foot, "web service or version is invalid"},
		"no envelope":           {path, "<a/>", "no SOAP envelope"},
		"another password":      {path, strings.Replace(head, "test-password", "x", 1) + filter + foot, "Client.authenticationError"},
		"a digest":              {path, strings.Replace(head, "#PasswordText", "#PasswordDigest", 1) + filter + foot, "Client.authenticationError"},
		"no tenant in the name": {path, strings.Replace(head, "isu@acme", "isu", 1) + filter + foot, "Client.authenticationError"},
		"out of order":          {path, head + "<w:Response_Group/>" + filter + foot, "out of order"},
		"another namespace":     {path, strings.Replace(head, "urn:com.workday/bsvc", "urn:other", 1) + filter + foot, "another namespace"},
		"an unknown switch":     {path, head + "<w:Response_Group><w:Include_Wings>true</w:Include_Wings></w:Response_Group>" + foot, "Include_Wings"},
		"page zero":             {path, head + strings.Replace(filter, "<w:Page>1", "<w:Page>0", 1) + foot, "Page number cannot be zero"},
		"a large page":          {path, head + strings.Replace(filter, "<w:Count>2", "<w:Count>1000", 1) + foot, "too large"},
		"no day":                {path, head + strings.Replace(filter, "2026-03-02", "today", 1) + foot, "it is no date"},
		"nobody":                {path, head + unknown + filter + foot, "is not a valid ID value for type = 'WID'"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			status, answer := ask(t, http.MethodPost, test.path, test.body)
			assert.Equal(t, http.StatusInternalServerError, status)
			assert.Contains(t, answer, "<SOAP-ENV:Fault")
			assert.Contains(t, strings.ReplaceAll(answer, "&#39;", "'"), test.want)
		})
	}
	const report = "/ccx/service/customreport2/acme/hr/"
	for address, want := range map[string]int{
		report + "All?format=json": 400, report + "All?format=json&Day=2": 400, report + "All?Day=1": 400,
		report + "All?format=json&Day=1&Night=2": 400, report + "Other?format=json&Day=1": 404, "/ccx/other": 404,
	} {
		status, _ := ask(t, http.MethodGet, address, "")
		assert.Equal(t, want, status, address)
	}
	status, _ := ask(t, http.MethodPost, report+"All?format=json&Day=1", "")
	assert.Equal(t, 405, status)
}
