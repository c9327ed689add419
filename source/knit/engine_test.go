package knit_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/knit/knittest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// office is a company, a target and an engine between them.
type office struct {
	*bench
	app    *memtarget.Target
	engine *provision.Engine
}

const headcount = 20

func newOffice(t *testing.T) *office {
	t.Helper()
	b := newBench(t, knittest.Population(headcount), nil)
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone,
		Attributes: []rules.Attribute{{Set: "userName", To: rules.WorkEmail, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}},
	}}})
	require.NoError(t, err)
	o := &office{bench: b, app: memtarget.New("app", nil)}
	o.engine, err = provision.New(provision.Config{
		Source: b.Source(integration), Targets: []target.Target{o.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: b.clock,
	})
	require.NoError(t, err)
	b.sync("initial_sync")
	for range 2 {
		o.run()
		o.later(time.Hour)
	}
	o.all("at the beginning")
	return o
}

func (o *office) run() {
	o.t.Helper()
	report, err := o.engine.Sync(o.t.Context())
	require.NoError(o.t, err)
	require.NoError(o.t, report.Err())
}

// all fails unless as many accounts are enabled as there were at the beginning.
func (o *office) all(when string) {
	o.t.Helper()
	n := 0
	for _, a := range o.app.All() {
		if a.State == target.Enabled {
			n++
		}
	}
	assert.Equal(o.t, headcount, n, when)
}

// Somebody who joins has an account with the push that says so, and somebody who left
// has none with the end of the sync that does.
func TestJoinerAndLeaver(t *testing.T) {
	o := newOffice(t)
	o.later(time.Hour)
	o.fake.Put(knittest.Person{ID: "77", FirstName: "Ivy", WorkEmail: "ivy@acme.example", Status: "ACTIVE", StartDate: "2020-01-01"})
	o.fake.Remove("1007")
	for _, p := range o.fake.Pushes(o.fake.Events("delta_sync")) {
		o.changed = nil
		assert.Equal(t, 200, p.Send(o))
		for _, who := range o.changed {
			report, err := o.engine.SyncOne(t.Context(), who[len(integration)+1:])
			require.NoError(t, err)
			require.NoError(t, report.Err())
		}
	}
	o.all("one came and one left")
	assert.Equal(t, target.Enabled, o.app.ByKey(target.Key{Identity: "77"})[0].State)
	assert.Equal(t, target.Disabled, o.app.ByKey(target.Key{Identity: "1007"})[0].State)
	o.run()
	o.all("and a full read agrees")
}

// Whatever happens to pushes, for however many days: nobody loses their account, and
// when Knit is well again nothing has happened.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	for name, f := range pushFaults() {
		if f.harmless {
			continue
		}
		for _, syncType := range []string{"initial_sync", "delta_sync"} {
			t.Run(name+"/"+syncType, func(t *testing.T) {
				o := newOffice(t)
				changed := knittest.Population(headcount)
				for n := range changed[:headcount/2] {
					changed[n].Title = "Something Else"
				}
				o.fake.Put(changed...)
				knittest.Send(o, f.way(o.bench, o.fake.Pushes(o.fake.Events(syncType))))
				for range 4 {
					o.later(24 * time.Hour)
					_, _ = o.engine.Sync(t.Context()) // an error or held changes; what counts is what became of the accounts
					_, _ = o.engine.SyncOne(t.Context(), "1003")
					o.all("meanwhile")
				}
				o.failed = nil
				o.sync("initial_sync")
				o.run()
				o.all("afterwards")
			})
		}
	}
}

// An initial sync that is complete in every respect and has half of the people: the
// plan is held, as for any system that loses half of its people.
func TestHalfOfThePeopleAreHeld(t *testing.T) {
	o := newOffice(t)
	for n := range headcount / 2 {
		o.fake.Remove(knittest.Population(headcount)[n].ID)
	}
	o.later(time.Hour)
	o.sync("initial_sync")
	_, _ = o.engine.Sync(t.Context())
	o.all("held")
}
