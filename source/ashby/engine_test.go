package ashby_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/provision-go/provision"
	"github.com/provision-go/provision/rules"
	"github.com/provision-go/provision/source/ashby"
	"github.com/provision-go/provision/source/ashby/ashbytest"
	"github.com/provision-go/provision/target"
	"github.com/provision-go/provision/target/memtarget"
)

// office is a Ashby, a target and an engine between them.
type office struct {
	*ashbytest.Server
	t      *testing.T
	app    *memtarget.Target
	engine *provision.Engine
	now    time.Time
}

const newcomers = 20

func id(n int) string { return string(rune('0'+n/10)) + string(rune('0'+n%10)) }

// hired has twenty people who start on one day.
func hired() ashbytest.Config {
	cfg := ashbytest.Config{APIKey: key, Jobs: []ashbytest.Job{{ID: "j-12", Title: "Engineer"}}}
	for n := range newcomers {
		cfg.Candidates = append(cfg.Candidates, ashbytest.Candidate{ID: "c-" + id(n), Name: "Ada N" + id(n)})
		cfg.Applications = append(cfg.Applications, application(n, "Hired"))
		cfg.Offers = append(cfg.Offers, ashbytest.Offer{
			ID: "o-" + id(n), Application: "a-" + id(n), Status: "CandidateAccepted", Acceptance: "Accepted", StartDate: "2026-03-12",
		})
	}
	return cfg
}

func application(n int, status string) ashbytest.Application {
	return ashbytest.Application{ID: "a-" + id(n), Candidate: "c-" + id(n), Job: "j-12", Status: status}
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
		Source:  open(t, address, func(c *ashby.Config) { c.Clock, c.PageSize = clock, 7 }),
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
// long after it nothing of what Ashby says changes either.
func TestHiredToHandedOver(t *testing.T) {
	o := newOffice(t)
	o.days(2)
	o.want(0, newcomers, "a week before")
	o.days(7)
	o.want(newcomers, 0, "a day before")
	o.days(40)
	o.want(newcomers, 0, "past the handover nothing is decided")
	o.PutApplications(application(0, "Hired"))
	o.days(2)
	o.want(newcomers, 0, "as before")
}

// A hire that Ashby states to be rescinded ends access at once; one that is gone, or
// active again, does not open it.
func TestRescinded(t *testing.T) {
	o := newOffice(t)
	o.days(9)
	o.want(newcomers, 0, "a day before")
	o.PutApplications(application(3, "Archived"))
	report, err := o.engine.SyncOne(t.Context(), "c-03")
	require.NoError(t, err)
	require.NoError(t, report.Err())
	o.want(newcomers-1, 1, "rescinded")
	assert.Equal(t, target.Disabled, o.app.ByKey(target.Key{Identity: "c-03"})[0].State)

	o.PutApplications(application(4, "Active"))
	o.days(1)
	o.want(newcomers-1, 1, "active again: nobody said that it is over")
	o.Delete("c-05")
	_, _ = o.engine.SyncOne(t.Context(), "c-05") // not found is a hint
	o.days(1)
	o.want(newcomers-1, 1, "deleted: an absence, which is held")
}

// Whatever happens to Ashby: nobody loses their account.
func TestNobodyLosesAccessByAFault(t *testing.T) {
	spoil := func(procedure string, s ashbytest.Spoil) func(*office) {
		return func(o *office) { o.Break(ashbytest.Fault{Procedure: procedure, Spoil: s}) }
	}
	empty := answer(`{"success":true,"results":[],"moreDataAvailable":false,"syncToken":"st"}`)
	failed := answer(`{"success":false,"errors":["internal"]}`)
	tests := map[string]func(*office){
		"403":                   spoil("", ashbytest.Spoil{Status: 403}),
		"a failure with 200":    spoil("", failed),
		"offers fail with 200":  spoil("offer.list", failed),
		"no hires":              spoil("application.list", empty),
		"no offers":             spoil("offer.list", empty),
		"nothing at all":        spoil("", empty),
		"half of the hires":     func(o *office) { o.HideApplications(half()...) },
		"another word":          spoil("application.list", replaced(`"Hired"`, `"Hired (final)"`)),
		"no first day":          spoil("offer.list", replaced(`"startDate":"2026-03-12"`, `"startDate":null`)),
		"a first day like that": spoil("offer.list", replaced(`"2026-03-12"`, `"12/03/26"`)),
		"offers cancelled":      spoil("offer.list", replaced(`"CandidateAccepted"`, `"OfferCancelled"`)),
	}
	for name, happens := range tests {
		t.Run(name, func(t *testing.T) {
			o := newOffice(t)
			o.days(11)
			o.want(newcomers, 0, "before")
			happens(o)
			o.days(4)
			o.want(newcomers, 0, "meanwhile")
			_, _ = o.engine.SyncOne(t.Context(), "c-03")
			o.want(newcomers, 0, "alone")
			o.Break()
			cfg := hired()
			o.PutApplications(cfg.Applications...)
			o.now = o.now.Add(24 * time.Hour)
			report, err := o.engine.Sync(t.Context())
			require.NoError(t, err)
			require.NoError(t, report.Err())
			o.want(newcomers, 0, "afterwards")
		})
	}
}

// half are the applications of half of the people.
func half() []string {
	var all []string
	for n := range newcomers / 2 {
		all = append(all, "a-"+id(n))
	}
	return all
}
