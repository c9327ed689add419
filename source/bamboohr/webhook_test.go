package bamboohr_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/bamboohr"
)

const webhookKey = "test-signing-key"

func webhookConfig() bamboohr.WebhookConfig {
	return bamboohr.WebhookConfig{
		Keys: []string{"the-next-key", webhookKey}, Clock: func() time.Time { return time.Unix(1793610000, 0).Add(2 * time.Minute) },
	}
}

func signed(body, stamp string) http.Header {
	mac := hmac.New(sha256.New, []byte(webhookKey))
	mac.Write([]byte(body + stamp))
	h := http.Header{}
	h.Set("X-BambooHR-Timestamp", stamp)
	h.Set("X-BambooHR-Signature", hex.EncodeToString(mac.Sum(nil)))
	return h
}

// The signature was computed by another implementation of the described scheme.
func TestWebhookVector(t *testing.T) {
	body := `{"type":"employee.updated","timestamp":"2026-11-02T09:00:00+0000","data":{"companyId":"1","employeeId":"42","changedFields":["jobTitle"]}}`
	h := http.Header{}
	h.Set("X-BambooHR-Timestamp", "1793610000")
	h.Set("X-BambooHR-Signature", "82f18ff235cfc8c081ee79a250019ff41a8ee6b9a726ce357cddbe708105604a")
	ids, err := bamboohr.ReadWebhook([]byte(body), h, webhookConfig())
	require.NoError(t, err)
	assert.Equal(t, []string{"42"}, ids)
}

func TestWebhookBodies(t *testing.T) {
	tests := map[string]struct {
		body string
		ids  []string
		err  string
	}{
		"event":                 {`{"type":"employee.deleted","data":{"companyId":"1","employeeId":"42"}}`, []string{"42"}, ""},
		"event with a number":   {`{"type":"employee.created","data":{"employeeId":42}}`, []string{"42"}, ""},
		"fields":                {`{"employees":[{"id":"42","action":"Updated","fields":{"id":{"value":"9"}}},{"id":7},{"id":"42"}]}`, []string{"42", "7"}, ""},
		"nobody":                {`{"employees":[]}`, nil, ""},
		"an event about others": {`{"type":"applicant.created","data":{"applicantId":"3"}}`, nil, ""},
		"an event about no one": {`{"type":"employee.updated","data":{"companyId":"1"}}`, nil, "no people are named"},
		"no id":                 {`{"employees":[{"action":"Updated"}]}`, nil, "no employee id"},
		"a path as id":          {`{"type":"employee.updated","data":{"employeeId":"../42"}}`, nil, "no employee id"},
		"whoever asks":          {`{"type":"employee.updated","data":{"employeeId":"0"}}`, nil, "no employee id"},
		"a form":                {`type=employee.updated&data[employeeId]=42`, nil, "not valid JSON"},
		"two bodies":            {`{"employees":[]}{"employees":[]}`, nil, "not valid JSON"},
		"nothing":               {``, nil, "not valid JSON"},
		"too much":              {strings.Repeat(" ", 1<<20) + `{}`, nil, "larger than"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			ids, err := bamboohr.ReadWebhook([]byte(tt.body), signed(tt.body, "1793610000"), webhookConfig())
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				assert.Nil(t, ids)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.ids, ids)
		})
	}
}

func TestWebhookSignature(t *testing.T) {
	const body = `{"type":"employee.updated","data":{"employeeId":"42"}}`
	tests := map[string]struct {
		stamp  string
		change func(h http.Header, c *bamboohr.WebhookConfig)
		valid  bool
	}{
		"just now":          {"1793610000", nil, true},
		"as a date":         {"2026-11-02T09:00:00Z", nil, true},
		"old":               {"1793609800", nil, false},
		"from the future":   {"1793610500", nil, false},
		"no time":           {"yesterday", nil, false},
		"a longer patience": {"1793609800", func(_ http.Header, c *bamboohr.WebhookConfig) { c.Tolerance = time.Hour }, true},
		"another time":      {"1793610000", func(h http.Header, _ *bamboohr.WebhookConfig) { h.Set("X-BambooHR-Timestamp", "1793610001") }, false},
		"another key":       {"1793610000", func(_ http.Header, c *bamboohr.WebhookConfig) { c.Keys = []string{"other"} }, false},
		"no signature":      {"1793610000", func(h http.Header, _ *bamboohr.WebhookConfig) { h.Del("X-BambooHR-Signature") }, false},
		"no timestamp":      {"1793610000", func(h http.Header, _ *bamboohr.WebhookConfig) { h.Del("X-BambooHR-Timestamp") }, false},
		"half a signature": {"1793610000", func(h http.Header, _ *bamboohr.WebhookConfig) {
			h.Set("X-BambooHR-Signature", h.Get("X-BambooHR-Signature")[:32])
		}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			h, cfg := signed(body, tt.stamp), webhookConfig()
			if name == "as a date" {
				cfg.Clock = func() time.Time { return time.Date(2026, time.November, 2, 9, 0, 30, 0, time.UTC) }
			}
			if tt.change != nil {
				tt.change(h, &cfg)
			}
			ids, err := bamboohr.ReadWebhook([]byte(body), h, cfg)
			if tt.valid {
				require.NoError(t, err)
				assert.Equal(t, []string{"42"}, ids)
				return
			}
			require.ErrorIs(t, err, bamboohr.ErrSignature)
			assert.Nil(t, ids)
			assert.NotContains(t, err.Error(), webhookKey)
		})
	}
	// A flipped bit anywhere is noticed.
	for n := range body {
		damaged := []byte(body)
		damaged[n] ^= 1
		_, err := bamboohr.ReadWebhook(damaged, signed(body, "1793610000"), webhookConfig())
		require.ErrorIs(t, err, bamboohr.ErrSignature)
	}
	_, err := bamboohr.ReadWebhook([]byte(body), signed(body, "1793610000"), bamboohr.WebhookConfig{Keys: []string{""}})
	require.ErrorContains(t, err, "Keys")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		assert.NotContains(t, fmt.Sprintf(verb, webhookConfig()), webhookKey)
	}
}

func FuzzWebhook(f *testing.F) {
	f.Add(`{"type":"employee.updated","data":{"employeeId":"42"}}`, "1793610000")
	f.Add(`{"employees":[{"id":"42","fields":{"a":{"value":null}}}]}`, "2026-11-02T09:00:00Z")
	f.Add(`{"data":{"employeeId":{"employeeId":"4"}}}`, "")
	f.Fuzz(func(t *testing.T, body, stamp string) {
		ids, err := bamboohr.ReadWebhook([]byte(body), signed(body, stamp), webhookConfig())
		if err != nil && ids != nil {
			t.Fatal("people and an error")
		}
		for _, id := range ids {
			if id == "" || strings.Trim(id, "0123456789") != "" || strings.HasPrefix(id, "0") {
				t.Fatalf("%q is no id", id)
			}
		}
	})
}
