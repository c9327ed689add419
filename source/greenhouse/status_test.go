package greenhouse_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
	"github.com/provision-go/provision/source/memsource"
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
		"901": {source.PreHire, "hired", source.Day(2026, 4, 1), ""},
		"902": {source.PreHire, "hired", source.Day(2026, 2, 23), ""},       // started a week ago, and the HRIS may be late
		"903": {source.Unknown, "hired", source.Day(2019, 1, 7), ""},        // an ATS does not know who left since
		"904": {source.PreHire, "hired", source.Date{}, "start_date"},       // a day that was turned down is none
		"905": {source.PreHire, "hired", source.Date{}, ""},                 // no offer, no day
		"906": {source.Terminated, "rejected", source.Day(2026, 4, 15), ""}, // accepted and turned down: rescinded
		"907": {source.Candidate, "in_process", source.Day(2026, 4, 15), ""},
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
	for _, id := range []string{"908", "909", "999999", "0", "x", "../901"} {
		_, err := s.Identity(t.Context(), id)
		assert.ErrorIs(t, err, source.ErrNotFound, id)
	}
}

// What becomes of a hire, as Greenhouse shows it afterwards.
func TestAfterTheHire(t *testing.T) {
	type fake = *greenhousetest.Server
	tests := map[string]struct {
		happens func(fake)
		want    source.Status
		gone    bool
	}{
		"nothing": {func(fake) {}, source.PreHire, false},
		"unhired, in process again": {func(f fake) {
			f.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "in_process"})
		}, source.Candidate, false},
		"unhired and turned down": {func(f fake) {
			f.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "rejected"})
		}, source.Terminated, false},
		"a word that nobody knows": {func(f fake) {
			f.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "frozen"})
		}, source.Unknown, false},
		"unhired, and the offer withdrawn": {func(f fake) {
			f.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "in_process"})
			f.PutOffers(greenhousetest.Offer{ID: "700", Application: "55", Status: "Deprecated"})
		}, 0, true},
		"deleted":                      {func(f fake) { f.Delete(greenhousetest.Candidates, "901") }, 0, true},
		"application deleted":          {func(f fake) { f.Delete(greenhousetest.Applications, "55") }, 0, true},
		"private":                      {func(f fake) { f.Hide(greenhousetest.Candidates, "901") }, source.Unknown, false},
		"its application out of sight": {func(f fake) { f.Hide(greenhousetest.Applications, "55") }, source.Unknown, false},
		"anonymised": {func(f fake) {
			f.PutCandidates(greenhousetest.Candidate{ID: "901"})
		}, source.PreHire, false},
		"hired again for a later day": {func(f fake) {
			f.PutApplications(greenhousetest.Application{ID: "80", Candidate: "901", Job: "13", Status: "hired"})
			f.PutOffers(greenhousetest.Offer{ID: "800", Application: "80", Status: "Accepted", StartsOn: "2026-06-01"})
		}, source.PreHire, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			f, address := serve(t, company())
			s := open(t, address, nil)
			tt.happens(f)
			if tt.gone {
				assert.Nil(t, collect(t, s).Find("901"), "an absence, which is held")
				_, err := s.Identity(t.Context(), "901")
				assert.ErrorIs(t, err, source.ErrNotFound)
				return
			}
			i := one(t, s, "901")
			assert.Equal(t, tt.want, i.Status)
			assert.Equal(t, tt.want == source.Unknown, len(i.Findings) > 0, "%v", i.Findings)
			if name == "hired again for a later day" {
				assert.Equal(t, source.Day(2026, 6, 1), i.StartDate)
				require.Len(t, i.Employments, 2)
				assert.Equal(t, "80", i.Employments[0].ID)
				assert.Equal(t, "Finance", i.Employments[0].Department.Name)
				assert.Equal(t, source.Day(2026, 4, 1), i.Employments[1].Start)
			}
		})
	}
}

// A candidate whose record was merged into another one keeps the ID that the
// pipeline knows.
func TestMergedCandidate(t *testing.T) {
	fake, address := serve(t, company())
	fake.Merge("901", "908")
	assert.Nil(t, collect(t, open(t, address, nil)).Find("901"))
	s := open(t, address, func(c *greenhouse.Config) {
		c.Aliases = func(context.Context) (map[string]string, error) { return map[string]string{"908": "901"}, nil }
	})
	i := one(t, s, "901")
	assert.Equal(t, source.PreHire, i.Status)
	assert.Equal(t, "Applicant", i.Name.Family, "of the record that is left")
	assert.Contains(t, i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: "908"})
	assert.Contains(t, i.AlternateIDs, source.AlternateID{Type: "greenhouse:candidate", Value: "901"})
	assert.Nil(t, collect(t, s).Find("908"))

	for _, wrong := range []map[string]string{{"908": "901", "907": "901"}, {"": "901"}, {"908": ""}} {
		s := open(t, address, func(c *greenhouse.Config) {
			c.Aliases = func(context.Context) (map[string]string, error) { return wrong, nil }
		})
		_, err := source.Collect(t.Context(), s)
		assert.ErrorContains(t, err, "field Aliases")
	}
}

// The HRIS takes over when it knows the person, by an id that it was given; a private
// address is no such id.
func TestHandOver(t *testing.T) {
	fake, address := serve(t, company())
	hris := memsource.New("hris", source.Identity{ID: "E9", Status: source.Active, PersonalEmail: "ada@home.example"})
	merged, err := source.Merge(source.MergeConfig{
		Name: "people", Sources: []source.Source{hris, open(t, address, nil)}, Authoritative: []string{"hris", "greenhouse"},
		Match: []source.MatchBy{source.ByAlternateID, source.ByEmployeeNumber, source.ByWorkEmail},
	})
	require.NoError(t, err)
	before := collect(t, merged)
	assert.Equal(t, source.PreHire, before.Find("901").Status)
	assert.NotNil(t, before.Find("E9"), "somebody else, although they have the same private address")

	hris.Put(source.Identity{
		ID: "E1", Status: source.Active, HireDate: source.Day(2026, 4, 2), WorkEmail: "ada.ng@acme.example",
		AlternateIDs: []source.AlternateID{{Type: "greenhouse:application", Value: "55"}},
	})
	i := collect(t, merged).Find("E1")
	require.NotNil(t, i)
	assert.Equal(t, source.Active, i.Status)
	assert.Equal(t, source.Day(2026, 4, 2), i.Start(), "dates of one source do not mix with those of another")
	assert.Equal(t, "ada@home.example", i.PersonalEmail)
	assert.Contains(t, i.AlternateIDs, source.AlternateID{Type: "greenhouse", Value: "901"})
	assert.Nil(t, collect(t, merged).Find("901"))

	// That it is rescinded afterwards is for the HRIS to say.
	fake.PutApplications(greenhousetest.Application{ID: "55", Candidate: "901", Job: "12", Status: "rejected"})
	assert.Equal(t, source.Active, collect(t, merged).Find("E1").Status)
}

func TestHandoverDays(t *testing.T) {
	_, address := serve(t, company())
	for days, want := range map[int]source.Status{6: source.Unknown, 7: source.PreHire, 8: source.PreHire} {
		s := open(t, address, func(c *greenhouse.Config) { c.Handover = days })
		assert.Equal(t, want, one(t, s, "902").Status, "%d days", days)
	}
}

func TestFields(t *testing.T) {
	cfg := company()
	cfg.Offers[0].Custom["work_email"] = "ada.ng@acme.example"
	cfg.Offers[0].Custom["tools"] = []string{"b", "a"}
	cfg.Offers[0].Custom["level"] = greenhousetest.Typed{Type: "currency", Value: map[string]any{"amount": 1, "unit": "USD"}}
	cfg.Offers[0].Custom["masked"] = greenhousetest.Typed{Type: "short_text_hris", Value: "***"}
	cfg.Candidates[0].Custom = map[string]any{"hris_id": 4711}
	_, address := serve(t, cfg)
	for _, whole := range []bool{false, true} {
		s := open(t, address, func(c *greenhouse.Config) {
			c.WholeRecords = whole
			c.Countries, c.TimeZones = map[string]string{"Berlin": "DE"}, map[string]string{"Berlin": "Europe/Berlin"}
			c.Fields = map[string]string{
				"work_email": "offer.custom_fields.work_email", "custom.tools": "offer.custom_fields.tools",
				"custom.level": "offer.custom_fields.level", "custom.masked": "offer.custom_fields.masked",
				"employee_number": "candidate.custom_fields.hris_id", "personal_email": "", "custom.req": "job.requisition_id",
				"team": "job.department",
			}
		})
		i := one(t, s, "901")
		assert.Equal(t, "ada.ng@acme.example", i.WorkEmail)
		assert.Equal(t, "4711", i.EmployeeNumber)
		assert.Empty(t, i.PersonalEmail)
		assert.Equal(t, map[string][]string{"tools": {"a", "b"}, "req": {"R-12"}}, i.Custom)
		assert.Equal(t, source.Ref{ID: "3", Code: "D-3", Name: "Platform"}, i.Team)
		assert.Equal(t, "DE", i.Location.Country)
		assert.Equal(t, "Europe/Berlin", i.Location.Zone.String())
		assert.Equal(t, source.FullTime, i.EmploymentType)
		require.Len(t, i.Findings, 2)
		assert.Contains(t, i.Findings[0].Message, "pay")
		assert.Contains(t, i.Findings[1].Message, "masks")
		assert.Equal(t, "Berlin", one(t, s, "902").Location.Name)
		assert.Empty(t, one(t, s, "905").Location.Name, "nobody works in two offices at once")
	}
}
