package greenhouse_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/greenhouse"
	"github.com/provision-go/provision/source/greenhouse/greenhousetest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// office is a Greenhouse, a target and an engine between them.
type office struct {
	*greenhousetest.Server
	t      *testing.T
	app    *memtarget.Target
	engine *provision.Engine
	now    time.Time
}

const newcomers = 20

func id(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// hired has twenty people who start on one day.
func hired() greenhousetest.Config {
	cfg := greenhousetest.Config{ClientID: client, ClientSecret: secret, Jobs: []greenhousetest.Job{{ID: "12", Name: "Engineer"}}}
	for n := range newcomers {
		cfg.Candidates = append(cfg.Candidates, greenhousetest.Candidate{ID: "1" + id(n), FirstName: "Ada", LastName: "N" + id(n)})
		cfg.Applications = append(cfg.Applications, greenhousetest.Application{ID: "2" + id(n), Candidate: "1" + id(n), Job: "12", Status: "hired"})
		cfg.Offers = append(cfg.Offers, greenhousetest.Offer{ID: "3" + id(n), Application: "2" + id(n), Status: "Accepted", StartsOn: "2026-03-12"})
	}
	return cfg
}

func newOffice(t *testing.T) *office {
	t.Helper()
	o := &office{t: t, now: noon()}
	clock := func() time.Time { return o.now }
	cfg := hired()
	cfg.Clock = clock
	fake, address := serve(t, cfg)
	set, err := rules.Build(rules.Spec{Name: "acme", Targets: []rules.TargetSpec{{
		Target: "app", Account: rules.Everyone, Lifecycle: rules.Lifecycle{PreHire: 14, EnableBefore: 1},
		Attributes: []rules.Attribute{{Set: "userName", To: rules.ID, Apply: target.CreateOnly}, {Set: "title", To: rules.JobTitle}},
	}}})
	require.NoError(t, err)
	o.Server, o.app = fake, memtarget.New("app", nil)
	o.engine, err = provision.New(provision.Config{
		Source:  open(t, address, func(c *greenhouse.Config) { c.Clock, c.PageSize = clock, 7 }),
		Targets: []target.Target{o.app}, Rules: set, Journal: &provision.MemoryJournal{}, Clock: clock,
	})
	require.NoError(t, err)
	return o
}

// days passes so many days, with a run on each.
func (o *office) days(n int) {
	o.t.Helper()
	for range n {
		o.now = o.now.Add(24 * time.Hour)
		_, _ = o.engine.Sync(o.t.Context()) // an error or held changes; what counts is what became of the accounts
	}
}

// accounts returns how many are enabled and how many disabled.
func (o *office) accounts() (enabled, disabled int) {
	for _, a := range o.app.All() {
		switch a.State {
		case target.Enabled:
			enabled++
		case target.Disabled:
			disabled++
		default:
		}
	}
	return enabled, disabled
}

func (o *office) want(enabled, disabled int, when string) {
	o.t.Helper()
	e, d := o.accounts()
	assert.Equal(o.t, [2]int{enabled, disabled}, [2]int{e, d}, when)
}

// Somebody who was hired has an account before the first day and access on it; and
// long after it nothing of what Greenhouse says changes either.
func TestHiredToHandedOver(t *testing.T) {
	o := newOffice(t)
	o.days(2)
	o.want(0, newcomers, "a week before")
	o.days(7)
	o.want(newcomers, 0, "a day before")
	o.days(40)
	o.want(newcomers, 0, "past the handover nothing is decided")
	o.PutApplications(greenhousetest.Application{ID: "200", Candidate: "100", Job: "12", Status: "hired"})
	o.days(2)
	o.want(newcomers, 0, "as before")
}

// A hire that Greenhouse states to be rescinded ends access at once; one that is
// gone, or in process again, does not open it.
func TestRescinded(t *testing.T) {
	o := newOffice(t)
	o.days(9)
	o.want(newcomers, 0, "a day before")
	o.PutApplications(greenhousetest.Application{ID: "203", Candidate: "103", Job: "12", Status: "rejected"})
	report, err := o.engine.SyncOne(t.Context(), "103")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	o.want(newcomers-1, 1, "rescinded")
	assert.Equal(t, target.Disabled, o.app.ByKey(target.Key{Identity: "103"})[0].State)

	o.PutApplications(greenhousetest.Application{ID: "204", Candidate: "104", Job: "12", Status: "in_process"})
	o.days(1)
	o.want(newcomers-1, 1, "in process again: nobody said that it is over")
	o.Delete(greenhousetest.Candidates, "105")
	_, err = o.engine.SyncOne(t.Context(), "105")
	_ = err // not found is a hint
	o.days(1)
	o.want(newcomers-1, 1, "deleted: an absence, which is held")
}

// Whatever happens to Greenhouse: nobody loses their account.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	spoil := func(e greenhousetest.Endpoint, s greenhousetest.Spoil) func(*office) {
		return func(o *office) { o.Break(greenhousetest.Fault{Endpoint: e, Spoil: s}) }
	}
	empty := greenhousetest.Spoil{Status: 200, Body: "[]", Header: map[string]string{"Content-Type": "application/json"}}
	tests := map[string]func(*office){
		"403":                   spoil("", greenhousetest.Spoil{Status: 403}),
		"no token":              spoil(greenhousetest.Token, greenhousetest.Spoil{Status: 401}),
		"no hires":              spoil(greenhousetest.Applications, empty),
		"no offers":             spoil(greenhousetest.Offers, empty),
		"no candidates":         spoil(greenhousetest.Candidates, empty),
		"no jobs":               spoil(greenhousetest.Jobs, empty),
		"nothing at all":        spoil("", empty),
		"half of the hires":     func(o *office) { hide(o, greenhousetest.Applications, 200) },
		"half of the offers":    func(o *office) { hide(o, greenhousetest.Offers, 300) },
		"half of the people":    func(o *office) { hide(o, greenhousetest.Candidates, 100) },
		"everything of half":    func(o *office) { hide(o, greenhousetest.Applications, 200); hide(o, greenhousetest.Offers, 300) },
		"another word":          spoil(greenhousetest.Applications, replaced(`"hired"`, `"Hired (final)"`)),
		"no first day":          spoil(greenhousetest.Offers, replaced(`"starts_on":"2026-03-12"`, `"starts_on":null`)),
		"a first day like that": spoil(greenhousetest.Offers, replaced(`"2026-03-12"`, `"12/03/26"`)),
		"offers turned down":    spoil(greenhousetest.Offers, replaced(`"Accepted"`, `"Rejected"`)),
	}
	for name, happens := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.days(11)
			o.want(newcomers, 0, "before")
			happens(o)
			o.days(4)
			o.want(newcomers, 0, "meanwhile")
			_, _ = o.engine.SyncOne(t.Context(), "103")
			o.want(newcomers, 0, "alone")
			o.Break()
			cfg := hired()
			o.PutCandidates(cfg.Candidates...)
			o.PutApplications(cfg.Applications...)
			o.PutOffers(cfg.Offers...)
			o.now = o.now.Add(24 * time.Hour)
			report, err := o.engine.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			o.want(newcomers, 0, "afterwards")
		})
	}
}
