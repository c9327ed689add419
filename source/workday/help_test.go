package workday_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(status int, kind, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)),
		ContentLength: int64(len(body)),
	}
}

// workers is an answer of Get_Workers with one page.
func workers(inner ...string) string {
	const head = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><Get_Workers_Response xmlns="urn:com.workday/bsvc">` +
		`<Response_Results><Total_Results>N</Total_Results><Total_Pages>1</Total_Pages><Page_Results>N</Page_Results><Page>1</Page></Response_Results>`
	n := string(rune('0' + len(inner)))
	return strings.ReplaceAll(head, ">N<", ">"+n+"<") + "<Response_Data>" + strings.Join(inner, "") +
		"</Response_Data></Get_Workers_Response></e:Body></e:Envelope>"
}

// worker is a worker with a reference and data.
func worker(wid, data string) string {
	return `<Worker><Worker_Reference><ID type="WID">` + wid + `</ID></Worker_Reference><Worker_Data>` + data + `</Worker_Data></Worker>`
}

// serve serves a fake and returns its address.
func serve(t testing.TB, fake http.Handler) string {
	t.Helper()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return server.URL + "/ccx"
}
