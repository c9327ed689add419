package ashby_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/ashby"
)

const hookKey = "test-signing-key"

func signed(body string) http.Header {
	mac := hmac.New(sha256.New, []byte(hookKey))
	mac.Write([]byte(body))
	h := http.Header{}
	h.Set("Ashby-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

// The signature was computed by another implementation of the described scheme.
func TestWebhookVector(t *testing.T) {
	h := http.Header{}
	h.Set("Ashby-Signature", "sha256=b6c206001ac4a0819020f87abfff89f790960938f6bb38b09a5fe97e90adc024")
	e, err := ashby.ReadWebhook([]byte(`{"action":"candidateHire","data":{"application":{"id":"a1"}}}`), h,
		ashby.WebhookConfig{Keys: []string{"the-next-key", hookKey}})
	require.NoError(t, err)
	assert.Equal(t, ashby.Event{Action: "candidateHire", Applications: []string{"a1"}}, e)
}

func TestWebhookBodies(t *testing.T) {
	tests := map[string]struct {
		body string
		want ashby.Event
		err  string
	}{
		"hired": {
			`{"action":"candidateHire","data":{"application":{"id":"a-1","status":"Hired","candidate":{"id":"c-1","name":"Ada"}},"offer":{"id":"o-1","latestVersion":{"startDate":"2026-12-01"}}}}`,
			ashby.Event{Action: "candidateHire", Candidates: []string{"c-1"}, Applications: []string{"a-1"}, Status: "Hired"},
			"",
		},
		"an offer": {
			`{"action":"offerUpdate","data":{"offer":{"id":"o-1","applicationId":"a-1"}}}`,
			ashby.Event{Action: "offerUpdate", Applications: []string{"a-1"}},
			"",
		},
		"deleted": {
			`{"action":"candidateDelete","data":{"candidate":{"id":"c-1"}}}`,
			ashby.Event{Action: "candidateDelete", Candidates: []string{"c-1"}},
			"",
		},
		"deleted, by id": {
			`{"action":"candidateDelete","data":{"candidateId":"c-1"}}`,
			ashby.Event{Action: "candidateDelete", Candidates: []string{"c-1"}},
			"",
		},
		"merged": {
			`{"action":"candidateMerge","data":{"deletedCandidate":{"id":"c-1"},"mergedCandidate":{"id":"c-8"}}}`,
			ashby.Event{Action: "candidateMerge", Candidates: []string{"c-1", "c-8"}, Merged: "c-1", MergedInto: "c-8"},
			"",
		},
		"merged, by ids": {
			`{"action":"candidateMerge","data":{"mergedCandidate":"c-8","deletedCandidate":"c-1"}}`,
			ashby.Event{Action: "candidateMerge", Candidates: []string{"c-8", "c-1"}, Merged: "c-1", MergedInto: "c-8"},
			"",
		},
		"ping":           {`{"action":"ping","data":{"webhookActionId":"x"}}`, ashby.Event{Action: "ping"}, ""},
		"no data":        {`{"action":"jobUpdate","data":null}`, ashby.Event{Action: "jobUpdate"}, ""},
		"no action":      {`{"data":{}}`, ashby.Event{}, "no action"},
		"no JSON":        {`action=ping`, ashby.Event{}, "JSON"},
		"something more": {`{"action":"ping"}{}`, ashby.Event{}, "JSON"},
		"a path as id":   {`{"action":"x","data":{"candidate":{"id":"../1"}}}`, ashby.Event{}, "no id"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := ashby.ReadWebhook([]byte(tt.body), signed(tt.body), ashby.WebhookConfig{Keys: []string{hookKey}})
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
	cfg := ashby.WebhookConfig{Keys: []string{hookKey}}
	good := signed(body).Get("Ashby-Signature")
	for _, wrong := range []string{"", good[7:], "sha1=" + good[7:], "sha256 " + good[7:], good[:len(good)-2], good + "00", "sha256=zz"} {
		h := http.Header{}
		h.Set("Ashby-Signature", wrong)
		_, err := ashby.ReadWebhook([]byte(body), h, cfg)
		assert.ErrorIs(t, err, ashby.ErrSignature, wrong)
	}
	_, err := ashby.ReadWebhook([]byte(body+" "), signed(body), cfg)
	require.ErrorIs(t, err, ashby.ErrSignature)
	_, err = ashby.ReadWebhook([]byte(body), signed(body), ashby.WebhookConfig{Keys: []string{hookKey, ""}})
	require.ErrorContains(t, err, "Keys")
	_, err = ashby.ReadWebhook([]byte(strings.Repeat(" ", 5<<20)), signed(body), cfg)
	require.ErrorContains(t, err, "larger")
}
