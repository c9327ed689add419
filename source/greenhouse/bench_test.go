package greenhouse_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

// replay answers as another handler did, without the work.
type replay struct {
	http.Handler
	mu      sync.Mutex
	answers map[string]*httptest.ResponseRecorder
}

func (p *replay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	answer := p.answers[r.URL.String()]
	if answer == nil {
		answer = httptest.NewRecorder()
		p.Handler.ServeHTTP(answer, r)
		p.answers[r.URL.String()] = answer
	}
	p.mu.Unlock()
	maps.Copy(w.Header(), answer.Header())
	w.WriteHeader(answer.Code)
	_, _ = w.Write(answer.Body.Bytes())
}

func readAll(b *testing.B, s *greenhouse.Source) {
	b.Helper()
	n := 0
	for _, err := range s.Identities(b.Context()) {
		require.NoError(b, err)
		n++
	}
	require.Equal(b, 100_000, n)
}

// BenchmarkRead100k reads a hundred thousand hires over HTTP. Beside it stands what
// decoding the same bytes with encoding/json costs, without any HTTP.
func BenchmarkRead100k(b *testing.B) {
	cfg := greenhousetest.Population(100_000)
	cfg.Clock = noon
	pages := &replay{Handler: greenhousetest.New(cfg), answers: map[string]*httptest.ResponseRecorder{}}
	server := httptest.NewServer(pages)
	defer server.Close()
	s := open(b, server.URL, func(c *greenhouse.Config) {
		c.PageSize, c.Auth = 0, greenhouse.ClientCredentials("test-client", "test-secret", "")
	})
	readAll(b, s)
	size := 0
	for _, answer := range pages.answers {
		size += answer.Body.Len()
	}
	b.Run("greenhouse", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			readAll(b, s)
		}
	})
	b.Run("encoding-json", func(b *testing.B) {
		b.SetBytes(int64(size))
		b.ReportAllocs()
		for b.Loop() {
			decode(b, pages.answers)
		}
	})
}

// decode does nothing but decode.
func decode(b *testing.B, answers map[string]*httptest.ResponseRecorder) {
	b.Helper()
	for path, answer := range answers {
		var into any
		switch {
		case strings.Contains(path, "/applications"):
			into = &[]appRow{}
		case strings.Contains(path, "/offers"):
			into = &[]offerRow{}
		case strings.Contains(path, "/candidates"):
			into = &[]personRow{}
		default:
			continue
		}
		require.NoError(b, json.Unmarshal(answer.Body.Bytes(), into))
	}
}

// The rows have the fields that are asked for, for encoding/json to fill.
type appRow struct {
	ID          int64  `json:"id"`
	CandidateID int64  `json:"candidate_id"`
	JobID       int64  `json:"job_id"`
	Status      string `json:"status"`
	UpdatedAt   string `json:"updated_at"`
}

type offerRow struct {
	ID            int64                              `json:"id"`
	ApplicationID int64                              `json:"application_id"`
	CandidateID   int64                              `json:"candidate_id"`
	Status        string                             `json:"status"`
	StartsOn      string                             `json:"starts_on"`
	UpdatedAt     string                             `json:"updated_at"`
	CustomFields  map[string]struct{ Value *string } `json:"custom_fields"`
}

type personRow struct {
	ID             int64  `json:"id"`
	FirstName      string `json:"first_name"`
	LastName       string `json:"last_name"`
	PreferredName  string `json:"preferred_name"`
	UpdatedAt      string `json:"updated_at"`
	LinkedUserIDs  []int64
	EmailAddresses []struct{ Value, Type string } `json:"email_addresses"`
}
