package adp_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/adp"
	"github.com/provision-go/provision/source/adp/adptest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// company is an ADP, a target and an engine between them.
type company struct {
	*clinic
	hr     *adp.Source
	app    *memtarget.Target
	engine *provision.Engine
	now    time.Time
}

const headcount = 20

func workers() []adptest.Person {
	var people []adptest.Person
	for n := range headcount {
		people = append(people, person(aoid(n), fmt.Sprintf("%02d", n)))
	}
	return people
}

func aoid(n int) string { return fmt.Sprintf("G3TEST%04d", n) }

// newCompany has everybody in place already, and complete reads behind it.
func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{now: noon()}
	clock := func() time.Time { return c.now }
	c.clinic = serve(t, adptest.Config{People: workers(), Clock: clock})
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}, {Set: "manager", To: rules.Manager},
		},
	}}})
	require.NoError(t, err)
	c.app = memtarget.New("app", nil)
	c.hr = c.open(t, func(cfg *adp.Config) { cfg.Clock, cfg.PageSize, cfg.Product = clock, 7, adp.WorkforceNow })
	c.engine, err = provision.New(provision.Config{
		Source: c.hr, Targets: []target.Target{c.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: clock,
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

// Whatever happens to ADP or on the way to it, for however many days: nobody loses their
// account, and when it is well again nothing has happened.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	spoil := func(s adptest.Spoil) func(*company) {
		return func(c *company) { c.Break(adptest.Fault{Endpoint: adptest.Workers, Spoil: s}) }
	}
	later := func(s adptest.Spoil) func(*company) {
		return func(c *company) { c.Break(adptest.Fault{Endpoint: adptest.Workers, After: 1, Spoil: s}) }
	}
	tests := map[string]func(*company){
		"403":               spoil(adptest.Spoil{Status: 403}),
		"404":               spoil(adptest.Spoil{Status: 404}),
		"204":               spoil(adptest.Spoil{Status: 204}),
		"204 in the middle": later(adptest.Spoil{Status: 204}),
		"an empty list":     spoil(adptest.Spoil{Status: 200, Body: `{"workers":[]}`, Header: map[string]string{"Content-Type": "application/json"}}),
		"no tokens": func(c *company) {
			c.Revoke()
			c.Break(adptest.Fault{Endpoint: adptest.Token, Spoil: adptest.Spoil{Status: 401}})
		},
		"another word":             spoil(replaced(`"codeValue":"Active"`, `"codeValue":"Aktiv-2"`)),
		"the word for inactive":    spoil(replaced(`"codeValue":"Active"`, `"codeValue":"Inactive"`)),
		"no status of workers":     spoil(replaced(`"workerStatus"`, `"state"`)),
		"no status at all":         spoil(replaced(`"statusCode"`, `"state"`)),
		"no assignments":           spoil(replaced(`"workAssignments"`, `"work"`)),
		"no first days":            spoil(replaced(`"hireDate"`, `"hired"`)),
		"first days like that":     spoil(replaced(`"2020-01-06"`, `"01/06/20"`)),
		"no addresses":             spoil(replaced(`@acme.example"`, `"`)),
		"nobody has an id":         spoil(replaced(`"associateOID"`, `"oid"`)),
		"one has no id":            spoil(replaced(`"G3TEST0003"`, `""`)),
		"an old last day for all":  spoil(replaced(`"originalHireDate":"2020-01-06"`, `"originalHireDate":"2020-01-06","terminationDate":"2021-01-01"`)),
		"half of the company":      func(c *company) { c.Delete(aoids(10)...) },
		"all but one":              func(c *company) { c.Delete(aoids(1)...) },
		"everybody has another id": spoil(replaced(`G3TEST`, `G4TEST`)),
	}
	for name, happens := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t)
			require.Equal(t, headcount, c.enabled())
			happens(c)
			for range 3 {
				c.now = c.now.Add(24 * time.Hour)
				_, _ = c.engine.Sync(t.Context()) // an error or held changes; what counts is what became of the accounts
				require.GreaterOrEqual(t, c.enabled(), headcount)
			}
			_, _ = c.engine.SyncOne(t.Context(), aoid(3))
			require.GreaterOrEqual(t, c.enabled(), headcount)
			c.Break()
			c.Put(workers()...)
			c.now = c.now.Add(24 * time.Hour)
			report, err := c.engine.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			for _, p := range workers() {
				assert.Equal(t, target.Enabled, c.app.ByKey(target.Key{Identity: p.AOID})[0].State)
			}
		})
	}
}

// aoids are those from the n-th on.
func aoids(n int) []string {
	var all []string
	for ; n < headcount; n++ {
		all = append(all, aoid(n))
	}
	return all
}

// A joiner, a leaver and somebody on their last day, noticed by events: a message is
// acknowledged when what follows from it is in the journal.
func TestEventsThroughTheEngine(t *testing.T) {
	c := newCompany(t)
	joiner := person("G3TEST0099", "99")
	leaver := workers()[2]
	leaver.Status, leaver.Termination = code("Terminated", ""), c.now.AddDate(0, 0, -3).Format(time.DateOnly)
	leaver.Assignments[0].Status = code("T", "Terminated")
	last := workers()[4]
	last.Status, last.Termination = code("Terminated", ""), c.now.Format(time.DateOnly)
	last.Assignments[0].Status = code("T", "Terminated")
	c.Put(joiner, leaver, last)
	for _, id := range []string{joiner.AOID, leaver.AOID, last.AOID} {
		c.Send(adptest.Event("worker.change", id))
	}
	handle := func(ctx context.Context, e adp.Event) error {
		for _, id := range e.People {
			report, err := c.engine.SyncOne(ctx, id)
			if err != nil {
				return err
			}
			if err := report.Err(); err != nil {
				return err
			}
		}
		return nil
	}
	// The first attempt finds ADP down: the messages stay.
	c.Break(adptest.Fault{Endpoint: adptest.Workers, Spoil: adptest.Spoil{Status: 403}})
	handled, err := c.hr.Events(t.Context(), adp.EventConfig{}, handle)
	require.Error(t, err)
	assert.Zero(t, handled)
	assert.Len(t, c.Queued(), 3)
	assert.Equal(t, headcount, c.enabled())
	c.Break()
	handled, err = c.hr.Events(t.Context(), adp.EventConfig{}, handle)
	require.NoError(t, err)
	assert.Equal(t, 3, handled)
	assert.Empty(t, c.Queued())
	state := func(id string) target.State { return c.app.ByKey(target.Key{Identity: id})[0].State }
	assert.Equal(t, target.Enabled, state(joiner.AOID))
	assert.Equal(t, target.Disabled, state(leaver.AOID))
	assert.Equal(t, target.Enabled, state(last.AOID), "their last day")
	c.now = c.now.Add(48 * time.Hour)
	report, err := c.engine.Sync(t.Context())
	require.NoError(t, err)
	require.NoError(t, report.Err())
	assert.Equal(t, target.Disabled, state(last.AOID), "the day after")
	assert.Equal(t, headcount-1, c.enabled())
	assert.False(t, slices.ContainsFunc(c.Requests(), func(r string) bool { return strings.Contains(r, "masked") }))
}

// Somebody who left and comes back has their account again from the first day on, with
// the old last day still beside the new first one.
func TestRehire(t *testing.T) {
	c := newCompany(t)
	state := func() target.State {
		c.now = c.now.Add(24 * time.Hour)
		report, err := c.engine.Sync(t.Context())
		require.NoError(t, err)
		require.NoError(t, report.Err())
		return c.app.ByKey(target.Key{Identity: aoid(5)})[0].State
	}
	p := workers()[5]
	left, back := c.now.AddDate(0, 0, -3).Format(time.DateOnly), c.now.AddDate(0, 0, 5).Format(time.DateOnly)
	p.Status, p.Termination, p.Assignments[0].Status = code("Terminated", ""), left, code("T", "Terminated")
	c.Put(p)
	assert.Equal(t, target.Disabled, state(), "gone")
	p.RehireDate = back
	c.Put(p)
	assert.Equal(t, target.Disabled, state(), "hired again, for a day to come")
	p.Status, p.Assignments[0].Status = code("Active", ""), code("A", "Active")
	c.Put(p)
	assert.Equal(t, target.Disabled, state(), "called active before that day")
	c.now = c.now.AddDate(0, 0, 3)
	assert.Equal(t, target.Enabled, state(), "the day after it")
	assert.Equal(t, headcount, c.enabled())
}
