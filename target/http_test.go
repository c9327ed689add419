package target_test

import (
	"io"
	"log"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/target"
)

func discard() *log.Logger { return log.New(io.Discard, "", 0) }

func response(code int, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: code, Header: h, Status: "secret reason"}
}

func TestFromHTTPClasses(t *testing.T) {
	wait := []string{"Retry-After", "30"}
	for _, c := range []struct {
		code   int
		header []string
		want   target.Class
		after  time.Duration
	}{
		{302, nil, target.Permanent, 0},
		{304, nil, target.Permanent, 0},
		{400, nil, target.Permanent, 0},
		{401, nil, target.Fatal, 0},
		{403, nil, target.Permanent, 0},
		{403, wait, target.Throttled, 30 * time.Second},
		{404, wait, target.NotFound, 0},
		{407, nil, target.Fatal, 0},
		{408, nil, target.Transient, 0},
		{409, nil, target.Exists, 0},
		{410, nil, target.NotFound, 0},
		{412, nil, target.Conflict, 0},
		{413, nil, target.Permanent, 0},
		{422, nil, target.Permanent, 0},
		{425, nil, target.Transient, 0},
		{429, nil, target.Throttled, 0},
		{429, wait, target.Throttled, 30 * time.Second},
		{500, nil, target.Transient, 0},
		{501, nil, target.Permanent, 0},
		{502, wait, target.Transient, 30 * time.Second},
		{503, nil, target.Transient, 0},
		{503, wait, target.Throttled, 30 * time.Second},
		{505, nil, target.Permanent, 0},
		{101, nil, target.Unclear, 0},
		{0, nil, target.Unclear, 0},
		{999, nil, target.Unclear, 0},
	} {
		err := target.FromHTTP(response(c.code, c.header...))
		require.Error(t, err, c.code)
		assert.Equal(t, c.want, target.ClassOf(err), c.code)
		assert.Equal(t, c.after, target.RetryAfter(err), c.code)
	}
	for _, code := range []int{200, 201, 202, 204, 206, 299} {
		assert.NoError(t, target.FromHTTP(response(code)), code)
	}
	assert.Equal(t, target.Unclear, target.ClassOf(target.FromHTTP(nil)))
	assert.Error(t, target.FromHTTP(nil))
}

func TestFromHTTPTextHoldsNoSecrets(t *testing.T) {
	u, err := url.Parse("https://me:pw-secret@api.example/Users/a%20b?access_token=secret#secret")
	require.NoError(t, err)
	resp := response(409, "Set-Cookie", "secret")
	resp.Request = &http.Request{Method: "PATCH", URL: u, Header: http.Header{"Authorization": {"secret"}}}
	assert.EqualError(t, target.FromHTTP(resp), "PATCH api.example/Users/a%20b: 409 Conflict")
	resp.Request.Method = ""
	assert.EqualError(t, target.FromHTTP(resp), "GET api.example/Users/a%20b: 409 Conflict")
	assert.EqualError(t, target.FromHTTP(response(499)), "499")
}

func TestRetryAfterHeader(t *testing.T) {
	const date = "Mon, 23 Nov 2026 05:00:00 GMT"
	const year = 365 * 24 * time.Hour
	for _, c := range []struct {
		text, date string
		want       time.Duration
		class      target.Class // of a 503
	}{
		{"", date, 0, target.Transient},
		{"120", "", 2 * time.Minute, target.Throttled},
		{" 7 ", "", 7 * time.Second, target.Throttled},
		{"0", "", 0, target.Throttled},
		{"-5", "", 0, target.Transient},
		{"1.5", "", 0, target.Transient},
		{"soon", date, 0, target.Transient},
		{"9999999999", "", year, target.Throttled},
		{"99999999999999999999999999", "", year, target.Throttled},
		{"Mon, 23 Nov 2026 05:01:30 GMT", date, 90 * time.Second, target.Throttled},
		{"Monday, 23-Nov-26 05:01:30 GMT", date, 90 * time.Second, target.Throttled},
		{"Mon, 23 Nov 2026 04:00:00 GMT", date, 0, target.Throttled},
		{"Mon, 23 Nov 2099 04:00:00 GMT", date, year, target.Throttled},
		{"Mon, 23 Nov 2026 05:01:30 GMT", "", 0, target.Throttled},
		{"Mon, 23 Nov 2026 05:01:30 GMT", "garbage", 0, target.Throttled},
	} {
		err := target.FromHTTP(response(503, "Retry-After", c.text, "Date", c.date))
		assert.Equal(t, c.want, target.RetryAfter(err), "%q", c.text)
		assert.Equal(t, c.class, target.ClassOf(err), "%q", c.text)
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"30", "-1", "Mon, 23 Nov 2026 05:01:30 GMT", "1e9", "٣", "0000000000000000000009"} {
		f.Add(s, "Mon, 23 Nov 2026 05:00:00 GMT")
	}
	f.Fuzz(func(t *testing.T, text, date string) {
		got := target.RetryAfter(target.FromHTTP(response(429, "Retry-After", text, "Date", date)))
		assert.GreaterOrEqual(t, got, time.Duration(0))
		assert.LessOrEqual(t, got, 365*24*time.Hour)
	})
}
