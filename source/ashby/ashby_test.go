package ashby_test

import (
	"context"
	"fmt"
	"net/http"
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
	_, err = s.Identity(t.Context(), "c-8")
	require.ErrorIs(t, err, source.ErrNotFound, "they are known by another ID")
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
