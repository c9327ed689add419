package greenhouse_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
	"github.com/provision-go/provision/source/sourcetest"
)

const (
	client = "test-client"
	secret = "canary-client-secret"
)

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

// company is a small one: somebody who starts in a month, somebody who started a
// week ago, somebody hired years ago, one with a date that nobody agreed on, one who
// was hired without an offer, one who accepted and was turned down, one who accepted
// and is in process again, and applicants who concern nobody.
func company() greenhousetest.Config {
	return greenhousetest.Config{
		ClientID: client, ClientSecret: secret, Clock: noon,
		Departments: []greenhousetest.Place{{ID: "3", Name: "Platform", ExternalID: "D-3"}, {ID: "4", Name: "Finance"}},
		Offices:     []greenhousetest.Place{{ID: "1", Name: "Berlin", ExternalID: "BER"}, {ID: "2", Name: "Austin"}},
		Jobs: []greenhousetest.Job{
			{ID: "12", Name: "Engineer", RequisitionID: "R-12", Department: "3", Offices: []string{"1"}},
			{ID: "13", Name: "Analyst", Department: "4", Offices: []string{"1", "2"}},
		},
		Candidates: []greenhousetest.Candidate{
			{
				ID: "901", FirstName: "Ada", LastName: "Ng", PreferredName: "Addie", LinkedUsers: []string{"77"},
				Emails: []greenhousetest.Email{{Value: "ada@elsewhere.example", Type: "work"}, {Value: "ada@home.example", Type: "personal"}},
			},
			{ID: "902", FirstName: "Bo", LastName: "Ruiz"},
			{ID: "903", FirstName: "Cy", LastName: "Roe"},
			{ID: "904", FirstName: "Di", LastName: "Sato"},
			{ID: "905", FirstName: "Émile", LastName: "Dupont"},
			{ID: "906", FirstName: "Fay", LastName: "Weiß"},
			{ID: "907", FirstName: "Gus", LastName: "Smith"},
			{ID: "908", FirstName: "Hal", LastName: "Applicant"},
			{ID: "909", FirstName: "Ida", LastName: "Declined"},
		},
		Applications: []greenhousetest.Application{
			{ID: "55", Candidate: "901", Job: "12", Status: "hired"},
			{ID: "54", Candidate: "901", Job: "13", Status: "rejected"},
			{ID: "56", Candidate: "902", Job: "12", Status: "hired"},
			{ID: "57", Candidate: "903", Job: "13", Status: "hired"},
			{ID: "58", Candidate: "904", Job: "12", Status: "hired"},
			{ID: "59", Candidate: "905", Job: "13", Status: "hired"},
			{ID: "60", Candidate: "906", Job: "12", Status: "rejected"},
			{ID: "61", Candidate: "907", Job: "12", Status: "in_process"},
			{ID: "62", Candidate: "908", Job: "12", Status: "in_process"},
			{ID: "63", Candidate: "909", Job: "12", Status: "rejected"},
		},
		Offers: []greenhousetest.Offer{
			{
				ID: "700", Application: "55", Status: "Accepted", StartsOn: "2026-04-01",
				Custom: map[string]any{"employment_type": map[string]any{"id": 4, "name": "Full-time"}, "salary": "90000"},
			},
			{ID: "701", Application: "56", Status: "Accepted", StartsOn: "2026-02-23"},
			{ID: "702", Application: "57", Status: "Accepted", StartsOn: "2019-01-07"},
			{ID: "703", Application: "58", Status: "Rejected", StartsOn: "2026-03-09"},
			{ID: "705", Application: "60", Status: "Accepted", StartsOn: "2026-04-15"},
			{ID: "706", Application: "61", Status: "Accepted", StartsOn: "2026-04-15"},
			{ID: "707", Application: "63", Status: "Rejected", StartsOn: "2026-04-15"},
		},
	}
}

func hires() []string { return []string{"901", "902", "903", "904", "905", "906", "907"} }

// serve returns a Greenhouse and its address.
func serve(t testing.TB, cfg greenhousetest.Config) (*greenhousetest.Server, string) {
	t.Helper()
	fake := greenhousetest.New(cfg)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL
}

// open returns a source that reads an address in pages of two.
func open(t testing.TB, address string, change func(*greenhouse.Config)) *greenhouse.Source {
	t.Helper()
	cfg := greenhouse.Config{
		BaseURL: address + "/v3", TokenURL: address + "/token", Private: true, PageSize: 2, Clock: noon,
		Auth: greenhouse.ClientCredentials(client, secret, "7"),
	}
	if change != nil {
		change(&cfg)
	}
	s, err := greenhouse.New(cfg)
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

func TestConformance(t *testing.T) {
	broken := func(faults ...greenhousetest.Fault) func(t *testing.T) source.Source {
		return func(t *testing.T) source.Source {
			fake, address := serve(t, company())
			fake.Break(faults...)
			return open(t, address, nil)
		}
	}
	page := func(e greenhousetest.Endpoint, n int, s greenhousetest.Spoil) func(t *testing.T) source.Source {
		return broken(greenhousetest.Fault{Endpoint: e, Page: n, Spoil: s})
	}
	elsewhere := map[string]string{"Link": `<https://elsewhere.invalid/v3/applications?cursor=x>; rel="next"`}
	sourcetest.Run(t, func(t *testing.T) source.Source {
		_, address := serve(t, company())
		return open(t, address, nil)
	}, &sourcetest.Options{
		WantIDs: hires(), MissingID: "999999",
		Broken: page(greenhousetest.Applications, 2, greenhousetest.Spoil{Status: http.StatusForbidden}),
		BrokenWays: map[string]func(t *testing.T) source.Source{
			"a cursor that expired":  page(greenhousetest.Applications, 2, greenhousetest.Spoil{Status: 422, Body: `{"message":"cursor expired"}`}),
			"a next page elsewhere":  page(greenhousetest.Applications, 1, greenhousetest.Spoil{Header: elsewhere}),
			"candidates as a text":   page(greenhousetest.Candidates, 1, greenhousetest.Spoil{Status: 200, Body: `{"message":"processing"}`}),
			"no candidate at all":    page(greenhousetest.Candidates, 0, greenhousetest.Spoil{Status: 200, Body: `[]`}),
			"departments are hidden": page(greenhousetest.Departments, 1, greenhousetest.Spoil{Status: 403}),
			"the filter is ignored": page(greenhousetest.Applications, 1, greenhousetest.Spoil{
				Status: 200, Body: `[{"id":62,"candidate_id":908,"job_id":12,"status":"in_process"}]`,
			}),
			"another candidate":          page(greenhousetest.Candidates, 1, replaced(`"id":901`, `"id":990`)),
			"another job":                page(greenhousetest.Jobs, 1, replaced(`"id":12`, `"id":99`)),
			"offers of all kinds":        page(greenhousetest.Offers, 1, replaced(`"Accepted"`, `"Created"`)),
			"an offer of no application": page(greenhousetest.Offers, 1, replaced(`"application_id":55`, `"application_id":null`)),
			"an application of nobody": page(greenhousetest.Applications, 1, greenhousetest.Spoil{
				Status: 200, Body: `[{"id":62,"candidate_id":null,"job_id":12,"status":"hired"}]`,
			}),
			"nobody was ever hired": func(t *testing.T) source.Source {
				_, address := serve(t, greenhousetest.Config{ClientID: client, ClientSecret: secret, Clock: noon})
				return open(t, address, nil)
			},
		},
	})
}

func TestFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler {
			cfg := company()
			cfg.Clock = time.Now
			return greenhousetest.New(cfg)
		},
		Source: func(t *testing.T, through http.RoundTripper) source.Source {
			return open(t, "http://greenhouse.test", func(c *greenhouse.Config) { c.Transport, c.Clock = through, time.Now })
		},
		About:   func(r *http.Request) bool { return r.URL.Path != "/token" },
		Columns: []string{`"status"`, `"candidate_id"`, `"id"`, `"starts_on"`, `"application_id"`},
	})
}

// A page of hires that is lost without a trace takes away nobody who accepted an
// offer, and a lost page of offers nobody who was hired: each list is checked by the
// other.
func TestLostPages(t *testing.T) {
	for endpoint, lost := range map[greenhousetest.Endpoint][]string{greenhousetest.Applications: {"904", "905"}, greenhousetest.Offers: {"906", "907"}} {
		fake, address := serve(t, company())
		fake.Break(greenhousetest.Fault{
			Endpoint: endpoint, Page: 1, Times: 1, Spoil: greenhousetest.Spoil{Header: map[string]string{"Link": ""}},
		})
		snapshot := collect(t, open(t, address, nil))
		for _, id := range hires() {
			assert.Equal(t, slices.Contains(lost, id), snapshot.Find(id) == nil, "%s without a page of %s", id, endpoint)
		}
	}
}

// A page that comes in the place of another is noticed, whatever cursor is behind it.
func TestPageTwice(t *testing.T) {
	fake, address := serve(t, company())
	fake.Break(greenhousetest.Fault{
		Endpoint: greenhousetest.Applications, Page: 2, Times: 1, Spoil: greenhousetest.Spoil{Alter: func([]byte) []byte {
			return []byte(`[{"id":55,"candidate_id":901,"job_id":12,"status":"hired"},{"id":56,"candidate_id":902,"job_id":12,"status":"hired"}]`)
		}},
	})
	_, err := source.Collect(t.Context(), open(t, address, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
}

func TestEmptyAccount(t *testing.T) {
	_, address := serve(t, greenhousetest.Config{ClientID: client, ClientSecret: secret, Clock: noon})
	assert.Zero(t, collect(t, open(t, address, func(c *greenhouse.Config) { c.AllowEmpty = true })).Len())
}
