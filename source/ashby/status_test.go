package ashby_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby/ashbytest"
)

func TestStatuses(t *testing.T) {
	_, address := serve(t, company())
	s := open(t, address, nil)
	tests := map[string]struct {
		status  source.Status
		raw     string
		start   source.Date
		finding string // the field
	}{
		"c-1": {source.PreHire, "Hired", source.Day(2026, 4, 1), ""},
		"c-2": {source.PreHire, "Hired", source.Day(2026, 2, 23), ""},       // started a week ago, and the HRIS may be late
		"c-3": {source.Unknown, "Hired", source.Day(2019, 1, 7), ""},        // an ATS does not know who left since
		"c-4": {source.PreHire, "Hired", source.Date{}, "start_date"},       // a day that was cancelled is none
		"c-5": {source.PreHire, "Hired", source.Date{}, ""},                 // no offer, no day
		"c-6": {source.Terminated, "Archived", source.Day(2026, 4, 15), ""}, // accepted and archived: rescinded
		"c-7": {source.Candidate, "Active", source.Day(2026, 4, 15), ""},
	}
	for id, want := range tests {
		i := one(t, s, id)
		assert.Equal(t, want.status, i.Status, id)
		assert.Equal(t, want.raw, i.StatusRaw, id)
		assert.Equal(t, want.start, i.StartDate, id)
		assert.Equal(t, source.KindCandidate, i.Kind, id)
		assert.Empty(t, i.WorkEmail, "an ATS knows none")
		if want.finding == "" {
			assert.Empty(t, i.Findings, id)
		} else if assert.Len(t, i.Findings, 1, id) {
			assert.Equal(t, want.finding, i.Findings[0].Field)
		}
	}
	for _, id := range []string{"c-8", "c-9", "c-99", "", "../c-1", "c 1"} {
		_, err := s.Identity(t.Context(), id)
		assert.ErrorIs(t, err, source.ErrNotFound, id)
	}
}

// What becomes of a hire, as Ashby shows it afterwards.
func TestAfterTheHire(t *testing.T) {
	type fake = *ashbytest.Server
	application := func(status string) func(fake) {
		return func(f fake) {
			f.PutApplications(ashbytest.Application{ID: "a-1", Candidate: "c-1", Job: "j-12", Status: status})
		}
	}
	tests := map[string]struct {
		happens func(fake)
		want    source.Status
		gone    bool
	}{
		"nothing":                  {func(fake) {}, source.PreHire, false},
		"unhired, active again":    {application("Active"), source.Candidate, false},
		"unhired and archived":     {application("Archived"), source.Terminated, false},
		"a word that nobody knows": {application("Paused"), source.Unknown, false},
		"unhired, and the offer cancelled": {func(f fake) {
			application("Archived")(f)
			f.PutOffers(ashbytest.Offer{ID: "o-1", Application: "a-1", Status: "OfferCancelled", Acceptance: "Cancelled"})
		}, 0, true},
		"deleted":    {func(f fake) { f.Delete("c-1") }, 0, true},
		"anonymised": {func(f fake) { f.PutCandidates(ashbytest.Candidate{ID: "c-1"}) }, source.PreHire, false},
		"another, later job": {func(f fake) {
			f.PutApplications(ashbytest.Application{ID: "a-20", Candidate: "c-1", Job: "j-13", Status: "Hired"})
			f.PutOffers(ashbytest.Offer{ID: "o-20", Application: "a-20", Status: "CandidateAccepted", StartDate: "2026-06-01"})
		}, source.PreHire, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, address := serve(t, company())
			s := open(t, address, nil)
			tt.happens(f)
			if tt.gone {
				assert.Nil(t, collect(t, s).Find("c-1"), "an absence, which is held")
				_, err := s.Identity(t.Context(), "c-1")
				assert.ErrorIs(t, err, source.ErrNotFound)
				return
			}
			i := one(t, s, "c-1")
			assert.Equal(t, tt.want, i.Status)
			if name == "another, later job" {
				assert.Equal(t, source.Day(2026, 6, 1), i.StartDate)
				require.Len(t, i.Employments, 2)
				assert.Equal(t, "a-20", i.Employments[0].ID)
				assert.Equal(t, "Finance", i.Employments[0].Department.Name)
			}
		})
	}
}

// Which offer of an application counts: one that was accepted and not withdrawn
// afterwards, and of several the one that was decided last.
func TestOffers(t *testing.T) {
	accepted := func(id, day, decided string) ashbytest.Offer {
		return ashbytest.Offer{ID: id, Application: "a-8", Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: day, Decided: decided}
	}
	cancelled := accepted("o-c", "2026-09-01", "2026-02-20T10:00:00.000Z")
	cancelled.Status = "OfferCancelled"
	declined := accepted("o-d", "2026-09-02", "2026-02-21T10:00:00.000Z")
	declined.Acceptance = "Declined"
	early, late := accepted("o-z", "2026-05-01", "2026-01-10T10:00:00.000Z"), accepted("o-a", "2026-06-01", "2026-02-10T10:00:00.000Z")
	for name, tt := range map[string]struct {
		status string
		offers []ashbytest.Offer
		want   source.Date
		gone   bool
	}{
		"the last decision":         {"Hired", []ashbytest.Offer{early, late}, source.Day(2026, 6, 1), false},
		"accepted before withdrawn": {"Hired", []ashbytest.Offer{cancelled, early, declined}, source.Day(2026, 5, 1), false},
		"nothing but withdrawn":     {"Hired", []ashbytest.Offer{cancelled, declined}, source.Date{}, false},
		"archived and accepted":     {"Archived", []ashbytest.Offer{early}, source.Day(2026, 5, 1), false},
		"archived and cancelled":    {"Archived", []ashbytest.Offer{cancelled}, source.Date{}, true},
		"archived and declined":     {"Archived", []ashbytest.Offer{declined}, source.Date{}, true},
	} {
		t.Run(name, func(t *testing.T) {
			fake, address := serve(t, company())
			fake.PutApplications(ashbytest.Application{ID: "a-8", Candidate: "c-8", Job: "j-12", Status: tt.status})
			fake.PutOffers(tt.offers...)
			s := open(t, address, nil)
			if tt.gone {
				assert.Nil(t, collect(t, s).Find("c-8"))
				return
			}
			assert.Equal(t, tt.want, one(t, s, "c-8").StartDate)
		})
	}
}

// One person is read from several answers, and each has to be about them.
func TestSomebodyElse(t *testing.T) {
	for procedure, spoil := range map[string]ashbytest.Spoil{
		"application.info": replaced(`"id":"c-1"`, `"id":"c-2"`), "candidate.info": replaced(`"a-1"`, `"a-2"`),
	} {
		fake, address := serve(t, company())
		fake.Break(ashbytest.Fault{Procedure: procedure, Spoil: spoil})
		_, err := open(t, address, nil).Identity(t.Context(), "c-1")
		require.ErrorIs(t, err, source.ErrIncomplete, procedure)
	}
	fake, address := serve(t, company())
	fake.Break(ashbytest.Fault{Procedure: "candidate.info", Spoil: ashbytest.Spoil{Status: 404}})
	_, err := open(t, address, nil).Identity(t.Context(), "c-1")
	require.Error(t, err)
	require.NotErrorIs(t, err, source.ErrNotFound, "an address that is not there says nothing about a person")
}
