package ashby_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
)

// company is a small one: somebody who starts in a month, somebody who started a
// week ago, somebody hired years ago, one whose offer was cancelled, one without an
// offer, one who accepted and was archived, one who accepted and is active again, and
// applicants who concern nobody.
func company() ashbytest.Config {
	return ashbytest.Config{
		APIKey: key, Clock: noon,
		Departments: []ashbytest.Place{{ID: "d-3", Name: "Platform"}, {ID: "d-4", Name: "Finance"}},
		Locations:   []ashbytest.Place{{ID: "l-1", Name: "Berlin Office", City: "Berlin", Country: "DE"}, {ID: "l-2", Name: "Remote", Country: "Germany"}},
		Jobs: []ashbytest.Job{
			{ID: "j-12", Title: "Engineer", Department: "d-3", Location: "l-1"}, {ID: "j-13", Title: "Analyst", Department: "d-4", Location: "l-2"},
		},
		Candidates: []ashbytest.Candidate{
			{ID: "c-1", Name: "Ada Ng", Email: "ada@home.example"},
			{ID: "c-2", Name: "Bo Ruiz"},
			{ID: "c-3", Name: "Cy Roe"},
			{ID: "c-4", Name: "Di Sato"},
			{ID: "c-5", Name: "Émile Dupont"},
			{ID: "c-6", Name: "Fay Weiß"},
			{ID: "c-7", Name: "Gus Smith"},
			{ID: "c-8", Name: "Hal Applicant"},
			{ID: "c-9", Name: "Ida Declined"},
		},
		Applications: []ashbytest.Application{
			{ID: "a-1", Candidate: "c-1", Job: "j-12", Status: "Hired", Manager: "mara@acme.example"},
			{ID: "a-0", Candidate: "c-1", Job: "j-13", Status: "Archived"},
			{ID: "a-2", Candidate: "c-2", Job: "j-12", Status: "Hired"},
			{ID: "a-3", Candidate: "c-3", Job: "j-13", Status: "Hired"},
			{ID: "a-4", Candidate: "c-4", Job: "j-12", Status: "Hired"},
			{ID: "a-5", Candidate: "c-5", Job: "j-13", Status: "Hired"},
			{ID: "a-6", Candidate: "c-6", Job: "j-12", Status: "Archived"},
			{ID: "a-7", Candidate: "c-7", Job: "j-12", Status: "Active"},
			{ID: "a-8", Candidate: "c-8", Job: "j-12", Status: "Lead"},
			{ID: "a-9", Candidate: "c-9", Job: "j-12", Status: "Archived"},
		},
		Offers: []ashbytest.Offer{
			{ID: "o-0", Application: "a-1", Status: "CandidateRejected", Acceptance: "Declined", StartDate: "2026-03-15", Decided: "2026-01-01T10:00:00.000Z"},
			{ID: "o-1", Application: "a-1", Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: "2026-04-01", Decided: "2026-01-28T10:00:00.000Z"},
			{ID: "o-2", Application: "a-2", Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: "2026-02-23"},
			{ID: "o-3", Application: "a-3", Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: "2019-01-07"},
			{ID: "o-4", Application: "a-4", Status: "OfferCancelled", Acceptance: "Accepted", StartDate: "2026-03-09"},
			{ID: "o-6", Application: "a-6", Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: "2026-04-15"},
			{ID: "o-7", Application: "a-7", Acceptance: "Accepted", StartDate: "2026-04-15"},
			{ID: "o-9", Application: "a-9", Status: "CandidateRejected", Acceptance: "Declined", StartDate: "2026-04-15"},
		},
	}
}

func hires() []string { return []string{"c-1", "c-2", "c-3", "c-4", "c-5", "c-6", "c-7"} }

// serve returns an Ashby and its address.
func serve(t testing.TB, cfg ashbytest.Config) (*ashbytest.Server, string) {
	t.Helper()
	fake := ashbytest.New(cfg)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL
}

// open returns a source that reads an address in pages of two.
func open(t testing.TB, address string, change func(*ashby.Config)) *ashby.Source {
	t.Helper()
	cfg := ashby.Config{BaseURL: address, Private: true, PageSize: 2, Clock: noon, Auth: ashby.APIKey(key)}
	if change != nil {
		change(&cfg)
	}
	s, err := ashby.New(cfg)
	require.NoError(t, err)
	return s
}

func collect(t testing.TB, s source.Source) source.Snapshot {
	t.Helper()
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	return snapshot
}

// one reads a person through the list and alone, which give the same.
func one(t testing.TB, s source.Source, id string) source.Identity {
	t.Helper()
	listed := collect(t, s).Find(id)
	require.NotNil(t, listed)
	alone, err := source.Read(t.Context(), s, id)
	require.NoError(t, err)
	assert.Equal(t, *listed, alone)
	return alone
}

func replaced(old, by string) ashbytest.Spoil {
	return ashbytest.Spoil{Alter: func(body []byte) []byte { return bytes.ReplaceAll(body, []byte(old), []byte(by)) }}
}

func answer(body string) ashbytest.Spoil {
	return ashbytest.Spoil{Status: 200, Body: body, Header: map[string]string{"Content-Type": "application/json"}}
}

// inMemory carries requests to a handler without a network.
type inMemory struct{ http.Handler }

func (m inMemory) RoundTrip(r *http.Request) (*http.Response, error) {
	recorder := httptest.NewRecorder()
	m.ServeHTTP(recorder, r)
	response := recorder.Result()
	response.Request = r
	return response, nil
}
