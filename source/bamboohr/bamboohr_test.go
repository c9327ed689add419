package bamboohr_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
	"github.com/provision-go/provision/source/sourcetest"
)

const key = "canary-api-key"

func noon() time.Time { return time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC) }

func strategies() map[string]bamboohr.Strategy {
	return map[string]bamboohr.Strategy{"employees": bamboohr.Employees, "dataset": bamboohr.Dataset}
}

// staff is a small company: a manager, an engineer, somebody who left, somebody who
// has not started, a contractor.
func staff() []bambootest.Person {
	return []bambootest.Person{
		{
			ID: "7", EmployeeNumber: "E-0007", FirstName: "Mara", LastName: "Okafor", DisplayName: "Mara Okafor",
			WorkEmail: "mara.okafor@acme.example", JobTitle: "Head of Platform", Department: "Platform", Division: "R&D", Location: "Berlin",
			EmploymentStatus: "Full-Time", HireDate: "2019-02-01",
		},
		{
			ID: "42", EmployeeNumber: "E-0042", FirstName: "Ada", MiddleName: "K.", LastName: "Ng", DisplayName: "Ada Ng",
			WorkEmail: "ada.ng@acme.example", JobTitle: "Engineer", Department: "Platform", Division: "R&D", Location: "Berlin", ReportsTo: "7",
			EmploymentStatus: "Full-Time", HireDate: "2024-03-04", OriginalHireDate: "2020-01-07",
			Custom: map[string]any{"customField4047": "Blue", "customField4048": []string{"red", "blue"}},
		},
		{
			ID: "43", FirstName: "Bo", LastName: "Ruiz", PreferredName: "Bobby", JobTitle: "Analyst", Department: "Finance",
			WorkEmail: "bo.ruiz@acme.example", Status: "Inactive", EmploymentStatus: "Terminated", HireDate: "2021-01-11", TerminationDate: "2026-02-27",
		},
		{
			ID: "108", FirstName: "Cy", LastName: "Roe", JobTitle: "Engineer", Department: "Platform", Location: "Austin", ReportsTo: "42",
			WorkEmail: "cy.roe@acme.example", Status: "Inactive", HireDate: "2026-04-01",
		},
		{
			ID: "1009", FirstName: "Émile", LastName: "Dupont", JobTitle: "Consultant", Location: "Lyon", ReportsTo: "7",
			WorkEmail: "emile@consult.example", EmploymentStatus: "Contractor", HireDate: "2025-06-30",
		},
	}
}

func ids(people []bambootest.Person) []string {
	out := make([]string, len(people))
	for n, p := range people {
		out[n] = p.ID
	}
	return out
}

// newFake returns a BambooHR and its address.
func newFake(t testing.TB, cfg bambootest.Config) (*bambootest.Server, string) {
	t.Helper()
	if cfg.APIKey == "" {
		cfg.APIKey = key
	}
	if cfg.Clock == nil {
		cfg.Clock = noon
	}
	fake := bambootest.New(cfg)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL + "/api"
}

// newSource returns a source that reads a fake in pages of two.
func newSource(t testing.TB, url string, change func(*bamboohr.Config)) *bamboohr.Source {
	t.Helper()
	cfg := bamboohr.Config{BaseURL: url, Private: true, Auth: bamboohr.APIKey(key), PageSize: 2, Clock: noon}
	if change != nil {
		change(&cfg)
	}
	s, err := bamboohr.New(cfg)
	require.NoError(t, err)
	return s
}

// broken returns a source whose BambooHR is not well.
func broken(strategy bamboohr.Strategy, faults ...bambootest.Fault) func(t *testing.T) source.Source {
	return func(t *testing.T) source.Source {
		fake, url := newFake(t, bambootest.Config{People: staff()})
		fake.Break(faults...)
		return newSource(t, url, func(c *bamboohr.Config) { c.Strategy = strategy })
	}
}

func TestConformance(t *testing.T) {
	for name, strategy := range strategies() {
		t.Run(name, func(t *testing.T) {
			ways := map[string]func(t *testing.T) source.Source{}
			for fault, f := range faults(strategy) {
				ways[fault] = broken(strategy, f)
			}
			sourcetest.Run(t, func(t *testing.T) source.Source {
				_, url := newFake(t, bambootest.Config{People: staff()})
				return newSource(t, url, func(c *bamboohr.Config) { c.Strategy = strategy })
			}, &sourcetest.Options{
				WantIDs:    ids(staff()),
				MissingID:  "999999",
				Broken:     broken(strategy, bambootest.Fault{Page: 2, Spoil: bambootest.Spoil{Status: http.StatusForbidden}}),
				BrokenWays: ways,
				LostPage:   broken(strategy, lostPage(strategy)),
			})
		})
	}
}

func TestStrategiesAgree(t *testing.T) {
	_, url := newFake(t, bambootest.Config{People: staff()})
	var snapshots []source.Snapshot
	for _, strategy := range []bamboohr.Strategy{bamboohr.Employees, bamboohr.Dataset} {
		snapshot, err := source.Collect(t.Context(), newSource(t, url, func(c *bamboohr.Config) {
			c.Strategy = strategy
			if strategy == bamboohr.Employees { // the dataset does not have these
				c.Fields = map[string]string{"display_name": "", "department_id": "", "division_id": "", "location_id": ""}
			}
		}))
		require.NoError(t, err)
		snapshots = append(snapshots, snapshot)
	}
	for _, id := range ids(staff()) {
		assert.Equal(t, snapshots[0].Find(id), snapshots[1].Find(id))
	}
}
