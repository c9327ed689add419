package ashby_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
	"github.com/provision-go/provision/source/memsource"
	"github.com/provision-go/provision/source/sourcetest"
)

const key = "canary-api-key"

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

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

func TestConformance(t *testing.T) {
	page := func(procedure string, n int, s ashbytest.Spoil) func(t *testing.T) source.Source {
		return func(t *testing.T) source.Source {
			fake, address := serve(t, company())
			fake.Break(ashbytest.Fault{Procedure: procedure, Page: n, Spoil: s})
			return open(t, address, nil)
		}
	}
	const apps, offers = "application.list", "offer.list"
	sourcetest.Run(t, func(t *testing.T) source.Source {
		_, address := serve(t, company())
		return open(t, address, nil)
	}, &sourcetest.Options{
		WantIDs: hires(), MissingID: "c-99",
		Broken: page(apps, 2, ashbytest.Spoil{Status: http.StatusForbidden}),
		BrokenWays: map[string]func(t *testing.T) source.Source{
			"a failure with 200":        page(apps, 2, answer(`{"success":false,"errors":["next_cursor_expired"]}`)),
			"a failure without words":   page(offers, 1, answer(`{"success":false}`)),
			"neither success nor not":   page(apps, 2, answer(`{"results":[],"moreDataAvailable":false}`)),
			"success as a text":         page(apps, 2, answer(`{"success":"true","results":[],"moreDataAvailable":false}`)),
			"no results":                page(apps, 2, answer(`{"success":true,"moreDataAvailable":false}`)),
			"results are an object":     page(apps, 2, answer(`{"success":true,"results":{},"moreDataAvailable":false}`)),
			"no word on more":           page(apps, 2, answer(`{"success":true,"results":[]}`)),
			"more without a cursor":     page(apps, 1, replaced(`"nextCursor"`, `"cursor"`)),
			"the cursor comes again":    page(apps, 0, replaced(`"cur_`, `"cur_1","x":"`)),
			"departments are forbidden": page("department.list", 1, answer(`{"success":false,"errorInfo":{"code":"missing_endpoint_permission"}}`)),
			"the filter is ignored":     page(apps, 1, replaced(`"Hired"`, `"Lead"`)),
			"an application of nobody":  page(apps, 1, replaced(`"id":"c-1"`, `"id":null`)),
			"an offer of nothing":       page(offers, 1, replaced(`"applicationId":"a-1"`, `"applicationId":null`)),
			"another application":       page("application.info", 0, replaced(`"id":"a-6"`, `"id":"a-66"`)),
			"nobody was ever hired": func(t *testing.T) source.Source {
				_, address := serve(t, ashbytest.Config{APIKey: key, Clock: noon})
				return open(t, address, nil)
			},
		},
	})
}

func TestFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler { return ashbytest.New(company()) },
		Source: func(t *testing.T, through http.RoundTripper) source.Source {
			return open(t, "http://ashby.test", func(c *ashby.Config) { c.Transport = through })
		},
		Columns: []string{
			`"status"`, `"id"`, `"candidate"`, `"startDate"`, `"applicationId"`, `"offerStatus"`, `"acceptanceStatus"`,
			`"success"`, `"results"`, `"moreDataAvailable"`, `"nextCursor"`,
		},
	})
}

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

// A page of hires that is lost without a trace takes away nobody who accepted an offer.
func TestLostPage(t *testing.T) {
	fake, address := serve(t, company())
	fake.Break(ashbytest.Fault{Procedure: "application.list", Page: 1, Times: 1, Spoil: replaced(`"moreDataAvailable":true`, `"moreDataAvailable":false`)})
	snapshot := collect(t, open(t, address, nil))
	for _, id := range hires() {
		// Without an accepted offer nothing tells of them.
		assert.Equal(t, id == "c-4" || id == "c-5", snapshot.Find(id) == nil, id)
	}
	fake.Break(ashbytest.Fault{Procedure: "application.list", Page: 2, Times: 1, Spoil: ashbytest.Spoil{Alter: func([]byte) []byte {
		return []byte(`{"success":true,"moreDataAvailable":false,"results":[{"id":"a-1","status":"Hired","candidate":{"id":"c-1"}}]}`)
	}}})
	_, err := source.Collect(t.Context(), open(t, address, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
}

// A candidate whose record was merged into another one keeps the ID that the pipeline
// knows.
func TestMergedCandidate(t *testing.T) {
	fake, address := serve(t, company())
	fake.Merge("c-1", "c-8")
	plain := open(t, address, nil)
	assert.Nil(t, collect(t, plain).Find("c-1"))
	_, err := plain.Identity(t.Context(), "c-1")
	require.ErrorIs(t, err, source.ErrNotFound)
	s := open(t, address, func(c *ashby.Config) {
		c.Aliases = func(context.Context) (map[string]string, error) { return map[string]string{"c-8": "c-1"}, nil }
	})
	i := one(t, s, "c-1")
	assert.Equal(t, source.PreHire, i.Status)
	assert.Equal(t, "Hal Applicant", i.Name.Formatted, "of the record that is left")
	assert.Equal(t, []source.AlternateID{
		{Type: "ashby:candidate", Value: "c-8"}, {Type: "ashby:candidate", Value: "c-1"}, {Type: "ashby:application", Value: "a-1"},
	}, i.AlternateIDs)
	assert.Nil(t, collect(t, s).Find("c-8"))
}

// The HRIS takes over when it knows the person, by an id that it was given; a private
// address is no such id.
func TestHandOver(t *testing.T) {
	fake, address := serve(t, company())
	hris := memsource.New("hris", source.Identity{ID: "E9", Status: source.Active, PersonalEmail: "ada@home.example"})
	merged, err := source.Merge(source.MergeConfig{
		Name: "people", Sources: []source.Source{hris, open(t, address, nil)}, Authoritative: []string{"hris", "ashby"},
		Match: []source.MatchBy{source.ByAlternateID, source.ByEmployeeNumber, source.ByWorkEmail},
	})
	require.NoError(t, err)
	before := collect(t, merged)
	assert.Equal(t, source.PreHire, before.Find("c-1").Status)
	assert.NotNil(t, before.Find("E9"), "somebody else, although they have the same private address")
	rescinded := before.Find("c-6")
	assert.Equal(t, source.Unknown, rescinded.Status, "while the HRIS is silent, an end is for somebody to look at")
	assert.NotEmpty(t, rescinded.Findings)

	hris.Put(source.Identity{
		ID: "E1", Status: source.Active, HireDate: source.Day(2026, 4, 2), WorkEmail: "ada.ng@acme.example",
		AlternateIDs: []source.AlternateID{{Type: "ashby:candidate", Value: "c-1"}},
	})
	i := collect(t, merged).Find("E1")
	require.NotNil(t, i)
	assert.Equal(t, source.Active, i.Status)
	assert.Equal(t, source.Day(2026, 4, 2), i.Start())
	assert.Equal(t, "mara@acme.example", i.Manager.Email)
	fake.PutApplications(ashbytest.Application{ID: "a-1", Candidate: "c-1", Job: "j-12", Status: "Archived"})
	assert.Equal(t, source.Active, collect(t, merged).Find("E1").Status, "what becomes of them is for the HRIS to say")
}

func TestFields(t *testing.T) {
	cfg := company()
	cfg.Applications[0].Custom = map[string]any{"Work e-mail": "ada.ng@acme.example", "Terms": "Contractor", "Band": ashbytest.Typed{Type: "Currency", Value: 1}}
	cfg.Offers[1].Custom = map[string]any{"Tools": []string{"b", "a"}}
	_, address := serve(t, cfg)
	s := open(t, address, func(c *ashby.Config) {
		c.Countries, c.TimeZones = map[string]string{"Remote": "AT"}, map[string]string{"Berlin Office": "Europe/Berlin"}
		c.SplitName = func(name string) (string, string) { return name[:3], name[4:] }
		c.Fields = map[string]string{
			"work_email": "application.custom_fields.Work e-mail", "custom.tools": "offer.custom_fields.f-Tools",
			"employment_type": "application.custom_fields.Terms", "custom.band": "application.custom_fields.Band",
			"team": "job.department", "personal_email": "",
		}
	})
	i := one(t, s, "c-1")
	assert.Equal(t, "ada.ng@acme.example", i.WorkEmail)
	assert.Empty(t, i.PersonalEmail)
	assert.Equal(t, source.Contractor, i.EmploymentType)
	assert.Equal(t, map[string][]string{"tools": {"a", "b"}}, i.Custom)
	assert.Equal(t, source.Name{Formatted: "Ada Ng", Given: "Ada", Family: "Ng"}, i.Name)
	assert.Equal(t, source.Ref{ID: "d-3", Name: "Platform"}, i.Team)
	assert.Equal(t, source.Manager{Email: "mara@acme.example", Name: "Mara Okafor"}, i.Manager)
	assert.Equal(t, "Berlin", i.Location.City)
	assert.Equal(t, "DE", i.Location.Country)
	assert.Equal(t, "Europe/Berlin", i.Location.Zone.String())
	require.Len(t, i.Findings, 1)
	assert.Contains(t, i.Findings[0].Message, "pay")
	other := one(t, s, "c-5")
	assert.Equal(t, "AT", other.Location.Country, "Germany is no code, and the configuration knows better")
	assert.Empty(t, other.Manager.Email)
}

func TestSecretsAndErrors(t *testing.T) {
	_, address := serve(t, company())
	wrong := open(t, address, func(c *ashby.Config) { c.Auth = ashby.APIKey("canary-wrong") })
	_, err := source.Collect(t.Context(), wrong)
	require.ErrorIs(t, err, source.ErrForbidden)
	cfg := ashby.Config{Auth: ashby.APIKey("canary-key")}
	for _, shown := range []any{err, wrong, *wrong, cfg, &cfg, cfg.Auth, ashby.WebhookConfig{Keys: []string{"canary-key"}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			assert.NotContains(t, fmt.Sprintf(verb, shown), "canary")
		}
	}
	for body, want := range map[string]error{
		`{"success":false,"errors":["missing_endpoint_permission"]}`:                           source.ErrForbidden,
		`{"success":false,"errors":[{"code":"unauthorized","message":"no"}]}`:                  source.ErrUnauthorized,
		`{"success":true,"results":null,"moreDataAvailable":false}`:                            source.ErrBadContent,
		`{"success":true,"results":[{"id":"../x"}],"moreDataAvailable":false}`:                 source.ErrBadContent,
		`{"success":true,"results":[],"moreDataAvailable":false}{"success":true,"results":[]}`: source.ErrBadContent,
	} {
		fake, address := serve(t, company())
		fake.Break(ashbytest.Fault{Procedure: "application.list", Spoil: answer(body)})
		_, err := source.Collect(t.Context(), open(t, address, nil))
		require.ErrorIs(t, err, want, body)
	}
}

// A limit is waited for, although the questions are POSTs: they only read.
func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fake := ashbytest.New(company())
		fake.Break(ashbytest.Fault{Procedure: "offer.list", Page: 2, Times: 2, Spoil: ashbytest.Spoil{Status: 429, Header: map[string]string{"Retry-After": "20"}}})
		begun := time.Now()
		snapshot := collect(t, open(t, "http://ashby.test", func(c *ashby.Config) { c.Transport = inMemory{fake} }))
		assert.Equal(t, len(hires()), snapshot.Len())
		assert.GreaterOrEqual(t, time.Since(begun), 40*time.Second)
	})
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
