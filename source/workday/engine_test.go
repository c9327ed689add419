package workday_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source"
	"github.com/provision-go/provision/source/workday"
	"github.com/provision-go/provision/source/workday/workdaytest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

const headcount = 21

// workforce are people who work.
func workforce() []workdaytest.Worker {
	people := workdaytest.Population(headcount)
	for n := range people {
		people[n].TerminationDate, people[n].LastDayOfWork, people[n].HireDate, people[n].OnLeave = "", "", "2020-01-01", false
	}
	return people
}

// company is a Workday, a target and an engine between them.
type company struct {
	*workdaytest.Server
	*clock
	app    *memtarget.Target
	engine *provision.Engine
}

// newCompany has everybody in place already, and complete reads behind it.
func newCompany(t *testing.T, report bool) *company {
	t.Helper()
	c := &company{clock: &clock{now: noon()}, app: memtarget.New("app", nil)}
	fake, url := newFake(t, workdaytest.Config{Workers: workforce(), Clock: c.Now, Report: theReport()})
	c.Server = fake
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{PreHire: 60},
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly},
			{Set: "title", To: rules.JobTitle},
			{Set: "manager", To: rules.Manager},
		},
	}}})
	require.NoError(t, err)
	var s source.Source = newSource(t, url, func(cfg *workday.Config) { cfg.Connection.Clock, cfg.PageSize = c.Now, 7 })
	if report {
		s = newReport(t, url, func(cfg *workday.ReportConfig) { cfg.Connection.Clock = c.Now })
	}
	c.engine, err = provision.New(provision.Config{
		Source: s, Targets: []target.Target{c.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: c.Now,
	})
	require.NoError(t, err)
	for range 2 {
		c.sync(t)
		c.forward(24 * time.Hour)
	}
	return c
}

func (c *company) sync(t *testing.T) {
	t.Helper()
	report, err := c.engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
}

func (c *company) state(t *testing.T, wid string) target.State {
	t.Helper()
	accounts := c.app.ByKey(target.Key{Identity: wid})
	if len(accounts) == 0 {
		return target.None
	}
	return accounts[0].State
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

func TestJoinersAndLeavers(t *testing.T) {
	for name, report := range map[string]bool{"Get_Workers": false, "report": true} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, report)
			require.Equal(t, headcount, c.enabled())
			joiner := workforce()[3]
			joiner.WID, joiner.EmployeeID, joiner.WorkEmail = "joiner1", "900001", "joiner@acme.example"
			joiner.HireDate = c.Now().Add(72 * time.Hour).Format(time.DateOnly)
			leaver := workforce()[2]
			leaver.TerminationDate, leaver.Immediate = c.Now().Format(time.DateOnly), true
			c.Put(joiner, leaver)
			c.forward(time.Hour)
			c.sync(t)
			assert.Equal(t, target.Disabled, c.state(t, leaver.WID))
			assert.Equal(t, target.Disabled, c.state(t, "joiner1"), "prepared")
			c.forward(96 * time.Hour)
			c.sync(t)
			assert.Equal(t, target.Enabled, c.state(t, "joiner1"))
			assert.Equal(t, headcount, c.enabled())
		})
	}
}

// A termination that somebody looks at at once takes effect at once.
func TestLeaverAtOnce(t *testing.T) {
	c := newCompany(t, false)
	leaver := workforce()[2]
	leaver.TerminationDate, leaver.Immediate = c.Now().Format(time.DateOnly), true
	c.Put(leaver)
	report, err := c.engine.SyncOne(t.Context(), leaver.WID)
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, target.Disabled, c.state(t, leaver.WID))
	assert.Equal(t, headcount-1, c.enabled())
}

// Whatever happens to Workday or on the way to it, for however many days: nobody
// loses their account, and when it is well again nothing has happened.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	spoil := func(s workdaytest.Spoil) func(*company) {
		return func(c *company) { c.Break(workdaytest.Fault{Spoil: s}) }
	}
	alter := func(pattern, by string) func(*company) {
		return spoil(workdaytest.Spoil{Alter: func(body []byte) []byte {
			return []byte(strings.NewReplacer(strings.Split(pattern+"|"+by, "|")...).Replace(string(body)))
		}})
	}
	hide := func(from int) func(*company) {
		return func(c *company) { c.Hide(ids(workforce())[from:]...) }
	}
	tests := map[string]struct {
		report  bool
		happens func(*company)
	}{
		"a fault":                        {false, spoil(workdaytest.SOAPFault("Client.validationError", "no"))},
		"no permission":                  {false, spoil(workdaytest.SOAPFault("Server.processingError", "The task submitted is not authorized."))},
		"HTML":                           {false, spoil(workdaytest.Spoil{Status: 200, Body: "<html>maintenance</html>"})},
		"an empty company":               {false, hide(0)},
		"half of the company":            {false, hide(10)},
		"all but one":                    {false, hide(1)},
		"the status is gone":             {false, alter("wd:Active>", "wd:Aktiv>")},
		"everybody is inactive":          {false, alter("<wd:Active>1", "<wd:Active>0")},
		"employment is hidden":           {false, alter("wd:Employment_Data", "wd:Nothing")},
		"everything is hidden":           {false, alter("wd:Worker_Data>", "wd:Nothing>")},
		"the dates are rubbish":          {false, alter("-08:00</wd:Hire_Date>", " BC</wd:Hire_Date>")},
		"the e-mail is empty":            {false, alter("@acme.example", "")},
		"nobody has an ID":               {false, alter(`wd:type="WID"`, `wd:type="WIDE"`)},
		"a report without people":        {true, spoil(workdaytest.Spoil{Status: 200, Body: `{"Report_Entry":[]}`})},
		"half of the report":             {true, hide(10)},
		"no statuses in the report":      {true, alter("Employment_Status", "Status")},
		"other words in the report":      {true, alter(`"Active"`, `"Aktiv"`)},
		"no IDs in the report":           {true, alter("Workday_ID", "WID")},
		"other days in the report":       {true, alter(`"01/01/2020"`, `"2020-01-01"`)},
		"a report that is filtered anew": {true, hide(3)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t, test.report)
			require.Equal(t, headcount, c.enabled())
			test.happens(c)
			for range 5 {
				c.forward(24 * time.Hour)
				_, _ = c.engine.Sync(t.Context()) // an error or held changes; what counts is what became of the accounts
				require.Equal(t, headcount, c.enabled())
			}
			_, _ = c.engine.SyncOne(t.Context(), ids(workforce())[2])
			require.Equal(t, headcount, c.enabled())
		})
	}
}
