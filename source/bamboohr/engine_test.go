package bamboohr_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/bamboohr"
	"github.com/provision-go/provision/source/bamboohr/bambootest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// company is a BambooHR, a target and an engine between them.
type company struct {
	*bambootest.Server
	app    *memtarget.Target
	engine *provision.Engine
	now    time.Time
}

const headcount = 21

// newCompany has everybody in place already, and complete reads behind it.
func newCompany(t *testing.T, strategy bamboohr.Strategy, people []bambootest.Person) *company {
	t.Helper()
	c := &company{now: noon()}
	clock := func() time.Time { return c.now }
	fake, url := newFake(t, bambootest.Config{People: people, Clock: clock})
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "title", To: rules.JobTitle},
			{Set: "manager", To: rules.Manager},
		},
	}}})
	require.NoError(t, err)
	c.Server, c.app = fake, memtarget.New("app", nil)
	c.engine, err = provision.New(provision.Config{
		Source:  newSource(t, url, func(cfg *bamboohr.Config) { cfg.Strategy, cfg.Clock, cfg.PageSize = strategy, clock, 7 }),
		Targets: []target.Target{c.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: clock,
	})
	require.NoError(t, err)
	for range 2 {
		report, err := c.engine.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, report.Err())
		c.now = c.now.Add(24 * time.Hour)
	}
	return c
}

func (c *company) enabled() int {
	n := 0
	for _, a := range c.app.All() {
		if a.State == target.Enabled {
			n++
		}
	}
	return n
}

// workers are people who work.
func workers() []bambootest.Person {
	people := bambootest.Population(headcount)
	for i := range people {
		people[i].Status, people[i].EmploymentStatus, people[i].TerminationDate, people[i].HireDate = "Active", "Full-Time", "", "2020-01-01"
	}
	return people
}

// Whatever happens to BambooHR or on the way to it, for however many days: nobody
// loses their account, and when it is well again nothing has happened.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	for door, strategy := range strategies() {
		endpoint := bambootest.Employees
		if strategy == bamboohr.Dataset {
			endpoint = bambootest.Dataset
		}
		spoil := func(s bambootest.Spoil) func(*company) {
			return func(c *company) { c.Break(bambootest.Fault{Endpoint: endpoint, Spoil: s}) }
		}
		alter := func(pattern, by string) func(*company) {
			return spoil(bambootest.Spoil{Alter: replace(pattern, by)})
		}
		answer := func(body string) func(*company) {
			return spoil(bambootest.Spoil{Status: 200, Body: body, Header: map[string]string{"Content-Type": "application/json"}})
		}
		tests := map[string]func(*company){
			"403":                              spoil(bambootest.Spoil{Status: 403}),
			"404":                              spoil(bambootest.Spoil{Status: 404}),
			"HTML":                             spoil(bambootest.Spoil{Status: 200, Body: "<html>maintenance</html>"}),
			"an empty object":                  answer(`{}`),
			"an empty list":                    answer(`{"data":[],"meta":{"total":0,"page":{"nextCursor":null}},"_links":{}}`),
			"an empty dataset":                 answer(`{"data":[],"links":{},"meta":{"page":1,"pageSize":7,"totalPages":0,"totalItems":0}}`),
			"a lost page":                      func(c *company) { c.Break(bambootest.Fault{Page: 2, Spoil: bambootest.Spoil{Status: 404}}) },
			"half of the company":              func(c *company) { c.Hide(ids(workers())[10:]...) },
			"all but one":                      func(c *company) { c.Hide(ids(workers())[1:]...) },
			"the status is gone for everybody": alter(`"status":"Active"`, `"state":"Active"`),
			"the status is null for everybody": alter(`"status":"Active"`, `"status":null`),
			"the status has a new word for everybody": alter(`"status":"Active"`, `"status":"Aktiv-2"`),
			"the dates are rubbish for everybody":     alter(`"terminationDate":(null|"0000-00-00")`, `"terminationDate":"31.12.99"`),
			"the e-mail is empty for everybody":       alter(`@acme.example"`, `"`),
			"nobody has an id":                        alter(`"(employeeId|eeid)":"\d+"`, `"$1":""`),
			"one has no id": spoil(bambootest.Spoil{Alter: func(body []byte) []byte {
				return []byte(strings.Replace(string(body), `d":"3"`, `d":""`, 1))
			}}),
		}
		for name, happens := range tests {
			t.Run(name+"/"+door, func(t *testing.T) {
				c := newCompany(t, strategy, workers())
				require.Equal(t, headcount, c.enabled())
				happens(c)
				for range 5 {
					c.now = c.now.Add(24 * time.Hour)
					_, _ = c.engine.Sync(t.Context()) // an error or held changes; what counts is what became of the accounts
					require.Equal(t, headcount, c.enabled())
				}
				_, _ = c.engine.SyncOne(t.Context(), "3")
				require.Equal(t, headcount, c.enabled())
				c.Break()
				c.Put(workers()...)
				c.now = c.now.Add(24 * time.Hour)
				report, err := c.engine.Sync(t.Context())
				require.NoError(t, err)
				require.NoError(t, report.Err())
				assert.Equal(t, headcount, c.enabled())
			})
		}
	}
}

// Real leavers do lose theirs, at once, however they are noticed.
func TestLeavers(t *testing.T) {
	for door, strategy := range strategies() {
		t.Run(door, func(t *testing.T) {
			c := newCompany(t, strategy, workers())
			leaver := workers()[2]
			leaver.Status, leaver.EmploymentStatus, leaver.TerminationDate = "Inactive", "Terminated", c.now.Format(time.DateOnly)
			c.Put(leaver)
			report, err := c.engine.SyncOne(t.Context(), leaver.ID)
			require.NoError(t, err)
			require.NoError(t, report.Err())
			assert.Equal(t, headcount-1, c.enabled())
			assert.Equal(t, target.Disabled, c.app.ByKey(target.Key{Identity: leaver.ID})[0].State)

			another := workers()[4]
			another.Status, another.EmploymentStatus = "Inactive", "Terminated"
			c.Put(another)
			report, err = c.engine.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			assert.Equal(t, headcount-2, c.enabled())
		})
	}
}

var _ source.DeltaSource = (*bamboohr.Source)(nil)

func body(text string) *stringBody { return &stringBody{strings.NewReader(text)} }

type stringBody struct{ *strings.Reader }

func (*stringBody) Close() error { return nil }

// only switches every standard field off except for some.
func only(fields ...string) map[string]string {
	off := map[string]string{}
	for field := range strings.FieldsSeq(`employment_type employee_number given_name middle_name family_name preferred_name display_name work_email
		job_title department department_id division division_id location location_id manager hire_date original_hire_date termination_date`) {
		off[field] = ""
	}
	for _, field := range fields {
		delete(off, field)
	}
	return off
}

var _ http.Handler = (*bambootest.Server)(nil)
