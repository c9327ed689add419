package ashby_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
)

// changed returns who changed, and the next cursor.
func changed(t *testing.T, s *ashby.Source, since source.Cursor) (map[string]source.Status, source.Cursor) {
	t.Helper()
	people := map[string]source.Status{}
	var next source.Cursor
	for d, err := range s.Changes(t.Context(), since) {
		require.NoError(t, err)
		assert.Empty(t, next, "the cursor comes last")
		if d.Identity.ID != "" {
			people[d.Identity.ID] = d.Identity.Status
		}
		next = d.Cursor
	}
	return people, next
}

func TestChanges(t *testing.T) {
	fake, address := serve(t, company())
	s := open(t, address, nil)
	all, cursor := changed(t, s, "")
	assert.Len(t, all, len(hires()))
	tests := []struct {
		name    string
		happens func()
		want    map[string]source.Status
	}{
		{"nothing", func() {}, map[string]source.Status{}},
		{"a hire", func() {
			fake.PutApplications(ashbytest.Application{ID: "a-8", Candidate: "c-8", Job: "j-12", Status: "Hired"})
		}, map[string]source.Status{"c-8": source.PreHire}},
		{"another day", func() {
			fake.PutOffers(ashbytest.Offer{ID: "o-2", Application: "a-2", Status: "CandidateAccepted", StartDate: "2026-05-01"})
		}, map[string]source.Status{"c-2": source.PreHire}},
		{"rescinded", func() {
			fake.PutApplications(ashbytest.Application{ID: "a-1", Candidate: "c-1", Job: "j-12", Status: "Archived"})
		}, map[string]source.Status{"c-1": source.Terminated}},
		{"an applicant", func() {
			fake.PutCandidates(ashbytest.Candidate{ID: "c-50", Name: "New"})
			fake.PutApplications(ashbytest.Application{ID: "a-50", Candidate: "c-50", Job: "j-12", Status: "Active"})
		}, map[string]source.Status{}},
		{"an offer of somebody who is gone", func() {
			fake.PutOffers(ashbytest.Offer{ID: "o-70", Application: "a-70", Status: "CandidateAccepted", StartDate: "2026-05-01"})
		}, map[string]source.Status{}},
		{"a deletion", func() { fake.Delete("c-3") }, map[string]source.Status{}},
		{"a merge", func() { fake.Merge("c-2", "c-9") }, map[string]source.Status{"c-9": source.PreHire}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.happens()
			got, next := changed(t, s, cursor)
			assert.Equal(t, tt.want, got)
			cursor = next
		})
	}
}

func TestCursors(t *testing.T) {
	last := func(s *ashby.Source, since source.Cursor) error {
		var last error
		for _, err := range s.Changes(t.Context(), since) {
			last = err
		}
		return last
	}
	fake, address := serve(t, company())
	s := open(t, address, func(c *ashby.Config) { c.MostChanges = 1 })
	_, cursor := changed(t, s, "")
	for _, c := range []source.Cursor{"x", "e30", "eyJhIjoieCIsIm8iOiJ5In0"} {
		require.ErrorIs(t, last(s, c), source.ErrCursorExpired, c)
	}
	fake.PutApplications(company().Applications[:3]...)
	require.ErrorIs(t, last(s, cursor), source.ErrCursorExpired, "too many candidates")
	fake.Expire()
	require.ErrorIs(t, last(s, cursor), source.ErrCursorExpired, "expired tokens")

	cfg := company()
	cfg.MostSync = 2
	fake, address = serve(t, cfg)
	s = open(t, address, nil)
	_, cursor = changed(t, s, "")
	fake.PutApplications(cfg.Applications[:4]...)
	require.ErrorIs(t, last(s, cursor), source.ErrCursorExpired, "incremental_sync_too_large")

	// A sync that does not come to its end gives no position to store.
	fake, address = serve(t, company())
	s = open(t, address, nil)
	_, cursor = changed(t, s, "")
	fake.PutApplications(company().Applications...)
	fake.Break(ashbytest.Fault{Procedure: "application.list", Page: 2, Spoil: answer(`{"success":false,"errors":["internal"]}`)})
	for d, err := range s.Changes(t.Context(), cursor) {
		assert.Empty(t, d.Cursor)
		assert.Error(t, err)
		assert.NotErrorIs(t, err, source.ErrCursorExpired)
	}
	fake.Break(ashbytest.Fault{Procedure: "offer.list", Spoil: replaced(`"syncToken"`, `"token"`)})
	require.ErrorContains(t, last(s, ""), "sync token")
}
