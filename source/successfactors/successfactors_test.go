package successfactors_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/sourcetest"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
)

func engineer(start, status string) successfactorstest.Job {
	return successfactorstest.Job{
		Start: start, Status: status, StatusID: "3631", Title: "Engineer", Department: "50150001", Division: "DIV1", BusinessUnit: "BU7",
		Company: "1710", CostCenter: "10101", Location: "1710-2001", Manager: "boss-1", Class: "Full-Time", TimeZone: "Europe/Berlin",
	}
}

func worker(id, given, family string, e ...successfactorstest.Employment) successfactorstest.Person {
	return successfactorstest.Person{
		ID: id, UUID: "5C1B0000000000000000000000000" + id, FirstName: given, LastName: family, DisplayName: given + " " + family,
		DateOfBirth: "1970-01-01", Gender: "F", MaritalStatus: "6400",
		Emails: []successfactorstest.Email{
			{Address: strings.ToLower(given) + "@home.example", Type: "P", Primary: true},
			{Address: strings.ToLower(given+"."+family) + "@acme.example", Type: "B"},
		},
		Employments: e,
	}
}

func employed(user, start, status string) successfactorstest.Employment {
	return successfactorstest.Employment{
		UserID: user, Username: "n" + user, Start: start, Original: start, Jobs: []successfactorstest.Job{engineer(start, status)},
	}
}

// company is a small one: a head, somebody who works, somebody on leave, somebody who
// left, somebody who starts in January, a contingent worker, somebody who was hired
// again, somebody on a global assignment, and somebody with a status of the company's
// own.
func company() successfactorstest.Config {
	head := employed("boss-1", "2015-03-01", "A")
	head.Jobs[0].Manager, head.Jobs[0].Title = "NO_MANAGER", "Head"
	left := employed("u105", "2019-02-01", "A")
	left.End, left.UserStatus, left.Jobs[0].End = "2026-06-30", "f", "2026-06-30"
	left.Jobs = append(left.Jobs, engineer("2026-07-01", "T"))
	newcomer := employed("u106", "2027-01-15", "A")
	newcomer.UserStatus = "e"
	contingent := employed("u107", "2026-01-01", "A")
	contingent.Contingent, contingent.Jobs[0].Class = true, ""
	again, before := employed("u108b", "2025-05-01", "A"), employed("u108a", "2010-01-01", "T")
	again.Original, before.End, before.UserStatus = "2010-01-01", "2018-12-31", "-"
	before.Jobs[0].Start, before.Jobs[0].Title = "2019-01-01", "Clerk"
	home, abroad := employed("u109", "2012-01-01", "D"), employed("u109ga", "2026-02-01", "A")
	abroad.Class, abroad.Jobs[0].Manager = "GA", "u103"
	future := worker("106", "Fay", "Weiss", newcomer)
	future.From = "2027-01-15"
	return successfactorstest.Config{
		Clock: noon,
		Names: map[string]string{
			"50150001": "Platform", "DIV1": "Division 1", "BU7": "Unit 7", "1710": "Acme SE", "10101": "Cost 10101", "1710-2001": "Berlin",
		},
		Addresses: map[string][2]string{"1710-2001": {"Berlin", "DEU"}},
		People: []successfactorstest.Person{
			worker("100", "Hal", "Head", head), worker("103", "Ada", "Ng", employed("u103", "2024-03-04", "A")),
			worker("104", "Bo", "Ruiz", employed("u104", "2020-07-01", "P")), worker("105", "Cy", "Roe", left), future,
			worker("107", "Gus", "Smith", contingent), worker("108", "Ida", "Again", again, before),
			worker("109", "Jo", "Abroad", home, abroad), worker("110", "Kim", "Own", employed("u110", "2021-01-01", "XQ")),
		},
	}
}

func everybody() []string {
	return []string{"100", "103", "104", "105", "106", "107", "108", "109", "110"}
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

func emptied(body []byte) []byte {
	var answer map[string]map[string]any
	if json.Unmarshal(body, &answer) == nil && answer["d"] != nil {
		answer["d"]["results"] = []any{}
	}
	body, _ = json.Marshal(answer)
	return body
}

func TestConformance(t *testing.T) {
	broken := func(later bool, s successfactorstest.Spoil) func(t *testing.T) source.Source {
		return func(t *testing.T) source.Source {
			fake, address := serve(t, company())
			fake.Break(successfactorstest.Fault{Later: later, Spoil: s})
			return open(t, address, nil)
		}
	}
	sourcetest.Run(t, func(t *testing.T) source.Source {
		_, address := serve(t, company())
		return open(t, address, nil)
	}, &sourcetest.Options{
		WantIDs: everybody(),
		Broken:  broken(true, successfactorstest.Spoil{Status: http.StatusForbidden}),
		BrokenWays: map[string]func(t *testing.T) source.Source{
			"the snapshot is gone":              broken(true, successfactorstest.Spoil{Status: 400, Body: `{"error":{"code":"COE_BAD_REQUEST"}}`}),
			"a next page elsewhere":             broken(false, replaced(`"__next":"http://127.0.0.1`, `"__next":"http://elsewhere.invalid`)),
			"a next page of another API":        broken(false, replaced("/odata/v2/PerPerson?", "/oauth/idp?")),
			"an empty page in the middle":       broken(true, successfactorstest.Spoil{Alter: emptied}),
			"what is expanded goes on":          broken(false, replaced(`"jobInfoNav":{`, `"jobInfoNav":{"__next":"http://127.0.0.1/x",`)),
			"nobody":                            broken(false, successfactorstest.Spoil{Status: 200, Body: `{"d":{"results":[]}}`}),
			"navigations are texts":             broken(false, replaced(`"jobInfoNav":{`, `"jobInfoNav":"x","x":{`)),
			"no status is known":                broken(false, replaced(`"externalCode":"`, `"externalCode":"x`)),
			"employments were not expanded":     broken(false, replaced(`"employmentNav":{"results"`, `"employmentNav":{"__deferred":{"uri":"x"},"__x"`)),
			"people who were not asked for":     broken(false, successfactorstest.Spoil{Alter: stranger}),
			"an error of OData with status 200": broken(false, successfactorstest.Spoil{Status: 200, Body: `{"error":{"code":"X"}}`}),
		},
		LostPage: func(t *testing.T) source.Source {
			fake, address := serve(t, company())
			fake.Break(successfactorstest.Fault{Later: true, Spoil: successfactorstest.Spoil{Alter: func(body []byte) []byte {
				return emptied([]byte(strings.Replace(string(body), `"__next"`, `"x"`, 1)))
			}}})
			return open(t, address, func(c *successfactors.Config) { c.Count = true })
		},
	})
}

// stranger answers a question as of a day with somebody else.
func stranger(body []byte) []byte {
	if strings.Count(string(body), `"perPersonUuid"`) == 1 {
		return []byte(strings.ReplaceAll(string(body), `"personIdExternal":"106"`, `"personIdExternal":"666"`))
	}
	return body
}

func TestFaults(t *testing.T) {
	sourcetest.Faults(t, sourcetest.FaultOptions{
		Fake: func() http.Handler {
			cfg := company()
			cfg.Clock, cfg.Certificate = noon, string(credentials().certificate)
			return successfactorstest.New(cfg)
		},
		Source: func(t *testing.T, through http.RoundTripper) source.Source {
			return open(t, "http://sfsf.test", func(c *successfactors.Config) { c.Transport = through })
		},
		About: func(r *http.Request) bool { return r.URL.Path != "/oauth/token" },
		Columns: []string{
			`"personIdExternal"`, `"employmentNav"`, `"jobInfoNav"`, `"emplStatusNav"`, `"externalCode"`, `"startDate"`, `"endDate"`, `"userId"`,
			`"userNav"`, `"results"`,
		},
	})
}

func TestPeople(t *testing.T) {
	fake, address := serve(t, company())
	s := open(t, address, nil)
	ada := one(t, s, "103")
	assert.Equal(t, source.Identity{
		ID: "103", Kind: source.KindEmployee, EmployeeNumber: "103", Username: "nu103", DisplayName: "Ada Ng",
		AlternateIDs: []source.AlternateID{
			{Type: "successfactors:perPersonUuid", Value: "5C1B0000000000000000000000000103"}, {Type: "successfactors:userId", Value: "u103"},
		},
		Name: source.Name{Given: "Ada", Family: "Ng"}, WorkEmail: "ada.ng@acme.example",
		JobTitle: "Engineer", Department: source.Ref{ID: "50150001", Code: "50150001", Name: "Platform"},
		Division: source.Ref{ID: "DIV1", Code: "DIV1", Name: "Division 1"}, BusinessUnit: source.Ref{ID: "BU7", Code: "BU7", Name: "Unit 7"},
		LegalEntity: source.Ref{ID: "1710", Code: "1710", Name: "Acme SE"}, CostCenter: source.Ref{ID: "10101", Code: "10101", Name: "Cost 10101"},
		Location: source.Location{
			ID: "1710-2001", Code: "1710-2001", Name: "Berlin", Country: "DE", TimeZone: "Europe/Berlin", Zone: ada.Location.Zone,
		},
		Manager: source.Manager{ID: "100"}, EmploymentType: source.FullTime, EmploymentTypeRaw: "Full-Time",
		Status: source.Active, StatusRaw: "A", HireDate: source.Day(2024, 3, 4), OriginalHireDate: source.Day(2024, 3, 4), UpdatedAt: noon(),
	}, ada)
	require.NotNil(t, ada.Location.Zone)
	for id, want := range map[string]struct {
		status  source.Status
		manager string
		kind    source.Kind
	}{
		"100": {source.Active, "", source.KindEmployee}, "104": {source.OnLeave, "100", source.KindEmployee},
		"105": {source.Terminated, "100", source.KindEmployee}, "106": {source.PreHire, "100", source.KindEmployee},
		"107": {source.Active, "100", source.KindContingent}, "108": {source.Active, "100", source.KindEmployee},
		"109": {source.Active, "103", source.KindEmployee}, "110": {source.Unknown, "100", source.KindEmployee},
	} {
		got := one(t, s, id)
		assert.Equal(t, want.status, got.Status, id)
		assert.Equal(t, want.manager, got.Manager.ID, id)
		assert.Equal(t, want.kind, got.Kind, id)
		assert.Equal(t, id != "110", len(got.Findings) == 0, got.Findings)
	}
	assert.Equal(t, source.Day(2026, 6, 30), one(t, s, "105").TerminationDate)
	assert.Equal(t, source.Contractor, one(t, s, "107").EmploymentType)
	newcomer := one(t, s, "106")
	assert.Equal(t, "Fay", newcomer.Name.Given, "names that are not in force yet")
	assert.Equal(t, "Engineer", newcomer.JobTitle, "a job that is not in force yet")
	for _, request := range fake.Requests() {
		assert.NotContains(t, request, "/oauth/idp")
		for _, word := range []string{"dateOfBirth", "gender", "maritalStatus", "payGrade", "$skip="} {
			assert.NotContains(t, request, url.QueryEscape(word))
		}
	}
}

func TestSeveralEmployments(t *testing.T) {
	_, address := serve(t, company())
	s := open(t, address, nil)
	again := one(t, s, "108")
	assert.Equal(t, source.Day(2025, 5, 1), again.HireDate)
	assert.Equal(t, source.Day(2010, 1, 1), again.OriginalHireDate)
	assert.True(t, again.TerminationDate.IsZero())
	require.Len(t, again.Employments, 2)
	before, now := again.Employments[0], again.Employments[1]
	assert.Equal(t, []any{"u108a", false, "Clerk", source.Terminated, source.Day(2010, 1, 1), source.Day(2018, 12, 31), "100"},
		[]any{before.ID, before.Primary, before.Title, before.Status, before.Start, before.End, before.Manager.ID})
	assert.Equal(t, []any{"u108b", true, "Engineer", source.Active, source.Date{}}, []any{now.ID, now.Primary, now.Title, now.Status, now.End})

	abroad := one(t, s, "109")
	assert.Equal(t, []source.Status{source.Suspended, source.Active}, []source.Status{abroad.Employments[0].Status, abroad.Employments[1].Status})
	assert.Equal(t, "u109ga", abroad.Employments[1].ID)
	assert.True(t, abroad.Employments[1].Primary)
}

// Whatever the order of employments, the same one counts.
func TestOrderOfEmploymentsMeansNothing(t *testing.T) {
	cfg := company()
	all := []successfactorstest.Employment{
		employed("a", "2010-01-01", "T"), employed("b", "2019-01-01", "A"), employed("c", "2027-03-01", "A"), employed("d", "2027-02-01", "A"),
		employed("e", "2020-01-01", "A"),
	}
	all[0].End = "2012-01-01"
	var want source.Identity
	for n := range len(all) {
		all = append(all[1:], all[0])
		cfg.People = []successfactorstest.Person{worker("1", "A", "B", slices.Clone(all)...), worker("100", "Hal", "Head", employed("boss-1", "2001-01-01", "A"))}
		_, address := serve(t, cfg)
		got := one(t, open(t, address, nil), "1")
		slices.SortFunc(got.AlternateIDs, func(a, b source.AlternateID) int { return strings.Compare(a.Value, b.Value) })
		if n == 0 {
			want = got
		}
		require.Equal(t, want, got)
	}
	assert.Equal(t, source.Day(2020, 1, 1), want.HireDate, "of two jobs the one that started last")
}

func TestDefaultsOfTheAPI(t *testing.T) {
	fake, address := serve(t, company())
	s := open(t, address, func(c *successfactors.Config) { c.UserStatuses = []string{"t"} })
	ids := []string{}
	for i := range collect(t, s).All() {
		ids = append(ids, i.ID)
	}
	assert.NotContains(t, ids, "105", "without inactive users nobody who left is listed")
	first, err := url.Parse(strings.TrimPrefix(fake.Requests()[1], "GET "))
	require.NoError(t, err)
	query := first.Query()
	assert.Equal(t, "snapshot", query.Get("paging"))
	assert.Equal(t, "3", query.Get("customPageSize"))
	assert.Equal(t, "employmentNav/userNav/status in 't'", query.Get("$filter"))
	assert.False(t, query.Has("asOfDate") || query.Has("fromDate") || query.Has("$top"))
}

// fromDate and toDate, where they reach jobs, give several of them: the one in force
// counts, and no question is asked as of a day.
func TestRange(t *testing.T) {
	cfg := company()
	cfg.RangeReaches = true
	cfg.People[1].Employments[0].Jobs = append([]successfactorstest.Job{
		{Start: "2027-01-01", Status: "A", Title: "Lead"}, {Start: "2020-01-01", End: "2024-03-03", Status: "U", Title: "Trainee"},
	}, cfg.People[1].Employments[0].Jobs...)
	cfg.People[1].Employments[0].Jobs[2].End = "2026-12-31"
	fake, address := serve(t, cfg)
	s := open(t, address, func(c *successfactors.Config) { c.DaysBack, c.DaysAhead = 3650, 365 })
	ada := one(t, s, "103")
	assert.Equal(t, "Engineer", ada.JobTitle)
	assert.Equal(t, source.Active, ada.Status)
	assert.Equal(t, source.PreHire, one(t, s, "106").Status)
	assert.Equal(t, source.Terminated, one(t, s, "105").Status)
	for _, request := range fake.Requests() {
		assert.NotContains(t, request, "asOfDate")
	}
	assert.Contains(t, strings.Join(fake.Requests(), "\n"), "fromDate=2016-12-01")
	assert.Contains(t, strings.Join(fake.Requests(), "\n"), "toDate=2027-11-29")
}

// People who start on different days cost one more request for each day, unless they
// are told by dates alone.
func TestPreHires(t *testing.T) {
	cfg := company()
	for n, start := range []string{"2026-12-01", "2026-12-01", "2027-01-15"} {
		cfg.People = append(cfg.People, worker("20"+string(rune('0'+n)), "New", "Comer", employed("v"+string(rune('0'+n)), start, "A")))
	}
	fake, address := serve(t, cfg)
	s := open(t, address, func(c *successfactors.Config) { c.PageSize = 1000 })
	snapshot := collect(t, s)
	days := map[string]int{}
	for _, request := range fake.Requests() {
		if u, err := url.Parse(strings.TrimPrefix(request, "GET ")); err == nil && u.Query().Has("asOfDate") {
			days[u.Query().Get("asOfDate")]++
		}
	}
	assert.Equal(t, map[string]int{"2026-12-01": 1, "2027-01-15": 1}, days)
	assert.Equal(t, "Engineer", snapshot.Find("201").JobTitle)
	assert.Equal(t, source.PreHire, snapshot.Find("201").Status)

	bare := collect(t, open(t, address, func(c *successfactors.Config) { c.NoPreHireJobs = true }))
	assert.Equal(t, source.PreHire, bare.Find("201").Status)
	assert.Equal(t, source.Day(2026, 12, 1), bare.Find("201").HireDate)
	assert.Empty(t, bare.Find("201").JobTitle)
}

func TestEmails(t *testing.T) {
	_, address := serve(t, company())
	read := func(change func(*successfactors.Config)) source.Identity {
		return *collect(t, open(t, address, change)).Find("103")
	}
	assert.Empty(t, read(nil).PersonalEmail, "private addresses are not kept")
	both := read(func(c *successfactors.Config) { c.PersonalEmailTypes = []string{"O", "P"} })
	assert.Equal(t, "ada@home.example", both.PersonalEmail)
	own := read(func(c *successfactors.Config) { c.WorkEmailTypes = []string{"X"} })
	assert.Empty(t, own.WorkEmail)
	snapshot := collect(t, open(t, address, func(c *successfactors.Config) { c.WorkEmailTypes = []string{"X"} }))
	require.NotEmpty(t, slices.Collect(func(yield func(source.Finding) bool) {
		for _, f := range snapshot.Findings() {
			if f.Field == "work_email" && strings.Contains(f.Message, `["B" "P"]`) && !yield(f) {
				return
			}
		}
	}))
	primary := read(func(c *successfactors.Config) { c.WorkEmailTypes, c.PrimaryEmail = []string{"X"}, true })
	assert.Equal(t, "ada@home.example", primary.WorkEmail)
	mapped := read(func(c *successfactors.Config) {
		c.Fields = map[string]string{"work_email": "employmentNav/userNav/email"}
	})
	assert.Empty(t, mapped.WorkEmail, "the user has none")
}

func TestMappings(t *testing.T) {
	cfg := company()
	cfg.People[1].Employments[0].Jobs[0].Custom = map[string]string{"customString1": "B-7", "customString2": "103", "customDate1": "2026-12-24"}
	_, address := serve(t, cfg)
	s := open(t, address, func(c *successfactors.Config) {
		c.Fields = map[string]string{
			"custom.badge": "employmentNav/jobInfoNav/customString1", "last_day": "employmentNav/jobInfoNav/customDate1",
			"team": "employmentNav/jobInfoNav/divisionNav", "division": "", "employee_number": "employmentNav/jobInfoNav/customString2",
			"country": "employmentNav/jobInfoNav/locationNav/addressNavDEFLT/country",
			"city":    "employmentNav/jobInfoNav/locationNav/addressNavDEFLT/city",
		}
		c.Names = map[string]string{"divisionNav": "name", "costCenterNav": ""}
		c.Countries, c.TimeZones = nil, map[string]string{"1710-2001": "Europe/Vienna"}
	})
	ada := one(t, s, "103")
	assert.Equal(t, map[string][]string{"badge": {"B-7"}}, ada.Custom)
	assert.Equal(t, source.Day(2026, 12, 24), ada.LastDay)
	assert.Equal(t, source.Ref{ID: "DIV1", Code: "DIV1", Name: "Division 1"}, ada.Team)
	assert.True(t, ada.Division.IsZero())
	assert.Equal(t, source.Ref{ID: "10101", Code: "10101"}, ada.CostCenter)
	assert.Equal(t, []string{"DE", "Berlin", "Europe/Vienna", "103"}, []string{ada.Location.Country, ada.Location.City, ada.Location.TimeZone, ada.EmployeeNumber})
}

// Managers who are nobody in the list, or several people, are nobody.
func TestManagers(t *testing.T) {
	cfg := company()
	cfg.People[1].Employments[0].Jobs[0].Manager = "u999"
	cfg.People[2].Employments[0].Jobs[0].Manager = "double"
	cfg.People[3].Employments = append(cfg.People[3].Employments, employed("double", "2001-01-01", "T"))
	cfg.People[4].Employments = append(cfg.People[4].Employments, employed("double", "2001-01-01", "T"))
	cfg.People[5].Employments[0].Jobs[0].Manager = "NO_HR"
	_, address := serve(t, cfg)
	snapshot := collect(t, open(t, address, nil))
	assert.Empty(t, snapshot.Find("103").Manager.ID)
	require.Len(t, snapshot.Find("103").Findings, 1)
	assert.Contains(t, snapshot.Find("103").Findings[0].Message, "nobody in the answers")
	assert.Empty(t, snapshot.Find("104").Manager.ID)
	assert.Contains(t, snapshot.Find("104").Findings[0].Message, "several people")
	assert.Empty(t, snapshot.Find("107").Manager.ID)
	assert.Empty(t, snapshot.Find("107").Findings)
}

func TestWaitsAsLongAsTheNoteSays(t *testing.T) {
	bubble(t, func(t *testing.T) {
		cfg := company()
		cfg.Clock, cfg.Certificate = time.Now, string(credentials().certificate)
		fake := successfactorstest.New(cfg)
		s := open(t, "http://sfsf.test", func(c *successfactors.Config) { c.Transport, c.Clock = inMemory{fake}, time.Now })
		fake.Break(successfactorstest.Fault{Times: 1, Spoil: successfactorstest.Spoil{Status: http.StatusTooManyRequests}})
		begun := time.Now()
		_, err := source.Collect(t.Context(), s)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, time.Since(begun), 5*time.Minute)
		assert.Less(t, time.Since(begun), 6*time.Minute)
	})
}
