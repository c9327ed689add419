package greenhouse_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/greenhouse"
)

const hookKey = "test-signing-key"

func signed(body string) http.Header {
	mac := hmac.New(sha256.New, []byte(hookKey))
	mac.Write([]byte(body))
	h := http.Header{}
	h.Set("Signature", "sha256 "+hex.EncodeToString(mac.Sum(nil)))
	h.Set("Greenhouse-Event-ID", "42")
	return h
}

// The signature was computed by another implementation of the described scheme.
func TestWebhookVector(t *testing.T) {
	h := http.Header{}
	h.Set("Signature", "sha256 7412057161474ff8700fc76bf577b73ad22c24e2919b49daab338b25f9531890")
	e, err := greenhouse.ReadWebhook([]byte(`{"action":"hire_candidate","payload":{"application":{"id":55}}}`), h,
		greenhouse.WebhookConfig{Keys: []string{"the-next-key", hookKey}})
	require.NoError(t, err)
	assert.Equal(t, greenhouse.Event{Action: "hire_candidate"}, e)
}

func TestWebhookBodies(t *testing.T) {
	tests := map[string]struct {
		body string
		want greenhouse.Event
		err  string
	}{
		"hired": {
			`{"action":"hire_candidate","payload":{"application":{"id":55,"candidate":{"id":901,"first_name":"\u003cAda\u003e"},
			"job":{"id":12},"jobs":[{"id":12}],"offer":{"id":700,"starts_at":"2026-12-01"}}}}`,
			greenhouse.Event{ID: "42", Action: "hire_candidate", Candidates: []string{"901"}},
			"",
		},
		"unhired": {
			`{"action":"unhire_candidate","payload":{"application":{"id":55,"candidate":{"id":"901"}}}}`,
			greenhouse.Event{ID: "42", Action: "unhire_candidate", Candidates: []string{"901"}},
			"",
		},
		"changed": {
			`{"action":"update_candidate","payload":{"candidate":{"id":901,"addresses":[{"id":3}]}}}`,
			greenhouse.Event{ID: "42", Action: "update_candidate", Candidates: []string{"901"}},
			"",
		},
		"deleted": {
			`{"action":"delete_candidate","payload":{"person":{"id":901,"deleted_application_ids":[55]}}}`,
			greenhouse.Event{ID: "42", Action: "delete_candidate", Candidates: []string{"901"}},
			"",
		},
		"merged": {
			`{"action":"merge_candidate","payload":{"person":{"id":901,"new_candidate_id":457456}}}`,
			greenhouse.Event{ID: "42", Action: "merge_candidate", Candidates: []string{"901"}, MergedInto: "457456"},
			"",
		},
		"an offer": {
			`{"action":"offer_updated","payload":{"id":700,"application_id":55,"candidate_id":901}}`,
			greenhouse.Event{ID: "42", Action: "offer_updated", Candidates: []string{"901"}},
			"",
		},
		"ping":           {`{"action":"ping","payload":{"web_hook_id":1}}`, greenhouse.Event{ID: "42", Action: "ping"}, ""},
		"a department":   {`{"action":"department_deleted","payload":{"id":3}}`, greenhouse.Event{ID: "42", Action: "department_deleted"}, ""},
		"no action":      {`{"payload":{}}`, greenhouse.Event{}, "no action"},
		"no JSON":        {`action=ping`, greenhouse.Event{}, "JSON"},
		"something more": {`{"action":"ping"}{}`, greenhouse.Event{}, "JSON"},
		"a path as id":   {`{"action":"x","payload":{"candidate":{"id":"../1"}}}`, greenhouse.Event{}, "no id"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := greenhouse.ReadWebhook([]byte(tt.body), signed(tt.body), greenhouse.WebhookConfig{Keys: []string{hookKey}})
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, e)
		})
	}
}

func TestWebhookSignatures(t *testing.T) {
	body := `{"action":"ping"}`
	cfg := greenhouse.WebhookConfig{Keys: []string{hookKey}}
	good := signed(body).Get("Signature")
	for _, wrong := range []string{"", good[7:], "sha1 " + good[7:], "sha256=" + good[7:], good[:len(good)-2], good + "00", "sha256 zz"} {
		h := http.Header{}
		h.Set("Signature", wrong)
		_, err := greenhouse.ReadWebhook([]byte(body), h, cfg)
		assert.ErrorIs(t, err, greenhouse.ErrSignature, wrong)
	}
	_, err := greenhouse.ReadWebhook([]byte(body+" "), signed(body), cfg)
	require.ErrorIs(t, err, greenhouse.ErrSignature)
	_, err = greenhouse.ReadWebhook([]byte(body), signed(body), greenhouse.WebhookConfig{Keys: []string{hookKey, ""}})
	require.ErrorContains(t, err, "Keys")
	_, err = greenhouse.ReadWebhook([]byte(body), signed(body), greenhouse.WebhookConfig{})
	require.ErrorContains(t, err, "Keys")
	_, err = greenhouse.ReadWebhook([]byte(strings.Repeat(" ", 5<<20)), signed(body), cfg)
	require.ErrorContains(t, err, "larger")
}
