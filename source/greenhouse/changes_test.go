package greenhouse_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
)

// clocked is a company whose clock can be moved, and everything in it is an hour old.
type clocked struct {
	*greenhousetest.Server
	source *greenhouse.Source
	now    time.Time
}

func newClocked(t *testing.T, change func(*greenhouse.Config)) *clocked {
	t.Helper()
	c := &clocked{now: noon().Add(-time.Hour)}
	cfg := company()
	cfg.Clock = func() time.Time { return c.now }
	fake, address := serve(t, cfg)
	c.Server = fake
	c.source = open(t, address, func(cfg *greenhouse.Config) {
		cfg.Clock = func() time.Time { return c.now }
		if change != nil {
			change(cfg)
		}
	})
	c.now = noon()
	return c
}

// changes returns who changed, in the order in which they came, and the next cursor.
func (c *clocked) changes(t *testing.T, since source.Cursor) (map[string]source.Status, source.Cursor) {
	t.Helper()
	people := map[string]source.Status{}
	var next source.Cursor
	for d, err := range c.source.Changes(t.Context(), since) {
		require.NoError(t, err)
		if d.Identity.ID != "" {
			people[d.Identity.ID] = d.Identity.Status
		}
		if d.Cursor != "" {
			next = d.Cursor
		}
	}
	return people, next
}

func TestChanges(t *testing.T) {
	c := newClocked(t, nil)
	all, cursor := c.changes(t, "")
	assert.Len(t, all, len(hires()))
	none, _ := c.changes(t, cursor)
	assert.Empty(t, none)

	tests := []struct {
		name    string
		happens func()
		want    map[string]source.Status
	}{
		{"a hire", func() {
			c.PutApplications(greenhousetest.Application{ID: "62", Candidate: "908", Job: "12", Status: "hired"})
		}, map[string]source.Status{"908": source.PreHire}},
		{"another day", func() {
			c.PutOffers(greenhousetest.Offer{ID: "700", Application: "55", Status: "Accepted", StartsOn: "2026-05-01"})
		}, map[string]source.Status{"901": source.PreHire}},
		{"another name", func() {
			c.PutCandidates(greenhousetest.Candidate{ID: "902", FirstName: "Bo", LastName: "Roth"})
		}, map[string]source.Status{"902": source.PreHire}},
		{"rescinded", func() {
			c.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "rejected"})
		}, map[string]source.Status{"901": source.Terminated}},
		{"an applicant", func() {
			c.PutCandidates(greenhousetest.Candidate{ID: "950", FirstName: "New"})
			c.PutApplications(greenhousetest.Application{ID: "95", Candidate: "950", Job: "12", Status: "in_process"})
		}, map[string]source.Status{}},
		{"a deletion", func() { c.Delete(greenhousetest.Candidates, "903") }, map[string]source.Status{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c.now = c.now.Add(time.Hour)
			tt.happens()
			c.now = c.now.Add(time.Minute)
			got, next := c.changes(t, cursor)
			assert.Equal(t, tt.want, got)
			cursor = next
			c.now = c.now.Add(time.Hour)
			_, cursor = c.changes(t, cursor) // behind what happened
		})
	}
}

func TestCursors(t *testing.T) {
	c := newClocked(t, func(cfg *greenhouse.Config) { cfg.MostChanges = 3 })
	for _, cursor := range []source.Cursor{"x", "2026-01-01T00:00:00Z", "2026-03-02T14:00:00Z", "2026-03-02T10:00:00Z"} {
		var last error
		for _, err := range c.source.Changes(t.Context(), cursor) {
			last = err
		}
		assert.ErrorIs(t, last, source.ErrCursorExpired, cursor)
	}
	// The cursor never goes back, whatever the clocks say.
	_, next := c.changes(t, "2026-03-02T12:30:00Z")
	assert.Equal(t, source.Cursor("2026-03-02T12:30:00Z"), next)
	assert.True(t, strings.Contains(strings.Join(c.Requests(), "\n"), "updated_at=gte%7C2026-03-02T12%3A30%3A00.000Z"))
}
