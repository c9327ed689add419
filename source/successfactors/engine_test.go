package successfactors_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/successfactors"
	"github.com/provision-go/provision/source/successfactors/successfactorstest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

const headcount = 20

// office is a SuccessFactors, a target and an engine between them.
type office struct {
	*successfactorstest.Server
	t      *testing.T
	app    *memtarget.Target
	engine *provision.Engine
	now    time.Time
}

func staff() []successfactorstest.Person {
	people := []successfactorstest.Person{worker("100", "Hal", "Head", employed("boss-1", "2015-01-01", "A"))}
	for n := 1; n < headcount; n++ {
		id := strconv.Itoa(100 + n)
		people = append(people, worker(id, "Ada"+id, "Ng", employed("u"+id, "2020-01-01", "A")))
	}
	return people
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: noon()}
	clock := func() time.Time { return o.now }
	cfg := company()
	cfg.People, cfg.Clock = staff(), clock
	fake, address := serve(t, cfg)
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{PreHire: 7},
		Attributes: []rules.Attribute{
			{Set: "userName", To: rules.ID, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}, {Set: "manager", To: rules.Manager},
		},
	}}})
	require.NoError(t, err)
	o.Server, o.app = fake, memtarget.New("app", nil)
	o.engine, err = provision.New(provision.Config{
		Source:  open(t, address, func(c *successfactors.Config) { c.Clock, c.PageSize = clock, 7 }),
		Targets: []target.Target{o.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: clock,
	})
	require.NoError(t, err)
	for range 2 {
		o.run()
		o.now = o.now.Add(24 * time.Hour)
	}
	return o
}

func (o *office) run() {
	o.t.Helper()
	report, err := o.engine.Sync(o.t.Context())
	require.NoError(o.t, err)
	require.NoError(o.t, report.Err())
}

// days passes so many days, with a run on each.
func (o *office) days(n int) {
	o.t.Helper()
	for range n {
		o.now = o.now.Add(24 * time.Hour)
		o.run()
	}
}

func (o *office) enabled() int {
	n := 0
	for _, a := range o.app.All() {
		if a.State == target.Enabled {
			n++
		}
	}
	return n
}

// Somebody joins, works under another title, and leaves after their last day.
func TestJoinerMoverLeaver(t *testing.T) {
	o := newOffice(t)
	require.Equal(t, headcount, o.enabled())
	o.Put(worker("200", "New", "Comer", employed("u200", "2026-12-10", "A")))
	o.run()
	require.Equal(t, headcount, o.enabled(), "not yet")
	o.days(9) // 10 December
	require.Equal(t, headcount+1, o.enabled())

	leaver := staff()[3]
	leaver.Employments[0].End, leaver.Employments[0].Jobs[0].End = "2026-12-12", "2026-12-12"
	leaver.Employments[0].Jobs = append(leaver.Employments[0].Jobs, engineer("2026-12-13", "T"))
	o.Put(leaver)
	o.days(2)
	require.Equal(t, headcount+1, o.enabled(), "the last day")
	o.now = o.now.Add(24 * time.Hour)
	report, err := o.engine.SyncOne(t.Context(), "103")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	require.Equal(t, headcount, o.enabled())
	assert.Equal(t, target.Disabled, o.app.ByKey(target.Key{Identity: "103"})[0].State)
}

// Whatever happens to SuccessFactors or on the way to it, for however many days:
// nobody loses their account, and when it is well again nothing has happened.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	spoil := func(s successfactorstest.Spoil) func(*office) {
		return func(o *office) { o.Break(successfactorstest.Fault{Spoil: s}) }
	}
	for name, happens := range map[string]func(*office){
		"403": spoil(successfactorstest.Spoil{Status: 403}),
		"no token": func(o *office) {
			o.Revoke()
			o.Break(successfactorstest.Fault{Endpoint: successfactorstest.Token, Spoil: successfactorstest.Spoil{Status: 401}})
		},
		"nobody": spoil(successfactorstest.Spoil{Status: 200, Body: `{"d":{"results":[]}}`}),
		"HTML":   spoil(successfactorstest.Spoil{Status: 200, Body: "<html>maintenance</html>"}),
		"a lost page": func(o *office) {
			o.Break(successfactorstest.Fault{Later: true, Spoil: successfactorstest.Spoil{Alter: emptied}})
		},
		"half of the company":         func(o *office) { o.Hide(ids(staff())[10:]...) },
		"all but one":                 func(o *office) { o.Hide(ids(staff())[1:]...) },
		"statuses are hidden":         spoil(replaced(`"emplStatusNav":{`, `"emplStatusNav":null,"x":{`)),
		"statuses have another word":  spoil(replaced(`"externalCode":"A"`, `"externalCode":"AKT"`)),
		"jobs are not expanded":       spoil(replaced(`"jobInfoNav":{"results"`, `"jobInfoNav":{"__deferred":{},"__x"`)),
		"jobs are gone":               spoil(replaced(`"jobInfoNav":{`, `"jobInfoNav":null,"x":{`)),
		"employments are gone":        spoil(replaced(`"employmentNav":{`, `"employmentNav":null,"x":{`)),
		"last days that nobody reads": spoil(replaced(`"endDate":null`, `"endDate":"31.12.2025"`)),
		"no first days":               spoil(replaced(`"startDate":"/Date(1577836800000)/"`, `"startDate":null`)),
		"nobody has an id":            spoil(replaced(`"personIdExternal":"`, `"personIdExternal":" ","x":"`)),
	} {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			require.Equal(t, headcount, o.enabled())
			happens(o)
			for range 4 {
				o.now = o.now.Add(24 * time.Hour)
				_, _ = o.engine.Sync(t.Context()) // an error or held changes; what counts is what became of the accounts
				require.Equal(t, headcount, o.enabled())
			}
			_, _ = o.engine.SyncOne(t.Context(), "103")
			require.Equal(t, headcount, o.enabled())
			o.Break()
			o.Hide()
			o.now = o.now.Add(24 * time.Hour)
			o.run()
			assert.Equal(t, headcount, o.enabled())
		})
	}
}

func ids(people []successfactorstest.Person) []string {
	all := make([]string, len(people))
	for n := range people {
		all[n] = people[n].ID
	}
	return all
}
