package workday_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
)

const password = "canary-password"

func noon() time.Time { return time.Date(2026, time.March, 2, 20, 0, 0, 0, time.UTC) }

// clock is one that tests set forward.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// The Workday IDs of the staff.
const (
	mara  = "7b000000000000000000000000000007"
	ada   = "7b000000000000000000000000000042"
	bo    = "7b000000000000000000000000000043"
	cy    = "7b000000000000000000000000000108"
	emile = "7b000000000000000000000000001009"
)

func berlin() workdaytest.Location {
	return workdaytest.Location{ID: "BER", Name: "Berlin", City: "Berlin", Country: "DE"}
}

// staff is a small company: a manager, an engineer with two positions, somebody who
// left, somebody who has not started, a contingent worker.
func staff() []workdaytest.Worker {
	platform := []workdaytest.Unit{
		{Type: "SUPERVISORY", ID: "SUP-1", Name: "Platform"},
		{Type: "COST_CENTER", ID: "CC-77", Code: "77", Name: "R&D <Platform>"},
		{Type: "COMPANY", ID: "CO-1", Name: "Acme GmbH"},
		{Type: "TEAM", ID: "T-2", Name: "Red"},
		{Type: "TEAM", ID: "T-1", Name: "Blue"},
	}
	position := func(id, title string) workdaytest.Position {
		return workdaytest.Position{
			ID: id, Title: title, JobProfile: "JP-1", WorkerType: "Regular", TimeType: "Full_time", StartDate: "2024-03-04", Location: berlin(),
		}
	}
	second := position("P-43", "Trainer")
	second.TimeType, second.Manager = "Part_time", emile
	contract := position("P-1009", "Consultant")
	contract.WorkerType, contract.TimeType = "Agency", ""
	return []workdaytest.Worker{
		{
			WID: mara, EmployeeID: "20007", UserID: "mokafor", FirstName: "Mara", LastName: "Okafor", WorkEmail: "mara.okafor@acme.example",
			HireDate: "2019-02-01", Positions: []workdaytest.Position{position("P-7", "Head of Platform")}, Units: platform,
		},
		{
			WID: ada, EmployeeID: "20042", UserID: "ang", FirstName: "Adaeze", MiddleName: "K.", LastName: "Ng", PreferredFirstName: "Ada",
			WorkEmail: "ada.ng@acme.example", HomeEmail: "ada@home.example", HireDate: "2024-03-04", OriginalHireDate: "2020-01-07",
			Manager: mara, Positions: []workdaytest.Position{position("P-42", "Engineer"), second}, Units: platform,
			Groups:     map[string]string{"VPN": "Assigned", "Old": "Unassigned"},
			Calculated: map[string]string{"Badge": "B-42"},
		},
		{
			WID: bo, EmployeeID: "20043", FirstName: "Bo", LastName: "Ruiz", WorkEmail: "bo.ruiz@acme.example", HireDate: "2021-01-11",
			TerminationDate: "2026-02-27", LastDayOfWork: "2026-02-26", Manager: mara, Positions: []workdaytest.Position{position("P-9", "Analyst")},
		},
		{
			WID: cy, EmployeeID: "20108", FirstName: "Cy", LastName: "Roe", WorkEmail: "cy.roe@acme.example", HireDate: "2026-04-01",
			Manager: ada, Positions: []workdaytest.Position{position("P-108", "Engineer")}, Units: platform,
		},
		{
			WID: emile, ContingentID: "C-1009", FirstName: "Émile", LastName: "Dupont", WorkEmail: "emile@consult.example", HireDate: "2025-06-30",
			Manager: mara, Positions: []workdaytest.Position{contract},
		},
	}
}

func ids(workers []workdaytest.Worker) []string {
	out := make([]string, len(workers))
	for n, w := range workers {
		out[n] = w.WID
	}
	return out
}

// newFake returns a Workday and its address.
func newFake(t testing.TB, cfg workdaytest.Config) (*workdaytest.Server, string) {
	t.Helper()
	cfg.Password = password
	if cfg.Clock == nil {
		cfg.Clock = noon
	}
	fake := workdaytest.New(cfg)
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return fake, server.URL + "/ccx"
}

func connection(url string) workday.Connection {
	return workday.Connection{
		BaseURL: url, Private: true, Tenant: "acme", Auth: workday.Password("isu", password), Clock: noon,
	}
}

// newSource returns a source that reads a fake in pages of two.
func newSource(t testing.TB, url string, change func(*workday.Config)) *workday.Source {
	t.Helper()
	cfg := workday.Config{Connection: connection(url), PageSize: 2}
	if change != nil {
		change(&cfg)
	}
	s, err := workday.New(cfg)
	require.NoError(t, err)
	return s
}

// broken returns a source whose Workday is not well.
func broken(faults ...workdaytest.Fault) func(t *testing.T) source.Source {
	return func(t *testing.T) source.Source {
		fake, url := newFake(t, workdaytest.Config{Workers: staff()})
		fake.Break(faults...)
		return newSource(t, url, nil)
	}
}

func TestConformance(t *testing.T) {
	for _, lists := range []bool{false, true} {
		t.Run(map[bool]string{false: "hires from the log", true: "hires from the list"}[lists], func(t *testing.T) {
			ways := map[string]func(t *testing.T) source.Source{}
			for name, f := range faults() {
				ways[name] = broken(f)
			}
			sourcetest.Run(t, func(t *testing.T) source.Source {
				_, url := newFake(t, workdaytest.Config{Workers: staff(), ListsHires: lists})
				return newSource(t, url, nil)
			}, &sourcetest.Options{
				WantIDs:    ids(staff()),
				MissingID:  "00000000000000000000000000000000",
				Broken:     broken(workdaytest.Fault{Page: 2, Spoil: workdaytest.Spoil{Status: http.StatusForbidden}}),
				BrokenWays: ways,
				LostPage: broken(workdaytest.Fault{Page: 1, List: true, Spoil: workdaytest.Spoil{
					Alter: replace(`<wd:Total_Pages>\d+`, `<wd:Total_Pages>1`),
				}}),
			})
		})
	}
}

func TestPeople(t *testing.T) {
	fake, url := newFake(t, workdaytest.Config{Workers: staff(), FieldService: "f1e1d"})
	s := newSource(t, url, func(c *workday.Config) {
		c.ProvisioningGroups, c.FieldService = true, "f1e1d"
		c.Units = map[string]string{"team": "custom.teams"}
		c.TimeZones = map[string]string{"Berlin": "Europe/Berlin"}
		c.EmploymentType = map[string]source.EmploymentType{"agency": source.Temporary}
		c.Fields = map[string]string{
			"custom.badge":   "Integration_Field_Override_Data[Badge]",
			"custom.profile": "Worker_Data/Employment_Data/Worker_Job_Data/Position_Data/Job_Profile_Summary_Data/Job_Profile_Reference/ID[Job_Profile_ID]",
			"custom.since":   "Worker_Data/Employment_Data/Worker_Job_Data/Position_Data/@Effective_Date",
			"username":       "",
		}
	})
	snapshot, err := source.Collect(t.Context(), s)
	require.NoError(t, err)
	assert.Empty(t, snapshot.Findings())

	got := snapshot.Find(ada)
	require.NotNil(t, got)
	zone := got.Location.Zone
	require.NotNil(t, zone)
	place := source.Location{ID: "BER", Name: "Berlin", City: "Berlin", Country: "DE", TimeZone: "Europe/Berlin"}
	got.Location.Zone = nil
	for n := range got.Employments {
		got.Employments[n].Location.Zone = nil
	}
	assert.Equal(t, &source.Identity{
		ID: ada, Kind: source.KindEmployee, EmployeeNumber: "20042",
		AlternateIDs: []source.AlternateID{{Type: "workday:Employee_ID", Value: "20042"}},
		Name:         source.Name{Formatted: "Adaeze K. Ng", Given: "Adaeze", Middle: "K.", Family: "Ng", Preferred: "Ada"},
		DisplayName:  "Ada Ng", WorkEmail: "ada.ng@acme.example", JobTitle: "Engineer",
		Department: source.Ref{ID: "SUP-1", Name: "Platform"}, CostCenter: source.Ref{ID: "CC-77", Code: "77", Name: "R&D <Platform>"},
		LegalEntity: source.Ref{ID: "CO-1", Name: "Acme GmbH"}, Location: place,
		Manager: source.Manager{ID: mara, EmployeeNumber: "20007"}, Groups: []source.Group{{Name: "VPN", Type: "provisioning"}},
		EmploymentType: source.FullTime, EmploymentTypeRaw: "Regular, Full_time", Status: source.Active, StatusRaw: "Active",
		HireDate: source.Day(2024, 3, 4), OriginalHireDate: source.Day(2020, 1, 7),
		Employments: []source.Employment{
			{
				ID: "P-42", Primary: true, Title: "Engineer", Type: source.FullTime, Start: source.Day(2024, 3, 4), Location: place,
				Manager: source.Manager{ID: mara, EmployeeNumber: "20007"},
			},
			{
				ID: "P-43", Title: "Trainer", Type: source.PartTime, Start: source.Day(2024, 3, 4), Location: place,
				Manager: source.Manager{ID: emile, EmployeeNumber: "C-1009"},
			},
		},
		Custom: map[string][]string{"badge": {"B-42"}, "profile": {"JP-1"}, "since": {"2024-03-04"}, "teams": {"Blue", "Red"}},
	}, got)

	assert.Equal(t, source.Manager{}, snapshot.Find(mara).Manager, "who leads a unit and belongs to it is nobody's report")
	gone := snapshot.Find(bo)
	assert.Equal(t, source.Terminated, gone.Status)
	assert.Equal(t, source.Day(2026, 2, 26), gone.End())
	newcomer := snapshot.Find(cy)
	assert.Equal(t, source.PreHire, newcomer.Status)
	assert.Equal(t, "Platform", newcomer.Department.Name, "as of the first day")
	assert.Equal(t, ada, newcomer.Manager.ID)
	contingent := snapshot.Find(emile)
	assert.Equal(t, source.KindContingent, contingent.Kind)
	assert.Equal(t, source.Temporary, contingent.EmploymentType)
	assert.Equal(t, "C-1009", contingent.EmployeeNumber)

	for _, r := range fake.Requests() {
		assert.Contains(t, r.Body, "<w:Include_Reference>true")
		assert.NotContains(t, r.Body, "Compensation")
	}
}

// Somebody who answers every question with the same page does not keep us for ever.
func TestEndlessPages(t *testing.T) {
	person := worker("a1", "<Employment_Data><Worker_Status_Data><Active>1</Active></Worker_Status_Data></Employment_Data>")
	for name, pages := range map[string]string{"as many as people": "1000000", "more than people": "2000000"} {
		t.Run(name, func(t *testing.T) {
			asked := 0
			body := replace(`<Total_Pages>1`, `<Total_Pages>`+pages)([]byte(workers(person)))
			body = replace(`<Total_Results>1`, `<Total_Results>1000000`)(body)
			body = replace(`<Page>1</Page>`, ``)(body)
			s := newSource(t, "https://acme.workday.example/ccx", func(c *workday.Config) {
				c.Connection.Transport = transport(func(*http.Request) (*http.Response, error) {
					asked++
					return response(200, "text/xml", string(body)), nil
				})
			})
			_, err := source.Collect(t.Context(), s)
			require.ErrorIs(t, err, source.ErrIncomplete)
			assert.LessOrEqual(t, asked, 2)
		})
	}
}

// A security group that shows references only shows nothing.
func TestNobodyDecided(t *testing.T) {
	people := staff()
	for n := range people {
		people[n].Bare = true
	}
	_, url := newFake(t, workdaytest.Config{Workers: people})
	_, err := source.Collect(t.Context(), newSource(t, url, nil))
	require.ErrorIs(t, err, source.ErrIncomplete)
	assert.ErrorContains(t, err, "security group")

	people[0].Bare = false
	_, url = newFake(t, workdaytest.Config{Workers: people})
	snapshot, err := source.Collect(t.Context(), newSource(t, url, nil))
	require.NoError(t, err)
	assert.Equal(t, source.Unknown, snapshot.Find(ada).Status)
}

// The position that counts is the one that is said to, wherever it stands.
func TestPrimaryPosition(t *testing.T) {
	job := func(attribute, title string) string {
		return `<Worker_Job_Data ` + attribute + `><Position_Data><Business_Title>` + title + `</Business_Title></Position_Data></Worker_Job_Data>`
	}
	const status = `<Worker_Status_Data><Active>1</Active></Worker_Status_Data>`
	for stated, want := range map[string]string{
		job("", "A") + job(`Primary_Job="1"`, "B"):                    "B",
		job(`Primary_Job="0"`, "A") + job("", "B"):                    "B",
		job(`Primary_Job="0"`, "A") + job(`Primary_Job="false"`, "B"): "A",
		job("", "A"): "A",
		"":           "",
	} {
		i, _ := collectOne(t, stated+status, nil)
		assert.Equal(t, want, i.JobTitle)
	}
}
