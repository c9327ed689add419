package knittest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
)

// A Push is a request to a webhook.
type Push struct {
	Event     Event
	Body      []byte
	Signature string
	Header    http.Header // beside the signature
}

// Way is what becomes of the pushes of a sync on their way: it returns those that are
// delivered, in their order.
type Way func([]Push) []Push

// Sign returns the signature of a body: URL-safe base64 without padding.
func Sign(key string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write(body)
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Pushes signs events.
func (s *Server) Pushes(events []Event) []Push {
	all := make([]Push, len(events))
	for n, e := range events {
		body := e.Body()
		all[n] = Push{
			Event: e, Body: body, Signature: Sign(s.cfg.APIKey, body),
			Header: http.Header{"Content-Type": {"application/json"}, "X-Knit-Integration-Id": {s.cfg.Integration}},
		}
	}
	return all
}

// Sync runs a sync and pushes what it emits, over the ways, to a webhook. As Knit does,
// it stays silent about events that were all consumed unless all of them were: a push
// that is not answered with 200 keeps that event back. It returns the answers that
// were not 200.
func (s *Server) Sync(to http.Handler, syncType string, ways ...Way) []int {
	pushes := s.Pushes(s.Events(syncType))
	for _, way := range ways {
		pushes = way(pushes)
	}
	return Send(to, pushes)
}

// Deliver pushes all syncs that were started since the last time.
func (s *Server) Deliver(to http.Handler, ways ...Way) []int {
	s.mu.Lock()
	pending := s.pending
	s.pending = nil
	s.mu.Unlock()
	var refused []int
	for _, syncType := range pending {
		refused = append(refused, s.Sync(to, syncType, ways...)...)
	}
	return refused
}

// Send pushes to a webhook and returns the statuses that were not 200.
func Send(to http.Handler, pushes []Push) []int {
	var refused []int
	for _, p := range pushes {
		if p.Event.Type == "sync.events.allConsumed" && len(refused) > 0 {
			continue
		}
		if status := p.Send(to); status != http.StatusOK {
			refused = append(refused, status)
		}
	}
	return refused
}

// Send pushes to a webhook and returns the status of the answer.
func (p Push) Send(to http.Handler) int {
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "https://product.example/webhooks/knit", bytes.NewReader(p.Body))
	if err != nil {
		return 0 // which cannot be: the address is ours
	}
	r.Header = p.Header.Clone()
	if p.Signature != "" {
		r.Header.Set("X-Knit-Signature", p.Signature)
	}
	response := carry(to, r)
	_ = response.Body.Close()
	return response.StatusCode
}

// carry carries a request to a handler without a network.
func carry(to http.Handler, r *http.Request) *http.Response {
	received := r.Clone(r.Context())
	received.Host, received.RequestURI = r.URL.Host, r.URL.RequestURI()
	if received.Body == nil {
		received.Body = http.NoBody
	}
	recorder := httptest.NewRecorder()
	to.ServeHTTP(recorder, received)
	response := recorder.Result()
	response.Request = r
	return response
}
